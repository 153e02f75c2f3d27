/**
 * Rules and responses that are never reached, because a rule before them answers whatever they
 * would answer. Told where it is certain; much that is never reached is not found.
 *
 * @module
 */

import { SHADOW_TESTS_MAX } from "../core/limits.ts";
import { normalise } from "../match/normalise.ts";
import {
  type Compiled,
  compilePattern,
  type Pattern,
} from "../match/pattern.ts";
import type { Condition, RuleSpec } from "../match/rule.ts";

/** What answers first. */
export type Shadow<Item> = ReadonlyMap<Item, RuleSpec>;

/** The rules that are never reached, each with one that answers before it. */
export function shadowedRules(rules: readonly RuleSpec[]): Shadow<RuleSpec> {
  const found = new Map<RuleSpec, RuleSpec>();
  const earlier = new Earlier();
  for (const rule of rules) {
    const first = earlier.answering(rule.when);
    if (first !== undefined) found.set(rule, first);
    earlier.add(rule);
  }
  return found;
}

/** The prompts of `prompts` whose responses are never given, each with the rule that answers before. */
export function shadowedPrompts(
  prompts: Iterable<string>,
  rules: readonly RuleSpec[],
): Shadow<string> {
  const found = new Map<string, RuleSpec>();
  const earlier = new Earlier();
  for (const rule of rules) earlier.add(rule);
  for (const text of prompts) {
    const pattern: Pattern = { type: "equal", text };
    const first = earlier.answering([{ field: "prompt", pattern }]);
    if (first !== undefined) found.set(text, first);
  }
  return found;
}

/** Globs on prompts, beside what else their rules want. */
interface Glob {
  readonly rule: RuleSpec;
  readonly compiled: Compiled;
  readonly others: readonly string[];
}

/** Rules in any state of a session that came before. */
class Earlier {
  /** The first rule that wants just these conditions. */
  readonly #byConditions = new Map<string, RuleSpec>();
  readonly #globs: Glob[] = [];
  #testsLeft = SHADOW_TESTS_MAX;

  add(rule: RuleSpec): void {
    if (rule.requires !== undefined) return;
    const words = rule.when.map(wordOf);
    const id = idOf(words);
    if (!this.#byConditions.has(id)) this.#byConditions.set(id, rule);
    for (const [at, { field, pattern }] of rule.when.entries()) {
      if (field !== "prompt" || pattern.type !== "glob") continue;
      const compiled = compilePattern(pattern);
      this.#globs.push({ rule, compiled, others: words.toSpliced(at, 1) });
    }
  }

  /** A rule that answers whenever all of `when` hold, whatever the state. */
  answering(when: readonly Condition[]): RuleSpec | undefined {
    const words = when.map(wordOf);
    const loose = when.map(looser).map(wordOf);
    for (const some of subsets(Math.min(when.length, CONDITIONS_MAX))) {
      const rule = this.#byConditions.get(idOf(some.map((at) => words[at]))) ??
        this.#byConditions.get(idOf(some.map((at) => loose[at])));
      if (rule !== undefined && appliesWith(rule, when)) return rule;
    }
    return this.#globFor(when, new Set(words));
  }

  #globFor(
    when: readonly Condition[],
    words: ReadonlySet<string>,
  ): RuleSpec | undefined {
    const prompt = when.find(({ field }) => field === "prompt");
    const texts = prompt && plainTexts(prompt.pattern);
    if (texts === undefined) return undefined;
    for (const { rule, compiled, others } of this.#globs) {
      if (this.#testsLeft-- <= 0) return undefined;
      const fits = texts.every((text) => compiled.match(text) !== undefined) &&
        others.every((word) => words.has(word));
      if (fits && appliesWith(rule, when)) return rule;
    }
    return undefined;
  }
}

/** So many conditions of a rule are looked at: their subsets are. */
const CONDITIONS_MAX = 6;

/**
 * Whether the rule applies wherever one with these conditions does. At the end of a tool's run,
 * a rule about the prompt that does not name the result stands back.
 */
function appliesWith(rule: RuleSpec, when: readonly Condition[]): boolean {
  const names = (conditions: readonly Condition[], field: string) =>
    conditions.some((condition) => condition.field === field);
  if (!names(rule.when, "prompt") || names(rule.when, "tool_result")) {
    return true;
  }
  return names(when, "prompt") && !names(when, "tool_result");
}

/** The same for conditions that hold for the same texts. */
function wordOf({ field, key = "", pattern }: Condition): string {
  return JSON.stringify([field, key, folded(pattern)]);
}

function folded(pattern: Pattern): unknown {
  switch (pattern.type) {
    case "equal":
    case "glob":
      return [pattern.type, normalise(pattern.text)];
    case "any":
      return ["any", ...pattern.of.map(folded)];
    case "not":
      return ["not", folded(pattern.pattern)];
    default:
      return pattern;
  }
}

function idOf(words: readonly (string | undefined)[]): string {
  return words.length < 2 ? words[0] ?? "" : words.toSorted().join("\n");
}

/** What holds whenever the condition does: the same text in any spelling. */
function looser(condition: Condition): Condition {
  const { pattern } = condition;
  return pattern.type === "exact"
    ? { ...condition, pattern: { type: "equal", text: pattern.text } }
    : condition;
}

/** The plain texts that a pattern stands for; undefined if it is more. */
function plainTexts(pattern: Pattern): readonly string[] | undefined {
  const all = pattern.type === "any" ? pattern.of : [pattern];
  const texts = all.flatMap((each) =>
    each.type === "equal" || each.type === "exact" ? [each.text] : []
  );
  return texts.length === all.length ? texts : undefined;
}

/** Every selection of the first so many positions, the empty one first. */
function subsets(count: number): readonly (readonly number[])[] {
  return SUBSETS[count] ??= Array.from({ length: count }, (_, at) => at)
    .reduce<number[][]>(
      (all, at) => [...all, ...all.map((some) => [...some, at])],
      [[]],
    );
}

const SUBSETS: (readonly (readonly number[])[])[] = [];

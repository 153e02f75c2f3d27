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
import { standsBack } from "../match/compiled_rule.ts";
import type { Condition, RuleSpec } from "../match/rule.ts";

/** What is never reached, each with a rule that answers before it. */
export interface Shadowed {
  /** Rules. */
  readonly rules: ReadonlyMap<RuleSpec, RuleSpec>;
  /** Prompts of responses. */
  readonly prompts: ReadonlyMap<string, RuleSpec>;
}

/** Finds what is never reached of `rules`, and of the responses to `prompts` that follow them. */
export function shadowed(
  rules: readonly RuleSpec[],
  prompts: Iterable<string> = [],
): Shadowed {
  const earlier = new Earlier();
  const late = new Map<RuleSpec, RuleSpec>();
  for (const rule of rules) {
    const words = rule.when.map(wordOf);
    const first = earlier.answering(rule, words);
    if (first !== undefined) late.set(rule, first);
    earlier.add(rule, words);
  }
  const lost = new Map<string, RuleSpec>();
  for (const text of earlier.size > 0 ? prompts : []) {
    const when: Condition[] = [{
      field: "prompt",
      pattern: { type: "equal", text },
    }];
    const response = { when, replies: [] };
    const first = earlier.answering(response, when.map(wordOf));
    if (first !== undefined) lost.set(text, first);
  }
  return { rules: late, prompts: lost };
}

/** A glob on prompts, beside what else its rule wants. */
interface Glob {
  readonly rule: RuleSpec;
  readonly pattern: Pattern;
  readonly others: readonly string[];
  compiled?: Compiled;
}

/** What may never be reached: a rule, or a response as a rule about its prompt that calls no tools. */
type Late = Parameters<typeof standsBack>[0];

/** Rules in any state of a session that came before. */
class Earlier {
  /** The first rule that wants just these conditions. */
  readonly #byConditions = new Map<string, RuleSpec>();
  readonly #globs: Glob[] = [];
  #testsLeft = SHADOW_TESTS_MAX;

  /** How many different rules there are. */
  get size(): number {
    return this.#byConditions.size;
  }

  /** Adds a rule, the words of whose conditions are given. */
  add(rule: RuleSpec, words: readonly string[]): void {
    if (rule.requires !== undefined) return;
    const id = idOf(words);
    if (!this.#byConditions.has(id)) this.#byConditions.set(id, rule);
    for (const [at, { field, pattern }] of rule.when.entries()) {
      if (field !== "prompt" || pattern.type !== "glob") continue;
      this.#globs.push({ rule, pattern, others: words.toSpliced(at, 1) });
    }
  }

  /** A rule that answers whenever the `late` one would, whatever the state. */
  answering(late: Late, words: readonly string[]): RuleSpec | undefined {
    const { when } = late;
    const isExact = when.some(({ pattern }) => pattern.type === "exact");
    return this.#wanting(late, words) ??
      (isExact
        ? this.#wanting(late, when.map(looser).map(wordOf))
        : undefined) ??
      this.#globFor(late, words);
  }

  /** A rule that wants some of these conditions, and no other. */
  #wanting(late: Late, words: readonly string[]): RuleSpec | undefined {
    for (const some of subsets(Math.min(words.length, CONDITIONS_MAX))) {
      const id = idOf(some.map((at) => words[at] ?? ""));
      const rule = this.#byConditions.get(id);
      if (rule !== undefined && appliesWith(rule, late)) return rule;
    }
    return undefined;
  }

  #globFor(late: Late, words: readonly string[]): RuleSpec | undefined {
    const prompt = late.when.find(({ field }) => field === "prompt");
    const texts = prompt && plainTexts(prompt.pattern);
    if (texts === undefined) return undefined;
    for (const glob of this.#globs) {
      if (this.#testsLeft-- <= 0) return undefined;
      const compiled = glob.compiled ??= compilePattern(glob.pattern);
      const fits = texts.every((text) => compiled.match(text) !== undefined) &&
        glob.others.every((word) => words.includes(word));
      if (fits && appliesWith(glob.rule, late)) return glob.rule;
    }
    return undefined;
  }
}

/** So many conditions of a rule are looked at: their subsets are. */
const CONDITIONS_MAX = 6;

/** Whether the rule applies wherever the `late` one does: at the end of a tool's run, some stand back. */
function appliesWith(rule: RuleSpec, late: Late): boolean {
  return !standsBack(rule) || standsBack(late);
}

/** The same for conditions that hold for the same texts. */
function wordOf({ field, key = "", pattern }: Condition): string {
  return `${field} ${JSON.stringify(key)} ${folded(pattern)}`;
}

function folded(pattern: Pattern): string {
  switch (pattern.type) {
    case "equal":
    case "glob":
      return `${pattern.type} ${normalise(pattern.text)}`;
    case "any":
      return `any ${JSON.stringify(pattern.of.map(folded))}`;
    case "not":
      return `not ${folded(pattern.pattern)}`;
    default:
      return JSON.stringify(pattern);
  }
}

function idOf(words: readonly string[]): string {
  return words.length < 2 ? words[0] ?? "" : JSON.stringify(words.toSorted());
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

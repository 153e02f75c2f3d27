/**
 * Rules, compiled once: which of them answers a question, and why the others do not.
 *
 * Rules that name a plain prompt are found by hash; the rest are tried in order. So thousands of
 * plain rules cost what one does.
 *
 * @module
 */

import {
  applies,
  compile,
  type Compiled,
  type Rule,
  type Test,
} from "./compiled_rule.ts";
import type { Context } from "./context.ts";
import { explainMiss, type Miss } from "./miss.ts";
import type { Pairs } from "./pairs.ts";
import { type Captures, NO_CAPTURES } from "./pattern.ts";
import { normalise, type RuleSpec } from "./rule.ts";

/** The rule that answers. */
export interface Hit {
  /** The rule. */
  readonly rule: Rule;
  /** What the named groups of its patterns caught. */
  readonly captures: Captures;
}

/** Rules in order. Immutable. */
export class RuleBook {
  /** A book without rules. */
  static readonly EMPTY: RuleBook = new RuleBook([]);

  /** The rules, in order. */
  readonly rules: readonly Rule[];
  readonly #compiled: readonly Compiled[];
  /** Positions of rules that must be tried whatever the prompt is, rising. */
  readonly #ordered: readonly number[];
  /** Positions of those that name a plain prompt, by that prompt folded; rising. */
  readonly #byPrompt: ReadonlyMap<string, readonly number[]>;

  /** Compiles `rules`. */
  constructor(rules: readonly Rule[]) {
    this.rules = rules;
    this.#compiled = rules.map(compile);
    const ordered: number[] = [];
    const byPrompt = new Map<string, number[]>();
    for (const [at, rule] of rules.entries()) {
      const prompts = plainPrompts(rule);
      if (prompts === undefined) ordered.push(at);
      for (const prompt of prompts ?? []) {
        const others = byPrompt.get(prompt);
        if (others === undefined) byPrompt.set(prompt, [at]);
        else if (others.at(-1) !== at) others.push(at);
      }
    }
    this.#ordered = ordered;
    this.#byPrompt = byPrompt;
  }

  /** The first rule that matches `context` while the session is in `state`. */
  find(context: Context, state: string): Hit | undefined {
    const candidates = this.#candidates(context);
    const pairs = pairsOf(context, candidates.length);
    for (const at of candidates) {
      const compiled = this.#compiled[at];
      if (compiled === undefined || isPassedOver(compiled, pairs)) continue;
      if (!applies(compiled, context, state)) continue;
      const captures = capture(compiled.tests, context);
      if (captures === undefined || !holds(compiled.rule, context)) continue;
      return { rule: compiled.rule, captures };
    }
    return undefined;
  }

  /** The rule that is called `name`. */
  named(name: string): Rule | undefined {
    return this.rules.find((rule) => rule.name === name);
  }

  /** What `rule` catches of `context`, for whoever takes it although it may not match. */
  capturesOf(rule: Rule, context: Context): Captures {
    const compiled = this.#compiled.find((each) => each.rule === rule);
    const caught = compiled?.tests.map((test) => test(context));
    return Object.assign(Object.create(null), ...(caught ?? []));
  }

  /** Why each rule does not match, in order; a rule that does is not told of. */
  explain(context: Context, state: string): Miss[] {
    return this.#compiled.flatMap((compiled) => {
      const miss = explainMiss(compiled, context, state);
      return miss === undefined ? [] : [miss];
    });
  }

  /** Positions of the rules worth trying, rising. */
  #candidates(context: Context): readonly number[] {
    if (this.#byPrompt.size === 0) return this.#ordered;
    const plain = this.#byPrompt.get(context.prompt.folded);
    if (plain === undefined) return this.#ordered;
    return this.#ordered.length === 0 ? plain : merged(plain, this.#ordered);
  }
}

const books = new WeakMap<readonly RuleSpec[], RuleBook>();

/** The book of a configuration's rules, compiled when it is first asked for. */
export function bookOf(rules: readonly RuleSpec[]): RuleBook {
  const known = books.get(rules);
  if (known !== undefined) return known;
  const book = rules.length === 0 ? RuleBook.EMPTY : new RuleBook(rules);
  books.set(rules, book);
  return book;
}

/** The prompt's pairs, where there are enough rules and few enough characters for them to pay. */
function pairsOf({ prompt }: Context, rules: number): Pairs | undefined {
  const pays = rules >= RULES_HINTED_MIN &&
    prompt.text.length <= PROMPT_HINTED_CHARS_MAX;
  return pays ? prompt.pairs : undefined;
}

const RULES_HINTED_MIN = 8;
const PROMPT_HINTED_CHARS_MAX = 8_192;

function isPassedOver({ hint }: Compiled, pairs: Pairs | undefined): boolean {
  return pairs !== undefined && hint !== undefined && !pairs.hold(hint);
}

function holds({ holds }: Rule, context: Context): boolean {
  return holds === undefined || holds(context);
}

/** What all tests caught together; undefined as soon as one fails. */
function capture(
  tests: readonly Test[],
  context: Context,
): Captures | undefined {
  let all = NO_CAPTURES;
  for (const test of tests) {
    const caught = test(context);
    if (caught === undefined) return undefined;
    if (caught === NO_CAPTURES) continue;
    all = all === NO_CAPTURES
      ? caught
      : Object.assign(Object.create(null), all, caught);
  }
  return all;
}

/** The folded prompts a rule is bound to; undefined when it may match others too. */
function plainPrompts({ when }: Rule): readonly string[] | undefined {
  const pattern = when.find(({ field }) => field === "prompt")?.pattern;
  if (pattern === undefined) return undefined;
  const all = pattern.type === "any" ? pattern.of : [pattern];
  const texts: string[] = [];
  for (const each of all) {
    if (each.type !== "equal" && each.type !== "exact") return undefined;
    texts.push(normalise(each.text));
  }
  return texts;
}

/** Two rising lists as one. */
function merged(a: readonly number[], b: readonly number[]): number[] {
  const all: number[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const left = a[i] ?? Infinity;
    const right = b[j] ?? Infinity;
    all.push(Math.min(left, right));
    if (left < right) i++;
    else j++;
  }
  return all;
}

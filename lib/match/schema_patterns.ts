/**
 * Patterns of a stranger's schema, tried without danger: what can run away, is too long, or is
 * no expression at all is not tried.
 *
 * @module
 */

import {
  SCHEMA_PATTERN_CHARS_MAX,
  SCHEMA_PATTERN_FAST_STEPS_MAX,
  SCHEMA_PATTERN_SLOW_STEPS_MAX,
  SCHEMA_PATTERN_STEPS_MAX,
  SCHEMA_PATTERN_TEXT_CHARS_MAX,
  SCHEMA_PATTERNS_KEPT_MAX,
  SCHEMA_PATTERNS_MAX,
} from "../core/limits.ts";
import { Tangled } from "./regex_graph.ts";
import { RegexFault } from "./regex_tree.ts";
import { worstOf } from "./runaway.ts";
import { Steps } from "./steps.ts";

/** The patterns that one judgement tries: the first few, and those whose danger is soon told. */
export class Patterns {
  readonly #tried = new Map<string, Tried | undefined>();
  readonly #steps = new Steps(SCHEMA_PATTERN_STEPS_MAX);

  /** Whether `text` matches `source`, for so many of `steps`; undefined where that is not tried. */
  matches(source: string, text: string, steps: Steps): boolean | undefined {
    const tried = this.#of(source);
    if (tried === undefined) return undefined;
    const { length } = text;
    if (length > SCHEMA_PATTERN_TEXT_CHARS_MAX) return undefined;
    steps.take(1 + (tried.slow ? length ** 2 / 100 : length / 4));
    return steps.left < 0 ? undefined : tried.expression.test(text);
  }

  #of(source: string): Tried | undefined {
    if (source.length > SCHEMA_PATTERN_CHARS_MAX) return undefined;
    const known = this.#tried.get(source);
    if (known !== undefined || this.#tried.has(source)) return known;
    if (this.#tried.size >= SCHEMA_PATTERNS_MAX) return undefined;
    const tried = this.#steps.left <= 0 ? undefined : told(source, this.#steps);
    this.#tried.set(source, tried);
    return tried;
  }
}

/** An expression that may be tried. */
interface Tried {
  readonly expression: RegExp;
  /** Whether the time it takes may grow with the square of a text. */
  readonly slow: boolean;
}

/** What is known of a pattern: what it took to tell, and what was found; what it takes at least, where that was too much. */
type Known =
  | { readonly cost: number; readonly tried: Tried | undefined }
  | { readonly atLeast: number };

const kept = new Map<string, Known>();

/**
 * What can be told of `source` in `steps`. It takes the same whether it was told before or not:
 * what is made of a seed must not hang on what others asked.
 */
function told(source: string, steps: Steps): Tried | undefined {
  const before = steps.left;
  let known = kept.get(source);
  const isKnown = known !== undefined &&
    ("cost" in known || known.atLeast >= before);
  if (!isKnown) known = look(source, before);
  if (known === undefined || !("cost" in known)) {
    steps.take(before);
    return undefined;
  }
  return steps.take(known.cost) ? known.tried : undefined;
}

function look(source: string, most: number): Known {
  if (kept.size >= SCHEMA_PATTERNS_KEPT_MAX) kept.clear();
  const steps = new Steps(most);
  let known: Known;
  try {
    const tried = read(source, steps);
    known = { cost: most - steps.left, tried };
  } catch (error) {
    if (!(error instanceof Tangled)) throw error;
    known = { atLeast: most };
  }
  kept.set(source, known);
  return known;
}

/** `source` by what it does to the longest text that it will see. */
function read(source: string, steps: Steps): Tried | undefined {
  const expression = compiled(source, "u") ?? compiled(source, "");
  if (expression === undefined) return undefined;
  payForClasses(source, steps);
  const isSafe = (matchSteps: number) =>
    worstOf(source, expression.flags, {
      inputChars: SCHEMA_PATTERN_TEXT_CHARS_MAX,
      matchSteps,
      judgeSteps: steps,
      strict: true,
    }) === undefined;
  try {
    const slow = !isSafe(SCHEMA_PATTERN_FAST_STEPS_MAX);
    if (slow && !isSafe(SCHEMA_PATTERN_SLOW_STEPS_MAX)) return undefined;
    return { expression, slow };
  } catch (error) {
    if (error instanceof RegexFault) return undefined;
    throw error;
  }
}

/** Each kind of character is tried on others: many of Unicode, where its properties are asked for. */
function payForClasses(source: string, steps: Steps): void {
  const classes = source.match(/\[|\\[a-z]/gi)?.length ?? 0;
  const each = /\\p/i.test(source) ? 2_000 : 200;
  if (!steps.take(classes * each + source.length)) throw new Tangled();
}

function compiled(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}

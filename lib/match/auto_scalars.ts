/**
 * Texts and numbers of a shape.
 *
 * @module
 */

import { AUTO_CHARS_MAX } from "../core/limits.ts";
import type { Random } from "../core/random.ts";
import { textOfFormat } from "./auto_formats.ts";
import { textOfPattern } from "./auto_pattern.ts";
import type { Shape } from "./auto_shape.ts";
import { textFor, word } from "./auto_words.ts";
import { isOfFormat } from "./schema_formats.ts";
import type { Patterns } from "./schema_patterns.ts";
import { lengthOf } from "./schema.ts";
import type { Steps } from "./steps.ts";

// Texts ───────────────────────────────────────────────────────────────────────

/** What texts are made with. */
export interface Making {
  /** What draws them. */
  readonly random: Random;
  /** What they may take. */
  readonly steps: Steps;
  /** What they are tried on. */
  readonly patterns: Patterns;
}

/** A text of `shape` for a property called `name`. */
export function textOf(shape: Shape, name: string, making: Making): string {
  let first: string | undefined;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const text = attempted(shape, name, making, attempt);
    if (fits(text, shape, making)) return text;
    first ??= text;
    if (making.steps.left <= 0) break;
  }
  return first ?? "";
}

const ATTEMPTS_MAX = 12;

function attempted(
  shape: Shape,
  name: string,
  { random, steps }: Making,
  attempt: number,
): string {
  const { formats, patterns, counts: { Length } } = shape;
  const [format] = formats;
  const formatted = format === undefined
    ? undefined
    : textOfFormat(format, random);
  // A format often comes with the pattern of its author; what both take is likelier of the format.
  const isFirst = attempt % 3 !== 2 || patterns.length === 0;
  if (formatted !== undefined && isFirst) return formatted;
  const pattern = patterns[attempt % Math.max(patterns.length, 1)];
  const made = pattern === undefined
    ? undefined
    : textOfPattern(pattern, Length, random, steps);
  return made ?? fitted(textFor(name, random), Length, random);
}

function fits(
  text: string,
  shape: Shape,
  { steps, patterns }: Making,
): boolean {
  const { least, most } = shape.counts.Length;
  const length = lengthOf(text);
  steps.take(1 + shape.formats.length + length / 50);
  return length >= Math.min(least, AUTO_CHARS_MAX) && length <= most &&
    shape.formats.every((format) => isOfFormat(text, format)) &&
    shape.patterns.every((pattern) =>
      patterns.matches(pattern, text, steps) ?? true
    );
}

/** `text` made longer or shorter, as it must be. */
function fitted(
  text: string,
  { least, most }: Shape["counts"]["Length"],
  random: Random,
): string {
  const enough = Math.min(least, AUTO_CHARS_MAX);
  const parts = [text];
  for (let length = text.length; length < enough;) {
    const next = ` ${word(random)}`;
    parts.push(next);
    length += next.length;
  }
  const most16 = Math.max(enough, Math.min(most, AUTO_CHARS_MAX));
  return parts.join("").slice(0, Math.max(0, most16));
}

// Numbers ─────────────────────────────────────────────────────────────────────

/** A number of `shape`; a whole one where that is asked for. */
export function numberOf(
  shape: Shape,
  whole: boolean,
  random: Random,
): number {
  const range = rangeOf(shape, whole);
  const [step] = shape.steps.toSorted((a, b) => b - a);
  if (step !== undefined && Number.isFinite(range.from / step)) {
    return finite(multiple(range, step, shape, whole, random));
  }
  if (whole) return finite(wholeIn(range, random));
  return finite(fractionIn(range, shape, random));
}

/** What JSON can say: it has no infinity. */
function finite(value: number): number {
  return Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Numbers that people write, if the shape takes them; else those near its bound. */
function rangeOf({ above, below }: Shape, whole: boolean): Range {
  const least = Math.max(
    -Number.MAX_VALUE,
    ...above.map(({ at, open }) =>
      whole ? (open ? Math.floor(at) + 1 : Math.ceil(at)) : at
    ),
  );
  const most = Math.min(
    Number.MAX_VALUE,
    ...below.map(({ at, open }) =>
      whole ? (open ? Math.ceil(at) - 1 : Math.floor(at)) : at
    ),
  );
  if (least >= USUAL_MAX) {
    return { from: finite(least), to: Math.min(most, least + USUAL_MAX) };
  }
  if (most <= 0) {
    return {
      from: finite(Math.max(least, most - USUAL_MAX)),
      to: finite(most),
    };
  }
  return { from: Math.max(least, 0), to: Math.min(most, USUAL_MAX) };
}

const USUAL_MAX = 100;

function wholeIn({ from, to }: Range, random: Random): number {
  return from + random.below(Math.max(1, to - from + 1));
}

/** Two decimals where there is room for them. */
function fractionIn({ from, to }: Range, shape: Shape, random: Random): number {
  const isIn = (value: number) =>
    Number.isFinite(value) &&
    shape.above.every(({ at, open }) => open ? value > at : value >= at) &&
    shape.below.every(({ at, open }) => open ? value < at : value <= at);
  const drawn = from + random.fraction() * (to - from);
  const candidates = [Math.round(drawn * 100) / 100, drawn, (from + to) / 2];
  return candidates.find(isIn) ?? from;
}

/** A multiple of all steps, if one is near. */
function multiple(
  { from, to }: Range,
  step: number,
  shape: Shape,
  whole: boolean,
  random: Random,
): number {
  const first = Math.ceil(from / step);
  const last = Math.max(first, Math.floor(wider(to, from, step, shape) / step));
  const count = Math.min(last - first + 1, MULTIPLES_TRIED_MAX);
  const start = random.below(count);
  for (let at = 0; at < count; at++) {
    const value = rounded((first + (start + at) % count) * step);
    if (isExact(value, shape, whole)) return value;
  }
  return rounded(first * step);
}

const MULTIPLES_TRIED_MAX = 1_000;

/** Where steps are wide, numbers that people write hold no multiple. */
function wider(to: number, from: number, step: number, shape: Shape): number {
  const most = Math.min(Infinity, ...shape.below.map(({ at }) => at));
  return Math.min(most, Math.max(to, from + step * USUAL_MAX));
}

/** Without what binary fractions add at the end. */
function rounded(value: number): number {
  return Number(value.toPrecision(15));
}

function isExact(value: number, shape: Shape, whole: boolean): boolean {
  return shape.steps.every((step) => Number.isInteger(value / step)) &&
    (!whole || Number.isInteger(value)) &&
    shape.above.every(({ at, open }) => open ? value > at : value >= at) &&
    shape.below.every(({ at, open }) => open ? value < at : value <= at);
}

/**
 * Obfuscation of OpenAI's streams: letters that hide how long what was said is, as recorded. Each
 * event gets 0 to 15 of them, which make its length 1 more than a multiple of 16, in code points.
 *
 * @module
 */

import { Random } from "../core/random.ts";
import { SSE_CLOSE, SSE_OPEN } from "../wire/framing.ts";
import type { Stamp } from "./dialect.ts";

/** Gives the letters for an event that is `length` code points long without them. */
export type Padding = (length: number) => string;

/** Random letters to cut it out of; a slice costs less than drawing each. */
const NOISE = new Random(1).text(4_096);

/** The padding of one stream, drawn from `stamp` as it goes. */
export function paddingOf(stamp: Stamp): Padding {
  return (length) => {
    const from = stamp.below(NOISE.length - 16);
    return NOISE.slice(from, from + (17 - length % 16) % 16);
  };
}

const OPEN = `,"obfuscation":"`;
const CLOSE = `"}`;

/** The JSON of an event, padded, from all but the end of it. */
export function padded(json: string, padding: Padding): string {
  const open = json + OPEN;
  return open + padding(points(open) + CLOSE.length) + CLOSE;
}

/** What stands around the varying part of the events of a run of deltas. */
export interface Frame {
  /** From where the event begins on the wire. */
  readonly prefix: string;
  /** Up to the end of its JSON. */
  readonly suffix: string;
  /** Words the varying part. */
  readonly word: (delta: string) => string;
  /** A text that has every kind of character the deltas have. */
  readonly sample: string;
}

/** Words a run of deltas as padded events, framing included. */
export function paddedDeltas(
  { prefix, suffix, word, sample }: Frame,
  padding: Padding,
): (delta: string) => string {
  const open = suffix + OPEN;
  const close = CLOSE + SSE_CLOSE;
  const fixed = points(prefix) - SSE_OPEN.length + open.length + CLOSE.length;
  const length = SURROGATE.test(sample) ? points : lengthOf;
  return (delta) => {
    const text = word(delta);
    return prefix + text + open + padding(fixed + length(text)) + close;
  };
}

const SURROGATE = /[\ud800-\udbff]/;

function lengthOf(text: string): number {
  return text.length;
}

/** The length of `text` in code points, which is how the padding was measured. */
function points(text: string): number {
  return SURROGATE.test(text) ? Array.from(text).length : text.length;
}

/**
 * Mutation of bytes and texts, which knows nothing of what they mean.
 *
 * @module
 */

import type { Random } from "../../lib/core/random.ts";

/** One of `list`, which is not empty. */
export function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.below(list.length)] as T;
}

/** Whether an event of this probability happens. */
export function chance(random: Random, probability: number): boolean {
  return random.fraction() < probability;
}

/** Sequences that are no UTF-8, or that decoders trip over. */
const NASTY: readonly number[][] = [
  [0xff],
  [0xfe, 0xff],
  [0xc0, 0x80],
  [0xc0, 0xaf],
  [0xe0, 0x80, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
  [0x80],
  [0xe2, 0x82],
  [0xef, 0xbb, 0xbf],
  [0x00],
  [0x0d, 0x0a],
  [0x0a],
  [0x1b],
  [0x7b],
  [0x7d],
  [0x5b],
  [0x5d],
  [0x22],
  [0x5c],
  [0x2c],
  [0x3a],
  [0x2d],
  [0x65],
];

type ByteMutation = (bytes: Uint8Array, random: Random) => Uint8Array;

const BYTE_MUTATIONS: readonly ByteMutation[] = [
  (bytes, random) => {
    const copy = bytes.slice();
    const at = random.below(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
    return copy;
  },
  (bytes, random) => {
    const copy = bytes.slice();
    copy[random.below(copy.length)] = random.below(256);
    return copy;
  },
  (bytes, random) => bytes.slice(0, random.below(bytes.length)),
  (bytes, random) => bytes.slice(random.below(bytes.length)),
  (bytes, random) =>
    spliced(bytes, random.below(bytes.length), 0, pick(random, NASTY)),
  (bytes, random) =>
    spliced(bytes, random.below(bytes.length), 1 + random.below(8), []),
  (bytes, random) => {
    const start = random.below(bytes.length);
    const part = bytes.slice(start, start + 1 + random.below(64));
    return spliced(bytes, random.below(bytes.length), 0, part);
  },
];

/** `bytes` after one to eight small accidents; never empty in, maybe empty out. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let mutated = bytes;
  for (let left = 1 + random.below(8); left > 0 && mutated.length > 0; left--) {
    mutated = pick(random, BYTE_MUTATIONS)(mutated, random);
  }
  return mutated;
}

/** `bytes` with `count` of them at `at` replaced by `others`. */
export function spliced(
  bytes: Uint8Array,
  at: number,
  count: number,
  others: ArrayLike<number>,
): Uint8Array {
  const rest = bytes.subarray(at + count);
  const result = new Uint8Array(at + others.length + rest.length);
  result.set(bytes.subarray(0, at));
  result.set(others, at);
  result.set(rest, at + others.length);
  return result;
}

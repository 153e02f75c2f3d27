/**
 * The pairs of neighbouring characters in a text, as bits: a quick look at what it cannot hold.
 *
 * @module
 */

/** Bits of {@linkcode Pairs}; a power of two. */
const BITS = 2_048;

/** The pairs of neighbouring characters in a text, as bits: what is not set is not there. */
export class Pairs {
  readonly #bits = new Int32Array(BITS / 32);

  /** The pairs of `text`. */
  constructor(text: string) {
    let before = text.charCodeAt(0);
    for (let at = 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const bit = pairBit(before, code);
      this.#bits[bit >>> 5]! |= 1 << (bit & 31);
      before = code;
    }
  }

  /** Whether all of `pairs` may be there. */
  hold(pairs: readonly number[]): boolean {
    for (const bit of pairs) {
      if ((this.#bits[bit >>> 5]! & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }
}

/** The bit of a pair. */
export function pairBit(first: number, second: number): number {
  return (Math.imul(first, 31) + second) & (BITS - 1);
}

/**
 * The only source of chance: one small seeded generator (sfc32), the same on every runtime.
 *
 * @module
 */

const ALPHANUMERIC =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Every byte in hexadecimal. */
const HEX = Array.from(
  { length: 256 },
  (_, byte) => byte.toString(16).padStart(2, "0"),
);

/** Named alphabets for {@linkcode Random.text}. */
export const ALPHABETS = {
  alphanumeric: ALPHANUMERIC,
  base58: ALPHANUMERIC.replace(/[0OIl]/g, ""),
  hex: "0123456789abcdef",
} as const;

/** A seeded generator; same seed, same draws. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** Starts the sequence of `seed`, a whole number from 0 to 2^53 - 1. */
  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = Math.floor(seed / 0x1_0000_0000) | 0;
    this.#c = 0x9e37_79b9 | 0; // all of them signed: engines keep a larger number in a box
    for (let round = 0; round < 12; round++) this.uint32();
  }

  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum | 0;
    return sum >>> 0;
  }

  /** `length` random hexadecimal digits. */
  hex(length: number): string {
    let text = "";
    while (text.length < length) {
      const draw = this.uint32();
      // Short texts first: engines keep a longer one as a tree of what it was added up from.
      text += `${HEX[draw >>> 24]}${HEX[draw >>> 16 & 0xff]}` +
        `${HEX[draw >>> 8 & 0xff]}${HEX[draw & 0xff]}`;
    }
    return text.length === length ? text : text.slice(0, length);
  }

  /** A number from 0 (included) to 1 (excluded). */
  fraction(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** A whole number from 0 to `bound` - 1. */
  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  /**
   * `length` characters out of `alphabet`, which is ASCII; four out of each draw. Made in one go:
   * what is added up piece by piece is kept as a tree, and flattened when it is sent.
   */
  text(length: number, alphabet: string = ALPHABETS.alphanumeric): string {
    if (length > LONG) return this.#longText(length, alphabet);
    const all = codesOf(alphabet);
    const size = all.length;
    const codes: number[] = new Array(length).fill(0);
    for (let i = 0; i < length;) {
      let draw = this.uint32();
      for (const end = Math.min(i + 4, length); i < end; i++) {
        const rest = Math.floor(draw / size);
        codes[i] = all[draw - rest * size] ?? 0; // "%" is slow at numbers of 32 bits
        draw = rest;
      }
    }
    return String.fromCharCode.apply(null, codes);
  }

  #longText(length: number, alphabet: string): string {
    const all = codesOf(alphabet);
    const size = all.length;
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length;) {
      let draw = this.uint32();
      for (const end = Math.min(i + 4, length); i < end; i++) {
        const rest = Math.floor(draw / size);
        bytes[i] = all[draw - rest * size] ?? 0; // "%" is slow at numbers of 32 bits
        draw = rest;
      }
    }
    return ascii.decode(bytes);
  }
}

/** The characters of an alphabet as codes. */
function codesOf(alphabet: string): Uint8Array {
  const known = CODES.get(alphabet);
  if (known !== undefined) return known;
  const codes = Uint8Array.from(alphabet, (char) => char.charCodeAt(0));
  CODES.set(alphabet, codes);
  return codes;
}

/** Of the few alphabets that dialects have. */
const CODES = new Map<string, Uint8Array>();

/** From here on, bytes in one buffer beat one string after another. */
const LONG = 100;
const ascii = new TextDecoder();

/**
 * The text that a generator begins with, in pieces, drawn as they are pulled: a long text costs
 * neither time at once nor memory.
 */
export class RandomPieces implements Iterable<string> {
  readonly #seed: number;
  readonly #length: number;
  /** How many pieces there are. */
  readonly count: number;

  /** `count` pieces of `length` characters each. */
  constructor(
    seed: number,
    { count, length }: { readonly count: number; readonly length: number },
  ) {
    this.#seed = seed;
    this.count = count;
    this.#length = length;
  }

  /** All pieces, joined. */
  whole(): string {
    return new Random(this.#seed).text(this.count * this.#length);
  }

  [Symbol.iterator](): Iterator<string, undefined> {
    return new Drawing(new Random(this.#seed), this.count, this.#length);
  }
}

/** Pieces drawn at once. Each draw makes four characters: a number of pieces that wastes none. */
const PIECES_AT_ONCE = 16;

/** The pieces yet to come. */
class Drawing implements Iterator<string, undefined> {
  readonly #random: Random;
  readonly #length: number;
  #left: number;
  #drawn = "";
  #at = 0;

  constructor(random: Random, count: number, length: number) {
    this.#random = random;
    this.#left = count;
    this.#length = length;
  }

  next(): IteratorResult<string, undefined> {
    if (this.#at === this.#drawn.length && !this.#draw()) {
      return { done: true, value: undefined };
    }
    const start = this.#at;
    this.#at += this.#length;
    return { done: false, value: this.#drawn.slice(start, this.#at) };
  }

  #draw(): boolean {
    const pieces = Math.min(PIECES_AT_ONCE, this.#left);
    this.#left -= pieces;
    this.#drawn = this.#random.text(pieces * this.#length);
    this.#at = 0;
    return pieces > 0;
  }
}

/** A seed for this process, short enough to retype. */
export function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

/** Mixes a seed with a name and a number into another seed of 53 bits (after cyrb53). */
export function mixSeed(seed: number, name: string, ordinal: number): number {
  let high = 0xdead_beef ^ (seed >>> 0) ^ Math.imul(ordinal, 0x85eb_ca6b);
  let low = 0x41c6_ce57 ^ Math.floor(seed / 0x1_0000_0000) ^ ordinal;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    high = Math.imul(high ^ code, 0x9e37_79b1);
    low = Math.imul(low ^ code, 0x5f35_6495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85eb_ca6b) ^
    Math.imul(low ^ (low >>> 13), 0xc2b2_ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85eb_ca6b) ^
    Math.imul(high ^ (high >>> 13), 0xc2b2_ae35);
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0);
}

/** A whole number from 0 to 2^32 - 1 that belongs to a place: none before it has to be drawn to know it. */
export function drawAt(seed: number, place: number): number {
  let low = seed >>> 0;
  let high = Math.floor(seed / 0x1_0000_0000) >>> 0;
  low = Math.imul(low ^ Math.imul(place, 0x9e37_79b1), 0x85eb_ca6b);
  high = Math.imul(high ^ (low >>> 15) ^ place, 0xc2b2_ae35);
  low = Math.imul(low ^ (high >>> 13), 0x27d4_eb2f);
  return (low ^ high ^ (low >>> 16)) >>> 0;
}

/**
 * Tokens as byte-pair encoders make them: a text is cut into pieces by a pattern, and in each
 * piece neighbours are joined, those first whose union has the lowest rank, until no union is
 * in the vocabulary.
 *
 * Says what OpenAI's own encoder says, with two differences. Nothing is a special token: what
 * looks like one is text. And a piece longer than {@linkcode TOKENIZER_WINDOW_CHARS}, such as a
 * megabyte of one letter, is cut there, which may make a few tokens more of it.
 *
 * Of a text longer than {@linkcode TOKENS_EXACT_CHARS_MAX} only that much is encoded: what
 * follows is estimated, since whoever encodes keeps all others waiting.
 *
 * @module
 */

import {
  TOKENIZER_PIECE_CHARS_MAX,
  TOKENIZER_PIECES_MAX,
  TOKENIZER_WINDOW_CHARS,
  TOKENS_EXACT_CHARS_MAX,
  TOKENS_SAMPLE_CHARS_MIN,
} from "../core/limits.ts";
import { APPROX, type Tokenizer } from "../core/tokens.ts";

/** What an encoder knows. */
export interface Vocabulary {
  /** Tokens by rank: a text, or bytes where they are none; holes, or null, where there is none. */
  readonly tokens: readonly (string | readonly number[] | null | undefined)[];
  /** Matches the next piece of any text; global. */
  readonly pattern: RegExp;
}

/**
 * Where the tokens of one piece end, in UTF-16 code units. A token that ends within a character
 * ends, here, before it: no end is ever within one.
 */
type Ends = readonly number[];

/** Counts and cuts by a vocabulary. */
export class BytePairs implements Tokenizer {
  readonly name: string;
  readonly #pattern: RegExp;
  /** Ranks by the bytes of a token, a character each. */
  readonly #ranks = new Map<string, number>();
  /** Bytes of the longest token. */
  readonly #longest: number;
  /** Ranks of two bytes: half of all that is looked up. */
  readonly #pairs = new Int32Array(256 * 256).fill(NONE);
  /** Short pieces of several tokens, as words in a text come again. */
  readonly #known = new Map<string, Ends>();
  /** The last that was long: a long run of anything is the same window again and again. */
  #long: { readonly piece: string; readonly ends: Ends } = NOTHING;

  /** Takes in a vocabulary, which is some 100 ms of work. */
  constructor(name: string, { tokens, pattern }: Vocabulary) {
    this.name = name;
    this.#pattern = new RegExp(pattern); // it holds where it was last
    let longest = 0;
    tokens.forEach((token, rank) => {
      if (!token) return;
      const bytes = typeof token === "string"
        ? bytesOf(token)
        : String.fromCharCode(...token);
      if (bytes.length > longest) longest = bytes.length;
      this.#ranks.set(bytes, rank);
      if (bytes.length === 2) this.#pairs[pairAt(bytes, 0)] = rank;
    });
    this.#longest = longest;
  }

  count(text: string, exactChars: number = TOKENS_EXACT_CHARS_MAX): number {
    if (text.length <= exactChars) return this.#count(text);
    if (exactChars < TOKENS_SAMPLE_CHARS_MIN) return APPROX.count(text);
    const { tokens, restTokens } = this.#estimate(text, exactChars);
    return tokens + restTokens;
  }

  *split(text: string): Generator<string> {
    const [head, rest] = parted(text, TOKENS_EXACT_CHARS_MAX);
    for (const piece of pieces(head, this.#pattern)) {
      let start = 0;
      for (const end of this.#endsOf(piece)) {
        if (end > start) yield piece.slice(start, end);
        start = end;
      }
    }
    yield* APPROX.split(rest);
  }

  first(text: string, count: number): string {
    if (text.length <= TOKENS_EXACT_CHARS_MAX) return this.#first(text, count);
    const part = this.#estimate(text, TOKENS_EXACT_CHARS_MAX);
    const { head, tokens, rest, restTokens, scale } = part;
    if (count <= tokens) return this.#first(head, count);
    if (count >= tokens + restTokens) return text;
    return head + APPROX.first(rest, Math.round((count - tokens) / scale));
  }

  #count(text: string): number {
    let count = 0;
    for (const piece of pieces(text, this.#pattern)) {
      // A piece of ASCII is its own bytes; most are, and one token.
      const one = isAscii(piece) && this.#ranks.has(piece);
      count += one ? 1 : this.#endsOf(piece).length;
    }
    return count;
  }

  #first(text: string, count: number): string {
    let at = 0;
    let left = count;
    if (left <= 0) return "";
    for (const piece of pieces(text, this.#pattern)) {
      const ends = this.#endsOf(piece);
      at += ends[Math.min(left, ends.length) - 1] ?? 0;
      if ((left -= ends.length) <= 0) break;
    }
    return text.slice(0, at);
  }

  /** A long text: its head counted, and what follows estimated by how wrong the estimate is of the head. */
  #estimate(text: string, exactChars: number) {
    const [head, rest] = parted(text, exactChars);
    const tokens = this.#count(head);
    const scale = tokens / APPROX.count(head);
    const restTokens = Math.round(APPROX.count(rest) * scale);
    return { head, tokens, rest, restTokens, scale };
  }

  #endsOf(piece: string): Ends {
    const long = piece.length > TOKENIZER_PIECE_CHARS_MAX;
    if (long && piece === this.#long.piece) return this.#long.ends;
    const known = long ? undefined : this.#known.get(piece);
    if (known !== undefined) return known;
    const bytes = bytesOf(piece);
    if (this.#ranks.has(bytes)) return [piece.length];
    const ends = wholeEnds(piece, bytes, this.#merged(bytes));
    if (long) {
      this.#long = { piece, ends };
      return ends;
    }
    if (this.#known.size >= TOKENIZER_PIECES_MAX) this.#known.clear();
    this.#known.set(piece, ends);
    return ends;
  }

  /** Where the tokens of `bytes` end. */
  #merged(bytes: string): number[] {
    const { next, before, ranks } = scratch;
    const length = bytes.length;
    const heap = new Heap(scratch.heap);
    const rate = (at: number) => {
      const second = next[at]!;
      const rank = second < length
        ? this.#rankOf(bytes, at, next[second]!)
        : NONE;
      ranks[at] = rank;
      if (rank !== NONE) heap.push(rank * SPAN + at);
    };
    for (let at = 0; at <= length; at++) {
      next[at] = at + 1;
      before[at] = at - 1;
    }
    for (let at = 0; at < length; at++) rate(at);
    for (let key = heap.pop(); key !== undefined; key = heap.pop()) {
      const at = key % SPAN;
      if (ranks[at] !== (key - at) / SPAN) continue; // joined otherwise since
      const second = next[at]!;
      ranks[second] = NONE;
      next[at] = next[second]!;
      before[next[at]!] = at;
      rate(at);
      if (before[at]! >= 0) rate(before[at]!);
    }
    const ends: number[] = [];
    for (let at = 0; at < length; at = next[at]!) ends.push(next[at]!);
    return ends;
  }

  #rankOf(bytes: string, start: number, end: number): number {
    if (end - start === 2) return this.#pairs[pairAt(bytes, start)]!;
    if (end - start > this.#longest) return NONE;
    return this.#ranks.get(bytes.slice(start, end)) ?? NONE;
  }
}

const NOTHING = { piece: "", ends: [] };

/** The pieces of `text`, looked for in one window after another: expressions meet no long text. */
function* pieces(text: string, pattern: RegExp): Generator<string> {
  for (let from = 0; from < text.length;) {
    const to = windowEnd(text, from);
    const last = to === text.length;
    const window = from === 0 && last ? text : text.slice(from, to);
    let at = 0;
    while (at < window.length) {
      pattern.lastIndex = at; // others use it in between
      const end = pattern.test(window) ? pattern.lastIndex : window.length;
      // What ends near the end of the window may go on behind it.
      if (!last && at > 0 && end > window.length - AHEAD) break;
      yield at === 0 && end === text.length ? text : window.slice(at, end);
      at = end;
    }
    from += at;
  }
}

/** How far the patterns look ahead, and more. */
const AHEAD = 8;

function windowEnd(text: string, from: number): number {
  return characterEnd(text, from + TOKENIZER_WINDOW_CHARS);
}

/** The first `chars` of `text`, one less where they would end within a character, and the rest. */
function parted(text: string, chars: number): [head: string, rest: string] {
  if (text.length <= chars) return [text, ""];
  const end = characterEnd(text, chars);
  return [text.slice(0, end), text.slice(end)];
}

/** `end`, or where the character begins in whose middle that is; the text's length at the latest. */
function characterEnd(text: string, end: number): number {
  if (end >= text.length) return text.length;
  const paired = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800 &&
    (text.charCodeAt(end) & 0xfc00) === 0xdc00;
  return paired ? end - 1 : end;
}

// Bytes ──────────────────────────────────────────────────────────────────────

const encoder = new TextEncoder();
const BYTES_MAX = 3 * TOKENIZER_WINDOW_CHARS;
const encoded = new Uint8Array(BYTES_MAX);

/** UTF-8 of `text`, a character for each byte; half a surrogate pair is what U+FFFD is. */
function bytesOf(text: string): string {
  if (isAscii(text)) return text;
  const { written } = encoder.encodeInto(text, encoded);
  let bytes = "";
  for (let at = 0; at < written; at += 4_096) {
    const part = encoded.subarray(at, Math.min(written, at + 4_096));
    bytes += String.fromCharCode(...part);
  }
  return bytes;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) > 0x7f) return false;
  }
  return true;
}

/** `ends` of bytes as ends of the characters that are whole by then. */
function wholeEnds(text: string, bytes: string, ends: number[]): Ends {
  if (bytes.length === text.length) return ends;
  let byte = 0;
  let unit = 0;
  return ends.map((end) => {
    for (;;) {
      const length = characterBytes(bytes.charCodeAt(byte));
      if (byte >= bytes.length || byte + length > end) return unit;
      byte += length;
      unit += length === 4 ? 2 : 1;
    }
  });
}

/** How many bytes the character has that begins with `first`. */
function characterBytes(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

// Merging ────────────────────────────────────────────────────────────────────

/** No union. */
const NONE = -1;

function pairAt(bytes: string, at: number): number {
  return bytes.charCodeAt(at) * 256 + bytes.charCodeAt(at + 1);
}

/** More than there are places in a piece: a rank and a place are one number. */
const SPAN = 2 ** 17;

/** For one piece after the other: making these costs more than filling them. */
const scratch = {
  next: new Int32Array(BYTES_MAX + 1),
  before: new Int32Array(BYTES_MAX + 1),
  ranks: new Int32Array(BYTES_MAX + 1),
  heap: new Float64Array(3 * BYTES_MAX + 1),
};

/** Numbers, the lowest first. */
class Heap {
  readonly #items: Float64Array;
  #size = 0;

  constructor(items: Float64Array) {
    this.#items = items;
  }

  push(item: number): void {
    const items = this.#items;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (items[parent]! <= item) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }

  pop(): number | undefined {
    if (this.#size === 0) return undefined;
    const items = this.#items;
    const top = items[0];
    const item = items[--this.#size]!;
    let at = 0;
    for (let child = 1; child < this.#size; child = 2 * at + 1) {
      if (child + 1 < this.#size && items[child + 1]! < items[child]!) child++;
      if (items[child]! >= item) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = item;
    return top;
  }
}

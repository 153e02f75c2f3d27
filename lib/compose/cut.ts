/**
 * Text to chunks. Chunks joined are the text, none is empty, and none but a lone surrogate's
 * own holds half a surrogate pair.
 *
 * Knows text; knows no time and no frames.
 *
 * @module
 */

import type { Cut } from "../core/plan.ts";
import { APPROX, tokenEnd, type Tokenizer } from "../core/tokens.ts";

/** Says where the chunk that starts at `start` ends; `start` must lie within the text. */
export type ChunkEnd = (text: string, start: number) => number;

/** The chunks of `text`, in order; none for an empty text. Tokens are those of `tokenizer`. */
export function cut(
  text: string,
  how: Cut,
  tokenizer: Tokenizer = APPROX,
): Iterable<string> {
  if (how === "token" && tokenizer !== APPROX) return tokenizer.split(text);
  const end = chunkEnd(how);
  return { [Symbol.iterator]: () => new Chunks(text, end) };
}

/**
 * Where chunks end. The bare function, without {@linkcode cut}'s iterator, is for loops that
 * run once a chunk.
 */
export function chunkEnd(how: Cut): ChunkEnd {
  if (typeof how === "object") return charactersEnd(how.characters);
  return ENDS[how];
}

/** How many code points `text` has; a lone surrogate counts as one. */
export function characters(text: string): number {
  let count = text.length;
  for (let at = 0; at + 1 < text.length; at++) {
    if (isPair(text, at)) {
      count--;
      at++;
    }
  }
  return count;
}

const ENDS: Readonly<Record<Cut & string, ChunkEnd>> = {
  character: characterEnd,
  token: tokenEnd,
  word: wordEnd,
  line: lineEnd,
  whole: (text) => text.length,
};

function characterEnd(text: string, start: number): number {
  return isPair(text, start) ? start + 2 : start + 1;
}

function charactersEnd(count: number): ChunkEnd {
  return (text, start) => {
    let end = start;
    for (let i = 0; i < count && end < text.length; i++) {
      end = characterEnd(text, end);
    }
    return end;
  };
}

/**
 * A word with the white space before it, as providers stream: the space belongs to what
 * follows. White space at the very end is a chunk of its own.
 */
function wordEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && isWhiteSpace(text.charCodeAt(end))) end++;
  while (end < text.length && !isWhiteSpace(text.charCodeAt(end))) end++;
  return end;
}

function lineEnd(text: string, start: number): number {
  return text.indexOf("\n", start) + 1 || text.length;
}

/** White space where a line may break: no-break spaces are part of a word. */
function isWhiteSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code === 0x3000 || code === 0x2028 || code === 0x2029) return true;
  return code >= 0x2000 && code <= 0x200a && code !== 0x2007;
}

function isPair(text: string, start: number): boolean {
  if (start + 1 >= text.length) return false;
  if ((text.charCodeAt(start) & 0xfc00) !== 0xd800) return false;
  return (text.charCodeAt(start + 1) & 0xfc00) === 0xdc00;
}

/** The chunks yet to come. A generator costs up to twice as much a chunk. */
class Chunks implements Iterator<string, undefined> {
  readonly #text: string;
  readonly #end: ChunkEnd;
  #at = 0;

  constructor(text: string, end: ChunkEnd) {
    this.#text = text;
    this.#end = end;
  }

  next(): IteratorResult<string, undefined> {
    const start = this.#at;
    if (start >= this.#text.length) return { done: true, value: undefined };
    this.#at = this.#end(this.#text, start);
    return { done: false, value: this.#text.slice(start, this.#at) };
  }
}

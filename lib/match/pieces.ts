/**
 * Random tokens as a block: drawn one after another, since they may be many and nobody may stay
 * for them; and beginnings of such a block.
 *
 * @module
 */

import { RandomPieces } from "../core/random.ts";
import type { Pieces, TextBlock } from "../core/reply.ts";

/** What random tokens are like. */
export interface TokenShape {
  /** How many. */
  readonly count: number;
  /** Characters of each. */
  readonly length: number;
}

/** A block with text in pieces. */
export interface PiecesBlock extends TextBlock {
  /** The pieces. */
  readonly pieces: Pieces;
}

/** Random tokens of one seed. */
export function randomBlock(seed: number, shape: TokenShape): PiecesBlock {
  const pieces = new RandomPieces(seed, shape);
  return blockOf(pieces, () => pieces.whole());
}

/** A block of the first `count` of `pieces`, and of `rest`, which the next one begins with. */
export function beginning(
  pieces: Pieces,
  count: number,
  rest = "",
): PiecesBlock {
  const first = new FirstPieces(pieces, count, rest);
  return blockOf(first, () => Array.from(first).join(""));
}

/** A block of the first `characters` of `pieces`; undefined for none of them. */
export function beginningUpTo(
  pieces: Pieces,
  characters: number,
): PiecesBlock | undefined {
  let left = characters;
  let count = 0;
  for (const piece of pieces) {
    if (left < piece.length) {
      const rest = piece.slice(0, left);
      const none = count === 0 && rest === "";
      return none ? undefined : beginning(pieces, count, rest);
    }
    left -= piece.length;
    count++;
  }
  return beginning(pieces, count);
}

/** The text is made only when it is asked for. */
function blockOf(pieces: Pieces, make: () => string): PiecesBlock {
  let whole: string | undefined;
  return {
    type: "text",
    get text() {
      return whole ??= make();
    },
    pieces,
  };
}

/** Some pieces, and the beginning of one more. */
class FirstPieces implements Pieces {
  readonly #pieces: Pieces;
  readonly #whole: number;
  readonly #rest: string;
  readonly count: number;

  constructor(pieces: Pieces, whole: number, rest: string) {
    this.#pieces = pieces;
    this.#whole = whole;
    this.#rest = rest;
    this.count = rest === "" ? whole : whole + 1;
  }

  *[Symbol.iterator](): Generator<string, undefined> {
    let left = this.#whole;
    for (const piece of this.#pieces) {
      if (left-- === 0) break;
      yield piece;
    }
    if (this.#rest !== "") yield this.#rest;
  }
}

/**
 * What a prompt must hold for a pattern to match it, so that most patterns need not be tried: the
 * pairs of characters of a piece that is in every match. A hundred patterns are passed over in
 * the time that trying a few of them takes.
 *
 * @module
 */

import { pairBit } from "./pairs.ts";
import type { Pattern } from "./pattern.ts";
import { type Group, type Node, readTree } from "./regex_tree.ts";

/** Pairs asked for of one pattern: more would pass over little more. */
const PAIRS_MAX = 4;

/** Pairs that every folded text holds which `pattern` matches; undefined where none are known. */
export function hintOf(pattern: Pattern): readonly number[] | undefined {
  const piece = longest(piecesOf(pattern));
  if (piece.length < 2) return undefined;
  const pairs: number[] = [];
  for (let at = 1; at < piece.length && pairs.length < PAIRS_MAX; at++) {
    pairs.push(pairBit(piece.charCodeAt(at - 1), piece.charCodeAt(at)));
  }
  return pairs;
}

/** Pieces of plain ASCII that are in every match; folding leaves such pieces whole. */
function piecesOf(pattern: Pattern): readonly string[] {
  switch (pattern.type) {
    case "equal":
    case "exact":
    case "glob":
      return pattern.text.toLowerCase().split(/[^\x21-\x29\x2b-\x7e]+/);
    case "regex":
      return regexPieces(pattern.source, pattern.flags);
    default:
      return [];
  }
}

/** With `i` and `u`, an `s` matches a character that does not fold to `s`. */
function regexPieces(source: string, flags: string): readonly string[] {
  if (flags.includes("i") && /[uv]/.test(flags)) return [];
  try {
    return certain(readTree(source, flags)).join("").split("\n");
  } catch {
    return []; // deeper than is read: it is tried like any other
  }
}

/** Characters that every match holds in this order, a line break where something may come between. */
function certain({ choices, look }: Group): string[] {
  const [only, ...others] = choices;
  if (only === undefined || others.length > 0 || look) return ["\n"];
  return only.nodes.flatMap(certainOf);
}

function certainOf(node: Node): readonly string[] {
  switch (node.type) {
    case "edge":
      return [];
    case "atom":
      return [PLAIN.test(node.text) ? node.text.toLowerCase() : "\n"];
    case "group":
      return ["\n", ...certain(node), "\n"];
    default:
      return ["\n"];
  }
}

/** A character that stands for itself. */
const PLAIN = /^[\w#@%&=:;,"'<>~!-]$/;

function longest(pieces: readonly string[]): string {
  return pieces.reduce((a, b) => b.length > a.length ? b : a, "");
}

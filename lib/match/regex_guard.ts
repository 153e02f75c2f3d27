/**
 * Makes regular expressions quick that an engine is slow with, and changes nothing of what they
 * match.
 *
 * `\d+ apples` is looked for at each digit of a long number, over and over. But where a digit
 * stands before, starting there is in vain: an earlier start would have taken this digit, too,
 * and then have found the same. The same holds for `weather.*paris` where another `weather`
 * stands on the line. So such starts are refused by looking back, which takes one glance.
 *
 * @module
 */

import { Alphabet, atomsOf } from "./regex_alphabet.ts";
import {
  type Atom,
  type Choice,
  type Group,
  type Node,
  readTree,
  type Repeat,
} from "./regex_tree.ts";

/** What stands before a choice, so that no vain start is tried. */
export interface Guard {
  /** The choice, in the tree it was found in. */
  readonly choice: Choice;
  /** What must hold where it begins, as part of an expression. */
  readonly text: string;
  /** What is repeated there: a start behind such characters only would be in vain. */
  readonly loop: Atom;
}

/** The source to give to the engine in place of `source`; captures and matches stay the same. */
export function guarded(source: string, flags: string): string {
  if (!/[*+]|,\}/.test(source)) return source;
  let text = source;
  const guards = guardsOf(readTree(source, flags), flags);
  for (const { choice: { start }, text: guard } of guards.toReversed()) {
    text = text.slice(0, start) + guard + text.slice(start);
  }
  return text;
}

/** The guards there are for an expression, in order. */
export function guardsOf(tree: Group, flags: string): Guard[] {
  // What refers to a group depends on where the match began; under v, a class may hold words.
  if (refers(tree) || flags.includes("v") && mayHoldWords(tree)) return [];
  return guardsIn(tree, false, flags);
}

function guardsIn(
  { choices }: Group,
  followed: boolean,
  flags: string,
): Guard[] {
  return choices.flatMap((choice) => {
    const [first, ...rest] = choice.nodes;
    if (first?.type === "group" && !first.look && !isFinite(first)) {
      return guardsIn(first, followed || rest.length > 0, flags);
    }
    const guard = guardOf(choice, followed, flags);
    return guard === undefined ? [] : [guard];
  });
}

/** Longest head, as it is written, that is looked back for. */
const HEAD_CHARS_MAX = 200;

function guardOf(
  choice: Choice,
  followed: boolean,
  flags: string,
): Guard | undefined {
  const { head, loop, isLast } = begin(choice);
  if (loop === undefined || isLast && !followed) return undefined;
  if (head.some(isTheStart)) return undefined;
  const atoms = [...head.flatMap(atomsOf), loop];
  const alphabet = new Alphabet(atoms);
  const repeated = alphabet.takenBy(loop);
  const within = atoms.every((atom) =>
    atom.flags === flags &&
    (atom.text === loop.text || !/\\p/i.test(atom.text)) &&
    alphabet.takenBy(atom).every((taken, kind) => !taken || repeated[kind])
  );
  const text = head.map(textOf).join("");
  if (!within || text.length > HEAD_CHARS_MAX) return undefined;
  const some = head.every(isPassable) ? "+?" : "*?";
  const ahead = text === "" ? "" : `(?=${text})`;
  return { choice, loop, text: `${ahead}(?<!${text}${loop.text}${some})` };
}

/** Whether it stands only where the text begins, so that there are no other starts. */
function isTheStart(node: Node): boolean {
  return node.type === "edge" && node.kind === "start" && !node.lines;
}

/** What a choice begins with, up to the first endless repetition; and whether that is all. */
function begin(
  { nodes }: Choice,
): { head: Node[]; loop?: Atom; isLast: boolean } {
  const head: Node[] = [];
  const left = [...nodes];
  for (let node = left.shift(); node !== undefined; node = left.shift()) {
    const loop = endless(node);
    if (loop !== undefined) return { head, loop, isLast: left.length === 0 };
    const [only, other] = node.type === "group" && !node.look
      ? node.choices
      : [];
    if (isFinite(node)) head.push(node);
    else if (only !== undefined && other === undefined) {
      left.unshift(...only.nodes);
    } else break;
  }
  return { head, isLast: true };
}

/** What `node` repeats without end, where that is one character. */
function endless(node: Node): Atom | undefined {
  if (node.type !== "repeat" || node.max !== Infinity) return undefined;
  let inside = node.node;
  while (inside.type === "group" && !inside.look) {
    const [only, other] = inside.choices;
    const [first, second] = only?.nodes ?? [];
    if (first === undefined || second || other) return undefined;
    inside = first;
  }
  return inside.type === "atom" ? inside : undefined;
}

/** Whether `node` takes few characters, and looks at none beyond. */
function isFinite(node: Node): boolean {
  switch (node.type) {
    case "atom":
    case "edge":
      return true;
    case "reference":
      return false;
    case "repeat":
      return node.max <= 4 && isFinite(node.node);
    case "group":
      return node.look === undefined &&
        node.choices.every(({ nodes }) => nodes.every(isFinite));
  }
}

function isPassable(node: Node): boolean {
  switch (node.type) {
    case "atom":
      return false;
    case "repeat":
      return node.min === 0 || isPassable(node.node);
    case "group":
      return node.choices.some(({ nodes }) => nodes.every(isPassable));
    default:
      return true;
  }
}

function mayHoldWords(tree: Group): boolean {
  return atomsOf(tree).some(({ text }) => /\\[qp]/i.test(text));
}

function refers(node: Node): boolean {
  switch (node.type) {
    case "reference":
      return true;
    case "repeat":
      return refers(node.node);
    case "group":
      return node.choices.some(({ nodes }) => nodes.some(refers));
    default:
      return false;
  }
}

const EDGES = { start: "^", end: "$", word: "\\b", inside: "\\B" } as const;

/** A finite part, written anew and catching nothing. */
function textOf(node: Node): string {
  switch (node.type) {
    case "atom":
      return node.text;
    case "edge":
      return EDGES[node.kind];
    case "group":
      return `(?:${
        node.choices.map(({ nodes }) => nodes.map(textOf).join("")).join("|")
      })`;
    case "repeat":
      return `(?:${textOf(node.node)}){${count(node)}}`;
    case "reference":
      return "";
  }
}

function count({ min, max }: Repeat): string {
  return min === max ? String(min) : `${min},${max}`;
}

/**
 * The characters that a regular expression tells apart: one of each kind stands for all. The
 * engine itself is asked which atom takes which.
 *
 * @module
 */

import type { Atom, Node } from "./regex_tree.ts";

/** Kinds of characters, numbered from 0. */
export class Alphabet {
  /** How many kinds there are. */
  readonly size: number;
  /** Which of them are of words, as `\b` sees it. */
  readonly words: readonly boolean[];
  /** Which of them end a line. */
  readonly breaks: readonly boolean[];
  readonly #taken = new Map<string, readonly boolean[]>();

  /** The kinds that `atoms` tell apart. */
  constructor(atoms: readonly Atom[]) {
    const tests = new Map<string, (char: string) => boolean>();
    for (const atom of atoms) tests.set(keyOf(atom), testOf(atom));
    const kinds = new Map<string, string>();
    for (const char of candidates(atoms)) {
      const bits = [...tests.values()].map((test) => test(char) ? 1 : 0);
      const kind = `${bits.join("")}${+isWord(char)}${+isBreak(char)}`;
      if (!kinds.has(kind)) kinds.set(kind, char);
    }
    const chars = [...kinds.values()];
    this.size = chars.length;
    this.words = chars.map(isWord);
    this.breaks = chars.map(isBreak);
    for (const [key, test] of tests) this.#taken.set(key, chars.map(test));
  }

  /** Which kinds `atom` takes. */
  takenBy(atom: Atom): readonly boolean[] {
    return this.#taken.get(keyOf(atom)) ?? [];
  }
}

/** All atoms in and below `node`. */
export function atomsOf(node: Node): Atom[] {
  switch (node.type) {
    case "atom":
      return [node];
    case "group":
      return node.choices.flatMap(({ nodes }) => nodes.flatMap(atomsOf));
    case "repeat":
      return atomsOf(node.node);
    default:
      return [];
  }
}

function keyOf({ text, flags }: Atom): string {
  return `${flags}/${text}`;
}

function testOf({ text, flags }: Atom): (char: string) => boolean {
  if (/^[^.[\\]$/.test(text) && !flags.includes("i")) {
    return (char) => char === text;
  }
  const regex = new RegExp(`^(?:${text})$`, flags.replace("m", ""));
  return (char) => regex.test(char);
}

function isWord(char: string): boolean {
  return /^\w$/.test(char);
}

function isBreak(char: string): boolean {
  return /^[\n\r\u2028\u2029]$/.test(char);
}

const ASCII = Array.from(
  { length: 128 },
  (_, code) => String.fromCharCode(code),
);
/** Others that classes tell apart, and those that folding of case brings together with ASCII. */
const BEYOND = [..."\u00a0éÉßλя中ا\u2028😀\u017f\u212a\u0130\u0131\u1e9e"];
const STEP = 89;

/** Characters among which every kind has one, but for rare ones of other scripts. */
function candidates(atoms: readonly Atom[]): Set<string> {
  const chars = new Set([...ASCII, ...BEYOND]);
  for (const { text } of atoms) {
    for (const char of text) {
      const code = char.codePointAt(0) ?? 0;
      if (code < 128) continue;
      for (const near of [code - 1, code, code + 1]) chars.add(charOf(near));
      chars.add(char.toLowerCase()).add(char.toUpperCase());
    }
    for (const [, code = ""] of text.matchAll(/\\u\{?([\da-f]{2,6})/gi)) {
      for (const by of [-1, 0, 1]) chars.add(charOf(parseInt(code, 16) + by));
    }
  }
  if (atoms.some(({ text }) => /\\p/i.test(text))) {
    for (let code = 128; code < 0x20000; code += STEP) chars.add(charOf(code));
  }
  return chars;
}

function charOf(code: number): string {
  return String.fromCodePoint(Math.min(Math.max(code, 0), 0x10ffff));
}

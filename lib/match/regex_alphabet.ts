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
  readonly #chars: readonly string[];
  readonly #taken = new Map<string, readonly boolean[]>();

  /** The kinds that `atoms` tell apart. */
  constructor(atoms: readonly Atom[]) {
    const literals = atoms.filter(isLiteral);
    const classes = atoms.filter((atom) => !isLiteral(atom));
    const own = new Set(
      literals.map(({ text, flags }) =>
        flags.includes("i") ? upper(text) : text
      ),
    );
    const tests = literals.map(testOf);
    const others = basis(classes).flatMap((kind) =>
      kind.find((char) => !tests.some((test) => test(char))) ?? []
    );
    this.#chars = [...own, ...others];
    this.size = this.#chars.length;
    this.words = this.#chars.map(isWord);
    this.breaks = this.#chars.map(isBreak);
  }

  /** Which kinds `atom` takes. */
  takenBy(atom: Atom): readonly boolean[] {
    const key = keyOf(atom);
    const known = this.#taken.get(key);
    if (known !== undefined) return known;
    const taken = this.#chars.map(testOf(atom));
    this.#taken.set(key, taken);
    return taken;
  }
}

/** Characters by what `classes` say of them; the same for every expression with these classes. */
function basis(classes: readonly Atom[]): readonly (readonly string[])[] {
  const byKey = new Map(classes.map((atom) => [keyOf(atom), atom]));
  const key = [...byKey.keys()].sort().join("\n");
  const known = bases.get(key);
  if (known !== undefined) return known;
  const tests = [isWord, isBreak, ...[...byKey.values()].map(testOf)];
  const kinds = Map.groupBy(
    candidates(classes),
    (char) => tests.map((test) => test(char) ? 1 : 0).join(""),
  );
  if (bases.size >= KEPT_MAX) bases.clear();
  bases.set(key, [...kinds.values()]);
  return [...kinds.values()];
}

const bases = new Map<string, readonly (readonly string[])[]>();
const KEPT_MAX = 500;

/** Whether an atom is one plain character that the engine compares without Unicode's rules. */
function isLiteral({ text, flags }: Atom): boolean {
  return /^[^.[\\]$/.test(text) && !(/i/.test(flags) && /[uv]/.test(flags));
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

function testOf(atom: Atom): (char: string) => boolean {
  const { text, flags } = atom;
  if (isLiteral(atom)) {
    if (!flags.includes("i")) return (char) => char === text;
    const wanted = upper(text);
    return (char) => upper(char) === wanted;
  }
  const regex = new RegExp(`^(?:${text})$`, flags.replace("m", ""));
  return (char) => regex.test(char);
}

/** As the flag i compares, without u: one unit stays one unit, and nothing becomes ASCII. */
function upper(char: string): string {
  const big = char.toUpperCase();
  const same = big.length !== char.length || char > "\x7f" && big <= "\x7f";
  return same ? char : big;
}

const WORD = /^\w$/;
const BREAK = /^[\n\r\u2028\u2029]$/;

function isWord(char: string): boolean {
  return WORD.test(char);
}

function isBreak(char: string): boolean {
  return BREAK.test(char);
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

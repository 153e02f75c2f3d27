/**
 * Texts that match a regular expression, made from its tree.
 *
 * What looks ahead or behind, and edges inside, are passed over: whoever wants to be sure tries
 * the text on the expression.
 *
 * @module
 */

import {
  AUTO_PATTERN_STEPS_MAX,
  SCHEMA_PATTERN_CHARS_MAX,
} from "../core/limits.ts";
import type { Random } from "../core/random.ts";
import { pick, word } from "./auto_words.ts";
import {
  type Atom,
  type Group,
  type Node,
  readTree,
  type Reference,
  RegexFault,
  type Repeat,
} from "./regex_tree.ts";
import { Steps } from "./steps.ts";

/** How long a text should be, in characters. */
export interface Wanted {
  /** At least. */
  readonly least: number;
  /** At most. */
  readonly most: number;
}

/** A text that probably matches `source`, as far as `all` steps go; undefined if that is no expression. */
export function textOfPattern(
  source: string,
  { least, most }: Wanted,
  random: Random,
  all: Steps,
): string | undefined {
  if (source.length > SCHEMA_PATTERN_CHARS_MAX) return undefined;
  const most1 = Math.min(AUTO_PATTERN_STEPS_MAX, all.left);
  const steps = new Steps(most1);
  const text = textIn(source, { least, most }, random, steps);
  all.take(most1 - steps.left);
  return text;
}

function textIn(
  source: string,
  { least, most }: Wanted,
  random: Random,
  steps: Steps,
): string | undefined {
  if (!steps.take(source.length)) return undefined;
  const tree = treeOf(source);
  if (tree === undefined) return undefined;
  const maker = new Maker(source, random, most, steps);
  // Repetitions go on for as long as the text is too short.
  for (let more = 0;; more = more * 2 + 1) {
    const text = padded(maker.text(tree, more), source, least, random);
    const enough = Math.min(least, CHARS_MAX);
    if (text.length >= enough || more > enough || steps.left <= 0) {
      return text.slice(0, CHARS_MAX);
    }
  }
}

/** Longest text made of an expression. */
const CHARS_MAX = 4_096;

function treeOf(source: string): Group | undefined {
  for (const flags of ["u", ""]) {
    try {
      new RegExp(source, flags);
      return readTree(source, flags);
    } catch (error) {
      if (!(error instanceof RegexFault || error instanceof SyntaxError)) {
        throw error;
      }
    }
  }
  return undefined;
}

/** What no edge holds may be longer. */
function padded(
  text: string,
  source: string,
  least: number,
  random: Random,
): string {
  const [before, after] = [!source.startsWith("^"), !source.endsWith("$")];
  if (!before && !after) return text;
  let all = text;
  while (all.length < Math.min(least, CHARS_MAX)) {
    all = after ? `${all}${word(random)}` : `${word(random)}${all}`;
  }
  return all;
}

/** Makes one text after another. */
class Maker {
  readonly #source: string;
  readonly #random: Random;
  readonly #most: number;
  readonly #steps: Steps;
  /** What groups caught, by where they begin. */
  readonly #caught = new Map<number, string>();
  /** What atoms take, by the atoms. */
  readonly #chars = new Map<Atom, readonly string[]>();
  #more = 0;
  #length = 0;

  constructor(source: string, random: Random, most: number, steps: Steps) {
    this.#source = source;
    this.#random = random;
    this.#steps = steps;
    this.#most = Math.min(most, CHARS_MAX);
  }

  text(tree: Group, more: number): string {
    this.#more = more;
    this.#length = 0;
    return this.#group(tree);
  }

  /** Whether there is enough: of text, or of work. */
  get #isDone(): boolean {
    return this.#length >= CHARS_MAX || this.#steps.left <= 0;
  }

  #node(node: Node): string {
    if (!this.#steps.take()) return "";
    switch (node.type) {
      case "atom":
        return this.#atom(node);
      case "group":
        return node.look === undefined ? this.#group(node) : "";
      case "repeat":
        return this.#repeat(node);
      case "reference":
        return this.#reference(node);
      case "edge":
        return "";
    }
  }

  #group({ choices, start }: Group): string {
    const { nodes } = pick(choices, this.#random);
    let text = "";
    for (const node of nodes) text += this.#node(node);
    this.#caught.set(start, text);
    return text;
  }

  #repeat({ node, min, max }: Repeat): string {
    const more = this.#more + this.#random.below(3);
    const times = Math.min(max, min + more);
    let text = "";
    for (let time = 0; time < times && !this.#isDone; time++) {
      if (time >= min && this.#length >= this.#most) break;
      text += this.#node(node);
    }
    return text;
  }

  #reference({ start, end }: Reference): string {
    if (this.#isDone || !this.#steps.take(this.#caught.size)) return "";
    const named = /^\\k<([^>]*)>$/.exec(this.#source.slice(start, end))?.[1];
    const opening = named === undefined ? undefined : `(?<${named}>`;
    const begins = [...this.#caught.keys()].sort((a, b) => a - b)
      .filter((at) => /^\((?!\?)|^\(\?<(?![=!])/.test(this.#source.slice(at)));
    const begin = opening === undefined
      ? begins[Number(this.#source.slice(start + 1, end)) - 1]
      : begins.find((at) => this.#source.startsWith(opening, at));
    const text = begin === undefined ? "" : this.#caught.get(begin) ?? "";
    this.#length += text.length;
    return text;
  }

  #atom(atom: Atom): string {
    let chars = this.#chars.get(atom);
    if (chars === undefined) {
      this.#steps.take(/^[.[\\]/.test(atom.text) ? CLASS_STEPS : 1);
      this.#chars.set(atom, chars = charsOf(atom));
    }
    const text = pick(chars, this.#random);
    this.#length += text.length;
    return text;
  }
}

/** What it may take to find the characters of a class. */
const CLASS_STEPS = 50;

/** Characters that atoms are tried on, those that people write most first. */
const LETTERS = Array.from("abcdefghijklmnopqrstuvwxyz");
const DIGITS = Array.from("0123456789");
const CAPITALS = LETTERS.map((letter) => letter.toUpperCase());
const SIGNS = Array.from(" -_.,:;/@+=!?#$%&*'\"()[]{}<>|~^`\\\t\n\r");
const OTHERS = Array.from("éßñøçαβДж漢字かな한글عש€°§²½–…🙂🚀");
const POOLS = [[...LETTERS, ...CAPITALS, ...DIGITS], SIGNS, OTHERS];

const kept = new Map<string, readonly string[]>();
const KEPT_MAX = 1_000;

/** Characters that `atom` takes. */
function charsOf(atom: Atom): readonly string[] {
  const key = `${atom.flags}/${atom.text}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (kept.size >= KEPT_MAX) kept.clear();
  const chars = found(atom);
  kept.set(key, chars);
  return chars;
}

function found({ text, flags }: Atom): readonly string[] {
  if (!/^[.[\\]/.test(text)) return [text];
  const expression = new RegExp(`^(?:${text})$`, flags.replace(/[gy]/g, ""));
  for (const pool of POOLS) {
    const taken = pool.filter((char) => expression.test(char));
    if (taken.length > 0) return taken;
  }
  return [rare(text, flags) ?? "a"];
}

/** The first character of the common scripts that an atom takes. */
function rare(text: string, flags: string): string | undefined {
  common ??= Array.from(
    { length: 0x3000 },
    (_, code) => String.fromCharCode(code),
  ).join("");
  return new RegExp(text, flags.replace(/[gy]/g, "")).exec(common)?.[0];
}

let common: string | undefined;

/**
 * A regular expression, read into a tree: what may come after what. Knows no engine and no text
 * it is matched against; an expression that is broken is told of with its place.
 *
 * The engine alone says whether an expression is valid. So this reads valid ones for
 * `runaway.ts`, and finds words for the others.
 *
 * @module
 */

import { REGEX_CHARS_MAX, REGEX_DEPTH_MAX } from "../core/limits.ts";

/** Where something is written: characters of the source, from 0. */
export interface Span {
  /** The first. */
  readonly start: number;
  /** One after the last. */
  readonly end: number;
}

/** One character of a text: `a`, `\d`, `[a-z]`, `.`. */
export interface Atom extends Span {
  readonly type: "atom";
  /** As written. */
  readonly text: string;
  /** The flags in force there. */
  readonly flags: string;
}

/** A place between characters: `^`, `$`, `\b`, `\B`. */
export interface Edge extends Span {
  readonly type: "edge";
  readonly kind: "start" | "end" | "word" | "inside";
  /** Whether lines have starts and ends too. */
  readonly lines: boolean;
}

/** What a group caught, once more. */
export interface Reference extends Span {
  readonly type: "reference";
}

/** Any of several sequences; the whole expression is one as well. */
export interface Group extends Span {
  readonly type: "group";
  readonly choices: readonly Choice[];
  /** Whether it only looks, and where to. */
  readonly look?: "ahead" | "behind";
}

/** One sequence of a group. */
export interface Choice {
  /** Where it begins. */
  readonly start: number;
  /** Its parts. */
  readonly nodes: readonly Node[];
}

/** Something several times. */
export interface Repeat extends Span {
  readonly type: "repeat";
  readonly node: Node;
  readonly min: number;
  readonly max: number;
}

/** A part of an expression. */
export type Node = Atom | Edge | Reference | Group | Repeat;

/** What is wrong with an expression, and how to mend it. */
export class RegexFault extends Error {
  /** What to do, as an instruction. */
  readonly remedy: string;

  /** A fault. */
  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** Reads `source`; throws {@linkcode RegexFault} where it is broken, or deeper than can be. */
export function readTree(
  source: string,
  flags: string,
  isValid = true,
): Group {
  return new Reader(source, flags, isValid).whole();
}

/** What is wrong with an expression, of which the engine says whether it is valid. */
export function faultOf(
  source: string,
  flags: string,
  isValid: boolean,
): RegexFault | undefined {
  if (source.length > REGEX_CHARS_MAX) {
    return new RegexFault(
      `it is longer than ${REGEX_CHARS_MAX} characters`,
      "Write several patterns, one for each case",
    );
  }
  try {
    readTree(source, flags, isValid);
  } catch (fault) {
    if (fault instanceof RegexFault) return fault;
    throw fault;
  }
  if (isValid) return undefined;
  return twice(source) ?? new RegexFault(
    "it is not one that JavaScript knows",
    "Write it as JavaScript does; in quotes that are double, YAML wants every backslash twice",
  );
}

/** A name given to two groups. */
function twice(source: string): RegexFault | undefined {
  const names = [...source.matchAll(/\(\?<([^=!>]+)>/g)].map(([, name]) =>
    name
  );
  const name = names.find((each, at) => names.indexOf(each) < at);
  return name === undefined ? undefined : new RegexFault(
    `two of its groups are called "${name}"`,
    "Give each group a name of its own",
  );
}

const QUANTIFIER = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})/;
const MODIFIERS = /^\(\?([ims]*)(?:-([ims]*))?:/;
const NAME = /^\(\?<([\p{ID_Start}$_\\][^>]*)>/u;
const LITERAL_ESCAPES =
  /^\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|c[a-zA-Z]|[0-3][0-7]{0,2}|[4-7][0-7]?|[^])/;
const UNICODE_ESCAPES =
  /^\\(?:x[\da-fA-F]{2}|u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|u\{[\da-fA-F]+\}|c[a-zA-Z]|0(?!\d)|[dswDSWfnrtv^$\\.*+?()[\]{}|/]|[pP]\{[^}]*\})/;

class Reader {
  readonly #source: string;
  #flags: string;
  #at = 0;
  #depth = 0;
  readonly #isValid: boolean;
  readonly #unicode: boolean;
  readonly #groups: number;
  readonly #names: ReadonlySet<string>;

  constructor(source: string, flags: string, isValid: boolean) {
    this.#source = source;
    this.#isValid = isValid;
    this.#flags = flags;
    this.#unicode = /[uv]/.test(flags);
    const bare = source.replace(/\\[^]|\[(?:\\[^]|[^\]\\])*\]/g, "_");
    this.#groups = bare.match(/\((?!\?)|\(\?<(?![=!])/g)?.length ?? 0;
    this.#names = new Set(
      [...bare.matchAll(/\(\?<([^=!>]+)>/g)].map(([, name = ""]) => name),
    );
  }

  whole(): Group {
    const choices = this.#choices();
    if (this.#at < this.#source.length) {
      throw new RegexFault(
        `the ")" at character ${this.#at + 1} closes nothing`,
        'Open it with "(", or write "\\)" if the character itself is meant',
      );
    }
    return { type: "group", choices, start: 0, end: this.#at };
  }

  #choices(): Choice[] {
    const choices: Choice[] = [];
    do {
      const start = this.#at;
      const nodes: Node[] = [];
      while (this.#at < this.#source.length && !/[|)]/.test(this.#here())) {
        nodes.push(this.#quantified(this.#term()));
      }
      choices.push({ start, nodes });
    } while (this.#takes("|"));
    return choices;
  }

  #term(): Node {
    const char = this.#here();
    switch (char) {
      case "^":
      case "$":
        return this.#edge(char === "^" ? "start" : "end", 1);
      case "(":
        return this.#group();
      case "[":
        return this.#class();
      case "\\":
        return this.#escape();
      case ".":
        return this.#atom(1);
    }
    this.#refuseLoose(char);
    const code = this.#source.codePointAt(this.#at) ?? 0;
    return this.#atom(this.#unicode && code > 0xffff ? 2 : 1);
  }

  /** Refuses characters that mean something, only not here. */
  #refuseLoose(char: string): void {
    if (QUANTIFIER.test(this.#rest())) {
      throw new RegexFault(
        `the "${char}" at character ${this.#at + 1} has nothing to repeat`,
        `Put what is repeated before it, or write "\\${char}" if the character itself is meant`,
      );
    }
    if (this.#unicode && "{}]".includes(char)) {
      throw new RegexFault(
        `the "${char}" at character ${this.#at + 1} stands alone`,
        `Write "\\${char}" if the character itself is meant`,
      );
    }
  }

  #quantified(node: Node): Node {
    const found = QUANTIFIER.exec(this.#rest());
    if (found === null) return node;
    const [text, least = "", comma, most = ""] = found;
    const min = text === "+" ? 1 : Number(least || 0);
    const max = text === "?"
      ? 1
      : comma === undefined && least !== ""
      ? min
      : Number(most || Infinity);
    if (min > max) {
      throw new RegexFault(
        `the "${text}" at character ${this.#at + 1} counts backwards`,
        `Put the smaller number first: {${max},${min}}`,
      );
    }
    if (node.type === "edge") this.#refuseLoose(text[0] ?? "");
    this.#at += text.length;
    this.#takes("?");
    return {
      type: "repeat",
      node,
      min,
      max,
      start: node.start,
      end: this.#at,
    };
  }

  #group(): Group {
    const begin = this.#at;
    const flags = this.#flags;
    if (++this.#depth > REGEX_DEPTH_MAX) {
      throw new RegexFault(
        "its groups are nested too deep",
        "Nest fewer of them",
      );
    }
    const look = this.#opened();
    const choices = this.#choices();
    if (!this.#takes(")")) {
      throw new RegexFault(
        `the "(" at character ${begin + 1} is never closed`,
        'Close it with ")", or write "\\(" if the character itself is meant',
      );
    }
    this.#flags = flags;
    this.#depth--;
    const span = { start: begin, end: this.#at };
    return { type: "group", choices, ...(look && { look }), ...span };
  }

  /** Steps past what opens a group. */
  #opened(): "ahead" | "behind" | undefined {
    const rest = this.#rest();
    const modifiers = MODIFIERS.exec(rest);
    if (modifiers !== null) {
      const [text, on = "", off = ""] = modifiers;
      this.#at += text.length;
      const kept = [...this.#flags].filter((flag) => !off.includes(flag));
      this.#flags = [...new Set([...kept, ...on])].join("");
      return undefined;
    }
    const look = /^\(\?(<?)[=!]/.exec(rest);
    this.#at += (look ?? NAME.exec(rest) ?? ["("])[0].length;
    if (look !== null) return look[1] === "<" ? "behind" : "ahead";
    if (this.#sees("?")) throw this.#unknownGroup();
    return undefined;
  }

  #unknownGroup(): RegexFault {
    const rest = this.#rest();
    const place = `at character ${this.#at}`;
    if (rest.startsWith("?P<")) {
      return new RegexFault(
        `it does not know "(?P<" ${place}`,
        'Name a group as JavaScript does: "(?<name>...)"',
      );
    }
    if (/^\?[a-z]+\)/.test(rest)) {
      return new RegexFault(
        `it does not know "(${/^\?[a-z]+\)/.exec(rest)?.[0]}" ${place}`,
        "Write flags at the end: /.../i",
      );
    }
    return new RegexFault(
      rest.startsWith("?<")
        ? `the name of the group ${place} is not one`
        : `it does not know what "(?" begins ${place}`,
      'Write "(?:...)" for a plain group, "(?<name>...)" for a named one',
    );
  }

  #class(): Node {
    const begin = this.#at;
    const nests = this.#flags.includes("v");
    for (let depth = 0, end = begin; end < this.#source.length; end++) {
      const char = this.#source[end];
      if (char === "\\") end++;
      else if (char === "[" && (nests || end === begin)) depth++;
      else if (char === "]" && --depth === 0) {
        this.#refuseBackwards(this.#source.slice(begin, end + 1));
        return this.#atom(end + 1 - begin);
      }
    }
    throw new RegexFault(
      `the "[" at character ${begin + 1} is never closed`,
      'Close it with "]", or write "\\[" if the character itself is meant',
    );
  }

  /** Refuses ranges such as `z-a`. */
  #refuseBackwards(text: string): void {
    if (this.#isValid) return;
    const plain = text.slice(1, -1).replace(/\\[^]/g, "\\");
    for (const [range, from = "", to = ""] of plain.matchAll(/([^])-([^])/gu)) {
      if (from === "\\" || to === "\\" || from <= to) continue;
      throw new RegexFault(
        `the range "${range}" at character ${this.#at + 1} runs backwards`,
        `Write "${to}-${from}", or "\\-" if the hyphen itself is meant`,
      );
    }
  }

  #escape(): Node {
    const rest = this.#rest();
    if (rest === "\\") {
      throw new RegexFault(
        "it ends in a single backslash",
        'Write "\\\\" for a backslash; in quotes that are double, YAML wants every backslash twice',
      );
    }
    if (rest[1] === "b" || rest[1] === "B") {
      return this.#edge(rest[1] === "b" ? "word" : "inside", 2);
    }
    const reference = this.#reference(rest);
    if (reference !== undefined) return reference;
    const known = (this.#unicode ? UNICODE_ESCAPES : LITERAL_ESCAPES)
      .exec(rest);
    if (known === null) {
      throw new RegexFault(
        `it does not know the escape "${rest.slice(0, 2)}" at character ${
          this.#at + 1
        }`,
        "Leave the backslash out, or leave out the flag u or v",
      );
    }
    return this.#atom(known[0].length);
  }

  #reference(rest: string): Node | undefined {
    const [text, number, name] = /^\\(?:([1-9]\d*)|k<([^>]*)>)/.exec(rest) ??
      [];
    if (text === undefined) return undefined;
    const named = this.#unicode || this.#names.size > 0;
    const known = number === undefined
      ? this.#names.has(name ?? "")
      : Number(number) <= this.#groups;
    if (!known && (number === undefined ? named : this.#unicode)) {
      throw new RegexFault(
        `"${text}" at character ${
          this.#at + 1
        } refers to a group that is not there`,
        "Refer to a group by its name or number, counted from 1",
      );
    }
    if (!known) return undefined;
    const start = this.#at;
    const end = this.#at += text.length;
    return { type: "reference", start, end };
  }

  #edge(kind: Edge["kind"], length: number): Edge {
    const start = this.#at;
    const end = this.#at += length;
    return { type: "edge", kind, lines: this.#flags.includes("m"), start, end };
  }

  #atom(length: number): Atom {
    const start = this.#at;
    const end = this.#at += length;
    const text = this.#source.slice(start, end);
    return { type: "atom", text, flags: this.#flags, start, end };
  }

  #here(): string {
    return this.#source[this.#at] ?? "";
  }

  #rest(): string {
    return this.#source.slice(this.#at);
  }

  #sees(text: string): boolean {
    return this.#source.startsWith(text, this.#at);
  }

  #takes(text: string): boolean {
    const sees = this.#sees(text);
    if (sees) this.#at += text.length;
    return sees;
  }
}

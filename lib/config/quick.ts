/**
 * A short way to read simple YAML: blocks of keys and of dashes, brackets in one line, simple
 * scalars, texts behind `|`. Ten times as fast as the library.
 *
 * Takes only what it is sure of; of anything else it says nothing, and the library reads it.
 *
 * @module
 */

import { PLAIN, PLAIN_IN_FLOW, QUOTED, scalar } from "./quick_scalars.ts";
import type { Entry, List, Scalar, Table, Value } from "./value.ts";

/** What was read of a file, from its beginning. */
export interface Quick {
  /** The keys at the left margin, with their values. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Where the line begins that was not read; behind the text if all was. */
  readonly end: number;
}

/** Reads as many of the entries at the left margin, from the first, as are simple. */
export function readQuickly(text: string): Quick {
  const reader = new Reader(text.endsWith("\n") ? text : `${text}\n`);
  const entries = new Map<string, Entry>();
  let end = 0;
  try {
    for (const [name, entry] of reader.entries()) {
      if (entries.has(name)) break;
      entries.set(name, entry);
      end = reader.at;
    }
  } catch (error) {
    if (error !== NOT_SIMPLE) throw error;
  }
  return { entries, end };
}

/** Blank lines and comments. Not endlessly many at once: each costs stack. */
const EMPTY = /(?: *(?:#[^\n\r]*)?\n){1,1000}/y;

const NOT_SIMPLE = new Error("not simple YAML");

/** So deep that nobody means it. */
const DEPTH_MAX = 24;

const KEY = new RegExp(`(${QUOTED}|${PLAIN}):(?=[ \\n])`, "y");
const KEY_IN_FLOW = new RegExp(`(?:(${QUOTED}): *|(${PLAIN_IN_FLOW}): +)`, "y");
const SCALAR = new RegExp(`(?:${QUOTED}|${PLAIN})(?= *(?:\\n| #))`, "y");
const SCALAR_IN_FLOW = new RegExp(
  `(?:${QUOTED}|${PLAIN_IN_FLOW})(?= *[,}\\]])`,
  "y",
);
const LITERAL = /\|(-?) *\n/y;
const LINE_END = / *(?: #[^\n\r]*)?\n/y;
const BLANKS = / */y;

class Reader {
  /** Where reading goes on: the beginning of a line, between values. */
  at = 0;
  readonly #text: string;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The entries at the left margin, one by one. */
  *entries(): Generator<[string, Entry]> {
    while (this.#nextIndent() === 0) {
      const [name, entry] = this.#entry(0);
      if (this.#nextIndent() > 0) throw NOT_SIMPLE;
      yield [name, entry];
    }
  }

  #node(indent: number): Value {
    if (++this.#depth > DEPTH_MAX) throw NOT_SIMPLE;
    this.at += indent;
    const value = this.#isDash()
      ? this.#sequence(indent)
      : this.#mapping(indent);
    this.#depth--;
    return value;
  }

  /** Keys below each other; reading stands at the first of them. */
  #mapping(indent: number): Table {
    const start = this.at;
    const entries = new Map<string, Entry>();
    for (;;) {
      const [name, entry] = this.#entry(indent);
      if (entries.has(name)) throw NOT_SIMPLE;
      entries.set(name, entry);
      if (!this.#goesOn(indent)) {
        return { type: "table", start, end: entry.value.end, entries };
      }
    }
  }

  #entry(indent: number): [string, Entry] {
    const start = this.at;
    const written = this.#take(KEY, 1);
    const value = this.#valueOfKey(indent);
    const key = { start, end: start + written.length };
    return [scalar(written, start).text, { key, value }];
  }

  /** What stands behind the colon, or below it. */
  #valueOfKey(indent: number): Value {
    if (this.#test(LINE_END)) {
      const inner = this.#nextIndent();
      const isSame = inner === indent && this.#isDash(this.at + indent);
      if (inner > indent || isSame) return this.#node(inner);
      throw NOT_SIMPLE;
    }
    return this.#inline(indent);
  }

  /** Dashes below each other; reading stands at the first of them. */
  #sequence(indent: number): List {
    const start = this.at;
    const items: Value[] = [];
    for (;;) {
      const dash = this.at;
      this.at++;
      items.push(this.#item(indent, dash));
      if (!this.#goesOn(indent)) break;
      if (this.#isDash()) continue;
      this.at -= indent;
      break;
    }
    return { type: "list", start, end: items.at(-1)?.end ?? start, items };
  }

  #item(indent: number, dash: number): Value {
    if (this.#test(LINE_END)) {
      const inner = this.#nextIndent();
      if (inner > indent) return this.#node(inner);
      throw NOT_SIMPLE;
    }
    this.#take(BLANKS);
    KEY.lastIndex = this.at;
    return KEY.test(this.#text)
      ? this.#mapping(indent + this.at - dash)
      : this.#inline(indent);
  }

  /** A value in the rest of the line. What follows must not be indented more than `indent`. */
  #inline(indent: number): Value {
    this.#take(BLANKS);
    const first = this.#text[this.at];
    if (first === "|") return this.#literal(indent);
    const value = first === "{" || first === "["
      ? this.#flow()
      : this.#scalar(SCALAR);
    if (!this.#test(LINE_END) || this.#nextIndent() > indent) throw NOT_SIMPLE;
    return value;
  }

  // In brackets ───────────────────────────────────────────────────────────────

  #flow(): Value {
    if (++this.#depth > DEPTH_MAX) throw NOT_SIMPLE;
    const start = this.at++;
    const value = this.#text[start] === "{"
      ? this.#flowTable(start)
      : this.#flowList(start);
    this.#depth--;
    return value;
  }

  #flowTable(start: number): Table {
    const entries = new Map<string, Entry>();
    while (this.#inside("}", entries.size)) {
      const keyStart = this.at;
      KEY_IN_FLOW.lastIndex = keyStart;
      const [all, quoted, plain] = KEY_IN_FLOW.exec(this.#text) ?? [];
      const name = quoted ?? plain;
      if (all === undefined || name === undefined) throw NOT_SIMPLE;
      const key = scalar(name, keyStart);
      if (entries.has(key.text)) throw NOT_SIMPLE;
      this.at += all.length;
      const span = { start: keyStart, end: keyStart + name.length };
      entries.set(key.text, { key: span, value: this.#flowValue() });
    }
    return { type: "table", start, end: this.at, entries };
  }

  #flowList(start: number): List {
    const items: Value[] = [];
    while (this.#inside("]", items.length)) items.push(this.#flowValue());
    return { type: "list", start, end: this.at, items };
  }

  #flowValue(): Value {
    const first = this.#text[this.at];
    return first === "{" || first === "["
      ? this.#flow()
      : this.#scalar(SCALAR_IN_FLOW);
  }

  /** Goes to the next value in brackets; false once the closing one is passed. */
  #inside(close: string, before: number): boolean {
    this.#take(BLANKS);
    if (this.#text[this.at] === close) {
      this.at++;
      return false;
    }
    if (before > 0) {
      if (this.#text[this.at++] !== ",") throw NOT_SIMPLE;
      this.#take(BLANKS);
    }
    return this.#text[this.at] !== close || this.#fail();
  }

  // Scalars ───────────────────────────────────────────────────────────────────

  #scalar(kind: RegExp): Scalar {
    const start = this.at;
    return scalar(this.#take(kind), start);
  }

  /** The lines below a `|`, up to the first that is not indented more than `indent`. */
  #literal(indent: number): Scalar {
    const start = this.at;
    const chomp = this.#take(LITERAL, 1);
    const lines: string[] = [];
    let inner: number | undefined;
    for (;;) {
      const line = this.#line();
      const blanks = line?.search(/[^ ]/) ?? 0;
      if (line === undefined || (blanks >= 0 && blanks <= indent)) break;
      if (blanks >= 0) inner ??= blanks;
      // Blanks beyond the indentation belong to the text: too fine a point for here.
      const isSimple = blanks < 0
        ? line.length <= (inner ?? indent + 1)
        : blanks >= (inner ?? 0);
      if (!isSimple) throw NOT_SIMPLE;
      lines.push(line.slice(inner ?? line.length));
      this.at += line.length + 1;
    }
    if (inner === undefined) throw NOT_SIMPLE;
    const said = lines.join("\n").replace(/\n+$/, "");
    if (/^\t/m.test(said)) throw NOT_SIMPLE;
    const text = chomp === "" ? `${said}\n` : said;
    return { type: "scalar", start, end: this.at, text, plain: false };
  }

  // Where reading stands ──────────────────────────────────────────────────────

  /** The line at hand without its end; undefined at the end of the text. */
  #line(): string | undefined {
    if (this.at >= this.#text.length) return undefined;
    const end = this.#text.indexOf("\n", this.at);
    return end < 0 ? this.#fail() : this.#text.slice(this.at, end);
  }

  /** Whether the next line begins where this block's lines do; reading then stands there. */
  #goesOn(indent: number): boolean {
    const next = this.#nextIndent();
    if (next > indent) throw NOT_SIMPLE;
    if (next < indent) return false;
    this.at += indent;
    return true;
  }

  /** How far the next line that says something is indented; reading stands at its beginning. -1 at the end. */
  #nextIndent(): number {
    EMPTY.lastIndex = this.at;
    while (EMPTY.test(this.#text)) this.at = EMPTY.lastIndex;
    if (this.at >= this.#text.length) return -1;
    BLANKS.lastIndex = this.at;
    BLANKS.test(this.#text);
    return BLANKS.lastIndex - this.at;
  }

  #isDash(at = this.at): boolean {
    const next = this.#text[at + 1];
    return this.#text[at] === "-" && (next === " " || next === "\n");
  }

  #test(expression: RegExp): boolean {
    expression.lastIndex = this.at;
    if (!expression.test(this.#text)) return false;
    this.at = expression.lastIndex;
    return true;
  }

  /** Takes what must follow. */
  #take(expression: RegExp, group = 0): string {
    expression.lastIndex = this.at;
    const found = expression.exec(this.#text);
    if (found === null) throw NOT_SIMPLE;
    this.at = expression.lastIndex;
    return found[group] ?? "";
  }

  #fail(): never {
    throw NOT_SIMPLE;
  }
}

/**
 * Reads JSON paths (RFC 9535) into data, or says what is wrong with them and where.
 *
 * `match()` and `search()` are refused: a body could bring the expression that runs away.
 *
 * @module
 */

import { JSON_PATH_DEPTH_MAX } from "../core/limits.ts";
import {
  COMPARISONS,
  type Operand,
  type Query,
  type Selector,
  type Step,
  type Test,
} from "./json_query.ts";

/** What is wrong with a path. */
export class PathFault extends Error {
  /** What to do, as an instruction. */
  readonly remedy: string;
  /** Where, in characters from 0. */
  readonly at: number;

  /** A fault at `at`. */
  constructor(message: string, remedy: string, at: number) {
    super(message);
    this.remedy = remedy;
    this.at = at;
  }
}

/** Reads `path`; throws {@linkcode PathFault}. */
export function readQuery(path: string): Query {
  return new Reader(path).whole();
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  "/": "/",
  "\\": "\\",
};
const STRING =
  /(["'])((?:(?!\1|\\)[ -\uffff]|\\(?:[bfnrt/\\]|\1|u(?:[\da-cefA-CEF][\da-fA-F]{3}|[dD][0-7][\da-fA-F]{2}|[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2})))*)\1/y;
const NAME =
  /[A-Za-z_\x80-\ud7ff\ue000-\u{10ffff}][\w\x80-\ud7ff\ue000-\u{10ffff}]*/uy;
const INTEGER = /0|-?[1-9]\d*/y;
const NUMBER = /(?:-?0|-?[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /(?:true|false|null)\b/y;
const FUNCTION = /([a-z][a-z_\d]*)\(/y;

class Reader {
  readonly #path: string;
  #at = 0;
  #depth = 0;

  constructor(path: string) {
    this.#path = path;
  }

  whole(): Query {
    if (!this.#takes("$")) {
      throw this.#fault(
        "A JSON path begins with $",
        `Write it as $.name, with a dot before each name`,
      );
    }
    const steps = this.#steps();
    if (this.#at === this.#path.length) return { from: "root", steps };
    throw this.#fault(
      `The path does not go on with ${this.#here()}`,
      'Write .name, [0], ["a name"], .* or ..name',
    );
  }

  // Steps ─────────────────────────────────────────────────────────────────────

  #steps(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      const before = this.#at;
      this.#blanks();
      const deep = this.#takes("..");
      if (this.#sees("[")) steps.push({ deep, selectors: this.#bracketed() });
      else if (deep || this.#takes(".")) {
        steps.push({ deep, selectors: [this.#dotted()] });
      } else {
        this.#at = before;
        return steps;
      }
    }
  }

  #dotted(): Selector {
    if (this.#takes("*")) return { type: "all" };
    const name = this.#match(NAME)?.[0];
    if (name !== undefined) return { type: "name", name };
    throw this.#fault(
      `After the dot a name is missing`,
      'Write a name of letters and digits, or any text in brackets: ["a-b"]',
    );
  }

  #bracketed(): Selector[] {
    const selectors: Selector[] = [];
    const begin = this.#at++;
    do {
      this.#blanks();
      selectors.push(this.#selector());
      this.#blanks();
    } while (this.#takes(","));
    if (this.#takes("]")) return selectors;
    if (this.#at < this.#path.length) {
      throw this.#fault(
        `There is ${this.#here()} where "]" should be`,
        'Close it with "]"; text there stands in quotes: ["a b"]',
      );
    }
    this.#at = begin;
    throw this.#fault('The "[" is never closed', 'Close it with "]"');
  }

  #selector(): Selector {
    if (this.#takes("*")) return { type: "all" };
    if (this.#takes("?")) {
      this.#blanks();
      return { type: "filter", test: this.#or() };
    }
    if (this.#sees('"') || this.#sees("'")) {
      return { type: "name", name: this.#string() };
    }
    return this.#position();
  }

  #position(): Selector {
    const start = this.#integer();
    const before = this.#at;
    this.#blanks();
    if (!this.#takes(":")) {
      this.#at = before;
      if (start !== undefined) return { type: "index", index: start };
      throw this.#fault(
        `In brackets there is ${this.#here()}`,
        'Write a number, "a name", *, 0:2 or a condition: ?@.name == "x"',
      );
    }
    this.#blanks();
    const end = this.#integer();
    this.#blanks();
    if (!this.#takes(":")) return { type: "slice", start, end, step: 1 };
    this.#blanks();
    return { type: "slice", start, end, step: this.#integer() ?? 1 };
  }

  #integer(): number | undefined {
    const text = this.#match(INTEGER)?.[0];
    if (text === undefined) return undefined;
    const number = Number(text);
    const known = Number.isSafeInteger(number) && !this.#sees(".");
    if (known && !/\d/.test(this.#path[this.#at] ?? "")) return number;
    throw this.#fault(
      "This is no position in a list",
      "Write a whole number without zeros before it",
    );
  }

  // Conditions ────────────────────────────────────────────────────────────────

  #or(): Test {
    return this.#joined(
      "or",
      "||",
      () => this.#joined("and", "&&", () => this.#basic()),
    );
  }

  #joined(type: "or" | "and", sign: string, part: () => Test): Test {
    const of = [part()];
    for (;;) {
      const before = this.#at;
      this.#blanks();
      if (!this.#takes(sign)) {
        this.#at = before;
        const [only, ...more] = of;
        return only !== undefined && more.length === 0 ? only : { type, of };
      }
      this.#blanks();
      of.push(part());
    }
  }

  #basic(): Test {
    if (this.#sees("!") && !this.#sees("!=")) {
      this.#at++;
      this.#blanks();
      const test = this.#sees("(") ? this.#parenthesised() : this.#existence();
      return { type: "not", test };
    }
    if (this.#sees("(")) return this.#parenthesised();
    return this.#compared();
  }

  #parenthesised(): Test {
    if (++this.#depth > JSON_PATH_DEPTH_MAX) {
      throw this.#fault("Conditions are nested too deep", "Nest fewer of them");
    }
    this.#at++;
    this.#blanks();
    const test = this.#or();
    this.#blanks();
    if (!this.#takes(")")) {
      throw this.#fault(
        `There is ${this.#here()} where ")" should be`,
        'Close the condition with ")"',
      );
    }
    this.#depth--;
    return test;
  }

  #existence(): Test {
    if (!this.#sees("@") && !this.#sees("$")) {
      throw this.#fault(
        "What ! stands before is neither a path nor a condition",
        "Write !@.name, or !(...) with a condition",
      );
    }
    return { type: "exists", query: this.#query() };
  }

  #compared(): Test {
    const begin = this.#at;
    const query = this.#sees("@") || this.#sees("$")
      ? this.#query()
      : undefined;
    const left = query === undefined
      ? this.#operand()
      : { type: "value", query } as const;
    const end = this.#at;
    this.#blanks();
    const by = COMPARISONS.find((sign) => this.#takes(sign));
    if (by === undefined) {
      this.#at = end;
      if (query !== undefined) return { type: "exists", query };
      throw this.#fault(
        "A value alone is no condition",
        'Compare it: ?@.name == "x"',
        begin,
      );
    }
    this.#refusePlural(query, begin);
    this.#blanks();
    return { type: "compare", by, left, right: this.#operand() };
  }

  #operand(): Operand {
    const begin = this.#at;
    if (this.#sees("@") || this.#sees("$")) {
      const query = this.#query();
      this.#refusePlural(query, begin);
      return { type: "value", query };
    }
    if (this.#sees('"') || this.#sees("'")) {
      return { type: "literal", value: this.#string() };
    }
    const plain = this.#match(WORD) ?? this.#match(NUMBER);
    if (plain !== undefined) {
      return { type: "literal", value: JSON.parse(plain[0]) };
    }
    return this.#function();
  }

  #function(): Operand {
    const begin = this.#at;
    const name = this.#match(FUNCTION)?.[1];
    if (name === undefined) {
      throw this.#fault(
        `There is ${this.#here()} where a value should be`,
        'Write @.name, a number, "text", true, false or null',
      );
    }
    this.#refuseFunction(name, begin);
    this.#blanks();
    const operand = name === "length"
      ? { type: name, of: this.#operand() } as const
      : { type: name as "count" | "value", query: this.#nodes(name) };
    this.#blanks();
    if (this.#takes(")")) return operand;
    throw this.#fault(
      `There is ${this.#here()} where ")" should be`,
      `Give ${name}() one thing: ${name}(@.name)`,
    );
  }

  #nodes(name: string): Query {
    if (this.#sees("@") || this.#sees("$")) return this.#query();
    throw this.#fault(
      `${name}() is given something else than a path`,
      `Write ${name}(@.name)`,
    );
  }

  #query(): Query {
    const from = this.#path[this.#at++] === "$" ? "root" : "current";
    if (++this.#depth > JSON_PATH_DEPTH_MAX) {
      throw this.#fault("Conditions are nested too deep", "Nest fewer of them");
    }
    const steps = this.#steps();
    this.#depth--;
    return { from, steps };
  }

  /** Only a path to one value can be compared. */
  #refusePlural(query: Query | undefined, at: number): void {
    const single =
      query?.steps.every(({ deep, selectors: [first, second] }) =>
        !deep && second === undefined &&
        (first?.type === "name" || first?.type === "index")
      ) ?? true;
    if (single) return;
    throw this.#fault(
      "A path to several values cannot be compared",
      "Name one value, as in @.name or @[0], or count them: count(@.*) > 1",
      at,
    );
  }

  #refuseFunction(name: string, at: number): void {
    if (["length", "count", "value"].includes(name)) return;
    const known = name === "match" || name === "search";
    throw this.#fault(
      known ? `${name}() is not for conditions here` : `There is no ${name}()`,
      known
        ? "Let the path end at the text, and write the expression as its pattern"
        : "Use length(), count() or value()",
      at,
    );
  }

  // Characters ────────────────────────────────────────────────────────────────

  #string(): string {
    const begin = this.#at;
    const [, quote, text = ""] = this.#match(STRING) ?? [];
    if (quote !== undefined) {
      return text.replace(
        /\\(u[^]{4}|[^])/g,
        (_, escape: string) =>
          escape.length === 5
            ? String.fromCharCode(parseInt(escape.slice(1), 16))
            : ESCAPES[escape] ?? escape,
      );
    }
    throw this.#fault(
      "The text in quotes is not closed, or has a character that it may not",
      'Close it with the same quote; a quote inside is written \\", a backslash \\\\',
      begin,
    );
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#path);
    this.#at += found?.[0].length ?? 0;
    return found ?? undefined;
  }

  #blanks(): void {
    this.#match(/[ \t\n\r]*/y);
  }

  #sees(text: string): boolean {
    return this.#path.startsWith(text, this.#at);
  }

  #takes(text: string): boolean {
    const sees = this.#sees(text);
    if (sees) this.#at += text.length;
    return sees;
  }

  #here(): string {
    const [char] = this.#path.slice(this.#at, this.#at + 2);
    return char === undefined ? "nothing" : JSON.stringify(char.toWellFormed());
  }

  #fault(message: string, remedy: string, at: number = this.#at): PathFault {
    return new PathFault(message, remedy, at);
  }
}

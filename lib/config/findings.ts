/**
 * Collects what is wrong with one file: the text to point into, and the problems so far.
 *
 * Bounded: however broken the file, memory and report stay small, and the rest is counted.
 *
 * @module
 */

import { PROBLEM_LINE_CHARS_MAX, PROBLEMS_MAX } from "../core/limits.ts";
import type { Place, Problem } from "../core/problem.ts";
import type { Span } from "./value.ts";

/** What is wrong, and where in the text. */
export interface Finding {
  /** Stable id with an entry in `docs/problems.md`. */
  readonly code: string;
  /** One sentence: upper-case first, no full stop. */
  readonly message: string;
  /** The characters it concerns; left out for the whole file. */
  readonly at?: Span;
  /** Dotted path of the value; left out for the whole file. */
  readonly path?: string;
  /** What to do, as an instruction. */
  readonly remedy?: string;
}

/** One file's text, and what is wrong with it. */
export class Findings {
  /** The file as the user named it. */
  readonly file: string;
  /** Its text: no byte order mark, lines ending in `\n`. */
  readonly text: string;
  #lineStarts: number[] | undefined;
  #secretSpans: readonly Span[] | undefined;
  #kept: Problem[] = [];
  #dropped = 0;
  #errors = 0;
  /** What was noted, so that a value that aliases share is told of once. */
  #known = new Set<string>();

  /** Nothing wrong with `text` so far. */
  constructor(file: string, text: string) {
    this.file = file;
    this.text = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  }

  /** How many errors were found, warnings not counted. */
  get errors(): number {
    return this.#errors;
  }

  /** Notes something that makes the file unusable. */
  error(finding: Finding): void {
    this.#errors++;
    this.#add("error", finding);
  }

  /** Notes something the author surely did not mean. */
  warn(finding: Finding): void {
    this.#add("warning", finding);
  }

  /** All of it in order of place, errors preferred when there is too much, and how many more there are. */
  report(): { problems: readonly Problem[]; more: number } {
    this.#trim();
    return { problems: this.#kept.toSorted(byPlace), more: this.#dropped };
  }

  /** The 1-based line that holds `offset`. */
  lineOf(offset: number): number {
    const starts = this.#lineStarts ??= lineStarts(this.text);
    let low = 0;
    for (let high = starts.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** The 1-based column of `offset` in its line. */
  columnOf(offset: number): number {
    const line = this.lineOf(offset);
    return offset - (this.#lineStarts?.[line - 1] ?? 0) + 1;
  }

  #add(
    severity: Problem["severity"],
    { code, message, at, path, remedy }: Finding,
  ): void {
    const id = `${at?.start} ${code} ${message}`;
    if (this.#known.has(id)) return;
    if (this.#known.size < 100 * PROBLEMS_MAX) this.#known.add(id);
    const located = this.#locate(at, path ?? "");
    const secret = this.#secrets().some(({ start, end }) =>
      at !== undefined && start <= at.end && at.start <= end
    );
    const { place, line, skipped } = secret ? hidden(located) : located;
    const rest = skipped + line.length - place.column + 1;
    const length = at === undefined || secret
      ? 0
      : Math.max(1, Math.min(at.end - at.start, rest));
    this.#kept.push({
      severity,
      code,
      message: masked(secret ? withoutQuotes(message) : message),
      place: { ...place, path: masked(place.path) },
      line: masked(line),
      ...(skipped > 0 && { skipped }),
      length,
      ...(remedy !== undefined &&
        { remedy: masked(remedy) }),
    });
    if (this.#kept.length > 4 * PROBLEMS_MAX) this.#trim();
  }

  #secrets(): readonly Span[] {
    return this.#secretSpans ??= secretSpans(this.text);
  }

  #locate(at: Span | undefined, path: string): Located {
    if (at === undefined) {
      const place = { file: this.file, line: 1, column: 1, path };
      return { place, line: "", skipped: 0 };
    }
    const line = this.lineOf(at.start);
    const start = this.#lineStarts?.[line - 1] ?? 0;
    const end = this.#lineStarts?.[line] ?? this.text.length + 1;
    const place = { file: this.file, line, column: at.start - start + 1, path };
    const from = Math.max(start, at.start - PROBLEM_LINE_CHARS_MAX / 2);
    const to = Math.min(end - 1, from + PROBLEM_LINE_CHARS_MAX);
    return { place, line: this.text.slice(from, to), skipped: from - start };
  }

  #trim(): void {
    if (this.#kept.length <= PROBLEMS_MAX) return;
    this.#kept.sort((
      a,
      b,
    ) => (a.severity < b.severity
      ? -1
      : a.severity > b.severity
      ? 1
      : byPlace(a, b))
    );
    this.#dropped += this.#kept.length - PROBLEMS_MAX;
    this.#kept.length = PROBLEMS_MAX;
  }
}

/** Where something is, and what stands around it. */
interface Located {
  readonly place: Place;
  readonly line: string;
  readonly skipped: number;
}

/** A text of the file as it can be quoted in a message: short, and on one line. */
export function quote(text: string): string {
  const [...characters] = text.slice(0, 200);
  const short = characters.length > 60
    ? characters.slice(0, 57).join("") + "..."
    : text;
  return `"${short.replaceAll("\n", "\\n")}"`;
}

/** Where API keys stand, however broken the file: lines that name `keys`, and those below that belong to them. */
function secretSpans(text: string): Span[] {
  const named = /^([ \t]*)(?![ \t])(?:[^\n]*[{,])?[^\w\n]{0,6}keys\b[^\n]*/gm;
  return [...text.matchAll(named)].map(({ 0: line, 1: indent = "", index }) => {
    const end = index + line.length;
    return { start: index, end: endOfBlock(text, end, indent.length) };
  });
}

/** Where what belongs to a line that ends at `end` ends: before the next name that does not stand deeper. */
function endOfBlock(text: string, end: number, depth: number): number {
  const below = /\n([ \t]*)([^\n]*)/y;
  below.lastIndex = end;
  let last = end;
  for (let line = below.exec(text); line !== null; line = below.exec(text)) {
    const [, { length } = "", rest = ""] = line;
    const belongs = length > depth ||
      !/^["']?[A-Za-z_][\w-]*["']?[ \t]*:/.test(rest);
    if (!belongs) break;
    last = below.lastIndex;
  }
  return last;
}

function hidden({ place }: Located): Located {
  return { place, line: "", skipped: 0 };
}

/** What is quoted out of a place where keys stand may be one, quotes inside it too. */
function withoutQuotes(text: string): string {
  const [name = ""] = /^"keys(\[\d+\])?"/.exec(text) ?? [];
  return name + text.slice(name.length).replace(/"[^]*"/, '"…"');
}

/** What looks like a key, wherever it stands, as something of the same length. */
function masked(text: string): string {
  return text.replace(/\bsk-[\w-]{6,}/g, (key) => "*".repeat(key.length));
}

function byPlace(a: Problem, b: Problem): number {
  return a.place.line - b.place.line || a.place.column - b.place.column;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}

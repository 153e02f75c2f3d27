/**
 * Words problems for people: where, what, the line itself, the way out. And for machines.
 *
 * Text of the file is shown with its control characters escaped: a configuration may come
 * from anywhere, and a terminal obeys.
 *
 * @module
 */

import type { Problem } from "../core/problem.ts";

/** How problems are printed. */
export interface RenderOptions {
  /** Whether the terminal understands colours. */
  readonly color?: boolean;
}

/** Longest excerpt shown of a line, in columns. */
const EXCERPT_MAX = 100;

/** All problems, a blank line between them, and how many `more` there are; ends in a line break unless empty. */
export function renderProblems(
  problems: readonly Problem[],
  more: number,
  options: RenderOptions = {},
): string {
  const paint = options.color === true ? PAINTS : PLAIN;
  const parts = problems.map((problem) => renderProblem(problem, paint));
  if (more > 0) {
    parts.push(`… and ${more} more ${more === 1 ? "problem" : "problems"}`);
  }
  return parts.map((part) => `${part}\n`).join("\n");
}

/** The same as data, for `--json`. */
export function problemsJson(
  problems: readonly Problem[],
  more: number,
): ProblemsJson {
  return {
    problems: problems.map(({ severity, code, message, place, remedy }) => ({
      severity,
      code,
      message,
      ...place,
      ...(remedy !== undefined && { remedy }),
    })),
    more,
  };
}

/** What `--json` prints of problems. */
export interface ProblemsJson {
  /** The problems, in order of place. */
  readonly problems: readonly ProblemJson[];
  /** How many there are besides. */
  readonly more: number;
}

/** One problem, flat. */
export interface ProblemJson {
  /** Whether the file can still be used. */
  readonly severity: "error" | "warning";
  /** Stable id. */
  readonly code: string;
  /** One sentence. */
  readonly message: string;
  /** The file as the user named it. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** Dotted path of the value; empty for the whole file. */
  readonly path: string;
  /** What to do. */
  readonly remedy?: string;
}

type Paint = Readonly<
  Record<"error" | "warning" | "bold" | "faint", (text: string) => string>
>;

const plain = (text: string) => text;
const painted = (code: number) => (text: string) =>
  `\u001b[${code}m${text}\u001b[0m`;
const PLAIN: Paint = {
  error: plain,
  warning: plain,
  bold: plain,
  faint: plain,
};
const PAINTS: Paint = {
  error: painted(31),
  warning: painted(33),
  bold: painted(1),
  faint: painted(2),
};

function renderProblem(
  { severity, code, message, place, line, skipped = 0, length, remedy }:
    Problem,
  paint: Paint,
): string {
  const head =
    `${paint.bold(visible(where(place, line)))}: ${
      paint[severity](severity)
    }: ` +
    `${visible(message)} ${paint.faint(`[${code}]`)}`;
  const parts = [head];
  if (line !== "") {
    parts.push(
      excerpt(
        line,
        place.line,
        place.column - skipped,
        length,
        paint[severity],
      ),
    );
  }
  if (remedy !== undefined) {
    parts.push(
      remedy.split("\n").map((each) => `   ${visible(each)}`).join("\n"),
    );
  }
  return parts.join("\n\n");
}

/** A problem of the whole file has no line of its own. */
function where({ file, line, column }: Problem["place"], text: string): string {
  return text === "" && line === 1 && column === 1
    ? file
    : `${file}:${line}:${column}`;
}

function excerpt(
  line: string,
  number: number,
  column: number,
  length: number,
  paint: Paint["error"],
): string {
  const from = whole(
    line,
    column > EXCERPT_MAX * 0.6 ? column - 1 - Math.floor(EXCERPT_MAX * 0.4) : 0,
  );
  const to = whole(line, from + EXCERPT_MAX);
  const end = whole(line, column - 1 + length);
  const before = (from > 0 ? "…" : "") + visible(line.slice(from, column - 1));
  const marked = visible(line.slice(column - 1, Math.min(to, end)));
  const after = visible(line.slice(end, to)) + (line.length > to ? "…" : "");
  const margin = " ".repeat(String(number).length);
  const waves = "~".repeat(Math.max(1, columnsOf(marked)));
  return `   ${number} │ ${before}${marked}${after}\n   ${margin} │ ${
    " ".repeat(columnsOf(before))
  }${paint(waves)}`;
}

/** `index`, moved past the second half of a surrogate pair if it would part one. */
function whole(line: string, index: number): number {
  return (line.codePointAt(index - 1) ?? 0) > 0xffff ? index + 1 : index;
}

/** Text with its control characters and invisible direction marks escaped, on one line. */
export function visible(text: string): string {
  return text.toWellFormed().replace(
    /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => {
      const code = character.charCodeAt(0);
      return NAMED[character] ??
        (code < 256 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
    },
  );
}

const NAMED: Readonly<Record<string, string>> = {
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
};

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

/** How wide a terminal shows it: most East Asian characters and emoji take two columns. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (/\p{M}|\u200d|\ufe0f/u.test(character)) continue;
    columns +=
      /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u
          .test(character)
        ? 2
        : 1;
  }
  return columns;
}

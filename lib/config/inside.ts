/**
 * Where in the file a spot of a scalar's text is written.
 *
 * @module
 */

import type { Scalar, Span } from "./value.ts";

/** A scalar's text, and where it is written. */
export type Written = Span & Pick<Scalar, "text">;

/**
 * The rest of the line from `line` and `column` of what `scalar` says, both 1-based. Where
 * escapes or folding make it unsure, the whole scalar.
 */
export function spanInside(
  scalar: Written,
  line: number,
  column: number,
  source: string,
): Span {
  const written = source.slice(scalar.start, scalar.end);
  const start = written.startsWith("|")
    ? inBlock(written, line, column)
    : inLine(written, scalar.text, line, column);
  if (start === undefined || start >= written.length) {
    return { start: scalar.start, end: scalar.end };
  }
  const rest = /^[^\n]*/.exec(written.slice(start))?.[0].length ?? 0;
  const quote = /^["']/.test(written) ? 1 : 0;
  const end = Math.max(
    start + 1,
    Math.min(start + rest, written.length - quote),
  );
  return { start: scalar.start + start, end: scalar.start + end };
}

/** Of the rest of a line, the hole or name that it begins with. */
export function holeIn({ start, end }: Span, text: string): Span {
  const [found = ""] = /^(?:\{\{.*?\}\}|\{%.*?%\}|\w+)/
    .exec(text.slice(start, end)) ?? [];
  return { start, end: found === "" ? end : start + found.length };
}

/** In a text of one line that is written as it is said, but for the quotes round it. */
function inLine(
  written: string,
  text: string,
  line: number,
  column: number,
): number | undefined {
  const begin = written.indexOf(text);
  return line === 1 && begin >= 0 && begin <= 1
    ? begin + column - 1
    : undefined;
}

/** In a block whose lines are kept: they are all indented as the first that is not blank. */
function inBlock(
  written: string,
  line: number,
  column: number,
): number | undefined {
  const [header = "", ...lines] = written.split("\n");
  const indent = lines.find((each) => each.trim() !== "")?.search(/\S/) ?? 0;
  if (/\d/.test(header) || line > lines.length) return undefined;
  const before = lines.slice(0, line - 1)
    .reduce((sum, each) => sum + each.length + 1, header.length + 1);
  return before + indent + column - 1;
}

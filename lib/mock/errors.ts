/**
 * What a mock throws: rules and options that cannot be, and requests that were not as expected.
 *
 * @module
 */

import type { Problem } from "../core/problem.ts";

/** Options or rules that cannot be used; the message names every problem and its remedy. */
export class MockError extends Error {
  /** `MockError`. */
  override readonly name = "MockError";
  /** What is wrong, as data. */
  readonly problems: readonly Problem[];

  /** Says what is wrong with what was given to `what`. */
  constructor(what: string, problems: readonly Problem[], more = 0) {
    const errors = problems.filter(({ severity }) => severity === "error");
    const count = errors.length + more;
    super(
      [
        `${what}: ${count === 1 ? "1 problem" : `${count} problems`}`,
        ...errors.map(problemText),
        ...more > 0 ? [`  and ${more} more`] : [],
      ].join("\n"),
    );
    this.problems = problems;
  }
}

/** Requests that were not as expected; test runners show it as a failed assertion. */
export class ExpectationError extends Error {
  /** What test runners know failed assertions by. */
  override readonly name = "AssertionError";
  /** What Node's own assertion errors say here. */
  readonly code = "ERR_ASSERTION";
  /** What there was, in words. */
  readonly actual: string;
  /** What was expected, in words. */
  readonly expected: string;

  /** Says what was expected and what there was. */
  constructor(
    message: string,
    told: { readonly actual: string; readonly expected: string },
  ) {
    super(message);
    this.actual = told.actual;
    this.expected = told.expected;
  }
}

/**
 * A problem in three lines: what and where, the line it is in, the way out. Lines of what a
 * program gave are counted by nobody, so they are not told.
 */
function problemText({ message, place, line, remedy }: Problem): string {
  const { file, path } = place;
  const written = file.endsWith(")")
    ? path
    : `${file}:${place.line}:${place.column}`;
  return [
    `  ${message}${written === "" ? "" : ` (${written})`}`,
    ...line.trim() === "" ? [] : [`      ${shortened(line.trim())}`],
    ...remedy === undefined ? [] : [`    ${remedy.replaceAll("\n", "\n    ")}`],
  ].join("\n");
}

const SHOWN_CHARS_MAX = 100;

function shortened(line: string): string {
  return line.length > SHOWN_CHARS_MAX
    ? `${line.slice(0, SHOWN_CHARS_MAX).toWellFormed()}…`
    : line;
}

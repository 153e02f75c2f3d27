/**
 * One finding about a configuration file: what, where, how to mend it.
 *
 * @module
 */

/** A finding as data; `lib/cli` words it for people and machines. */
export interface Problem {
  /** Whether the file can still be used. */
  readonly severity: "error" | "warning";
  /** Stable id with an entry in `docs/problems.md`: `unknown-key`. */
  readonly code: string;
  /** One sentence: upper-case first, no full stop. */
  readonly message: string;
  /** Where it is. */
  readonly place: Place;
  /** The text of the line it is in, for the excerpt; empty when there is none. */
  readonly line: string;
  /** How many characters of a very long line were left out before `line`. */
  readonly skipped?: number;
  /** How many characters of that line it concerns. */
  readonly length: number;
  /** What to do, as an instruction. */
  readonly remedy?: string;
}

/** A spot in a file. */
export interface Place {
  /** The file as the user named it. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** Dotted path of the value: `settings.lag_factor`; empty for the whole file. */
  readonly path: string;
}

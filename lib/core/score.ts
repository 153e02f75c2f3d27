/**
 * A response written down before it is performed: what happens, and when.
 *
 * @module
 */

/** A response as data. */
export interface Score {
  /** HTTP status. */
  readonly status: number;
  /** Response headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** What happens, by time; drawn as it is performed, so a long reply costs no memory. */
  readonly cues: Iterable<Cue>;
  /** Last words of a stream that must end early because the server does. */
  readonly farewell?: () => string;
}

/** One moment of a {@linkcode Score}: these bytes, then. */
export interface Cue {
  /** Milliseconds after the request's arrival; never falls from one cue to the next. */
  readonly atMs: number;
  /** What is sent. */
  readonly text: string;
  /** How many content deltas that is. */
  readonly deltas: number;
}

/** How a performance went. Times are in milliseconds after it began. */
export interface Performed {
  /** When the first bytes were handed over. */
  readonly firstMs: number;
  /** When the last ones were, or when the client left. */
  readonly totalMs: number;
  /** Content deltas handed over. */
  readonly deltas: number;
  /** How it ended. */
  readonly ended: "complete" | "client left" | "stopped" | "broken";
  /** How far it was moved back after a standstill. */
  readonly reanchoredMs: number;
  /** How late the latest of its writes was. */
  readonly lateMs: number;
  /** How much text was handed over, in UTF-16 code units. */
  readonly sentChars: number;
}

/**
 * What the journal is told of a request: references to what the pipeline made anyway. Nothing is
 * copied, redacted or worded before somebody reads it.
 *
 * @module
 */

import type { Plan } from "../core/plan.ts";
import type { Score } from "../core/score.ts";
import type { Context } from "../match/context.ts";

/** A request whose answer begins. */
export interface Record {
  /** When it arrived, in milliseconds since the epoch. */
  readonly arrivedEpochMs: number;
  /** HTTP method. */
  readonly method: string;
  /** Path and query as sent; the query may hold a key. */
  readonly url: string;
  /** The line of the route table that was found: `POST /v1/messages`. */
  readonly route?: string | undefined;
  /** Request headers, secrets included; or the text that `packHeaders()` made of them. */
  readonly headers: Headers | string;
  /** What `X-Mock-Session` says; empty when it was not sent. */
  readonly session: string;
  /** The dialect that answered, or in whose words it was refused. */
  readonly dialect?: string | undefined;
  /** How long it took to read the request, in milliseconds: the score's time begins after it. */
  readonly readMs: number;
  /** The score that is performed. */
  readonly score: Score;
  /** What is known of a request that could be decoded. */
  readonly asked?: AskedRecord | undefined;
  /** The body of a request that could not: parsed, or its text where that is impossible. */
  readonly body?: unknown;
  /** Why it was refused, in the words the client is told. */
  readonly error?: string | undefined;
}

/**
 * What is known of a request that could be decoded. Its functions outlive reloads: they should
 * hold neither the request nor the whole configuration.
 */
export interface AskedRecord {
  /** What it keeps of the body, in bytes; estimated from the parsed body unless told. */
  readonly bodyBytes?: number;
  /** Whether a stream was asked for; the question tells unless this does. */
  readonly stream?: boolean;
  /** The question with its circumstances: turn, body. */
  readonly context: Context;
  /** What was decided; absent where no model was asked, as for a count. */
  readonly plan?: Plan | undefined;
  /** Why the nearest rules did not match, where none did: one line each. */
  misses(): readonly string[];
  /** The score once more from its beginning: same seed, same bytes. */
  again(): Score;
}

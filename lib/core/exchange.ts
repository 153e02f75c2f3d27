/**
 * One request and what became of it: what logs, journals and metrics read.
 *
 * @module
 */

import type { Usage } from "./reply.ts";

/** One finished request. */
export interface Exchange {
  /** When it arrived, in milliseconds since the epoch. */
  readonly arrivedEpochMs: number;
  /** HTTP method. */
  readonly method: string;
  /** The path as asked for, without the query. */
  readonly path: string;
  /** The line of the route table that was found: `POST /v1/messages`. */
  readonly route?: string;
  /** HTTP status of the answer. */
  readonly status: number;
  /** The dialect that answered; absent for pages that belong to none. */
  readonly dialect?: string;
  /** The model the client was told. */
  readonly model?: string;
  /** Whether the answer was a stream. */
  readonly stream?: boolean;
  /** What chose the answer. */
  readonly answeredBy?: string;
  /** Whether nothing scripted matched, so that the default answered. */
  readonly unmatched?: boolean;
  /** Why the nearest rules did not match, where none did: one line each, worded when asked for. */
  readonly misses?: () => readonly string[];
  /** Seed of the answer: `X-Mock-Seed` repeats it. */
  readonly seed?: number;
  /** Token counts of the answer. */
  readonly usage?: Usage;
  /** Why it was refused. */
  readonly error?: string;
  /** Arrival to the first byte, in milliseconds. */
  readonly firstMs: number;
  /** Arrival to the last byte, in milliseconds. */
  readonly totalMs: number;
  /** Content deltas handed to the connection. */
  readonly deltas: number;
  /** How late the latest of its writes was, in milliseconds. */
  readonly lateMs?: number;
  /** How it ended. */
  readonly ended: "complete" | "client left" | "stopped" | "broken";
  /** How far a stream was moved back after a standstill of the machine, in milliseconds. */
  readonly reanchoredMs: number;
  /** How much of the answer was handed to the connection, in UTF-16 code units. */
  readonly sentChars: number;
}

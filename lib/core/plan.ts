/**
 * What will be answered, why, and how fast: plain data.
 *
 * @module
 */

import type { Failure, Reply } from "./reply.ts";

/** Everything decided about one answer. */
export interface Plan {
  /** What chose it, as its author knows it: `responses.yml:14`. */
  readonly answeredBy: string;
  /** The answer. */
  readonly outcome: Reply | Failure;
  /** Its timing. */
  readonly pace: Pace;
  /** How its text is cut when streamed. */
  readonly cut: Cut;
  /** Seed of everything drawn at random while it is composed. */
  readonly seed: number;
  /** Response headers that tell what took effect. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How long things take. */
export interface Pace {
  /** Wait before the first chunk. */
  readonly firstMs: Spread;
  /** What each unit costs; the next chunk is due after it. */
  readonly unitMs: Spread;
  /** Whether a chunk costs one unit, or one for each of its characters. */
  readonly unit: "chunk" | "character";
}

/** A duration, or the distribution to draw it from. */
export type Spread =
  | { readonly type: "fixed"; readonly ms: number }
  | {
    readonly type: "uniform";
    readonly minMs: number;
    readonly maxMs: number;
  };

/** How text is cut into chunks. */
export type Cut =
  | "character"
  | "token"
  | "word"
  | "line"
  | "whole"
  | { readonly characters: number };

/** The pace that waits for nothing. */
export const UNPACED: Pace = {
  firstMs: { type: "fixed", ms: 0 },
  unitMs: { type: "fixed", ms: 0 },
  unit: "chunk",
};

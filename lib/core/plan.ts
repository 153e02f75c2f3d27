/**
 * What will be answered, why, and how fast: plain data.
 *
 * @module
 */

import type { Failure, Reply } from "./reply.ts";
import type { Tokenizer } from "./tokens.ts";

/** Everything decided about one answer. */
export interface Plan {
  /** What chose it. */
  readonly source: Source;
  /** The answer. */
  readonly outcome: Reply | Failure;
  /** Its timing. */
  readonly pace: Pace;
  /** How its text is cut when streamed. */
  readonly cut: Cut;
  /** What counts its tokens, and says where they end. */
  readonly tokenizer: Tokenizer;
  /** Seed of everything drawn at random while it is composed. */
  readonly seed: number;
  /** Seed of what is drawn of what is said, where the request names one; ids are never drawn from it. */
  readonly drawSeed?: number;
  /** Response headers that tell what took effect. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What chose an answer. */
export interface Source {
  /** What kind of thing it is; `none` where nothing matched and the server is strict. */
  readonly type:
    | "rule"
    | "response"
    | "default"
    | "tokens"
    | "setting"
    | "none";
  /** As its author knows it: the name of a rule, the prompt of a response. */
  readonly name: string;
  /** Where it stands: `responses.yml:14`. */
  readonly place: string;
}

/** How long things take. */
export interface Pace {
  /** Wait before the first chunk. */
  readonly firstMs: Spread;
  /** What each unit costs; the next chunk is due after it. */
  readonly unitMs: Spread;
  /** Whether a chunk costs one unit, or one for each of its characters or tokens. */
  readonly unit: "chunk" | "character" | "token";
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

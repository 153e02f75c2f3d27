/**
 * Every key of `settings`. Part of the one source, see `shape.ts`.
 *
 * @module
 */

import * as z from "zod/mini";
import { BODY_BYTES_MAX } from "../core/limits.ts";
import { type TokenizerName, TOKENIZERS } from "../match/tokenizers.ts";
import { flag, FLAG_JSON, key, number, section, word } from "./kinds.ts";
import { type CheckedPace, paceKey } from "./pace_shape.ts";

/** `settings` of a file that passed. */
export interface CheckedSettings {
  /** Whether scripted answers take their time. */
  readonly lag_enabled: boolean;
  /** How fast they are then. */
  readonly lag_factor: number;
  /** How streams are cut. */
  readonly stream_by: "character" | "token" | "word" | "line" | "whole" | {
    readonly characters: number;
  };
  /** Whether OpenAI's answers tell thoughts in words. */
  readonly reasoning_content: boolean;
  /** What counts tokens. */
  readonly tokenizer: TokenizerName;
  /** Whether what nothing matches is refused. */
  readonly strict: boolean;
  /** How fast answers come: a pace, or the name of one. */
  readonly pace?: string | CheckedPace | undefined;
  /** Whether unlisted models are refused. */
  readonly known_models_only: boolean;
  /** Seed of the process; absent when it is drawn. */
  readonly seed?: number | undefined;
  /** Which headers are sent. */
  readonly headers: "provider" | "full";
  /** Largest request body. */
  readonly max_body_bytes: number;
}

const TOKENIZERS_SHOWN = "approx, cl100k_base or o200k_base";

const CUTS = ["character", "token", "word", "line", "whole"] as const;

const characters = key(number(z.int(), z.gte(1)), {
  takes: "a whole number above 0",
  doc: "How many characters one chunk of a stream holds.",
  example: "stream_by: { characters: 8 }",
});

/** Its keys. */
export const SETTINGS_KEYS = {
  lag_enabled: key(z._default(flag(), false), {
    takes: "true or false",
    doc: "Whether scripted answers take their time, as a model does.",
    default: "false",
    example: "lag_enabled: true",
    json: FLAG_JSON,
  }),
  lag_factor: key(z._default(number(z.gt(0)), 10), {
    takes: "a number above 0",
    doc:
      "How fast answers come while `lag_enabled` is true: a character takes 1/(lag_factor × 10) seconds, " +
      "give or take half of that.",
    default: "10",
    example: "lag_factor: 25",
  }),
  stream_by: key(
    z._default(
      z.union([word(CUTS), section({ characters })]),
      "character",
    ),
    {
      takes: "character, token, word, line, whole or {characters: N}",
      doc: "What one chunk of a stream holds.",
      default: "character",
      example: "stream_by: { characters: 8 }",
      words: CUTS,
    },
  ),
  reasoning_content: key(z._default(flag(), false), {
    takes: "true or false",
    doc:
      "Whether answers in OpenAI's words tell the `reasoning` of a reply as `reasoning_content`, as DeepSeek and many " +
      "others do whose API is OpenAI's. OpenAI itself only counts it.",
    default: "false",
    example: "reasoning_content: true",
    json: FLAG_JSON,
  }),
  tokenizer: key(z._default(word(TOKENIZERS), "approx"), {
    takes: TOKENIZERS_SHOWN,
    doc:
      "What counts tokens, and says where they end: an estimate that is within 10 % on most texts, or one of OpenAI's " +
      "vocabularies, which is exact for its models, loaded in the background (0.15 to 0.5 seconds), " +
      "and takes 45 to 80 MB of memory.",
    default: "approx",
    example: "tokenizer: o200k_base",
    words: TOKENIZERS,
  }),
  strict: key(z._default(flag(), false), {
    takes: "true or false",
    doc:
      "Whether a request that no rule and no response matches is refused with 404, which names the nearest rules, " +
      "instead of being answered with `defaults.unknown_response`.",
    default: "false",
    example: "strict: true",
    json: FLAG_JSON,
  }),
  pace: paceKey(
    "How fast answers come where a rule has no pace of its own; it takes the place of lag.",
  ),
  known_models_only: key(z._default(flag(), false), {
    takes: "true or false",
    doc:
      "Whether a model that no catalog lists is refused, as a provider would. Otherwise any name is answered.",
    default: "false",
    example: "known_models_only: true",
    json: FLAG_JSON,
  }),
  seed: key(
    z.optional(number(z.int(), z.gte(0), z.lte(Number.MAX_SAFE_INTEGER))),
    {
      takes: "a whole number from 0 to 9007199254740991",
      doc:
        "Makes ids, random tokens and jitter the same from run to run. Without it, a seed is drawn and printed at start.",
      example: "seed: 42",
    },
  ),
  headers: key(z._default(word(["provider", "full"]), "provider"), {
    takes: "provider or full",
    doc:
      "Which response headers are sent: those of the provider, or those of the infrastructure before it too.",
    default: "provider",
    example: "headers: full",
    words: ["provider", "full"],
  }),
  max_body_bytes: key(z._default(number(z.int(), z.gte(1)), BODY_BYTES_MAX), {
    takes: "a whole number above 0",
    doc:
      "The largest request body that is taken, in bytes; a larger one is answered with 413.",
    default: `${BODY_BYTES_MAX} (32 MiB)`,
    example: "max_body_bytes: 1048576",
  }),
};

/** Its sections by the path that their keys are documented under. */
export const SETTINGS_SECTIONS: Readonly<
  Record<string, z.core.$ZodLooseShape>
> = {
  settings: SETTINGS_KEYS,
  "settings.stream_by": { characters },
};

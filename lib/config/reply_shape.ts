/**
 * Every key of a reply. Part of the one source, see `shape.ts`.
 *
 * @module
 */

import * as z from "zod/mini";
import {
  PACE_MS_MAX,
  TOKEN_CHARS_RANGE,
  TOKEN_COUNT_RANGE,
} from "../core/limits.ts";
import { TOKEN_DEFAULTS } from "../match/request_headers.ts";
import { type CheckedError, FAILURE_NAMES } from "./failures.ts";
import {
  type Definition,
  duration,
  DURATION_JSON,
  flag,
  key,
  named,
  number,
  oneOf,
  type Schema,
  section,
  text,
  TEXT_JSON,
  word,
} from "./kinds.ts";

/** A reply that fits its shape. */
export type CheckedReply = string | CheckedContent;

/** A reply with keys. */
export interface CheckedContent {
  /** `text`. */
  readonly text?: string | undefined;
  /** `template`. */
  readonly template?: string | undefined;
  /** `echo`. */
  readonly echo?: boolean | undefined;
  /** `tokens`. */
  readonly tokens?:
    | { readonly count: number; readonly length: number }
    | undefined;
  /** `error`. */
  readonly error?: string | CheckedError | undefined;
  /** `finish`. */
  readonly finish?: "stop" | "length" | "content_filter" | undefined;
  /** `usage`. */
  readonly usage?: {
    readonly input?: number | undefined;
    readonly output?: number | undefined;
  } | undefined;
}

const errorKeys = {
  status: key(z.optional(number(z.int(), z.gte(400), z.lte(599))), {
    takes: "an HTTP status from 400 to 599",
    doc: "The HTTP status. What is left out follows from it.",
    example: "status: 429",
  }),
  type: key(z.optional(text()), {
    takes: "text",
    doc: "The provider's error type.",
    example: "type: requests",
    json: TEXT_JSON,
  }),
  code: key(z.optional(text()), {
    takes: "text",
    doc: "The provider's error code, where its errors have one.",
    example: "code: rate_limit_exceeded",
    json: TEXT_JSON,
  }),
  message: key(z.optional(text()), {
    takes: "text",
    doc: "What the client is told; the provider's own words if left out.",
    example: 'message: "Slow down."',
    json: TEXT_JSON,
  }),
  retry_after: key(z.optional(duration(1_000, PACE_MS_MAX)), {
    takes: "a number of seconds, or a duration such as 500ms, of a day at most",
    doc:
      "When the client may try again. Sent as `retry-after` in whole seconds and, where that is not exact, " +
      "as `retry-after-ms` too.",
    example: "retry_after: 2",
    json: DURATION_JSON,
  }),
  headers: key(z.optional(named(z.any())), {
    takes: "header names, each with a text",
    doc: "Response headers besides those of the provider.",
    example: 'headers: { x-should-retry: "false" }',
    item: "text of printable ASCII characters",
    json: { type: "object", additionalProperties: TEXT_JSON },
  }),
};

const ERROR = section(errorKeys);

const tokensKeys = {
  count: key(
    z._default(
      number(
        z.int(),
        z.gte(TOKEN_COUNT_RANGE[0]),
        z.lte(TOKEN_COUNT_RANGE[1]),
      ),
      TOKEN_DEFAULTS.count,
    ),
    {
      takes: `a whole number from ${TOKEN_COUNT_RANGE.join(" to ")}`,
      doc: "How many tokens.",
      default: String(TOKEN_DEFAULTS.count),
      example: "count: 50",
    },
  ),
  length: key(
    z._default(
      number(
        z.int(),
        z.gte(TOKEN_CHARS_RANGE[0]),
        z.lte(TOKEN_CHARS_RANGE[1]),
      ),
      TOKEN_DEFAULTS.length,
    ),
    {
      takes: `a whole number from ${TOKEN_CHARS_RANGE.join(" to ")}`,
      doc: "Characters of each token.",
      default: String(TOKEN_DEFAULTS.length),
      example: "length: 6",
    },
  ),
};

const COUNT = number(z.int(), z.gte(0), z.lte(Number.MAX_SAFE_INTEGER));

const usageKeys = {
  input: key(z.optional(COUNT), {
    takes: "a whole number",
    doc: "Tokens of the prompt.",
    example: "input: 1000",
  }),
  output: key(z.optional(COUNT), {
    takes: "a whole number",
    doc: "Tokens of the answer.",
    example: "output: 20",
  }),
};

const FINISHES = ["stop", "length", "content_filter"] as const;

const replyKeys = {
  text: key(z.optional(text(0)), {
    takes: "text",
    doc: "The answer, literally.",
    example: 'text: "It is sunny."',
    json: TEXT_JSON,
  }),
  template: key(z.optional(text(0)), {
    takes: "a Liquid template",
    doc:
      "The answer, made of the request. It may name `prompt`, `captures`, each named group of the rule's patterns, " +
      "`system`, `model`, `messages`, `headers`, `body`, `tool_result`, `counter`, `session`, `now`, `uuid` and `random`.",
    example: 'template: "You said: {{ prompt }}"',
    json: { type: "string" },
  }),
  echo: key(z.optional(z.pipe(flag(), z.literal(true))), {
    takes: "true",
    doc: "Answers with the prompt.",
    example: "echo: true",
    json: { enum: [true, "yes", "on"] },
  }),
  tokens: key(z.optional(section(tokensKeys)), {
    takes: "{count, length}",
    doc: "Answers with random tokens, drawn from the seed.",
    example: "tokens: { count: 50, length: 6 }",
  }),
  error: key(z.optional(z.union([word(FAILURE_NAMES), ERROR])), {
    takes: "the name of an error, or { status: 429, … }",
    doc:
      "Refuses, in the provider's own form. A name stands for the provider's own status, type, code and words.",
    example: "error: overloaded",
    words: FAILURE_NAMES,
    json: { anyOf: [{ enum: FAILURE_NAMES }, { $ref: "#/definitions/error" }] },
  }),
  finish: key(z.optional(word(FINISHES)), {
    takes: "stop, length or content_filter",
    doc: "Why the answer ends, as the client is told.",
    default: "stop",
    example: "finish: length",
    words: FINISHES,
  }),
  usage: key(z.optional(section(usageKeys)), {
    takes: "{input, output}",
    doc: "The token counts that the client is told; the real ones if left out.",
    example: "usage: { input: 1000, output: 20 }",
  }),
};

/** Of these a reply says one. */
export const CONTENTS = [
  "text",
  "template",
  "echo",
  "tokens",
  "error",
] as const;

const CONTENT = section(replyKeys);
/** What a reply takes, in words. */
export const TAKES_REPLY: string = `text, or one of ${
  CONTENTS.join(", ")
} with its value`;

/** One reply. */
export const REPLY: Schema<CheckedReply> = key(z.union([text(0), CONTENT]), {
  takes: TAKES_REPLY,
  doc: "A text, or what else is answered.",
  example: 'reply: "It is sunny."',
  json: {
    anyOf: [
      TEXT_JSON,
      { allOf: [{ $ref: "#/definitions/content" }, oneOf(CONTENTS)] },
    ],
  },
});

/** The sections of a reply by the path that their keys are documented under. */
export const REPLY_SECTIONS: Readonly<Record<string, z.core.$ZodLooseShape>> = {
  "rules.reply": replyKeys,
  "rules.reply.tokens": tokensKeys,
  "rules.reply.error": errorKeys,
  "rules.reply.usage": usageKeys,
};

/** What `$ref`s of the JSON Schema name. */
export const REPLY_DEFINITIONS: Readonly<Record<string, Definition>> = {
  reply: { schema: REPLY },
  content: { schema: CONTENT },
  error: { schema: ERROR, more: { required: ["status"] } },
};

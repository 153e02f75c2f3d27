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
import { CITATION, citationKeys } from "./citation_shape.ts";
import { type CheckedError, FAILURE_NAMES } from "./failures.ts";
import {
  type Definition,
  duration,
  DURATION_JSON,
  flag,
  fromOne,
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

/** What OpenAI's models say, where nothing else is written. */
export const REFUSAL_WORDS = "I'm sorry, but I can't assist with that.";

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
  /** `auto`. */
  readonly auto?: boolean | undefined;
  /** `tokens`. */
  readonly tokens?:
    | { readonly count: number; readonly length: number }
    | undefined;
  /** `error`. */
  readonly error?: string | CheckedError | undefined;
  /** `reasoning`. */
  readonly reasoning?: string | undefined;
  /** `tool_calls`; read by hand. */
  readonly tool_calls?: unknown;
  /** `json`; read by hand. */
  readonly json?: unknown;
  /** `refusal`; read by hand. */
  readonly refusal?: unknown;
  /** `blocks`; read by hand. */
  readonly blocks?: unknown;
  /** `finish`. */
  readonly finish?: typeof FINISHES[number] | undefined;
  /** `usage`. */
  readonly usage?: {
    readonly input?: number | undefined;
    readonly cached?: number | undefined;
    readonly output?: number | undefined;
    readonly reasoning?: number | undefined;
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
  retry_after: key(
    z.optional(z.union([word(["none"]), duration(1_000, PACE_MS_MAX)])),
    {
      takes:
        "a number of seconds, or a duration such as 500ms, of a day at most, or none",
      doc:
        "When the client may try again. Sent as `retry-after` in whole seconds and, where that is not exact, " +
        "as `retry-after-ms` too. With `none` neither is sent.",
      default: "1 for a status of 429, else none",
      example: "retry_after: 2",
      json: { anyOf: [{ const: "none" }, DURATION_JSON] },
    },
  ),
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
    doc: "Tokens of the prompt, those out of a cache included.",
    example: "input: 1000",
  }),
  cached: key(z.optional(COUNT), {
    takes: "a whole number, at most that of input",
    doc:
      "How many of them came out of a cache: `cached_tokens` at OpenAI, and `cache_read_input_tokens` at Anthropic, " +
      "whose `input_tokens` leave them out.",
    default: "0",
    example: "cached: 800",
  }),
  output: key(z.optional(COUNT), {
    takes: "a whole number",
    doc: "Tokens of the answer, thoughts included.",
    example: "output: 20",
  }),
  reasoning: key(z.optional(COUNT), {
    takes: "a whole number, at most that of output",
    doc:
      "How many of them were thoughts: `reasoning_tokens` at OpenAI, `thinking_tokens` at Anthropic as of 2026-10-21.",
    example: "reasoning: 15",
  }),
};

const FINISHES = [
  "stop",
  "length",
  "content_filter",
  "pause_turn",
  "model_context_window_exceeded",
] as const;

const callKeys = {
  name: key(z.optional(text()), {
    takes: "text",
    doc: "The tool that is called.",
    example: "name: get_weather",
    json: TEXT_JSON,
  }),
  arguments: key(z.optional(z.any()), {
    takes: "a section with keys, or the JSON of one as text",
    doc: "What it is called with; nothing if left out.",
    example: "arguments: { city: Paris }",
    json: { type: ["object", "string"] },
  }),
  id: key(z.optional(text()), {
    takes: "text",
    doc:
      "The id of the call, which its result will name; drawn from the seed, as the provider's are, if left out.",
    example: "id: call_1",
    json: TEXT_JSON,
  }),
};

const CALL = section(callKeys);
const CALL_REF = { $ref: "#/definitions/tool_call" };

const refusalKeys = {
  text: key(z._default(text(), REFUSAL_WORDS), {
    takes: "text",
    doc: "The model's words; what Anthropic explains the refusal with.",
    default: `"${REFUSAL_WORDS}"`,
    example: 'text: "I cannot help with that."',
    json: TEXT_JSON,
  }),
  category: key(z.optional(text()), {
    takes: "text",
    doc:
      "The policy that Anthropic names as the reason: `cyber`, `bio`, `general_harms` or another; null if left out.",
    example: "category: cyber",
    json: TEXT_JSON,
  }),
};

const REFUSAL = section(refusalKeys);

/** A refusal: its words, or those and its category. */
function refusal(doc: string) {
  return key(z.optional(z.union([text(), REFUSAL])), {
    takes: "text, or {text, category}",
    doc,
    example: 'refusal: "I cannot help with that."',
    json: { anyOf: [TEXT_JSON, { $ref: "#/definitions/refusal" }] },
  });
}

const blockKeys = {
  text: key(z.optional(text(0)), {
    takes: "text",
    doc: "Something that is said.",
    example: 'text: "Let me look."',
    json: TEXT_JSON,
  }),
  reasoning: key(z.optional(text()), {
    takes: "text",
    doc: "Something that is thought.",
    example: 'reasoning: "They want the weather."',
    json: TEXT_JSON,
  }),
  tool_call: key(z.optional(CALL), {
    takes: "{name, arguments, id}",
    doc: "A tool that is called.",
    example: "tool_call: { name: get_weather, arguments: { city: Paris } }",
    json: { allOf: [CALL_REF] },
  }),
  redacted_reasoning: key(z.optional(text()), {
    takes: "true, or text",
    doc:
      "Something that is thought and shown to nobody: Anthropic sends whoever asks for `thinking` a `redacted_thinking` with this data, " +
      "drawn from the seed if it is `true`; OpenAI only counts it.",
    example: "redacted_reasoning: true",
    json: TEXT_JSON,
  }),
  citations: key(z.optional(z.array(CITATION)), {
    takes: "a list of citations",
    doc:
      "What the text is taken from, as Anthropic tells it; OpenAI's clients get those of the web.",
    item: "a section with keys such as url",
    example: "citations: [{ url: https://example.com/ }]",
    json: {
      type: "array",
      minItems: 1,
      items: { $ref: "#/definitions/citation" },
    },
  }),
  refusal: refusal("A refusal, in the model's words."),
};

/** Of these a block says one. */
export const BLOCKS = [
  "text",
  "reasoning",
  "redacted_reasoning",
  "tool_call",
  "refusal",
] as const;

const BLOCK = section(blockKeys);

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
      "`system`, `model`, `messages`, `headers`, `body`, `tool_result`, `counter`, `choice`, `session`, `now`, `uuid` and `random`.",
    example: 'template: "You said: {{ prompt }}"',
    json: { type: "string" },
  }),
  echo: key(z.optional(z.pipe(flag(), z.literal(true))), {
    takes: "true",
    doc: "Answers with the prompt.",
    example: "echo: true",
    json: { enum: [true, "yes", "on"] },
  }),
  auto: key(z.optional(z.pipe(flag(), z.literal(true))), {
    takes: "true",
    doc:
      "Answers as a model might, drawn from the seed: calls an offered tool with arguments valid for its schema, " +
      "or makes content valid for the form that is asked for, or says a few words. Tools that have answered are not called again.",
    example: "auto: true",
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
  tool_calls: key(z.optional(z.union([CALL, z.array(CALL)])), {
    takes: "{name, arguments, id}, or a list of those",
    doc: "Calls tools, several at once if it is a list.",
    item: "{name, arguments, id}",
    example: "tool_calls: { name: get_weather, arguments: { city: Paris } }",
    json: {
      anyOf: [CALL_REF, { type: "array", minItems: 1, items: CALL_REF }],
    },
  }),
  reasoning: key(z.optional(text()), {
    takes: "text",
    doc:
      "What is thought before. Anthropic shows it to whoever asks for `thinking`; OpenAI only counts it.",
    example: 'reasoning: "They want the weather."',
    json: TEXT_JSON,
  }),
  json: key(z.optional(z.any()), {
    takes: "any value",
    doc: "Answers with the JSON of the value, without white space.",
    example: "json: { city: Paris, degrees: 21 }",
    json: {},
  }),
  refusal: refusal(
    "Refuses in the model's own words. It is an answer, and no error.",
  ),
  blocks: key(z.optional(z.array(BLOCK)), {
    takes: "a list of blocks",
    doc: "Says several things in the order of the list.",
    item: `one of ${BLOCKS.join(", ")} with its value`,
    example:
      'blocks: [{ text: "Let me look." }, { tool_call: { name: get_weather } }]',
    json: {
      type: "array",
      minItems: 1,
      items: { $ref: "#/definitions/block" },
    },
  }),
  finish: key(z.optional(word(FINISHES)), {
    takes:
      "stop, length, content_filter, pause_turn or model_context_window_exceeded",
    doc:
      "Why the answer ends, as the client is told. The last two are Anthropic's; OpenAI's clients are told `stop` and `length`.",
    default: "stop",
    example: "finish: length",
    words: FINISHES,
  }),
  usage: key(z.optional(section(usageKeys)), {
    takes: "{input, cached, output, reasoning}",
    doc:
      "The token counts that the client is told; the real ones if left out, and never less than their part that is written.",
    example: "usage: { input: 1000, cached: 800, output: 20 }",
  }),
};

/** Of these a reply says one, or several {@linkcode TOGETHER}. */
export const CONTENTS = [
  "text",
  "template",
  "echo",
  "auto",
  "tokens",
  "error",
  "tool_calls",
  "reasoning",
  "json",
  "refusal",
  "blocks",
] as const;

/** What may stand beside one another in a reply. */
export const TOGETHER: readonly (readonly string[])[] = [
  ["text", "tool_calls", "reasoning"],
  ["json", "reasoning"],
  ["refusal", "reasoning"],
];

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
      {
        allOf: [
          { $ref: "#/definitions/content" },
          fromOne([
            ...TOGETHER,
            ...CONTENTS.filter((name) => !TOGETHER.flat().includes(name))
              .map((name) => [name]),
          ], CONTENTS),
        ],
      },
    ],
  },
});

/** The sections of a reply by the path that their keys are documented under. */
export const REPLY_SECTIONS: Readonly<Record<string, z.core.$ZodLooseShape>> = {
  "rules.reply": replyKeys,
  "rules.reply.tokens": tokensKeys,
  "rules.reply.error": errorKeys,
  "rules.reply.usage": usageKeys,
  "rules.reply.tool_calls": callKeys,
  "rules.reply.refusal": refusalKeys,
  "rules.reply.blocks": blockKeys,
  "rules.reply.blocks.tool_call": callKeys,
  "rules.reply.blocks.refusal": refusalKeys,
  "rules.reply.blocks.citations": citationKeys,
};

/** What `$ref`s of the JSON Schema name. */
export const REPLY_DEFINITIONS: Readonly<Record<string, Definition>> = {
  reply: { schema: REPLY },
  content: { schema: CONTENT },
  error: { schema: ERROR, more: { required: ["status"] } },
  tool_call: { schema: CALL, more: { required: ["name"] } },
  refusal: { schema: REFUSAL },
  citation: { schema: CITATION },
  block: {
    schema: BLOCK,
    more: { ...oneOf(BLOCKS), dependencies: { citations: ["text"] } },
  },
};

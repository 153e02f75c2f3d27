/**
 * Every key of a rule, of its conditions and replies, and of a pace. Part of the one source,
 * see `shape.ts`.
 *
 * Patterns, and names that the author gives, are read by hand: `patterns.ts`, `rules.ts`.
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
import type { Field } from "../match/rule.ts";
import { type CheckedError, FAILURE_NAMES } from "./failures.ts";
import {
  duration,
  DURATION_JSON,
  flag,
  FLAG_JSON,
  key,
  type KeyDoc,
  named,
  number,
  section,
  text,
  TEXT_JSON,
  word,
} from "./kinds.ts";

/** A rule that fits its shape; what is read by hand is left as it came. */
export interface CheckedRule {
  /** `name`. */
  readonly name?: string | undefined;
  /** `reply`. */
  readonly reply?: CheckedReply | undefined;
  /** `replies`. */
  readonly replies?: readonly CheckedReply[] | undefined;
  /** `on_end`. */
  readonly on_end: "repeat" | "loop" | "error";
  /** `state`. */
  readonly state?: {
    readonly requires?: string | undefined;
    readonly sets?: string | undefined;
  } | undefined;
  /** `pace`. */
  readonly pace?: string | CheckedPace | undefined;
}

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

/** A pace that fits its shape; times in milliseconds. */
export interface CheckedPace {
  /** `ttft`. */
  readonly ttft?: number | undefined;
  /** `tokens_per_second`. */
  readonly tokens_per_second?: number | undefined;
  /** `itl`. */
  readonly itl?: number | undefined;
  /** `jitter`. */
  readonly jitter?: number | undefined;
}

/** What editors are told of a pattern. */
export const PATTERN_JSON: Readonly<Record<string, unknown>> = {
  description:
    "Plain text: equal but for case and white space. With *: the whole text, * stands for anything. " +
    "/…/flags: a regular expression. A list: any of them. {not: …}, {exact: …}.",
  anyOf: [
    TEXT_JSON,
    { type: "array", minItems: 1, items: { $ref: "#/definitions/pattern" } },
    {
      type: "object",
      required: ["not"],
      properties: {
        not: {
          description:
            "What must not match; an absent header or field is fine.",
          $ref: "#/definitions/pattern",
        },
      },
      additionalProperties: false,
    },
    {
      type: "object",
      required: ["exact"],
      properties: {
        exact: {
          description: "The very characters; nothing in them is special.",
          ...TEXT_JSON,
        },
      },
      additionalProperties: false,
    },
  ],
};

const PATTERN = { $ref: "#/definitions/pattern" };
const TAKES_PATTERN =
  "a pattern: text, a list of patterns, {not: pattern} or {exact: text}";

/** A condition of a rule: what it takes is read by hand. */
function condition(doc: string, example: string, more: Partial<KeyDoc> = {}) {
  return key(z.optional(z.any()), {
    takes: TAKES_PATTERN,
    doc,
    example,
    json: { allOf: [PATTERN] },
    ...more,
  });
}

const whenKeys = {
  prompt: condition(
    "Text of the last user message. Beside a tool result that ends the conversation, the text sent with it.",
    'prompt: "*weather*"',
  ),
  system: condition(
    "The system text; several system messages are one text, a line each.",
    'system: "*pirate*"',
  ),
  any_message: condition(
    "Text of any message of the conversation, whoever says it.",
    'any_message: "*refund*"',
  ),
  model: condition("The model name asked for.", 'model: "gpt-*"'),
  dialect: condition(
    "The API asked: `openai_chat`, `anthropic_messages`.",
    "dialect: anthropic_messages",
  ),
  stream: condition("Whether a stream is asked for.", "stream: true", {
    takes: "true or false",
    json: { anyOf: [FLAG_JSON, { type: ["array", "object"] }] },
  }),
  turn: condition(
    "How many user messages there are: 1 in a new conversation.",
    "turn: 2",
    {
      takes: 'a whole number above 0, or a pattern such as "/^[23]$/"',
      json: { anyOf: [{ type: "integer", minimum: 1 }, PATTERN] },
    },
  ),
  tools: condition(
    "Name of a tool that the request offers; one that matches is enough.",
    "tools: get_weather",
  ),
  tool_result: condition(
    "Text of the tool result that ends the conversation. At the end of a tool's run, only rules that name it, " +
      "or that do not name `prompt`, apply: so agents' loops end.",
    'tool_result: "*"',
  ),
  tool_choice: condition(
    "How tools must be used: `auto`, `none`, `required` (or `any`), or the name of one.",
    "tool_choice: required",
  ),
  response_format: condition(
    "The form asked for: `text`, `json_object` or `json_schema`.",
    "response_format: json_schema",
  ),
  images: condition(
    "How many images the conversation holds; true for any.",
    "images: true",
    {
      takes: "true, false, a whole number, or a pattern",
      json: {
        anyOf: [{ type: "integer", minimum: 0 }, FLAG_JSON, PATTERN],
      },
    },
  ),
  header: key(z.optional(named(z.any())), {
    takes: "header names, each with a pattern",
    doc:
      "Request headers by name, in any case. All of those named must match; `{not: …}` also matches an absent one.",
    example: 'header: { x-team: "red*" }',
    item: TAKES_PATTERN,
    json: { type: "object", minProperties: 1, additionalProperties: PATTERN },
  }),
  body: key(z.optional(named(z.any())), {
    takes: "JSON paths, each with a pattern or a value",
    doc:
      "Values of the request's JSON body by JSON path (RFC 9535). A number, true, false or null is that very " +
      "value; text is a pattern. Of several values that a path selects, one that matches is enough.",
    example: 'body: { "$.metadata.user_id": "u-*" }',
    item: `${TAKES_PATTERN}, or a value`,
    json: {
      type: "object",
      minProperties: 1,
      additionalProperties: { anyOf: [PATTERN, { type: "null" }] },
    },
  }),
  key: condition(
    "The API key of the request, wherever the provider puts it.",
    'key: "sk-test-*"',
  ),
  session: condition(
    "The session of the request: what `X-Mock-Session` says.",
    "session: checkout",
  ),
} satisfies Record<Field, z.ZodMiniType>;

/** `when`: the conditions of a rule. */
export const WHEN = section(whenKeys);

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
    takes: "the name of an error, or {status, type, code, message, …}",
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
const TAKES_REPLY = `text, or one of ${CONTENTS.join(", ")} with its value`;
/** For editors: exactly one of these keys. */
const oneOf = (names: readonly string[]) => ({
  oneOf: names.map((name) => ({ required: [name] })),
});

/** One reply. */
export const REPLY = key(z.union([text(0), CONTENT]), {
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

const TIME = () => duration(1, PACE_MS_MAX);
const TAKES_TIME =
  "a number of milliseconds, or a duration such as 300ms or 1.5s, of a day at most";

const paceKeys = {
  ttft: key(z.optional(TIME()), {
    takes: TAKES_TIME,
    doc: "Time to the first token.",
    default: "0",
    example: "ttft: 300ms",
    json: DURATION_JSON,
  }),
  tokens_per_second: key(z.optional(number(z.gt(0))), {
    takes: "a number above 0",
    doc: "How many tokens a second then follow.",
    example: "tokens_per_second: 40",
  }),
  itl: key(z.optional(TIME()), {
    takes: TAKES_TIME,
    doc: "Time from one token to the next, instead of `tokens_per_second`.",
    example: "itl: 25ms",
    json: DURATION_JSON,
  }),
  jitter: key(z.optional(number(z.gte(0), z.lte(1))), {
    takes: "a number from 0 to 1",
    doc:
      "How far each of these times varies, drawn from the seed: 0.2 is 20 % more or less.",
    default: "0",
    example: "jitter: 0.2",
  }),
};

/** One pace. */
export const PACE = section(paceKeys);

/** A pace, or the name of one. */
export function paceKey(doc: string) {
  return key(z.optional(z.union([text(), PACE])), {
    takes: "the name of a pace, or {ttft, tokens_per_second, …}",
    doc,
    example: "pace: { ttft: 300ms, tokens_per_second: 40 }",
    json: {
      anyOf: [{ type: "string", minLength: 1 }, {
        $ref: "#/definitions/pace",
      }],
    },
  });
}

const ENDS = ["repeat", "loop", "error"] as const;

const stateKeys = {
  requires: key(z.optional(text()), {
    takes: "the name of a state",
    doc:
      "The state the session must be in. Every session begins in the state `start`.",
    example: "requires: logged_in",
    json: TEXT_JSON,
  }),
  sets: key(z.optional(text()), {
    takes: "the name of a state",
    doc: "The state the session is in once the rule has answered.",
    example: "sets: logged_in",
    json: TEXT_JSON,
  }),
};

const ruleKeys = {
  name: key(z.optional(text()), {
    takes: "text",
    doc:
      "What logs, headers and `/_mock` call the rule. No two rules have the same. Its place if left out.",
    example: "name: order status",
    json: TEXT_JSON,
  }),
  when: key(z.optional(WHEN), {
    takes: "a section with conditions",
    doc: "What must hold, all of it. Left out: always.",
    example: 'when: { prompt: "*weather*", model: "gpt-*" }',
    more: { minProperties: 1 },
  }),
  reply: key(z.optional(REPLY), {
    takes: TAKES_REPLY,
    doc: "What is answered.",
    example: 'reply: "It is sunny."',
    json: { allOf: [{ $ref: "#/definitions/reply" }] },
  }),
  replies: key(z.optional(z.array(REPLY)), {
    takes: "a list of replies",
    doc:
      "Several replies, one each time the rule answers, counted for each session.",
    item: TAKES_REPLY,
    example: 'replies: ["First.", "Second."]',
    json: {
      type: "array",
      minItems: 1,
      items: { $ref: "#/definitions/reply" },
    },
  }),
  on_end: key(z._default(word(ENDS), "repeat"), {
    takes: "repeat, loop or error",
    doc:
      "What follows the last of the replies: that one again, the first again, or an error.",
    default: "repeat",
    example: "on_end: loop",
    words: ENDS,
  }),
  state: key(z.optional(section(stateKeys)), {
    takes: "{requires, sets}",
    doc: "Ties the rule to the state of the session.",
    example: "state: { requires: logged_in, sets: done }",
    more: { minProperties: 1 },
  }),
  pace: paceKey("How fast the rule answers."),
};

const RULE_SHAPE = section(ruleKeys);

/** One rule. Its type says what is used of the result. */
export const RULE: z.ZodMiniType<CheckedRule> = RULE_SHAPE;

/** The sections of a rule and of a pace, for documents, by the path that its keys are documented under. */
export const RULE_SECTIONS: Readonly<Record<string, z.core.$ZodLooseShape>> = {
  rules: ruleKeys,
  "rules.when": whenKeys,
  "rules.state": stateKeys,
  "rules.reply": replyKeys,
  "rules.reply.tokens": tokensKeys,
  "rules.reply.error": errorKeys,
  "rules.reply.usage": usageKeys,
  paces: paceKeys,
};

/** `rules`. */
export const RULES = key(z.optional(z.array(RULE_SHAPE)), {
  takes: "a list of rules",
  doc:
    "Answers by conditions. Tried in order, before `responses`; the first that matches answers.",
  item: "a section with keys",
  example: 'rules:\n  - when: { prompt: "*weather*" }\n    reply: "Sunny."',
  json: {
    type: "array",
    minItems: 1,
    items: { $ref: "#/definitions/rule" },
  },
});

/** `paces`. */
export const PACES = key(z.optional(named(PACE)), {
  takes: "names, each with a pace",
  doc:
    "Named speeds, for a rule's `pace`, for `settings.pace` and for the header `X-Mock-Pace`.",
  item: "a section with keys",
  example: "paces:\n  chatty: { ttft: 300ms, tokens_per_second: 40 }",
  json: {
    type: "object",
    additionalProperties: { $ref: "#/definitions/pace" },
  },
});

/** What `$ref`s of the JSON Schema name, and how it is told. */
export const DEFINITIONS: Readonly<
  Record<string, { readonly schema: z.ZodMiniType; readonly more?: object }>
> = {
  rule: { schema: RULE_SHAPE, more: oneOf(["reply", "replies"]) },
  reply: { schema: REPLY },
  content: { schema: CONTENT },
  error: { schema: ERROR, more: { required: ["status"] } },
  pace: {
    schema: PACE,
    more: { not: { required: ["tokens_per_second", "itl"] } },
  },
};

/**
 * Every key of `when`. Part of the one source, see `shape.ts`.
 *
 * What the keys take are patterns, which are read by hand: `patterns.ts`.
 *
 * @module
 */

import * as z from "zod/mini";
import type { Field } from "../match/rule.ts";
import {
  FLAG_JSON,
  key,
  type KeyDoc,
  named,
  section,
  TEXT_JSON,
} from "./kinds.ts";

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

/** Its keys. */
export const WHEN_KEYS = {
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
export const WHEN = section(WHEN_KEYS);

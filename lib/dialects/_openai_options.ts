/**
 * The parameters of an OpenAI request besides its messages: each has the type that the provider
 * wants, whatever mockllm makes of it.
 *
 * @module
 */

import { isObject, type JsonObject, own } from "../wire/json.ts";
import { belowMinimum, wrongType } from "./_openai_complaints.ts";
import type { Signs } from "./dialect.ts";

/** A type: what passes, and how the provider calls it. */
interface Type {
  readonly passes: (value: unknown) => boolean;
  readonly name: string;
}

const DECIMAL: Type = {
  passes: (value) => typeof value === "number",
  name: "a decimal",
};
const INTEGER: Type = { passes: Number.isInteger, name: "an integer" };
const BOOLEAN: Type = {
  passes: (value) => typeof value === "boolean",
  name: "a boolean",
};
const STRING: Type = {
  passes: (value) => typeof value === "string",
  name: "a string",
};
const OBJECT: Type = { passes: isObject, name: "an object" };
const STOP: Type = {
  passes: (value) => STRING.passes(value) || isStrings(value),
  name: "one of a string or array of strings",
};
const CHOICE: Type = {
  passes: (value) => STRING.passes(value) || isObject(value),
  name: "one of a string or object",
};
const STRINGS: Type = { passes: isStrings, name: "an array of strings" };

const TYPES: ReadonlyMap<string, Type> = new Map([
  ["temperature", DECIMAL],
  ["top_p", DECIMAL],
  ["frequency_penalty", DECIMAL],
  ["presence_penalty", DECIMAL],
  ["max_tokens", INTEGER],
  ["max_completion_tokens", INTEGER],
  ["n", INTEGER],
  ["seed", INTEGER],
  ["top_logprobs", INTEGER],
  ["logprobs", BOOLEAN],
  ["parallel_tool_calls", BOOLEAN],
  ["store", BOOLEAN],
  ["user", STRING],
  ["service_tier", STRING],
  ["reasoning_effort", STRING],
  ["metadata", OBJECT],
  ["logit_bias", OBJECT],
  ["response_format", OBJECT],
  ["stop", STOP],
  ["tool_choice", CHOICE],
  ["modalities", STRINGS],
]);

/** Those of which there must be one at least. */
const POSITIVE = ["max_tokens", "max_completion_tokens", "n"];

/** What bodies of these requests have, and those of other dialects hardly. */
export const openaiSigns: Signs = {
  keys: [
    "frequency_penalty",
    "functions",
    "logit_bias",
    "logprobs",
    "max_completion_tokens",
    "n",
    "parallel_tool_calls",
    "presence_penalty",
    "reasoning_effort",
    "response_format",
    "seed",
    "stop",
    "stream_options",
  ],
  toolKeys: ["function"],
  roles: ["system", "developer", "tool", "function"],
  model: /gpt|^o\d/i,
};

/** Throws {@linkcode BadRequest}, naming the first parameter that has another type than the provider wants. */
export function checkOptions(body: JsonObject): void {
  for (const [key, { passes, name }] of TYPES) {
    const value = own(body, key) ?? null;
    if (value !== null && !passes(value)) throw wrongType(key, name, value);
  }
  for (const key of POSITIVE) {
    const value = own(body, key) ?? null;
    if (value !== null && Number(value) < 1) throw belowMinimum(key, 1, value);
  }
}

function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every(STRING.passes);
}

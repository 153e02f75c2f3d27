/**
 * The parameters of an OpenAI request besides its messages and tools: each has the type and the
 * range that the provider wants, and those that change an answer are told in neutral words.
 *
 * @module
 */

import { type JsonObject, own } from "../wire/json.ts";
import {
  boolean,
  both,
  type Check,
  checkBias,
  checkEffort,
  checkMaxTokens,
  checkMetadata,
  checkModalities,
  checkStop,
  checkTopLogprobs,
  checkWebSearch,
  integer,
  object,
  oneOf,
  sampled,
  string,
} from "./_openai_checks.ts";
import { readFormat } from "./_openai_format.ts";
import type { Gathered } from "./_wishes.ts";
import type { Signs } from "./dialect.ts";

/** A parameter. Both are given its value, which is not null, its name and the body it is in. */
interface Parameter {
  /** Throws {@linkcode BadRequest} if the provider does not take it. */
  readonly check: Check;
  /** Says what it asks for. */
  readonly ask?: (value: never, wishes: Gathered, body: JsonObject) => void;
}

const EFFORT = oneOf(
  "none",
  "minimal",
  "low",
  "medium",
  "high",
  "xhigh",
  "max",
);

const MAX_TOKENS = {
  ask: (value: number, wishes: Gathered) => {
    wishes.maxTokens = value;
  },
};

const PARAMETERS: ReadonlyMap<string, Parameter> = new Map<string, Parameter>([
  ["temperature", { check: sampled(0, 2, 1) }],
  ["top_p", { check: sampled(0, 1, 1) }],
  ["frequency_penalty", { check: sampled(-2, 2, 0) }],
  ["presence_penalty", { check: sampled(-2, 2, 0) }],
  ["max_tokens", { check: both(integer(1), checkMaxTokens), ...MAX_TOKENS }],
  ["max_completion_tokens", { check: integer(1), ...MAX_TOKENS }],
  ["n", { check: integer(1, 128), ask: askChoices }],
  ["seed", { check: integer(), ask: (value, wishes) => wishes.seed = value }],
  ["stop", { check: checkStop, ask: askStop }],
  ["logprobs", { check: boolean, ask: askLogprobs }],
  ["top_logprobs", { check: both(integer(0, 20), checkTopLogprobs) }],
  ["logit_bias", { check: checkBias }],
  ["response_format", { check: object, ask: readFormat }],
  ["reasoning_effort", { check: both(EFFORT, checkEffort), ask: askReasoning }],
  ["parallel_tool_calls", { check: boolean }],
  ["modalities", { check: checkModalities }],
  ["audio", { check: object }],
  ["store", { check: boolean }],
  ["metadata", { check: checkMetadata }],
  ["service_tier", {
    check: oneOf("auto", "default", "flex", "scale", "priority", "fast"),
  }],
  ["verbosity", { check: oneOf("low", "medium", "high") }],
  ["prediction", { check: object }],
  ["moderation", { check: object }],
  ["web_search_options", { check: both(object, checkWebSearch) }],
  ["prompt_cache_options", { check: object }],
  ["prompt_cache_retention", { check: string }],
  ["prompt_cache_key", { check: string }],
  ["safety_identifier", { check: string }],
  ["user", { check: string }],
]);

/** The names of those that are judged here; the others have files of their own. */
export const openaiParameters: readonly string[] = [...PARAMETERS.keys()];

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

/** What `body` asks for; undefined when it is nothing. Throws {@linkcode BadRequest}, naming the first parameter that is wrong. */
export function readOptions(body: JsonObject): Gathered | undefined {
  let wishes: Gathered | undefined;
  for (const key of Object.keys(body)) {
    const parameter = PARAMETERS.get(key);
    if (parameter === undefined) continue;
    const value = body[key] ?? null;
    if (value === null) continue;
    parameter.check(value, key, body);
    parameter.ask?.(value as never, wishes ??= {}, body);
  }
  return wishes;
}

// What they ask for ──────────────────────────────────────────────────────────

function askChoices(value: number, wishes: Gathered): void {
  if (value > 1) wishes.choices = value;
}

function askStop(value: string | readonly string[], wishes: Gathered): void {
  const stop = [value].flat().filter((text) => text !== "");
  if (stop.length > 0) wishes.stop = stop;
}

function askLogprobs(
  value: boolean,
  wishes: Gathered,
  body: JsonObject,
): void {
  const top = own(body, "top_logprobs");
  if (value) wishes.logprobs = { top: typeof top === "number" ? top : 0 };
}

function askReasoning(value: string, wishes: Gathered): void {
  wishes.reasoning = value !== "none";
}

/**
 * The parameters of a request to Anthropic besides its messages and tools: each has the type and
 * the range that the provider wants, and those that change an answer are told in neutral words.
 *
 * @module
 */

import { isObject, type JsonObject, own } from "../wire/json.ts";
import { checkCacheControl } from "./_anthropic_caching.ts";
import { refuse, REQUIRED, stringAt } from "./_anthropic_fields.ts";
import { checkThinking } from "./_anthropic_thinking.ts";
import { checkThread } from "./_anthropic_threads.ts";
import type { Gathered } from "./_wishes.ts";
import type { Inbound } from "./dialect.ts";

/** A parameter; its value is not null. */
interface Parameter {
  /** Throws {@linkcode BadRequest} if the provider does not take it. */
  check(value: unknown, key: string, body: JsonObject, headers: Headers): void;
  /** Says what it asks for. */
  readonly ask?: (value: never, wishes: Gathered) => void;
}

type Check = Parameter["check"];

const OPTIONS: ReadonlyMap<string, Parameter> = new Map<string, Parameter>([
  ["max_tokens", {
    check: integer(1),
    ask: (value, wishes) => wishes.maxTokens = value,
  }],
  ["stream", { check: boolean }],
  ["temperature", { check: number(0, 1) }],
  ["top_p", { check: unlessOff(number(0, 1)) }],
  ["top_k", { check: unlessOff(integer(0)) }],
  ["stop_sequences", { check: checkStops, ask: askStops }],
  ["thinking", { check: checkThinking, ask: askThinking }],
  ["output_config", { check: checkOutput, ask: askOutput }],
  ["output_format", { check: checkFormat, ask: askFormat }],
  ["metadata", { check: checkMetadata }],
  ["service_tier", { check: oneOf("auto", "standard_only") }],
  ["speed", { check: oneOf("standard", "fast") }],
  ["cache_control", { check: checkCacheControl }],
  ["context_management", { check: object }],
  ["mcp_servers", { check: array }],
  ["inference_geo", { check: string }],
  ["user_profile_id", { check: string }],
  ["workspace_id", { check: string }],
  ["thread", { check: checkThread }],
]);

/** The names of those that are judged here; the others have files of their own. */
export const anthropicParameters: readonly string[] = [...OPTIONS.keys()];

const SAMPLING = ["temperature", "top_p", "top_k"];

/** What 2026-10-21 no longer takes, whatever its value. */
export function refuseSampling(body: JsonObject): void {
  const extra = SAMPLING.find((key) => own(body, key) !== undefined);
  if (extra !== undefined) refuse(extra, "Extra inputs are not permitted");
}

/** What is asked for; undefined when it is nothing. Throws {@linkcode BadRequest}, naming the first parameter that is wrong. */
export function optionsOf(
  body: JsonObject,
  { headers }: Inbound,
): Gathered | undefined {
  let wishes: Gathered | undefined;
  for (const key of Object.keys(body)) {
    const option = OPTIONS.get(key);
    if (option === undefined) continue;
    const value = body[key] ?? null;
    if (value === null) continue;
    option.check(value, key, body, headers);
    option.ask?.(value as never, wishes ??= {});
  }
  return wishes;
}

// Types and ranges ───────────────────────────────────────────────────────────

function string(value: unknown, key: string): void {
  if (typeof value !== "string") refuse(key, "Input should be a valid string");
}

function boolean(value: unknown, key: string): void {
  if (typeof value !== "boolean") {
    refuse(key, "Input should be a valid boolean");
  }
}

function object(value: unknown, key: string): void {
  if (!isObject(value)) refuse(key, "Input should be an object");
}

function array(value: unknown, key: string): void {
  if (!Array.isArray(value)) refuse(key, "Input should be a valid array");
}

function oneOf(first: string, ...others: readonly string[]): Check {
  const names = [first, ...others].map((name) => `'${name}'`);
  const last = names.pop();
  return (value, key) => {
    if (value === first || others.some((it) => it === value)) return;
    refuse(key, `Input should be ${names.join(", ")} or ${last}`);
  };
}

function integer(minimum: number): Check {
  return (value, key) => {
    if (!Number.isInteger(value)) {
      refuse(key, "Input should be a valid integer");
    }
    inRange(Number(value), key, minimum, Infinity);
  };
}

function number(minimum: number, maximum: number): Check {
  return (value, key) => {
    if (typeof value !== "number") {
      refuse(key, "Input should be a valid number");
    }
    inRange(value, key, minimum, maximum);
  };
}

/** Older LangChain sends -1 for what is not set, and the provider takes it. */
function unlessOff(check: Check): Check {
  return (value, key, body, headers) => {
    if (value !== -1) check(value, key, body, headers);
  };
}

function inRange(
  value: number,
  key: string,
  minimum: number,
  maximum: number,
): void {
  if (value < minimum) {
    refuse(key, `Input should be greater than or equal to ${minimum}`);
  }
  if (value > maximum) {
    refuse(key, `Input should be less than or equal to ${maximum}`);
  }
}

// What one of them demands besides, and asks for ─────────────────────────────

function checkStops(value: unknown, key: string): void {
  if (!Array.isArray(value)) refuse(key, "Input should be a valid array");
  for (const [index, text] of value.entries()) {
    string(text, `${key}.${index}`);
    if (/\S/.test(text)) continue;
    refuse(key, "each stop sequence must contain non-whitespace");
  }
}

function askStops(value: readonly string[], wishes: Gathered): void {
  if (value.length > 0) wishes.stop = value;
}

function askThinking(value: JsonObject, wishes: Gathered): void {
  wishes.reasoning = own(value, "type") !== "disabled";
}

function checkMetadata(value: unknown, key: string): void {
  if (!isObject(value)) refuse(key, "Input should be an object");
  if ((own(value, "user_id") ?? null) !== null) stringAt(value, "user_id", key);
}

const checkEffort = oneOf("low", "medium", "high", "xhigh", "max");

function checkOutput(value: unknown, key: string): void {
  if (!isObject(value)) refuse(key, "Input should be an object");
  const effort = own(value, "effort") ?? undefined;
  if (effort !== undefined) {
    checkEffort(effort, `${key}.effort`, value, NO_HEADERS);
  }
  const format = own(value, "format") ?? undefined;
  if (format !== undefined) checkFormat(format, `${key}.format`);
}

const NO_HEADERS = new Headers();

function checkFormat(value: unknown, path: string): void {
  if (!isObject(value)) refuse(path, "Input should be an object");
  const type = stringAt(value, "type", path);
  if (type !== "json_schema") {
    refuse(`${path}.type`, "Input should be 'json_schema'");
  }
  const schema = own(value, "schema");
  if (schema === undefined) refuse(`${path}.schema`, REQUIRED);
  object(schema, `${path}.schema`);
}

function askOutput(value: JsonObject, wishes: Gathered): void {
  const format = own(value, "format");
  if (isObject(format)) askFormat(format, wishes);
}

function askFormat(format: JsonObject, wishes: Gathered): void {
  wishes.responseFormat = "json_schema";
  wishes.responseSchema = own(format, "schema");
}

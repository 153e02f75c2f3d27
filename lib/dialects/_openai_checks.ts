/**
 * What single parameters of an OpenAI request must be. Every check is given a value that is not
 * null, its name and the body it is in, and throws {@linkcode BadRequest}.
 *
 * @module
 */

import { isObject, type JsonObject, own } from "../wire/json.ts";
import {
  aboveMaximum,
  arrayTooLong,
  belowMinimum,
  complaint,
  onlyEnabled,
  stringTooLong,
  wrongType,
  wrongValue,
} from "./_openai_complaints.ts";
import {
  refuseEffort,
  refuseMaxTokens,
  refuseSampling,
} from "./_openai_reasoners.ts";
import { shown } from "./_shown.ts";

/** Throws for a value that the provider does not take. */
export type Check = (value: unknown, key: string, body: JsonObject) => void;

// Types and ranges ───────────────────────────────────────────────────────────

/** Demands a text. */
export function string(value: unknown, key: string): void {
  if (typeof value !== "string") throw wrongType(key, "a string", value);
}

/** Demands a boolean. */
export function boolean(value: unknown, key: string): void {
  if (typeof value !== "boolean") throw wrongType(key, "a boolean", value);
}

/** Demands an object. */
export function object(value: unknown, key: string): void {
  if (!isObject(value)) throw wrongType(key, "an object", value);
}

/** Demands one of those known. */
export function oneOf(...known: readonly string[]): Check {
  return (value, key) => {
    if (typeof value !== "string") throw wrongType(key, "a string", value);
    if (!known.includes(value)) throw wrongValue(key, value, known);
  };
}

/** Demands a whole number of a range. */
export function integer(minimum = -Infinity, maximum = Infinity): Check {
  return (value, key) => {
    if (!Number.isInteger(value)) throw wrongType(key, "an integer", value);
    inRange(key, "integer", Number(value), minimum, maximum);
  };
}

function inRange(
  key: string,
  type: "integer" | "decimal",
  value: number,
  minimum: number,
  maximum: number,
): void {
  if (value < minimum) throw belowMinimum(key, type, minimum, value);
  if (value > maximum) throw aboveMaximum(key, type, maximum, value);
}

/** A decimal that reasoning models take only as it is when it is not given. */
export function sampled(
  minimum: number,
  maximum: number,
  standard: number,
): Check {
  return (value, key, body) => {
    if (typeof value !== "number") throw wrongType(key, "a decimal", value);
    inRange(key, "decimal", value, minimum, maximum);
    refuseSampling(body, key, value, standard);
  };
}

/** Demands one thing, then another. */
export function both(first: Check, second: Check): Check {
  return (value, key, body) => {
    first(value, key, body);
    second(value, key, body);
  };
}

// What one of them demands besides ───────────────────────────────────────────

/** The old name of the limit is not for all models, and not for use beside the new one. */
export function checkMaxTokens(
  _value: unknown,
  key: string,
  body: JsonObject,
): void {
  refuseMaxTokens(body);
  if ((own(body, "max_completion_tokens") ?? null) === null) return;
  throw complaint(
    "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
    key,
    "invalid_parameter_combination",
  );
}

/** Only what reasons does so with an effort. */
export function checkEffort(
  _value: unknown,
  key: string,
  body: JsonObject,
): void {
  refuseEffort(body, key);
}

/** Most stop strings. */
const STOPS_MAX = 4;

/** A text or a few of them. */
export function checkStop(value: unknown, key: string): void {
  if (typeof value === "string") return;
  if (!Array.isArray(value) || value.some((it) => typeof it !== "string")) {
    throw wrongType(key, "one of a string or array of strings", value);
  }
  if (value.length > STOPS_MAX) {
    throw arrayTooLong(key, STOPS_MAX, value.length);
  }
}

/** Alternatives come only with probabilities. */
export function checkTopLogprobs(
  _value: unknown,
  key: string,
  body: JsonObject,
): void {
  if (own(body, "logprobs") !== true) throw onlyEnabled(key, "logprobs");
}

const BIAS_MAX = 100;

/** A number of a range for each token. */
export function checkBias(value: unknown, key: string): void {
  if (!isObject(value)) throw wrongType(key, "an object", value);
  for (const [token, bias] of Object.entries(value)) {
    const path = `${key}.${shown(token)}`;
    if (typeof bias !== "number") throw wrongType(path, "a decimal", bias);
    inRange(path, "decimal", bias, -BIAS_MAX, BIAS_MAX);
  }
}

/** Text is all that is spoken here. */
export function checkModalities(value: unknown, key: string): void {
  const strings = Array.isArray(value) &&
    value.every((it) => typeof it === "string");
  if (!strings) throw wrongType(key, "an array of strings", value);
  const unknown = value.find((it) => it !== "text" && it !== "audio");
  if (unknown !== undefined) {
    throw wrongValue(
      `${key}[${value.indexOf(unknown)}]`,
      unknown,
      ["text", "audio"],
    );
  }
  if (!value.includes("audio")) return;
  throw complaint(
    `Unsupported value: '${key}' does not support 'audio' with this model: the mock answers in text only. Leave '${key}' out, or send ['text'].`,
    key,
    "unsupported_value",
  );
}

const METADATA_MAX = 16;
const METADATA_KEY_CHARS_MAX = 64;
const METADATA_CHARS_MAX = 512;

/** A few short texts. */
export function checkMetadata(value: unknown, key: string): void {
  if (!isObject(value)) throw wrongType(key, "an object", value);
  const pairs = Object.entries(value);
  if (pairs.length > METADATA_MAX) {
    throw complaint(
      `Invalid '${key}': too many properties. Expected an object with at most ${METADATA_MAX} properties, but got an object with ${pairs.length} properties instead.`,
      key,
      "object_above_max_properties",
    );
  }
  for (const [name, text] of pairs) {
    if (name.length > METADATA_KEY_CHARS_MAX) {
      throw stringTooLong(key, METADATA_KEY_CHARS_MAX, name.length);
    }
    const path = `${key}.${name}`;
    if (typeof text !== "string") throw wrongType(path, "a string", text);
    if (text.length > METADATA_CHARS_MAX) {
      throw stringTooLong(path, METADATA_CHARS_MAX, text.length);
    }
  }
}

/** OpenAI's own models; of a model with any other name nobody knows what it can. */
const OPENAI_MODEL = /^(gpt-|o\d|chatgpt-)/;

/** OpenAI's own models search only where their names say so. */
export function checkWebSearch(
  _value: unknown,
  key: string,
  body: JsonObject,
): void {
  const model = String(own(body, "model"));
  if (!OPENAI_MODEL.test(model) || model.includes("search")) return;
  throw complaint("Web search options not supported with this model.", key);
}

/**
 * What request headers ask for, whatever the rules say: a token stream, a model's name, a seed.
 *
 * @module
 */

import {
  HEADER_CHARS_MAX,
  TOKEN_CHARS_RANGE,
  TOKEN_COUNT_RANGE,
  TOKENS_PER_SECOND_RANGE,
} from "../core/limits.ts";
import { BadRequest } from "../core/reply.ts";
import { headerText } from "../wire/headers.ts";

/** What the headers ask for; a header that was not sent is absent. */
export interface TokensAsked {
  /** `X-Token-Count`, clamped. */
  readonly count?: number;
  /** `X-Tokens-Per-Second`, clamped. */
  readonly rate?: number;
  /** `X-Token-Length`, clamped: characters of each token. */
  readonly length?: number;
}

/** What holds where a header was not sent. */
export const TOKEN_DEFAULTS = {
  count: 100,
  rate: 10,
  length: 4,
  model: "mock-llm-model",
} as const;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Whether `packed` headers (`packHeaders()`) may hold any that this file reads: most requests bring none. */
export function mayAsk(packed: string): boolean {
  return packed.includes("x-mo") || packed.includes("x-to");
}

/** Reads the headers; undefined when none of the three was sent. Throws {@linkcode BadRequest}, naming the header. */
export function readTokensAsked(headers: Headers): TokensAsked | undefined {
  const count = readNumber(headers, "X-Token-Count", TOKEN_COUNT_RANGE);
  const rate = readNumber(
    headers,
    "X-Tokens-Per-Second",
    TOKENS_PER_SECOND_RANGE,
  );
  const length = readNumber(headers, "X-Token-Length", TOKEN_CHARS_RANGE);
  if (count === undefined && rate === undefined && length === undefined) {
    return undefined;
  }
  return {
    ...(count === undefined ? {} : { count: Math.floor(count) }),
    ...(rate === undefined ? {} : { rate }),
    ...(length === undefined ? {} : { length: Math.floor(length) }),
  };
}

/** The name that `X-Model-Id` gives the model, cut to a sane length; undefined when it was not sent. */
export function readModelId(headers: Headers): string | undefined {
  const value = headers.get("x-model-id");
  if (value === null || value === "") return undefined;
  return headerText(value).slice(0, HEADER_CHARS_MAX);
}

/** `X-Mock-Session`, cut to a sane length; empty when it was not sent. */
export function readSession(headers: Headers): string {
  const value = headers.get("x-mock-session");
  return value === null ? "" : headerText(value).slice(0, HEADER_CHARS_MAX);
}

/** The rule that `X-Mock-Rule` demands by name; undefined when it was not sent. */
export function readRule(headers: Headers): string | undefined {
  const value = headers.get("x-mock-rule");
  return value === null || value === "" ? undefined : decoded(value);
}

/** The pace that `X-Mock-Pace` names; undefined when it was not sent. */
export function readPace(headers: Headers): string | undefined {
  const value = headers.get("x-mock-pace");
  return value === null || value === "" ? undefined : decoded(value);
}

/** A name out of a header: percent-encoded, as answers give it, or as it is. */
function decoded(value: string): string {
  const text = headerText(value);
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign that means itself
  }
}

/** `X-Mock-Seed`; undefined when it was not sent. Throws {@linkcode BadRequest}, naming the header. */
export function readSeed(headers: Headers): number | undefined {
  const value = headers.get("x-mock-seed");
  if (value === null) return undefined;
  const seed = /^\d{1,16}$/.test(value) ? Number(value) : NaN;
  if (Number.isSafeInteger(seed)) return seed;
  throw notANumber(
    "X-Mock-Seed",
    `a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`,
    value,
  );
}

function readNumber(
  headers: Headers,
  name: string,
  [min, max]: readonly [number, number],
): number | undefined {
  const value = headers.get(name);
  if (value === null) return undefined;
  if (!NUMBER.test(value)) {
    throw notANumber(name, `a number from ${min} to ${max}`, value);
  }
  return Math.min(max, Math.max(min, Number(value)));
}

function notANumber(name: string, wanted: string, value: string): BadRequest {
  const shown = JSON.stringify(headerText(value).slice(0, 100).toWellFormed());
  return new BadRequest({
    message: `${name}: expected ${wanted}, but got ${shown}`,
    field: name,
  });
}

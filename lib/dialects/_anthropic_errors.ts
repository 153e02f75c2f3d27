/**
 * How Anthropic words a refusal: status, type and words of every kind.
 *
 * @module
 */

import type { Failure, FailureKind } from "../core/reply.ts";
import type { JsonObject } from "../wire/json.ts";
import {
  INPUT_TOKENS_PER_MINUTE,
  REQUESTS_PER_MINUTE,
} from "./_anthropic_headers.ts";
import type { Refusal } from "./dialect.ts";

/** Anthropic's error envelope, which repeats the id of the request. */
export function anthropicRefuse(
  failure: Failure,
  headers: Readonly<Record<string, string>>,
): Refusal {
  const { status } = ROWS[failure.kind];
  const error = anthropicError(failure);
  const body = { type: "error", error, request_id: headers["request-id"] };
  return { status: failure.status ?? status, body: JSON.stringify(body) };
}

/** What went wrong, as it stands in a body and in the middle of a stream. */
export function anthropicError(failure: Failure): JsonObject {
  const row = ROWS[failure.kind];
  const code = failure.code ?? row.code;
  return {
    type: failure.errorType ?? row.type,
    message: wordsOf(failure).toWellFormed(),
    ...(code !== undefined && { details: { error_code: code } }),
  };
}

/** One way of refusing. */
interface Row {
  /** HTTP status. */
  readonly status: number;
  /** `type`. */
  readonly type: string;
  /** `details.error_code`, which few errors have. */
  readonly code?: string;
  /** What is said where nobody else has words. */
  readonly words?: string | ((failure: Failure) => string);
}

const ROWS: Readonly<Record<FailureKind, Row>> = {
  "bad-request": {
    status: 400,
    type: "invalid_request_error",
    words:
      "There was an issue with the format or content of your request. We may also use this error type for other 4XX status codes not listed below.",
  },
  "bad-json": { status: 400, type: "invalid_request_error" },
  "insufficient-quota": {
    status: 400,
    type: "invalid_request_error",
    words:
      "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
  },
  "context-length": {
    status: 400,
    type: "invalid_request_error",
    words: ({ tokens = { max: 200_000, prompt: 210_000 } }) =>
      `prompt is too long: ${tokens.prompt} tokens > ${tokens.max} maximum`,
  },
  "max-output": {
    status: 400,
    type: "invalid_request_error",
    words: ({ tokens, subject }) =>
      `max_tokens: ${tokens?.answer} > ${tokens?.max}, which is the maximum allowed number of output tokens for ${subject}`,
  },
  "no-key": {
    status: 401,
    type: "authentication_error",
    words: "x-api-key header is required",
  },
  "invalid-key": {
    status: 401,
    type: "authentication_error",
    words: "invalid x-api-key",
  },
  "billing": {
    status: 402,
    type: "billing_error",
    words: "There's an issue with your billing or payment information.",
  },
  "forbidden": {
    status: 403,
    type: "permission_error",
    words:
      "Your API key does not have permission to use the specified resource.",
  },
  "unknown-path": {
    status: 404,
    type: "not_found_error",
    words: "Not Found",
  },
  "unknown-model": {
    status: 404,
    type: "not_found_error",
    words: ({ subject }) => `model: ${subject}`,
  },
  "no-match": { status: 404, type: "not_found_error" },
  "method-not-allowed": {
    status: 405,
    type: "invalid_request_error",
    words: "Method Not Allowed",
  },
  "timeout": {
    status: 408,
    type: "timeout_error",
    words: "The request timed out",
  },
  "conflict": {
    status: 409,
    type: "conflict_error",
    words: "The request conflicts with another one",
  },
  "too-large": {
    status: 413,
    type: "request_too_large",
    words: "Request exceeds the maximum size",
  },
  "unsupported-media": {
    status: 415,
    type: "invalid_request_error",
    words: "Unsupported Media Type",
  },
  "unprocessable": {
    status: 422,
    type: "invalid_request_error",
    words: "The request could not be processed",
  },
  "rate-limit": {
    status: 429,
    type: "rate_limit_error",
    words: rateWords("requests", REQUESTS_PER_MINUTE),
  },
  "token-rate-limit": {
    status: 429,
    type: "rate_limit_error",
    words: rateWords("input tokens", INPUT_TOKENS_PER_MINUTE),
  },
  "spend-limit": {
    status: 429,
    type: "rate_limit_error",
    code: "enforced_spend_limit_reached",
    words: "You have reached your specified API usage limits.",
  },
  "internal": { status: 500, type: "api_error" },
  "broken-rule": { status: 500, type: "api_error" },
  "server-error": {
    status: 500,
    type: "api_error",
    words: "Internal server error",
  },
  "shutting-down": { status: 503, type: "api_error" },
  "gateway-timeout": {
    status: 504,
    type: "timeout_error",
    words: "The request timed out while processing.",
  },
  "overloaded": {
    status: 529,
    type: "overloaded_error",
    words: "Overloaded",
  },
};

function rateWords(what: string, limit: number): string {
  const shown = String(limit).replace(/\B(?=(\d{3})+$)/g, ",");
  return `This request would exceed your organization's rate limit of ${shown} ${what} per minute. Please reduce the prompt length or the maximum tokens requested, or try again later.`;
}

/** The provider's own words where it has some, and nobody else's are given. */
function wordsOf(failure: Failure): string {
  const { words } = ROWS[failure.kind];
  const { message, subject, tokens, limit, kind } = failure;
  const own = message === "" || subject !== undefined ||
    tokens !== undefined || limit !== undefined && kind === "too-large";
  if (!own || words === undefined) {
    return message || "The request could not be answered";
  }
  return typeof words === "string" ? words : words(failure);
}

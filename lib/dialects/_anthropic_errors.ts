/**
 * How Anthropic words a refusal.
 *
 * @module
 */

import type { Failure, FailureKind } from "../core/reply.ts";
import type { JsonObject } from "../wire/json.ts";
import type { Refusal } from "./dialect.ts";

/** Anthropic's error envelope, which repeats the id of the request. */
export function anthropicRefuse(
  failure: Failure,
  headers: Readonly<Record<string, string>>,
): Refusal {
  const [status] = KINDS[failure.kind];
  const error = anthropicError(failure);
  const body = { type: "error", error, request_id: headers["request-id"] };
  return { status: failure.status ?? status, body: JSON.stringify(body) };
}

/** What went wrong, as it stands in a body and in the middle of a stream. */
export function anthropicError(failure: Failure): JsonObject {
  const [, type] = KINDS[failure.kind];
  return {
    type: failure.errorType ?? type,
    message: wordingOf(failure).toWellFormed(),
  };
}

const KINDS: Readonly<Record<FailureKind, readonly [number, string]>> = {
  "bad-request": [400, "invalid_request_error"],
  "bad-json": [400, "invalid_request_error"],
  "forbidden": [403, "permission_error"],
  "unknown-path": [404, "not_found_error"],
  "unknown-model": [404, "not_found_error"],
  "method-not-allowed": [405, "invalid_request_error"],
  "timeout": [408, "timeout_error"],
  "too-large": [413, "request_too_large"],
  "unsupported-media": [415, "invalid_request_error"],
  "internal": [500, "api_error"],
  "shutting-down": [503, "api_error"],
  "no-match": [404, "not_found_error"],
  "broken-rule": [500, "api_error"],
  "invalid-key": [401, "authentication_error"],
  "rate-limit": [429, "rate_limit_error"],
  "insufficient-quota": [400, "invalid_request_error"],
  "context-length": [400, "invalid_request_error"],
  "overloaded": [529, "overloaded_error"],
  "server-error": [500, "api_error"],
};

/** What the provider says where a rule gives no words. */
const WORDS: Readonly<Partial<Record<FailureKind, string>>> = {
  "invalid-key": "invalid x-api-key",
  "rate-limit":
    "This request would exceed your organization's rate limit of 50 requests per minute. Please try again later.",
  "insufficient-quota":
    "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
  "context-length": "prompt is too long: 210000 tokens > 200000 maximum",
  "overloaded": "Overloaded",
  "server-error": "Internal server error",
};

function wordingOf({ kind, message, subject }: Failure): string {
  switch (kind) {
    case "unknown-model":
      return `model: ${subject}`;
    case "too-large":
      return "Request exceeds the maximum size";
    default:
      return message === ""
        ? WORDS[kind] ?? "The request could not be answered"
        : message;
  }
}

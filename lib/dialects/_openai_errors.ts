/**
 * How OpenAI words a refusal.
 *
 * @module
 */

import type { Failure, FailureKind } from "../core/reply.ts";
import { sse } from "../wire/framing.ts";
import type { Refusal } from "./dialect.ts";

const STATUS: Readonly<Record<FailureKind, number>> = {
  "bad-request": 400,
  "bad-json": 400,
  "forbidden": 403,
  "unknown-path": 404,
  "unknown-model": 404,
  "method-not-allowed": 405,
  "timeout": 408,
  "too-large": 413,
  "unsupported-media": 415,
  "internal": 500,
  "shutting-down": 503,
  "no-match": 404,
  "broken-rule": 500,
  "invalid-key": 401,
  "rate-limit": 429,
  "insufficient-quota": 429,
  "context-length": 400,
  "overloaded": 503,
  "server-error": 500,
};

/** Types that do not follow from the status. */
const TYPE: Readonly<Partial<Record<FailureKind, string>>> = {
  "rate-limit": "requests",
  "insufficient-quota": "insufficient_quota",
  "overloaded": "service_unavailable_error",
};

const CODE: Readonly<Partial<Record<FailureKind, string>>> = {
  "unknown-model": "model_not_found",
  "method-not-allowed": "method_not_supported",
  "invalid-key": "invalid_api_key",
  "rate-limit": "rate_limit_exceeded",
  "insufficient-quota": "insufficient_quota",
  "context-length": "context_length_exceeded",
};

const FIELD: Readonly<Partial<Record<FailureKind, string>>> = {
  "context-length": "messages",
};

/** What the provider says where a rule gives no words. */
const WORDS: Readonly<Partial<Record<FailureKind, string>>> = {
  "invalid-key":
    "Incorrect API key provided: sk-mock. You can find your API key at https://platform.openai.com/account/api-keys.",
  "rate-limit":
    "Rate limit reached for requests. Please try again later. Visit https://platform.openai.com/account/rate-limits to learn more.",
  "insufficient-quota":
    "You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
  "context-length":
    "This model's maximum context length is 128000 tokens. However, your messages resulted in more. Please reduce the length of the messages.",
  "overloaded": "The engine is currently overloaded, please try again later",
  "server-error":
    "The server had an error while processing your request. Sorry about that!",
};

const BAD_JSON =
  "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble figuring out how to fix this, please contact us through our help center at help.openai.com.)";

const OTHERWISE = "The request could not be answered";

/** OpenAI's error envelope: all four keys, always. */
export function openaiRefuse(failure: Failure): Refusal {
  const body = JSON.stringify({ error: errorOf(failure) }, null, 2) + "\n";
  return { status: statusOf(failure), body };
}

/** The same in the middle of a stream: one event, after which the stream ends. */
export function openaiStreamError(failure: Failure): string {
  return sse(JSON.stringify({ error: errorOf(failure) }));
}

function statusOf({ status, kind }: Failure): number {
  return status ?? STATUS[kind];
}

function errorOf(failure: Failure): Record<string, string | null> {
  const status = statusOf(failure);
  return {
    message: refusalText(failure).toWellFormed(),
    type: failure.errorType ?? TYPE[failure.kind] ??
      (status < 500 ? "invalid_request_error" : "server_error"),
    param: failure.field?.toWellFormed() ?? FIELD[failure.kind] ?? null,
    code: failure.code ?? CODE[failure.kind] ?? null,
  };
}

function refusalText(failure: Failure): string {
  switch (failure.kind) {
    case "bad-json":
      return BAD_JSON;
    case "unknown-model":
      return `The model \`${failure.subject}\` does not exist or you do not have access to it.`;
    default:
      return failure.message === ""
        ? WORDS[failure.kind] ?? OTHERWISE
        : failure.message;
  }
}

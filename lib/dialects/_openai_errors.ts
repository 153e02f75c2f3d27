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
};

const CODE: Readonly<Partial<Record<FailureKind, string>>> = {
  "unknown-model": "model_not_found",
  "method-not-allowed": "method_not_supported",
};

const BAD_JSON =
  "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble figuring out how to fix this, please contact us through our help center at help.openai.com.)";

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
    type: failure.errorType ??
      (status < 500 ? "invalid_request_error" : "server_error"),
    param: failure.field?.toWellFormed() ?? null,
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
      return failure.message;
  }
}

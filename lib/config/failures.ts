/**
 * Errors that rules answer with, by name or by status.
 *
 * @module
 */

import type { Failure, FailureKind } from "../core/reply.ts";

const NAMED = {
  invalid_request: "bad-request",
  invalid_api_key: "invalid-key",
  permission_denied: "forbidden",
  not_found: "unknown-path",
  model_not_found: "unknown-model",
  timeout: "timeout",
  request_too_large: "too-large",
  context_length_exceeded: "context-length",
  rate_limit: "rate-limit",
  insufficient_quota: "insufficient-quota",
  server_error: "server-error",
  overloaded: "overloaded",
} as const satisfies Readonly<Record<string, FailureKind>>;

/** The names of errors. */
export const FAILURE_NAMES = Object.keys(NAMED) as readonly FailureName[];

/** One of {@linkcode FAILURE_NAMES}. */
export type FailureName = keyof typeof NAMED;

/** The error of that name, as the provider words it. */
export function namedFailure(name: FailureName): Failure {
  return failureOf(NAMED[name]);
}

/** An error of the author's own that fits its shape. Its headers are read by hand. */
export interface CheckedError {
  /** `status`. */
  readonly status?: number | undefined;
  /** `type`. */
  readonly type?: string | undefined;
  /** `code`. */
  readonly code?: string | undefined;
  /** `message`. */
  readonly message?: string | undefined;
  /** `retry_after`, in milliseconds. */
  readonly retry_after?: number | undefined;
}

/** An error of the author's own; what it does not say follows from the status. */
export function ownFailure(
  { status, type, code, message, retry_after: retryMs }: CheckedError & {
    readonly status: number;
  },
  headers: Readonly<Record<string, string>>,
): Failure {
  const all = { ...retryMs !== undefined && retryHeaders(retryMs), ...headers };
  return {
    ...failureOf(kindOf(status)),
    status,
    ...(message !== undefined && { message }),
    ...(type !== undefined && { errorType: type }),
    ...(code !== undefined && { code }),
    ...(Object.keys(all).length > 0 && { headers: all }),
  };
}

/** What is said where neither the author nor every provider has words. */
const WORDS: Readonly<Partial<Record<FailureKind, string>>> = {
  "bad-request": "The request is invalid",
  "forbidden": "You have no permission to use this resource",
  "unknown-path": "Not found",
  "method-not-allowed": "Method not allowed",
  "timeout": "The request timed out",
  "too-large": "The request is too large",
  "unsupported-media": "Unsupported media type",
};

const KINDS: Readonly<Partial<Record<number, FailureKind>>> = {
  401: "invalid-key",
  403: "forbidden",
  404: "unknown-path",
  405: "method-not-allowed",
  408: "timeout",
  413: "too-large",
  415: "unsupported-media",
  429: "rate-limit",
  503: "overloaded",
  504: "timeout",
  529: "overloaded",
};

function kindOf(status: number): FailureKind {
  return KINDS[status] ?? (status < 500 ? "bad-request" : "server-error");
}

function failureOf(kind: FailureKind): Failure {
  return { type: "failure", kind, message: WORDS[kind] ?? "" };
}

/** SDKs look for the milliseconds first. */
function retryHeaders(ms: number): Record<string, string> {
  const seconds = Math.ceil(ms / 1_000);
  return {
    "retry-after": String(seconds),
    ...(seconds * 1_000 !== ms && { "retry-after-ms": String(ms) }),
  };
}

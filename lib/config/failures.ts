/**
 * Errors that rules answer with, by name or by status.
 *
 * @module
 */

import type { Failure, FailureKind } from "../core/reply.ts";

const NAMED = {
  invalid_request: "bad-request",
  context_length_exceeded: "context-length",
  missing_api_key: "no-key",
  invalid_api_key: "invalid-key",
  billing: "billing",
  permission_denied: "forbidden",
  not_found: "unknown-path",
  model_not_found: "unknown-model",
  method_not_allowed: "method-not-allowed",
  timeout: "timeout",
  conflict: "conflict",
  request_too_large: "too-large",
  unprocessable: "unprocessable",
  rate_limit: "rate-limit",
  token_rate_limit: "token-rate-limit",
  insufficient_quota: "insufficient-quota",
  spend_limit: "spend-limit",
  server_error: "server-error",
  gateway_timeout: "gateway-timeout",
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
  readonly retry_after?: number | "none" | undefined;
}

/** An error of the author's own; what it does not say follows from the status. */
export function ownFailure(
  { status, type, code, message, retry_after }: CheckedError & {
    readonly status: number;
  },
  headers: Readonly<Record<string, string>>,
): Failure {
  const { headers: usual, ...failure } = failureOf(kindOf(status));
  const retry = typeof retry_after === "number"
    ? retryHeaders(retry_after)
    : retry_after === undefined
    ? usual
    : {};
  const all = { ...retry, ...headers };
  return {
    ...failure,
    status,
    ...(message !== undefined && { message }),
    ...(type !== undefined && { errorType: type }),
    ...(code !== undefined && { code }),
    ...(Object.keys(all).length > 0 && { headers: all }),
  };
}

const KINDS: Readonly<Partial<Record<number, FailureKind>>> = {
  401: "invalid-key",
  402: "billing",
  403: "forbidden",
  404: "unknown-model",
  405: "method-not-allowed",
  408: "timeout",
  409: "conflict",
  413: "too-large",
  415: "unsupported-media",
  422: "unprocessable",
  429: "rate-limit",
  503: "overloaded",
  504: "gateway-timeout",
  529: "overloaded",
};

function kindOf(status: number): FailureKind {
  return KINDS[status] ?? (status < 500 ? "bad-request" : "server-error");
}

function failureOf(kind: FailureKind): Failure {
  const failure: Failure = { type: "failure", kind, message: "" };
  const isRate = kind === "rate-limit" || kind === "token-rate-limit";
  return isRate ? { ...failure, headers: retryHeaders(RETRY_MS) } : failure;
}

/** When clients that met a rate limit may try again, unless the author says so: nobody's tests should wait for long. */
const RETRY_MS = 1_000;

/** SDKs look for the milliseconds first. */
function retryHeaders(ms: number): Record<string, string> {
  const seconds = Math.ceil(ms / 1_000);
  return {
    "retry-after": String(seconds),
    ...(seconds * 1_000 !== ms && { "retry-after-ms": String(ms) }),
  };
}

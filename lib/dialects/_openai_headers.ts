/**
 * The headers that OpenAI puts on its answers.
 *
 * @module
 */

import type { Facts, Stamp } from "./dialect.ts";

const REQUESTS_PER_MINUTE = 5_000;
const TOKENS_PER_MINUTE = 800_000;

/** What is the same on every answer. */
const QUOTAS = {
  requests: String(REQUESTS_PER_MINUTE),
  tokens: String(TOKENS_PER_MINUTE),
  requestsLeft: String(REQUESTS_PER_MINUTE - 1),
  requestsReset: goDuration(60_000 / REQUESTS_PER_MINUTE),
};

/** OpenAI's own headers; quotas only where a model was asked. */
export function openaiHeaders(
  { usage, metered, firstMs }: Facts,
  stamp: Stamp,
): Record<string, string> {
  const headers: Record<string, string> = {
    "openai-organization": "org-mockllm",
    "openai-processing-ms": String(Math.round(firstMs)),
    "openai-project": "proj_mockllmmockllmmockllm01",
    "openai-version": "2020-10-01",
    "x-request-id": `req_${stamp.hex(32)}`,
  };
  return metered ? addQuotas(headers, usage.input + usage.output) : headers;
}

function addQuotas(
  headers: Record<string, string>,
  tokens: number,
): Record<string, string> {
  const remaining = Math.max(0, TOKENS_PER_MINUTE - tokens);
  headers["x-ratelimit-limit-requests"] = QUOTAS.requests;
  headers["x-ratelimit-limit-tokens"] = QUOTAS.tokens;
  headers["x-ratelimit-remaining-requests"] = QUOTAS.requestsLeft;
  headers["x-ratelimit-remaining-tokens"] = String(remaining);
  headers["x-ratelimit-reset-requests"] = QUOTAS.requestsReset;
  headers["x-ratelimit-reset-tokens"] = goDuration(
    tokens * 60_000 / TOKENS_PER_MINUTE,
  );
  return headers;
}

/** A duration as Go prints it, which is how OpenAI tells it: `12ms`, `8.64s`, `6m0s`. */
function goDuration(ms: number): string {
  if (ms === 0) return "0s";
  if (ms < 1_000) return `${Math.max(1, Math.round(ms))}ms`;
  const minutes = Math.floor(ms / 60_000);
  const rest = `${Math.round(ms % 60_000) / 1_000}s`;
  return minutes === 0 ? rest : `${minutes}m${rest}`;
}

/** The headers of what stands in front of OpenAI. */
export function openaiEdgeHeaders(stamp: Stamp): Record<string, string> {
  return {
    "access-control-expose-headers": "X-Request-ID",
    "x-envoy-upstream-service-time": "5",
    "x-openai-proxy-wasm": "v0.1",
    "cf-cache-status": "DYNAMIC",
    "cf-ray": `${stamp.hex(16)}-AMS`,
    "server": "cloudflare",
    "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
    "x-content-type-options": "nosniff",
    "alt-svc": 'h3=":443"; ma=86400',
  };
}

/**
 * The headers that OpenAI puts on its answers.
 *
 * @module
 */

import type { Facts, Stamp } from "./dialect.ts";

const REQUESTS_PER_MINUTE = 5_000;
const TOKENS_PER_MINUTE = 800_000;

/** OpenAI's own headers; quotas only where a model was asked. */
export function openaiHeaders(
  facts: Facts,
  stamp: Stamp,
): Record<string, string> {
  const common = {
    "openai-organization": "org-mockllm",
    "openai-processing-ms": String(Math.round(facts.firstMs)),
    "openai-project": "proj_mockllmmockllmmockllm01",
    "openai-version": "2020-10-01",
    "x-request-id": `req_${stamp.hex(32)}`,
  };
  if (!facts.metered) return common;
  const tokens = facts.usage.input + facts.usage.output;
  return {
    ...common,
    "x-ratelimit-limit-requests": String(REQUESTS_PER_MINUTE),
    "x-ratelimit-limit-tokens": String(TOKENS_PER_MINUTE),
    "x-ratelimit-remaining-requests": String(REQUESTS_PER_MINUTE - 1),
    "x-ratelimit-remaining-tokens": String(
      Math.max(0, TOKENS_PER_MINUTE - tokens),
    ),
    "x-ratelimit-reset-requests": goDuration(60_000 / REQUESTS_PER_MINUTE),
    "x-ratelimit-reset-tokens": goDuration(tokens * 60_000 / TOKENS_PER_MINUTE),
  };
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

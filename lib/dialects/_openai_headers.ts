/**
 * The headers that OpenAI puts on its answers.
 *
 * @module
 */

import { QUOTA_MS } from "../core/limits.ts";
import { exhaustedBy, type Facts, retryMsOf, type Stamp } from "./dialect.ts";

/** How many requests a key has a minute. */
export const REQUESTS_PER_MINUTE = 5_000;

/** How many tokens, of prompts and answers together. */
export const TOKENS_PER_MINUTE = 800_000;

/** What a key has a minute. */
export const OPENAI_QUOTA = {
  requests: REQUESTS_PER_MINUTE,
  input: Infinity,
  output: Infinity,
  tokens: TOKENS_PER_MINUTE,
};

const LIMITS = {
  requests: String(REQUESTS_PER_MINUTE),
  tokens: String(TOKENS_PER_MINUTE),
};

/** OpenAI's own headers; quotas only where a model was asked. */
export function openaiHeaders(
  facts: Facts,
  stamp: Stamp,
): Record<string, string> {
  const headers: Record<string, string> = {
    "openai-organization": "org-mockllm",
    "openai-processing-ms": String(Math.round(facts.firstMs)),
    "openai-project": "proj_mockllmmockllmmockllm01",
    "openai-version": "2020-10-01",
    "x-request-id": `req_${stamp.hex(32)}`,
  };
  return facts.metered ? addQuotas(headers, facts) : headers;
}

function addQuotas(
  headers: Record<string, string>,
  { spentRequests, spentTokens, failure }: Facts,
): Record<string, string> {
  const requests = Math.floor(REQUESTS_PER_MINUTE - spentRequests);
  const tokens = Math.floor(TOKENS_PER_MINUTE - spentTokens);
  headers["x-ratelimit-limit-requests"] = LIMITS.requests;
  headers["x-ratelimit-limit-tokens"] = LIMITS.tokens;
  headers["x-ratelimit-remaining-requests"] = String(Math.max(0, requests));
  headers["x-ratelimit-remaining-tokens"] = String(Math.max(0, tokens));
  headers["x-ratelimit-reset-requests"] = goDuration(
    spentRequests / REQUESTS_PER_MINUTE * QUOTA_MS,
  );
  headers["x-ratelimit-reset-tokens"] = goDuration(
    spentTokens / TOKENS_PER_MINUTE * QUOTA_MS,
  );
  if (failure === undefined) return headers;
  const exhausted = exhaustedBy(failure);
  if (exhausted === undefined) return headers;
  headers[`x-ratelimit-remaining-${exhausted}`] = "0";
  headers[`x-ratelimit-reset-${exhausted}`] = goDuration(
    retryMsOf(failure) ?? QUOTA_MS,
  );
  return headers;
}

/** A duration as Go prints it, which is how OpenAI tells it: `12ms`, `8.64s`, `6m0s`. */
export function goDuration(ms: number): string {
  if (ms === 0) return "0s";
  const whole = Math.max(1, Math.round(ms));
  if (whole < 1_000) return `${whole}ms`;
  const minutes = Math.floor(whole / 60_000);
  const rest = `${whole % 60_000 / 1_000}s`;
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

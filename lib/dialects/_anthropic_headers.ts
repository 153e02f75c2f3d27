/**
 * The response headers of Anthropic's API: those that the provider defines, and those that its
 * infrastructure adds.
 *
 * @module
 */

import { QUOTA_MS } from "../core/limits.ts";
import { ALPHABETS } from "../core/random.ts";
import type { Failure, FailureKind } from "../core/reply.ts";
import { exhaustedBy, type Facts, retryMsOf, type Stamp } from "./dialect.ts";

/** How many requests a key has a minute; the quotas of a large organization, as recorded. */
export const REQUESTS_PER_MINUTE = 20_000;

/** How many tokens of prompts. */
export const INPUT_TOKENS_PER_MINUTE = 2_000_000;

/** What a key has a minute. */
export const ANTHROPIC_QUOTA = {
  requests: REQUESTS_PER_MINUTE,
  input: INPUT_TOKENS_PER_MINUTE,
  output: 400_000,
  tokens: 2_400_000,
};

const ORGANIZATION = "5f0a1c52-7d1e-4b0e-9c55-3a2f6d8e4b17";

/** The provider's own headers. */
export function headers(facts: Facts, stamp: Stamp): Record<string, string> {
  const headers: Record<string, string> = {};
  if (facts.stream) headers["cache-control"] = "no-cache";
  if (facts.metered) addQuotas(headers, facts, stamp.epochMs);
  if (facts.failure !== undefined) {
    headers["x-should-retry"] = String(isPassing(facts.failure));
  }
  headers["request-id"] = `req_011C${stamp.text(20, ALPHABETS.base58)}`;
  headers["anthropic-organization-id"] = ORGANIZATION;
  return headers;
}

function addQuotas(
  headers: Record<string, string>,
  { spentRequests, spentInput, spentOutput, spentTokens, failure }: Facts,
  nowMs: number,
): void {
  addQuota(headers, QUOTAS.requests, spentRequests, nowMs);
  addQuota(headers, QUOTAS["input-tokens"], spentInput, nowMs);
  addQuota(headers, QUOTAS["output-tokens"], spentOutput, nowMs);
  addQuota(headers, QUOTAS.tokens, spentTokens, nowMs);
  if (failure === undefined) return;
  const exhausted = exhaustedBy(failure);
  if (exhausted === undefined) return;
  const quota = QUOTAS[exhausted === "requests" ? "requests" : "input-tokens"];
  addQuota(headers, quota, quota.limit, nowMs);
  const retryMs = retryMsOf(failure);
  if (retryMs !== undefined) {
    headers[quota.names.reset] = toSecond(nowMs + retryMs);
  }
}

function addQuota(
  headers: Record<string, string>,
  { limit, exact, names, text }: Quota,
  used: number,
  nowMs: number,
): void {
  const left = Math.max(0, Math.floor(limit - used));
  const remaining = exact ? left : Math.round(left / 1_000) * 1_000;
  headers[names.limit] = text;
  headers[names.remaining] = String(remaining);
  headers[names.reset] = toSecond(nowMs + used / limit * QUOTA_MS);
}

/** Whether it may help to ask again, which clients are told. */
function isPassing({ kind }: Failure): boolean {
  return PASSING.has(kind);
}

const PASSING: ReadonlySet<FailureKind> = new Set([
  "timeout",
  "conflict",
  "rate-limit",
  "token-rate-limit",
  "internal",
  "server-error",
  "shutting-down",
  "gateway-timeout",
  "overloaded",
]);

/** What is the same on every answer. */
interface Quota {
  readonly limit: number;
  readonly text: string;
  /** Of requests the provider tells the exact number, of tokens only the thousands. */
  readonly exact: boolean;
  readonly names: Readonly<Record<"limit" | "remaining" | "reset", string>>;
}

const QUOTAS = {
  requests: quota("requests", ANTHROPIC_QUOTA.requests),
  "input-tokens": quota("input-tokens", ANTHROPIC_QUOTA.input),
  "output-tokens": quota("output-tokens", ANTHROPIC_QUOTA.output),
  tokens: quota("tokens", ANTHROPIC_QUOTA.tokens),
};

function quota(of: string, limit: number): Quota {
  const prefix = `anthropic-ratelimit-${of}`;
  return {
    limit,
    text: String(limit),
    exact: of === "requests",
    names: {
      limit: `${prefix}-limit`,
      remaining: `${prefix}-remaining`,
      reset: `${prefix}-reset`,
    },
  };
}

/** RFC 3339 without a fraction, rounded up; the same for all quotas of an answer, and of those near it. */
function toSecond(epochMs: number): string {
  const second = Math.ceil(epochMs / 1_000);
  if (second !== lastSecond) {
    lastText = new Date(second * 1_000).toISOString().replace(".000", "");
    lastSecond = second;
  }
  return lastText;
}

let lastSecond = NaN;
let lastText = "";

/** What the provider's proxies add. */
export function edgeHeaders(stamp: Stamp): Record<string, string> {
  return {
    "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-robots-tag": "none",
    "vary": "Accept-Encoding",
    "traceresponse": `00-${stamp.hex(32)}-${stamp.hex(16)}-01`,
    "x-envoy-upstream-service-time": "612",
    "via": "1.1 google",
    "cf-cache-status": "DYNAMIC",
    "server": "cloudflare",
    "cf-ray": `${stamp.hex(16)}-FRA`,
  };
}

/**
 * The response headers of Anthropic's API: those that the provider defines, and those that its
 * infrastructure adds.
 *
 * @module
 */

import { ALPHABETS } from "../core/random.ts";
import type { Failure, FailureKind } from "../core/reply.ts";
import { exhaustedBy, type Facts, retryMsOf, type Stamp } from "./dialect.ts";

/** How many requests a key has a minute; the quotas of a large organization, as recorded. */
export const REQUESTS_PER_MINUTE = 20_000;

/** How many tokens of prompts. */
export const INPUT_TOKENS_PER_MINUTE = 2_000_000;

const LIMITS = {
  requests: REQUESTS_PER_MINUTE,
  "input-tokens": INPUT_TOKENS_PER_MINUTE,
  "output-tokens": 400_000,
  tokens: 2_400_000,
} as const;

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
  { spentRequests, spentInput, spentOutput, resetMs, failure }: Facts,
  nowMs: number,
): void {
  const reset = toSecond(nowMs + resetMs);
  addQuota(headers, QUOTAS.requests, spentRequests, reset);
  addQuota(headers, QUOTAS["input-tokens"], spentInput, reset);
  addQuota(headers, QUOTAS["output-tokens"], spentOutput, reset);
  addQuota(headers, QUOTAS.tokens, spentInput + spentOutput, reset);
  if (failure === undefined) return;
  const exhausted = exhaustedBy(failure);
  if (exhausted === undefined) return;
  const quota = QUOTAS[exhausted === "requests" ? "requests" : "input-tokens"];
  const retryMs = retryMsOf(failure);
  const again = retryMs === undefined ? reset : toSecond(nowMs + retryMs);
  addQuota(headers, quota, quota.limit, again);
}

function addQuota(
  headers: Record<string, string>,
  { limit, exact, names, text }: Quota,
  used: number,
  reset: string,
): void {
  const left = Math.max(0, limit - used);
  const remaining = exact ? left : Math.round(left / 1_000) * 1_000;
  headers[names.limit] = text;
  headers[names.remaining] = String(remaining);
  headers[names.reset] = reset;
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
  requests: quota("requests"),
  "input-tokens": quota("input-tokens"),
  "output-tokens": quota("output-tokens"),
  tokens: quota("tokens"),
};

function quota(of: keyof typeof LIMITS): Quota {
  const prefix = `anthropic-ratelimit-${of}`;
  return {
    limit: LIMITS[of],
    text: String(LIMITS[of]),
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

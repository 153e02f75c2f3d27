/**
 * The response headers of Anthropic's API: those that the provider defines, and those that its
 * infrastructure adds.
 *
 * @module
 */

import { ALPHABETS } from "../core/random.ts";
import type { Usage } from "../core/reply.ts";
import type { Facts, Stamp } from "./dialect.ts";

/** What an organization may use a minute; the quotas of a large one, as recorded. */
const LIMITS = {
  requests: 20_000,
  "input-tokens": 2_000_000,
  "output-tokens": 400_000,
  tokens: 2_400_000,
} as const;

const ORGANIZATION = "5f0a1c52-7d1e-4b0e-9c55-3a2f6d8e4b17";

/** The provider's own headers. */
export function headers(facts: Facts, stamp: Stamp): Record<string, string> {
  return {
    ...(facts.stream ? { "cache-control": "no-cache" } : {}),
    ...(facts.metered ? quotas(facts.usage, stamp.epochMs) : {}),
    "request-id": `req_011C${stamp.text(20, ALPHABETS.base58)}`,
    "anthropic-organization-id": ORGANIZATION,
  };
}

function quotas({ input, output }: Usage, nowMs: number) {
  return {
    ...quota("requests", 1, nowMs),
    ...quota("input-tokens", input, nowMs),
    ...quota("output-tokens", output, nowMs),
    ...quota("tokens", input + output, nowMs),
  };
}

/** Every answer finds the quota full: what is left is the limit without this answer. */
function quota(
  of: keyof typeof LIMITS,
  used: number,
  nowMs: number,
): Record<string, string> {
  const limit = LIMITS[of];
  const left = Math.max(0, limit - used);
  // Of requests the provider tells the exact number, of tokens only the thousands.
  const remaining = of === "requests" ? left : Math.round(left / 1_000) * 1_000;
  return {
    [`anthropic-ratelimit-${of}-limit`]: String(limit),
    [`anthropic-ratelimit-${of}-remaining`]: String(remaining),
    [`anthropic-ratelimit-${of}-reset`]: toSecond(
      nowMs + (used / limit) * 60_000,
    ),
  };
}

/** RFC 3339 without a fraction, rounded up. */
function toSecond(epochMs: number): string {
  const date = new Date(Math.ceil(epochMs / 1_000) * 1_000);
  return date.toISOString().replace(".000", "");
}

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

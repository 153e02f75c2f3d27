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
  const headers: Record<string, string> = {};
  if (facts.stream) headers["cache-control"] = "no-cache";
  if (facts.metered) addQuotas(headers, facts.usage, stamp.epochMs);
  headers["request-id"] = `req_011C${stamp.text(20, ALPHABETS.base58)}`;
  headers["anthropic-organization-id"] = ORGANIZATION;
  return headers;
}

function addQuotas(
  headers: Record<string, string>,
  { input, output }: Usage,
  nowMs: number,
): void {
  addQuota(headers, QUOTAS.requests, 1, nowMs);
  addQuota(headers, QUOTAS["input-tokens"], input, nowMs);
  addQuota(headers, QUOTAS["output-tokens"], output, nowMs);
  addQuota(headers, QUOTAS.tokens, input + output, nowMs);
}

/** Every answer finds the quota full: what is left is the limit without this answer. */
function addQuota(
  headers: Record<string, string>,
  { limit, exact, names, text }: Quota,
  used: number,
  nowMs: number,
): void {
  const left = Math.max(0, limit - used);
  const remaining = exact ? left : Math.round(left / 1_000) * 1_000;
  headers[names.limit] = text;
  headers[names.remaining] = String(remaining);
  headers[names.reset] = toSecond(nowMs + (used / limit) * 60_000);
}

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

/** RFC 3339 without a fraction, rounded up. */
function toSecond(epochMs: number): string {
  const second = Math.ceil(epochMs / 1_000);
  if (second !== lastSecond) {
    lastText = new Date(second * 1_000).toISOString().replace(".000", "");
    lastSecond = second;
  }
  return lastText;
}

/** Nearly every quota is full again within the second. */
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

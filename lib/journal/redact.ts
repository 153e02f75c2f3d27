/**
 * What of a request may be shown: headers by an allow-list, and no text that looks like a key.
 *
 * @module
 */

import { HEADER_CHARS_MAX, SUMMARY_CHARS_MAX } from "../core/limits.ts";
import { headerText, SECRET_HEADERS } from "../wire/headers.ts";

/** Stands where a secret stood. */
export const REDACTED = "[redacted]";

/** Headers that are shown. What is in neither list is left out. */
const SHOWN: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "anthropic-beta",
  "anthropic-dangerous-direct-browser-access",
  "anthropic-version",
  "baggage",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "host",
  "http-referer",
  "idempotency-key",
  "openai-beta",
  "openai-version",
  "origin",
  "sec-fetch-mode",
  "sec-fetch-site",
  "traceparent",
  "tracestate",
  "user-agent",
  "x-app",
  "x-client-request-id",
  "x-goog-api-client",
  "x-model-id",
  "x-request-id",
  "x-title",
  "x-tokens-per-second",
]);

/** Families of headers that are shown. */
const SHOWN_FAMILY = /^x-(stainless|mock|token)-/;

/** The headers of a request as they may be shown, in order of their names. */
export function shownHeaders(headers: Headers): Record<string, string> {
  const shown = Object.create(null) as Record<string, string>;
  for (const [name, value] of headers) {
    if (SECRET_HEADERS.has(name)) shown[name] = REDACTED;
    else if (SHOWN.has(name) || SHOWN_FAMILY.test(name)) {
      shown[name] = headerText(value).slice(0, 4 * HEADER_CHARS_MAX);
    }
  }
  return shown;
}

/** Names of query parameters that hold keys. */
const SECRET_PARAMETER =
  /^(x-)?(api[-_]?)?key$|token|secret|password|signature|^sig$|^auth/i;

/** The query of a URL, `?` left out, as it may be shown; empty when there is none. */
export function shownQuery(url: string): string {
  const start = url.indexOf("?");
  if (start < 0) return "";
  const query = url.slice(start + 1).split("#", 1)[0] ?? "";
  return query.split("&").map(shownParameter).join("&");
}

function shownParameter(pair: string): string {
  const [name = ""] = pair.split("=", 1);
  if (name === pair || !SECRET_PARAMETER.test(decoded(name))) return pair;
  return `${name}=${REDACTED}`;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll("+", " "));
  } catch {
    return name;
  }
}

// Texts ───────────────────────────────────────────────────────────────────────

/**
 * What keys look like: OpenAI's and Anthropic's, Google's, Amazon's, bearer tokens, JWTs. None
 * begins within what another try has seen: a long text must not take the square of its length.
 */
const KEYS = new RegExp(
  [
    /\bsk-(?:ant-)?[\w-]{8,}/,
    /\bAIza[\w-]{16,}/,
    /\bA(?:KIA|SIA)[0-9A-Z]{12,}/,
    /(?<![\w-])eyJ[\w-]{5,}\.[\w-]{2,}\.[\w-]*/,
    /\bBearer\s+[\w.~+/=-]{8,}/,
    /\bbearer\s+(?=[\w.~+/=-]*\d)[\w.~+/=-]{8,}/,
  ].map(({ source }) => source).join("|"),
  "g",
);

/** Takes what looks like a key out of texts, and the keys that are known. */
export type Redact = (text: string) => string;

/** What redacts the texts of a request that was made with `key`. */
export function redactor(key: string | undefined): Redact {
  // A short one is a word such as "test", which everybody says.
  if (key === undefined || key.length < 8) return withoutKeys;
  return (text) =>
    withoutHead(withoutKeys(text).replaceAll(key, REDACTED), key);
}

function withoutKeys(text: string): string {
  const whole = text.replace(KEYS, REDACTED);
  return whole.includes("…") ? whole.replace(KEY_HEADS, REDACTED) : whole;
}

/** What is left of a key where a text was cut to what is shown of it. */
const KEY_HEADS =
  /(?:\bsk-[\w-]+|\bAIza[\w-]*|\bA(?:KIA|SIA)[0-9A-Z]*|(?<![\w.-])eyJ[\w.-]{5,}|\bBearer\s+[\w.~+/=-]+)(?=…)/g;

/** Shorter ones are told: they give nothing away. */
const HEAD_CHARS_MIN = 4;

/** `text` without the beginnings of `key` that stand where it was cut. */
function withoutHead(text: string, key: string): string {
  if (!text.includes("…")) return text;
  const [last = "", ...before] = text.split("…").reverse();
  const cut = before.map((piece) => {
    const longest = Math.min(key.length - 1, piece.length, SUMMARY_CHARS_MAX);
    for (let chars = longest; chars >= HEAD_CHARS_MIN; chars--) {
      if (piece.endsWith(key.slice(0, chars))) {
        return piece.slice(0, -chars) + REDACTED;
      }
    }
    return piece;
  });
  return [...cut.reverse(), last].join("…");
}

/** `value` with every text in it redacted, names of properties too. */
export function redacted(value: unknown, redact: Redact): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => redacted(item, redact));
  const clean = Object.create(null) as Record<string, unknown>;
  for (const [name, item] of Object.entries(value)) {
    clean[redact(name)] = redacted(item, redact);
  }
  return clean;
}

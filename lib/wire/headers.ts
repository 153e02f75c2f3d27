/**
 * Request text made fit for response headers, and for JSON.
 *
 * @module
 */

import { HEADER_CHARS_MAX } from "../core/limits.ts";

const UNSAFE = /[^\x20-\x7e]/;
const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/** `text` as a header value: cut to a sane length, everything outside printable ASCII percent-encoded. */
export function headerSafe(text: string): string {
  const cut = text.slice(0, HEADER_CHARS_MAX);
  if (!UNSAFE.test(cut)) return cut;
  return encodeURIComponent(cut.toWellFormed()).slice(0, HEADER_CHARS_MAX);
}

/** Undoes Latin-1: runtimes hand each byte of a header as one character, clients mean UTF-8. */
export function headerText(value: string): string {
  if (!UNSAFE.test(value)) return value;
  const bytes = Uint8Array.from(value, (char) => char.charCodeAt(0) & 0xff);
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return value;
  }
}

/**
 * From bytes to JSON, for bytes that came from strangers: UTF-8 to the letter, and no deeper
 * than anything that walks it can stand.
 *
 * @module
 */

import { JSON_DEPTH_MAX } from "../core/limits.ts";
import { BadRequest } from "../core/reply.ts";

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/** The JSON value that `bytes` hold. Throws {@linkcode BadRequest}, in our own words: those of the engines differ. */
export function parseJson(bytes: Uint8Array): unknown {
  return parseText(decodeText(bytes));
}

/** The text that `bytes` are in UTF-8. Throws {@linkcode BadRequest}. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw new BadRequest({ message: "The request body is not valid UTF-8" });
  }
}

/** The JSON value that `text` holds. Throws {@linkcode BadRequest}. */
export function parseText(text: string): unknown {
  if (depthOf(text) > JSON_DEPTH_MAX) {
    throw new BadRequest({
      limit: "JSON_DEPTH_MAX",
      message: `The JSON body is nested deeper than ${JSON_DEPTH_MAX} levels`,
    });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new BadRequest({
      kind: "bad-json",
      message: "The request body is not valid JSON",
    });
  }
}

/** How deeply `text` nests, brackets inside strings not counted; stops counting past the limit. */
function depthOf(text: string): number {
  if (text.length <= 2 * JSON_DEPTH_MAX) return 0; // every level takes two characters
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length && deepest <= JSON_DEPTH_MAX; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) i = endOfString(text, i);
    else if (code === 0x7b || code === 0x5b) {
      deepest = Math.max(deepest, ++depth);
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}

/** The index of the quote that ends the string opened at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(index - 1 - backslashes) === 0x5c) backslashes++;
  return backslashes % 2 === 1;
}

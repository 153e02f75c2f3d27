/**
 * Reads a JSON body within limits. Has heard of no LLM.
 *
 * Everything a stranger can do to a body is decided here: too large, too slow, too deep,
 * compressed, not UTF-8, not JSON. What is wrong is said in our own words, since those of the
 * engines differ and are nobody's business.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import { BODY_MS_MAX, JSON_DEPTH_MAX } from "../core/limits.ts";
import { BadRequest } from "../core/reply.ts";

/** What a body may be. */
export interface BodyOptions {
  /** Largest body, in bytes. */
  readonly bytesMax: number;
  /** Times the arrival of the body. */
  readonly clock: Clock;
}

/** Whatever `JSON.parse` gives, or {@linkcode EMPTY} for a body of no bytes. */
export type Body = unknown;

/** Stands for a body of no bytes. */
export const EMPTY: unique symbol = Symbol("empty body");

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/** The parsed body of `request`. Throws {@linkcode BadRequest}. */
export async function readJson(
  request: Request,
  options: BodyOptions,
): Promise<Body> {
  refuseEncoded(request);
  const bytes = await readBytes(request, options);
  return bytes.length === 0 ? EMPTY : parse(decode(bytes));
}

/** Reads a body to its end, so that the connection stays usable; what is wrong with it changes nothing any more. */
export async function drain(
  request: Request,
  options: BodyOptions,
): Promise<void> {
  if (request.body === null) return;
  try {
    await readBytes(request, options);
  } catch {
    // The answer has been decided already.
  }
}

function refuseEncoded(request: Request): void {
  const encoding = request.headers.get("content-encoding");
  if (encoding === null || encoding === "identity") return;
  throw new BadRequest({
    kind: "unsupported-media",
    message:
      "Request bodies with a Content-Encoding are not supported: send plain JSON",
  });
}

/**
 * A body of known length is read in one call, which both runtimes do without JavaScript for
 * each chunk; only one of unknown length has to be counted as it comes.
 */
async function readBytes(
  request: Request,
  options: BodyOptions,
): Promise<Uint8Array> {
  const { bytesMax, clock } = options;
  const declared = Number(request.headers.get("content-length") ?? NaN);
  if (declared > bytesMax) throw tooLarge(bytesMax);
  if (Number.isNaN(declared)) return await collect(request, options);
  return await inTime(request.bytes(), clock, () => {});
}

/** Reads chunk by chunk; throws as soon as there are too many bytes. */
async function collect(
  request: Request,
  { bytesMax, clock }: BodyOptions,
): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const parts: Uint8Array[] = [];
  let total = 0;
  const reading = (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return join(parts, total);
      total += value.length;
      if (total > bytesMax) throw tooLarge(bytesMax);
      parts.push(ownCopy(value));
    }
  })();
  return await inTime(reading, clock, () => reader.cancel());
}

/** `reading`, or a refusal when it takes too long or breaks off. */
function inTime<T>(
  reading: Promise<T>,
  clock: Clock,
  cancel: () => unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.timer(() => {
      cancel();
      reject(tooSlow());
    });
    timer.set(clock.now() + BODY_MS_MAX);
    reading.then((value) => {
      timer.clear();
      resolve(value);
    }, (error) => {
      timer.clear();
      reject(error instanceof BadRequest ? error : brokenOff());
    });
  });
}

/** Deno's chunks each keep a buffer of 64 KiB alive; small ones are copied out of it. */
function ownCopy(chunk: Uint8Array): Uint8Array {
  return chunk.length * 2 < chunk.buffer.byteLength ? chunk.slice() : chunk;
}

function join(parts: readonly Uint8Array[], total: number): Uint8Array {
  const bytes = new Uint8Array(total);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function decode(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw new BadRequest({ message: "The request body is not valid UTF-8" });
  }
}

function parse(text: string): unknown {
  if (depthOf(text) > JSON_DEPTH_MAX) {
    throw new BadRequest({
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

function tooLarge(bytesMax: number): BadRequest {
  return new BadRequest({
    kind: "too-large",
    message: `The request body is larger than ${bytesMax} bytes`,
  });
}

function brokenOff(): BadRequest {
  return new BadRequest({ message: "The request body ended early" });
}

function tooSlow(): BadRequest {
  return new BadRequest({
    kind: "timeout",
    message: `The request body took longer than ${
      BODY_MS_MAX / 1000
    } seconds to arrive`,
  });
}

/**
 * Reads a request body within limits. Has heard of no LLM.
 *
 * What a stranger can do to a body is decided here: too large, too slow, compressed, in a
 * million pieces, broken off.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import { BODY_MS_MAX } from "../core/limits.ts";
import { BadRequest } from "../core/reply.ts";
import { decodeText, parseJson } from "./parse.ts";
import { tooLarge, unpackerOf } from "./unpack.ts";
import { Waits } from "./waits.ts";

/** What a body may be. */
export interface BodyOptions {
  /** Largest body, in bytes; unpacked, if it is compressed. */
  readonly bytesMax: number;
  /** Times the arrival of the body. */
  readonly clock: Clock;
}

/** Whatever `JSON.parse` gives, or {@linkcode EMPTY} for a body of no bytes. */
export type Body = unknown;

/** Stands for a body of no bytes. */
export const EMPTY: unique symbol = Symbol("empty body");

/** The parsed body of `request`. Throws {@linkcode BadRequest}. */
export async function readJson(
  request: Request,
  options: BodyOptions,
): Promise<Body> {
  const bytes = await readBytes(request, options);
  return bytes.length === 0 ? EMPTY : parseJson(bytes);
}

/** The body of `request` as text; empty when there is none. Throws {@linkcode BadRequest}. */
export async function readText(
  request: Request,
  options: BodyOptions,
): Promise<string> {
  return decodeText(await readBytes(request, options));
}

/** Reads a body to its end, so that the connection stays usable; what is wrong with it changes nothing any more. */
export async function drain(
  request: Request,
  options: BodyOptions,
): Promise<void> {
  try {
    await collect(request.body, options, brokenOff, new Discarded());
  } catch {
    // The answer has been decided already.
  }
}

/** The bytes of the body of `request`, unpacked. Throws {@linkcode BadRequest}. */
export function readBytes(
  request: Request,
  options: BodyOptions,
): Promise<Uint8Array> {
  return withBytes(request, options, same);
}

/** What `use` makes of the same bytes: one promise for both, since each costs as much as routing. */
export function withBytes<T>(
  request: Request,
  options: BodyOptions,
  use: (bytes: Uint8Array) => T | Promise<T>,
): Promise<T> {
  const { headers } = request;
  const declared = Number(headers.get("content-length") ?? NaN);
  if (declared > options.bytesMax) throw tooLarge(options.bytesMax);
  const encoding = headers.get("content-encoding");
  const unpack = encoding === null ? undefined : unpackerOf(encoding);
  if (unpack === undefined) return readRaw(request, declared, options, use);
  return readRaw(
    request,
    declared,
    options,
    (bytes) => bytes.length === 0 ? bytes : unpack(bytes, options.bytesMax),
  ).then(use);
}

function same(bytes: Uint8Array): Uint8Array {
  return bytes;
}

/**
 * A body of known length is read in one call, which both runtimes do without JavaScript for
 * each chunk; any other has to be counted as it comes.
 */
function readRaw<T>(
  request: Request,
  declared: number,
  options: BodyOptions,
  use: (bytes: Uint8Array) => T | Promise<T>,
): Promise<T> {
  if (!Number.isNaN(declared)) {
    return inTime(request.bytes(), options.clock, nothing, brokenOff, use);
  }
  const sink = new GrowingBytes();
  return collect(request.body, options, brokenOff, sink)
    .then(({ all }) => use(all));
}

function nothing(): void {}

/** Where chunks go. */
interface Sink {
  /** How many bytes came. */
  readonly length: number;
  /** Takes one; it belongs to the reader. */
  add(chunk: Uint8Array): void;
}

/** Reads chunk by chunk into `sink`; throws as soon as there are too many bytes. */
async function collect<S extends Sink>(
  body: ReadableStream<Uint8Array> | null,
  { bytesMax, clock }: BodyOptions,
  broken: () => BadRequest,
  sink: S,
): Promise<S> {
  if (body === null) return sink;
  const reader = body.getReader();
  const giveUp = () => void reader.cancel().catch(() => {});
  try {
    const reading = readInto(sink, reader, bytesMax);
    return await inTime(reading, clock, giveUp, broken, () => sink);
  } catch (error) {
    giveUp();
    throw error;
  }
}

async function readInto<S extends Sink>(
  sink: S,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  bytesMax: number,
): Promise<S> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return sink;
    if (sink.length + value.length > bytesMax) throw tooLarge(bytesMax);
    sink.add(value);
  }
}

/** Bytes that nobody wants. */
class Discarded implements Sink {
  length = 0;

  add(chunk: Uint8Array): void {
    this.length += chunk.length;
  }
}

/**
 * Bytes in one buffer, copied out of the chunks they came in: on Deno each chunk, however small,
 * keeps a buffer of 64 KiB alive.
 */
class GrowingBytes implements Sink {
  #buffer = new Uint8Array(1_024);
  /** How many there are. */
  length = 0;

  /** All of them. */
  get all(): Uint8Array {
    return this.#buffer.subarray(0, this.length);
  }

  /** Adds a copy of `chunk`. */
  add(chunk: Uint8Array): void {
    const length = this.length + chunk.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#buffer.length));
      larger.set(this.all);
      this.#buffer = larger;
    }
    this.#buffer.set(chunk, this.length);
    this.length = length;
  }
}

/** What `use` makes of what is read, or a refusal when reading takes too long or breaks off. */
function inTime<R, T>(
  reading: Promise<R>,
  clock: Clock,
  giveUp: () => void,
  broken: () => BadRequest,
  use: (read: R) => T | Promise<T>,
): Promise<T> {
  const waits = waitsOf(clock);
  return new Promise((resolve, reject) => {
    const wait = waits.begin(() => {
      giveUp();
      reject(tooSlow());
    });
    reading.then((read) => {
      if (!waits.end(wait)) return; // it was refused
      try {
        resolve(use(read));
      } catch (error) {
        reject(error);
      }
    }, (error) => {
      waits.end(wait);
      reject(error instanceof BadRequest ? error : broken());
    });
  });
}

const waiting = new WeakMap<Clock, Waits>();

function waitsOf(clock: Clock): Waits {
  const known = waiting.get(clock);
  if (known !== undefined) return known;
  const waits = new Waits(clock, BODY_MS_MAX);
  waiting.set(clock, waits);
  return waits;
}

function brokenOff(): BadRequest {
  return new BadRequest({ message: "The request body ended early" });
}

function tooSlow(): BadRequest {
  return new BadRequest({
    kind: "timeout",
    headers: { connection: "close" },
    limit: "BODY_MS_MAX",
    message: `The request body took longer than ${
      BODY_MS_MAX / 1000
    } seconds to arrive`,
  });
}

/**
 * What really went out: the score once more, cut to what was handed over.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import { SENT_SHOWN_CHARS_MAX } from "../core/limits.ts";
import type { Score } from "../core/score.ts";
import { countFrames } from "../wire/framing.ts";
import type { Entry } from "./journal.ts";
import { atLeisure, type Work } from "../core/leisure.ts";

/** What went out, and when it was to go. */
export interface Sent {
  /** Its bytes as text, up to {@linkcode SENT_SHOWN_CHARS_MAX}. */
  readonly text: string;
  /** How many bytes there were. */
  readonly bytes: number;
  /** How many frames: server-sent events, or one body. */
  readonly frames: number;
  /** When the first bytes of the reply were to go, in milliseconds after it began. */
  readonly firstMs: number;
  /** When the last ones were. */
  readonly lastMs: number;
}

/** What was sent of the answer of `entry`; all of it if it is still being sent. */
export function sentOf(entry: Entry, clock: Clock): Promise<Sent> {
  return atLeisure(counting(entry), clock);
}

function* counting(entry: Entry): Work<Sent> {
  const counter = new Counter(entry);
  for (const { text, atMs } of counter.score.cues) {
    counter.add(text, atMs);
    yield;
  }
  return counter.end();
}

const encoder = new TextEncoder();

class Counter {
  readonly score: Score;
  readonly #type: string;
  readonly #stopped: boolean;
  #charsLeft: number;
  #farewell = false;
  #text = "";
  #bytes = 0;
  #frames = 0;
  #firstMs: number | undefined;
  #lastMs = 0;

  constructor(entry: Entry) {
    const { performed } = entry;
    this.score = entry.again();
    this.#type = this.score.headers["content-type"] ?? "";
    this.#stopped = performed?.ended === "stopped";
    this.#charsLeft = performed?.sentChars ?? Infinity;
  }

  add(text: string, atMs: number): void {
    this.#firstMs ??= atMs;
    this.#lastMs = atMs;
    this.#sayFarewell();
    if (this.#charsLeft <= 0) return;
    this.#count(text.slice(0, this.#charsLeft));
    this.#charsLeft -= text.length;
  }

  end(): Sent {
    this.#sayFarewell();
    return {
      text: this.#text,
      bytes: this.#bytes,
      frames: this.#frames,
      firstMs: this.#firstMs ?? 0,
      lastMs: this.#lastMs,
    };
  }

  /** Asked for where the stream was cut, since a voice may word it by what it has said. */
  #sayFarewell(): void {
    if (!this.#stopped || this.#farewell || this.#charsLeft > 0) return;
    this.#farewell = true;
    this.#count(this.score.farewell?.() ?? "");
  }

  #count(text: string): void {
    this.#bytes += encoder.encode(text).length;
    this.#frames += countFrames(this.#type, text);
    const roomChars = SENT_SHOWN_CHARS_MAX - this.#text.length;
    if (roomChars > 0) this.#text += text.slice(0, roomChars);
  }
}

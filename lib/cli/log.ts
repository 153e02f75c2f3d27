/**
 * The log: what the server does, as lines for people or as JSON, in the order it happened.
 *
 * Requests are kept as they are and worded together, twenty times a second: a request that is
 * being answered waits for no formatting and no write.
 *
 * @module
 */

import { LOG_WAITING_MAX } from "../core/limits.ts";
import type { Clock } from "../core/clock.ts";
import type { Timer } from "../core/deadlines.ts";
import type { Exchange } from "../core/exchange.ts";
import type { Output } from "./io.ts";
import { exchangeJson, exchangeLine, exchangeReasons } from "./line.ts";
import { type Event, eventJson, eventText } from "./event.ts";

/** `text` for people, `json` for machines, `debug` with the reasons of what did not match. */
export type LogForm = "text" | "json" | "debug";

/** How a {@linkcode Log} speaks. */
export interface LogOptions {
  /** Where it writes. */
  readonly output: Output;
  /** Time. */
  readonly clock: Clock;
  /** For people, for machines, or for people who wonder why. */
  readonly form: LogForm;
}

const WRITE_EVERY_MS = 50;

const LINES: Readonly<
  Record<LogForm, (exchange: Exchange, color: boolean) => string>
> = { text: exchangeLine, json: exchangeJson, debug: exchangeReasons };

/** Says what happens. */
export class Log {
  readonly #options: LogOptions;
  readonly #timer: Timer;
  #waiting: Exchange[] = [];
  #missed = 0;

  /** A log that has said nothing yet. */
  constructor(options: LogOptions) {
    this.#options = options;
    this.#timer = options.clock.timer(() => this.flush());
  }

  /** Notes a finished request; it is written a moment later. */
  exchange(exchange: Exchange): void {
    if (this.#waiting.length >= LOG_WAITING_MAX) {
      this.#missed++;
      return;
    }
    if (this.#waiting.push(exchange) > 1) return;
    this.#timer.set(this.#options.clock.now() + WRITE_EVERY_MS);
  }

  /** Says anything else, after the requests that came before it. */
  say(event: Event): void {
    this.flush();
    const { output, form, clock } = this.#options;
    if (output.full) {
      this.#missed++;
      return;
    }
    const epochMs = clock.epochMs();
    output.write(
      form === "json"
        ? eventJson(event, epochMs)
        : eventText(event, { epochMs, color: output.color }),
    );
  }

  /** Writes what waits. */
  flush(): void {
    this.#timer.clear();
    const { output, form } = this.#options;
    const exchanges = this.#waiting;
    this.#waiting = [];
    if (output.full) {
      this.#missed += exchanges.length;
      return;
    }
    const line = LINES[form];
    let text = "";
    for (const exchange of exchanges) text += line(exchange, output.color);
    if (text !== "") output.write(text);
    this.#tellMissed();
  }

  #tellMissed(): void {
    const missed = this.#missed;
    this.#missed = 0;
    if (missed > 0) this.say({ type: "missed", requests: missed });
  }
}

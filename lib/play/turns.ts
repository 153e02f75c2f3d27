/**
 * Turns among streams that would go on for long: their readers take all, and on some runtimes
 * nothing else happens until they have it. Whoever waits goes on once the event loop has turned,
 * the longest waiting first, and not all at once.
 *
 * Knows a clock; does not know what a stream is.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import type { Timer } from "../core/deadlines.ts";
import { TURN_MS_MAX } from "../core/limits.ts";

/** Those who wait for their turn. */
export class Turns {
  readonly #clock: Clock;
  readonly #timer: Timer;
  #waiting: (() => void)[] = [];

  /** Turns by `clock`. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#timer = clock.timer(() => this.#ring());
  }

  /** Calls `go` when others had their turn. */
  wait(go: () => void): void {
    this.#waiting.push(go);
    if (this.#waiting.length === 1) this.#timer.set(this.#clock.now());
  }

  #ring(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const untilMs = this.#clock.now() + TURN_MS_MAX;
    let gone = 0;
    while (gone < waiting.length && this.#clock.now() < untilMs) {
      waiting[gone++]?.();
    }
    if (gone === waiting.length) return;
    this.#waiting = [...waiting.slice(gone), ...this.#waiting];
    this.#timer.set(this.#clock.now());
  }
}

const known = new WeakMap<Clock, Turns>();

/** The turns of all who go by `clock`. */
export function turnsOf(clock: Clock): Turns {
  const turns = known.get(clock) ?? new Turns(clock);
  known.set(clock, turns);
  return turns;
}

/** One's own turn: how long it has gone on. */
export class Turn {
  readonly #clock: Clock;
  readonly #go: () => void;
  #sinceMs: number | undefined;
  #waits = false;

  /** A turn by `clock`; `go` is called when it is there again. */
  constructor(clock: Clock, go: () => void) {
    this.#clock = clock;
    this.#go = go;
  }

  /** Whether another step may be made now. If not, it is waited for the next turn. */
  goesOn(): boolean {
    if (this.#waits) return false;
    const nowMs = this.#clock.now();
    this.#sinceMs ??= nowMs;
    if (nowMs - this.#sinceMs < TURN_MS_MAX) return true;
    this.#waits = true;
    turnsOf(this.#clock).wait(() => this.#begin());
    return false;
  }

  /** Others had their turn. */
  rested(): void {
    this.#sinceMs = undefined;
  }

  #begin(): void {
    this.#waits = false;
    this.rested();
    this.#go();
  }
}

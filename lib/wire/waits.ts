/**
 * Waits of one length, many at once: they are over in the order in which they began, so one
 * timer does for all of them, and a wait that ends early costs next to nothing.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import type { Timer } from "../core/deadlines.ts";
import { EARLY_MS_MAX } from "../core/limits.ts";

/** One wait. */
interface Wait {
  readonly untilMs: number;
  readonly over: () => void;
}

/** Waits that last `lengthMs` unless they are ended. */
export class Waits {
  readonly #clock: Clock;
  readonly #lengthMs: number;
  readonly #waiting = new Set<Wait>();
  readonly #timer: Timer;

  /** Nobody waits yet. */
  constructor(clock: Clock, lengthMs: number) {
    this.#clock = clock;
    this.#lengthMs = lengthMs;
    this.#timer = clock.timer(() => this.#ring());
  }

  /** Begins a wait; `over` is called if it is not ended in time. */
  begin(over: () => void): Wait {
    const wait = { untilMs: this.#clock.now() + this.#lengthMs, over };
    if (this.#waiting.size === 0) this.#timer.set(wait.untilMs);
    this.#waiting.add(wait);
    return wait;
  }

  /** Ends a wait; false when it was over before. */
  end(wait: Wait): boolean {
    const waited = this.#waiting.delete(wait);
    if (this.#waiting.size === 0) this.#timer.clear();
    return waited;
  }

  /** The timer is set for the first wait there was; it may have ended since. */
  #ring(): void {
    const nowMs = this.#clock.now() + EARLY_MS_MAX;
    for (const wait of this.#waiting) {
      if (wait.untilMs > nowMs) return this.#timer.set(wait.untilMs);
      this.#waiting.delete(wait);
      wait.over();
    }
  }
}

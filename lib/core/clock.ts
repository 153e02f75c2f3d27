/**
 * The only source of time. All waiting in the process is one heap of deadlines and one
 * `setTimeout` for the earliest of them.
 *
 * Why not a timer for each wait: a timer a chunk costs the runtime far more than a heap
 * entry, and only absolute deadlines keep a stream's lateness from adding up.
 *
 * @module
 */

import { Deadline, Deadlines, type Timer } from "./deadlines.ts";
import { EARLY_MS_MAX, SLEEP_MS_MAX } from "./limits.ts";

/** Time, and waiting for it. Its other implementation is the tests' manual clock. */
export interface Clock {
  /** Milliseconds on a scale that never jumps. */
  now(): number;
  /** Milliseconds since the epoch; may jump. */
  epochMs(): number;
  /** A timer that calls `ring`, telling it how late it is, in milliseconds. */
  timer(ring: (lateMs: number) => void): Timer;
}

/** Resolves once `clock` shows `atMs`. */
export function until(clock: Clock, atMs: number): Promise<void> {
  return new Promise((resolve) => clock.timer(() => resolve()).set(atMs));
}

/** The system's time. */
export class SystemClock implements Clock {
  #deadlines = new Deadlines();
  #handle: ReturnType<typeof setTimeout> | undefined;
  #wakesAtMs = Infinity;
  #ringing = false;
  /** How late the runtime's timers are, learnt from every wake-up. */
  #biasMs = 0.5;

  /** Milliseconds since the process began. */
  now(): number {
    return performance.now();
  }

  /** Milliseconds since the epoch. */
  epochMs(): number {
    return Date.now();
  }

  /** A timer on the common heap. */
  timer(ring: (lateMs: number) => void): Timer {
    const deadline = new Deadline(ring);
    return {
      set: (atMs) => {
        this.#deadlines.set(deadline, atMs);
        this.#sleep();
      },
      clear: () => this.#deadlines.clear(deadline),
    };
  }

  /** Forgets the pending wake-up, so that the process may end. */
  close(): void {
    clearTimeout(this.#handle);
    this.#wakesAtMs = Infinity;
  }

  /**
   * Sleeps until the earliest deadline, unless a wake-up comes no later than that anyway.
   * Clearing a deadline leaves the wake-up alone: one that finds nothing due costs less than
   * a new `setTimeout` for each request whose body arrived in time.
   */
  #sleep(): void {
    const { nextMs } = this.#deadlines;
    if (this.#ringing || nextMs >= this.#wakesAtMs) return;
    clearTimeout(this.#handle);
    this.#wakesAtMs = nextMs;
    const waitMs = Math.max(0, nextMs - this.now() - this.#biasMs);
    this.#handle = setTimeout(
      this.#wake,
      Math.min(Math.round(waitMs), SLEEP_MS_MAX),
    );
  }

  #wake = (): void => {
    const nowMs = this.now();
    this.#learn(nowMs - this.#wakesAtMs);
    this.#wakesAtMs = Infinity;
    this.#ringing = true;
    try {
      this.#deadlines.ring(nowMs + EARLY_MS_MAX, nowMs);
    } finally {
      this.#ringing = false;
      this.#sleep();
    }
  };

  /** Moves the bias a little towards what would have made this wake-up exact. */
  #learn(lateMs: number): void {
    if (lateMs > 5 || lateMs < -5) return; // a busy or a split sleep, not the timer's own error
    this.#biasMs = Math.min(2, Math.max(0, this.#biasMs + 0.05 * lateMs));
  }
}

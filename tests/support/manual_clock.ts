/**
 * Time that moves only when a test says so.
 *
 * @module
 */

import type { Clock } from "../../lib/core/clock.ts";
import { Deadline, Deadlines, type Timer } from "../../lib/core/deadlines.ts";

/** A clock that stands still until {@linkcode ManualClock.advance}. */
export class ManualClock implements Clock {
  #nowMs = 0;
  #deadlines = new Deadlines();
  /** What the wall clock shows at time 0: 2026-01-01T00:00:00Z. */
  epochAtZeroMs = 1_767_225_600_000;

  now(): number {
    return this.#nowMs;
  }

  epochMs(): number {
    return this.epochAtZeroMs + this.#nowMs;
  }

  timer(ring: (lateMs: number) => void): Timer {
    const deadline = new Deadline(ring);
    return {
      set: (atMs) => this.#deadlines.set(deadline, atMs),
      clear: () => this.#deadlines.clear(deadline),
    };
  }

  /** When the next timer rings; Infinity when none is set. */
  get nextMs(): number {
    return this.#deadlines.nextMs;
  }

  /** Moves to `toMs`, stopping at every deadline on the way and letting promises settle there. */
  async advance(toMs: number): Promise<void> {
    await settle();
    while (this.#deadlines.nextMs <= toMs) {
      this.#nowMs = Math.max(this.#nowMs, this.#deadlines.nextMs);
      this.#deadlines.ring(this.#nowMs, this.#nowMs);
      await settle();
    }
    this.#nowMs = Math.max(this.#nowMs, toMs);
  }

  /** Lets `ms` go by, as work does: nothing rings meanwhile. */
  pass(ms: number): void {
    this.#nowMs += ms;
  }

  /** Rings what is due by now. */
  ring(): void {
    this.#deadlines.ring(this.#nowMs, this.#nowMs);
  }

  /** Jumps to `toMs` as a machine does that was suspended: what was due is late. */
  async jump(toMs: number): Promise<void> {
    await settle();
    this.#nowMs = toMs;
    this.#deadlines.ring(toMs, toMs);
    await settle();
  }
}

/** Lets everything that waits for no time happen. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

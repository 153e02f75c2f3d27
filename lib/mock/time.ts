/**
 * A mock's time: the system's, faster, or one in which nobody waits. It keeps no process alive
 * when nothing is waited for.
 *
 * @module
 */

import { type Clock, SystemClock } from "../core/clock.ts";
import { Deadline, Deadlines, type Timer } from "../core/deadlines.ts";

/** A clock that can be put away. */
export interface MockClock extends Clock {
  /** Rings whatever is waited for. */
  rush(): void;
  /** Rings whatever is waited for, and nothing more afterwards. */
  close(): void;
}

/** `clock`, the system's unless given, `speed` times as fast; at `Infinity`, nobody waits. Throws `RangeError`. */
export function clockAt(speed: number, clock?: Clock): MockClock {
  if (!(speed > 0)) {
    throw new RangeError(`speed must be a number above 0, not ${speed}`);
  }
  const quiet = new QuietClock(clock);
  if (speed === 1) return quiet;
  return speed === Infinity
    ? new InstantClock(quiet)
    : new FastClock(quiet, speed);
}

/** A clock that can be left to itself: the system's pending wake-up goes with the last timer, so that a process may end. */
export class QuietClock implements MockClock {
  readonly #inner: Clock;
  readonly #waiting = new Set<(lateMs: number) => void>();
  #closed = false;

  /** `inner`, the system's unless given. */
  constructor(inner: Clock = new SystemClock()) {
    this.#inner = inner;
  }

  /** Milliseconds on a scale that never jumps. */
  now(): number {
    return this.#inner.now();
  }

  /** Milliseconds since the epoch. */
  epochMs(): number {
    return this.#inner.epochMs();
  }

  /** A timer that is no reason to stay once it has rung. */
  timer(ring: (lateMs: number) => void): Timer {
    const rung = (lateMs: number) => {
      this.#strike(rung);
      ring(lateMs);
    };
    const timer = this.#inner.timer(rung);
    return {
      set: (atMs) => {
        if (this.#closed) return;
        this.#waiting.add(rung);
        timer.set(atMs);
      },
      clear: () => {
        timer.clear();
        this.#strike(rung);
      },
    };
  }

  rush(): void {
    for (const ring of [...this.#waiting]) ring(0);
  }

  close(): void {
    this.#closed = true;
    this.rush();
    if (this.#inner instanceof SystemClock) this.#inner.close();
  }

  #strike(rung: (lateMs: number) => void): void {
    if (!this.#waiting.delete(rung) || this.#waiting.size > 0) return;
    if (this.#inner instanceof SystemClock) this.#inner.close();
  }
}

/** Another clock's time, faster or slower. */
class FastClock implements MockClock {
  readonly #inner: MockClock;
  readonly #speed: number;
  readonly #beganMs: number;

  constructor(inner: MockClock, speed: number) {
    this.#inner = inner;
    this.#speed = speed;
    this.#beganMs = inner.now();
  }

  now(): number {
    return (this.#inner.now() - this.#beganMs) * this.#speed;
  }

  epochMs(): number {
    return this.#inner.epochMs();
  }

  timer(ring: (lateMs: number) => void): Timer {
    const timer = this.#inner.timer((lateMs) => ring(lateMs * this.#speed));
    return {
      set: (atMs) => timer.set(this.#beganMs + atMs / this.#speed),
      clear: () => timer.clear(),
    };
  }

  rush(): void {
    this.#inner.rush();
  }

  close(): void {
    this.#inner.close();
  }
}

/**
 * Time that stands still while anything happens, and jumps to the next deadline when nothing
 * does. What is due at different times still comes one after the other.
 */
class InstantClock implements MockClock {
  readonly #inner: MockClock;
  readonly #deadlines = new Deadlines();
  readonly #hop: Timer;
  #nowMs = 0;
  #closed = false;

  constructor(inner: MockClock) {
    this.#inner = inner;
    this.#hop = inner.timer(() => this.#jump());
  }

  now(): number {
    return this.#nowMs;
  }

  epochMs(): number {
    return this.#inner.epochMs();
  }

  timer(ring: (lateMs: number) => void): Timer {
    const deadline = new Deadline(ring);
    return {
      set: (atMs) => {
        if (this.#closed) return;
        this.#deadlines.set(deadline, atMs);
        this.#soon();
      },
      clear: () => this.#deadlines.clear(deadline),
    };
  }

  rush(): void {} // it does nothing else

  close(): void {
    this.#closed = true;
    this.#inner.close();
    this.#deadlines.ring(Infinity, this.#nowMs);
  }

  #jump(): void {
    const { nextMs } = this.#deadlines;
    if (nextMs === Infinity) return;
    this.#nowMs = Math.max(this.#nowMs, nextMs);
    this.#deadlines.ring(this.#nowMs, this.#nowMs);
    if (this.#deadlines.nextMs < Infinity) this.#soon();
  }

  /** Not at once: whoever was rung goes first. */
  #soon(): void {
    this.#hop.set(this.#inner.now() + 1);
  }
}

/**
 * Counters and histograms: what is cheap to feed while requests are being answered.
 *
 * @module
 */

import { number, sample } from "./exposition.ts";

/** Something that is told as samples. */
export interface Instrument {
  /** Its samples, under `name` and with `labels`. */
  samples(name: string, labels: string): string;
}

/** A number that only grows. */
export class Counter implements Instrument {
  #value = 0;

  /** Adds `amount`. */
  add(amount = 1): void {
    this.#value += amount;
  }

  /** Its one sample. */
  samples(name: string, labels: string): string {
    return sample(name, labels, this.#value);
  }
}

/** Observations counted by buckets. */
export class Histogram implements Instrument {
  readonly #bounds: readonly number[];
  /** How many fell into each bucket alone; the last is for what exceeds every bound. */
  readonly #counts: Float64Array;
  #sum = 0;

  /** Buckets up to each of `bounds`, which rise, and one for the rest. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  /** Counts `value` in; most are small, so buckets are tried from the lowest. */
  observe(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += value;
  }

  /** Cumulative buckets, the sum and the count. */
  samples(name: string, labels: string): string {
    const before = labels === "" ? "" : `${labels},`;
    let text = "";
    let count = 0;
    for (const [bucket, inside] of this.#counts.entries()) {
      count += inside;
      const bound = number(this.#bounds[bucket] ?? Infinity);
      text += sample(`${name}_bucket`, `${before}le="${bound}"`, count);
    }
    text += sample(`${name}_sum`, labels, this.#sum);
    return text + sample(`${name}_count`, labels, count);
  }
}

/**
 * Metrics by name and labels, told in the order they were declared.
 *
 * @module
 */

import { header, type Labels, pairs, sample } from "./exposition.ts";
import { Counter, Histogram, type Instrument } from "./histogram.ts";

/** A number that somebody else keeps, asked for when the metrics are read. */
export interface Reading {
  /** Name of the metric. */
  readonly name: string;
  /** What it says. */
  readonly help: string;
  /** Whether it only grows. */
  readonly type: "counter" | "gauge";
  /** The number now; undefined when it cannot be known. */
  value(): number | undefined;
}

/** All metrics. */
export class Registry {
  readonly #labels: Labels;
  readonly #told: (() => string)[] = [];

  /** None yet; `labels` will stand on every sample. */
  constructor(labels: Labels) {
    this.#labels = labels;
  }

  /** Declares counters. */
  counter(name: string, help: string): Family<Counter> {
    const make = () => new Counter();
    return this.#family({ name, help, type: "counter", make });
  }

  /** Declares histograms with buckets up to each of `bounds`. */
  histogram(
    name: string,
    help: string,
    bounds: readonly number[],
  ): Family<Histogram> {
    const make = () => new Histogram(bounds);
    return this.#family({ name, help, type: "histogram", make });
  }

  /** Declares a number that is asked for, with `labels` of its own if it has some. */
  reading(reading: Reading, labels: Labels = {}): void {
    const { name } = reading;
    const all = pairs({ ...labels, ...this.#labels });
    this.#told.push(() => {
      const value = reading.value();
      return value === undefined
        ? ""
        : header(reading) + sample(name, all, value);
    });
  }

  /** All metrics as text. */
  text(): string {
    return this.#told.map((tell) => tell()).join("");
  }

  #family<T extends Instrument>(parts: FamilyParts<T>): Family<T> {
    const family = new Family(parts, this.#labels);
    this.#told.push(() => family.text());
    return family;
  }
}

/** What a {@linkcode Family} is made of. */
interface FamilyParts<T> {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  make(): T;
}

/** The instruments of one name, by labels. */
export class Family<T extends Instrument> {
  readonly #parts: FamilyParts<T>;
  readonly #labels: Labels;
  readonly #children = new Map<string, T>();

  /** None yet; `labels` will stand on all. */
  constructor(parts: FamilyParts<T>, labels: Labels) {
    this.#parts = parts;
    this.#labels = labels;
  }

  /** The one with `labels`, made if there is none. Not for the hot path: keep it. */
  with(labels: Labels): T {
    const key = pairs({ ...labels, ...this.#labels });
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const child = this.#parts.make();
    this.#children.set(key, child);
    return child;
  }

  /** All of them as text. */
  text(): string {
    let text = header(this.#parts);
    for (const [labels, child] of this.#children) {
      text += child.samples(this.#parts.name, labels);
    }
    return text;
  }
}

/**
 * From durations to the times of chunks. Pure: draws from the generator it is given.
 *
 * @module
 */

import type { Pace, Spread } from "../core/plan.ts";
import type { Random } from "../core/random.ts";
import { APPROX, type Tokenizer } from "../core/tokens.ts";
import { characters } from "./cut.ts";

/** Says when each chunk of one stream is due, in milliseconds after the request's arrival. */
export class Metronome {
  #pace: Pace;
  #random: Random;
  #tokenizer: Tokenizer;
  #startMs: number;
  /** What was drawn so far, where durations vary. */
  #drawnMs = 0;
  /** How many units went by, where they do not: a product does not drift as a sum would. */
  #units = 0;

  /** Starts before the first chunk. */
  constructor(pace: Pace, random: Random, tokenizer = APPROX) {
    this.#pace = pace;
    this.#tokenizer = tokenizer;
    this.#random = random;
    this.#startMs = draw(pace.firstMs, random);
  }

  /** When the next chunk, or the end, is due. */
  get dueMs(): number {
    const { unitMs } = this.#pace;
    const fixedMs = unitMs.type === "fixed" ? this.#units * unitMs.ms : 0;
    return this.#startMs + fixedMs + this.#drawnMs;
  }

  /** Lets the time of `chunk` go by; gives {@linkcode dueMs} after it. */
  advance(chunk: string): number {
    return this.pass(this.units(chunk));
  }

  /** What `chunk` costs. */
  units(chunk: string): number {
    return unitsOf(chunk, this.#pace.unit, this.#tokenizer);
  }

  /** Lets the time of `units` go by; gives {@linkcode dueMs} after it. */
  pass(units: number): number {
    if (this.#pace.unitMs.type === "fixed") this.#units += units;
    else this.#drawnMs += units * draw(this.#pace.unitMs, this.#random);
    return this.dueMs;
  }
}

/** How long a reply of `units` takes that is sent in one piece: its time to the first chunk, and theirs. */
export function wholeMs(pace: Pace, units: number): number {
  return mean(pace.firstMs) + units * mean(pace.unitMs);
}

/** What `chunk` costs; as a text of one chunk, so that a whole text may be asked about too. */
export function unitsOf(
  chunk: string,
  unit: Pace["unit"],
  tokenizer: Tokenizer,
): number {
  switch (unit) {
    case "chunk":
      return 1;
    case "character":
      return characters(chunk);
    case "token":
      return tokenizer.count(chunk);
  }
}

/** Whether nothing in `pace` takes time. */
export function isInstant(pace: Pace): boolean {
  return pace.firstMs.type === "fixed" && pace.firstMs.ms === 0 &&
    pace.unitMs.type === "fixed" && pace.unitMs.ms === 0;
}

function draw(spread: Spread, random: Random): number {
  switch (spread.type) {
    case "fixed":
      return spread.ms;
    case "uniform":
      return spread.minMs + (spread.maxMs - spread.minMs) * random.fraction();
  }
}

function mean(spread: Spread): number {
  switch (spread.type) {
    case "fixed":
      return spread.ms;
    case "uniform":
      return (spread.minMs + spread.maxMs) / 2;
  }
}

/**
 * Reads files in a process of its own, so that nothing written in them can keep requests
 * waiting: not their size, not a bomb, not a line the YAML library takes minutes for.
 *
 * Here are both ends: {@linkcode readerAside} in the process that serves,
 * {@linkcode serveAside} in the one that reads.
 *
 * @module
 */

import { type Clock, until } from "../core/clock.ts";
import type { Timer } from "../core/deadlines.ts";
import {
  ADOPT_MS_MAX,
  CONFIG_READ_MS_MAX,
  PREPARED_MS_MAX,
} from "../core/limits.ts";
import { readConfigs, type Verdict } from "./compile.ts";
import { problemOf, type Sight } from "./file.ts";
import type { Finding } from "./findings.ts";
import { letterOf, openLetter, textsOf } from "./letter.ts";
import { pack, Unpacking } from "./parcel.ts";
import { type Aside, Reading } from "./reading.ts";

/** Reads what looks found. */
export interface ReadSight {
  /** Reads what a look found in `source`; gives up, with whatever result, when told by `signal`. */
  (sight: Sight, source: string, signal: AbortSignal): Promise<Verdict>;
  /** Gets ready, since there will be something to read in a moment, or will not. */
  prepare?(): void;
  /** Need not be ready any more. */
  rest?(): void;
}

/** What comes first: from there on, silence is the text's fault. */
const READY = new TextEncoder().encode("ready\n");

/** A {@linkcode ReadSight} that reads by `aside`. */
export function readerAside(aside: Aside, clock: Clock): ReadSight {
  const waiting = new Waiting(aside, clock);
  const read: ReadSight = async (sight, source, signal) => {
    const limit = new AbortController();
    const timer = clock.timer(() => limit.abort());
    timer.set(clock.now() + CONFIG_READ_MS_MAX);
    try {
      const either = AbortSignal.any([signal, limit.signal]);
      const reading = waiting.take();
      const pieces = reading.read(letterOf(sight, source), either);
      const said = await takeIn(pieces, clock);
      if (said !== "nothing" && said !== "not all") return said;
      if (limit.signal.aborted) return refusal(source, TOO_SLOW);
      if (said === "not all" || signal.aborted) {
        return refusal(source, BROKE_OFF);
      }
    } finally {
      timer.clear();
    }
    return await readHere(sight, source); // no process is to be had: late is better than never
  };
  return Object.assign(read, {
    prepare: () => waiting.prepare(),
    rest: () => waiting.drop(),
  });
}

/** At most one process that waits for something to read, and not for ever. */
class Waiting {
  readonly #aside: Aside;
  readonly #clock: Clock;
  readonly #timer: Timer;
  #reading: Reading | undefined;

  constructor(aside: Aside, clock: Clock) {
    this.#aside = aside;
    this.#clock = clock;
    this.#timer = clock.timer(() => this.drop());
  }

  prepare(): void {
    if (this.#reading?.over === true) this.drop();
    this.#reading ??= new Reading(this.#aside);
    this.#timer.set(this.#clock.now() + PREPARED_MS_MAX);
  }

  take(): Reading {
    this.#timer.clear();
    const reading = this.#reading;
    this.#reading = undefined;
    return reading === undefined || reading.over
      ? new Reading(this.#aside)
      : reading;
  }

  drop(): void {
    this.#timer.clear();
    this.#reading?.stop();
    this.#reading = undefined;
  }
}

/** Reads what a look found at once, in this process. The result is as if it had crossed. */
export async function readHere(
  sight: Sight,
  source: string,
): Promise<Verdict> {
  const unpacking = new Unpacking();
  const verdict = await readConfigs(textsOf(sight), source);
  for (const bytes of pack(verdict)) unpacking.take(bytes);
  return unpacking.verdict ?? verdict;
}

/** What the process that reads writes: at once that it is there, then what came of its input. */
export async function* serveAside(
  input: Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield READY;
  const { sight, source } = openLetter(await input);
  yield* pack(await readConfigs(textsOf(sight), source));
}

/** Takes the bytes in, a few milliseconds at a time. */
async function takeIn(
  pieces: AsyncIterable<Uint8Array>,
  clock: Clock,
): Promise<Verdict | "nothing" | "not all"> {
  const unpacking = new Unpacking();
  let greeting = 0;
  let sinceMs = clock.now();
  for await (const piece of pieces) {
    const greeted = Math.min(READY.length - greeting, piece.length);
    for (let at = 0; at < greeted; at++) {
      if (piece[at] !== READY[greeting++]) return "nothing";
    }
    unpacking.take(piece.subarray(greeted));
    const { verdict } = unpacking;
    if (verdict !== undefined) return verdict;
    if (clock.now() - sinceMs < ADOPT_MS_MAX) continue;
    await until(clock, clock.now() + 1); // others first
    sinceMs = clock.now();
  }
  return greeting < READY.length ? "nothing" : "not all";
}

function refusal(source: string, finding: Finding): Verdict {
  return { config: undefined, problems: [problemOf(source, finding)], more: 0 };
}

const TOO_SLOW: Finding = {
  code: "too-slow",
  message: `The file takes longer than ${
    CONFIG_READ_MS_MAX / 1000
  } s to read, and was given up`,
  remedy:
    "Look for a bracket or a quote that is never closed, or shorten the file",
};

const BROKE_OFF: Finding = {
  code: "broke-off",
  message: "The process that read the file ended before it was done",
  remedy:
    "Look whether memory was short, then save the file again. mockllm validate FILE says more",
};

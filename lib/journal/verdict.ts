/**
 * What a verification answers: that all is as wanted, or what was made instead, in words.
 *
 * @module
 */

import { VERIFY_FOUND_MAX, VERIFY_NEAREST_MAX } from "../core/limits.ts";
import type { Criterion } from "./criteria.ts";
import type { Entry } from "./journal.ts";
import { eachOf, type Work } from "../core/leisure.ts";
import { redactorOf, summaryOf, type View } from "./view.ts";

/** A kind of request. */
export interface Wanted {
  /** What must hold of it, all of it. */
  readonly criteria: readonly Criterion[];
}

/** How many requests there must be. */
export interface Count {
  /** At least so many. */
  readonly min: number;
  /** At most so many; Infinity for any number. */
  readonly max: number;
}

/** What came of it. */
export type Verdict = Verified | Failed;

/** It is as wanted. */
export interface Verified {
  /** Tells it from {@linkcode Failed}. */
  readonly ok: true;
  /** How many requests match. */
  readonly count: number;
}

/** It is not. */
export interface Failed {
  /** Tells it from {@linkcode Verified}. */
  readonly ok: false;
  /** What was wanted, what was found instead, what came nearest: one paragraph. */
  readonly message: string;
  /** How many requests match. */
  readonly count: number;
  /** How many were wanted: `at least 1`. */
  readonly wanted: string;
  /** Requests that match, in short; the newest of them, if they are many. */
  readonly found: readonly View[];
  /** Requests that nearly match. */
  readonly nearest: readonly Near[];
}

/** A request that nearly matches. */
export interface Near {
  /** Its id. */
  readonly id: string;
  /** What differs: `model is "gpt-4o", wants "claude-*"`. */
  readonly differs: readonly string[];
}

/** A verification that failed, with what it found. */
export function* failed(
  sentences: readonly string[],
  found: readonly Entry[],
  wanted: string,
  nearest: readonly Near[],
): Work<Failed> {
  return {
    ok: false,
    message: sentences.filter((each) => each !== "").join(". "),
    count: found.length,
    wanted,
    found: yield* eachOf(found.slice(-VERIFY_FOUND_MAX), summaryOf),
    nearest,
  };
}

/** What is wanted of a request, as the middle of a sentence. */
export function withWords({ criteria }: Wanted): string {
  if (criteria.length === 0) return "";
  return ` with ${criteria.map(({ wants }) => wants).join(", ")}`;
}

/** Whose requests, as the middle of a sentence. */
export function sessionWords(session: string | undefined): string {
  if (session === undefined) return "";
  return session === ""
    ? " without a session"
    : ` in session ${JSON.stringify(session)}`;
}

/** What came nearest, as a sentence. */
export function nearWords([nearest]: readonly Near[]): string {
  if (nearest === undefined) return "";
  return `Nearest is request ${nearest.id}: ${nearest.differs.join("; ")}`;
}

/** How many requests nobody can look at any more, as a sentence. */
export function droppedWords(dropped: number): string {
  return dropped === 0
    ? ""
    : `The journal is bounded, and ${dropped} older ${
      dropped === 1 ? "request is" : "requests are"
    } no more in it`;
}

/** The requests of which least differs; among equals those that are most like what was wanted, then the newest. */
export function* nearestOf(
  entries: readonly Entry[],
  { criteria }: Wanted,
): Work<Near[]> {
  const ranked = yield* eachOf(entries, (entry) => {
    const failing = criteria.filter((criterion) => !criterion.holds(entry));
    return { entry, failing, alike: alikeIn(entry, failing) };
  });
  const nearest = ranked.filter(({ failing }) => failing.length > 0)
    .toReversed().sort((a, b) =>
      a.failing.length - b.failing.length || b.alike - a.alike
    ).slice(0, VERIFY_NEAREST_MAX);
  return nearest.map(({ entry, failing }) => ({
    id: String(entry.number),
    differs: failing.map((criterion) =>
      redactorOf(entry)(criterion.differs(entry))
    ),
  }));
}

/** What is less alike is so by chance: any two sentences share some letters. */
const ALIKE_MIN = 0.6;

function alikeIn(entry: Entry, failing: readonly Criterion[]): number {
  const most = Math.max(0, ...failing.map((each) => each.alike?.(entry) ?? 0));
  return most < ALIKE_MIN ? 0 : most;
}

/** How many are wanted, as the middle of a sentence. */
export function countWords({ min, max }: Count): string {
  if (min === max) return `exactly ${min}`;
  if (max === Infinity) return `at least ${min}`;
  return min === 0 ? `at most ${max}` : `from ${min} to ${max}`;
}

/** Which were found, as a sentence. */
export function foundWords(found: readonly Entry[]): string {
  const shown = found.slice(-VERIFY_FOUND_MAX).map(({ number }) => number);
  const more = found.length - shown.length;
  return `They are ${shown.join(", ")}${
    more > 0 ? ` and ${more} before them` : ""
  }`;
}

/**
 * Verification: whether the requests that were wanted have been made.
 *
 * @module
 */

import type { Entry } from "./journal.ts";
import { atOnce, thoseOf, type Work } from "../core/leisure.ts";
import {
  type Count,
  countWords,
  droppedWords,
  type Failed,
  failed,
  foundWords,
  nearestOf,
  nearWords,
  sessionWords,
  type Verdict,
  type Wanted,
  withWords,
} from "./verdict.ts";

/** What is to be verified. */
export interface Question extends Wanted {
  /** Only requests of this session; of all, if undefined. */
  readonly session: string | undefined;
  /** How many there must be; undefined where only an order matters. */
  readonly count: Count | undefined;
  /** Requests that must have come in this order, others in between or not. */
  readonly order: readonly Wanted[];
}

/** Where the requests come from. */
export interface Recorded {
  /** Those that are held, oldest first. */
  readonly entries: readonly Entry[];
  /** How many older ones were dropped. */
  readonly dropped: number;
}

/** Answers `question` from what was recorded. */
export function verify(question: Question, recorded: Recorded): Verdict {
  return atOnce(verifying(question, recorded));
}

/** As {@linkcode verify}, with rests. */
export function* verifying(
  question: Question,
  recorded: Recorded,
): Work<Verdict> {
  const { session, count } = question;
  const entries = session === undefined
    ? recorded.entries
    : recorded.entries.filter((entry) => entry.session === session);
  const found = yield* thoseOf(entries, (entry) => matches(entry, question));
  const about = { question, recorded, entries, found };
  if (count !== undefined && !within(found.length, count)) {
    return yield* failedCount(about, count);
  }
  return yield* verifyOrder(about);
}

/** Everything that words of failure need. */
interface About {
  readonly question: Question;
  readonly recorded: Recorded;
  /** Requests of the session. */
  readonly entries: readonly Entry[];
  /** Those that match. */
  readonly found: readonly Entry[];
}

function matches(entry: Entry, { criteria }: Wanted): boolean {
  return criteria.every((criterion) => criterion.holds(entry));
}

function within(count: number, { min, max }: Count): boolean {
  return count >= min && count <= max;
}

// How many ────────────────────────────────────────────────────────────────────

function* failedCount(about: About, count: Count): Work<Failed> {
  const { question, entries, found } = about;
  const wanted = countWords(count);
  const few = found.length < count.min;
  const nearest = few ? yield* nearestOf(entries, question) : [];
  const message = [
    `Wanted ${wanted} ${wanted.endsWith(" 1") ? "request" : "requests"}${
      withWords(question)
    }${
      sessionWords(question.session)
    }, found ${found.length} among ${entries.length}`,
    few ? nearWords(nearest) : foundWords(found),
    droppedWords(about.recorded.dropped),
  ];
  return yield* failed(message, found, wanted, nearest);
}

// In which order ──────────────────────────────────────────────────────────────

/** Each step takes the first request that matches after that of the step before: if any choice fits, this one does. */
function* verifyOrder(about: About): Work<Verdict> {
  const { question: { order }, entries, found } = about;
  let step = 0;
  let last: Entry | undefined;
  for (const entry of entries) {
    const wanted = order[step];
    if (wanted === undefined) break;
    if (matches(entry, wanted)) {
      step++;
      last = entry;
    }
    yield;
  }
  if (step < order.length) return yield* failedOrder(about, step, last);
  return { ok: true, count: found.length };
}

/** The step `at` was not found after `last`, the request of the step before. */
function* failedOrder(
  about: About,
  at: number,
  last: Entry | undefined,
): Work<Failed> {
  const { question, entries, found, recorded } = about;
  const step = question.order[at] ?? question;
  const after = last === undefined ? "" : `, after request ${last.number}`;
  const later = entries.filter(({ number }) => number > (last?.number ?? 0));
  const nearest = yield* nearestOf(later, step);
  const [earlier] = yield* thoseOf(entries, (entry) => matches(entry, step));
  const message = [
    `Step ${at + 1} of ${question.order.length} wanted a request${
      withWords(step)
    }${
      sessionWords(question.session)
    }${after}, found none among ${later.length}`,
    earlier === undefined
      ? nearWords(nearest)
      : `Request ${earlier.number} matches, but came too early`,
    droppedWords(recorded.dropped),
  ];
  return yield* failed(
    message,
    found,
    `in order, ${question.order.length}`,
    nearest,
  );
}

/**
 * Verification: whether the requests that were wanted have been made.
 *
 * @module
 */

import type { Entry } from "./journal.ts";
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
  const { session, count } = question;
  const entries = session === undefined
    ? recorded.entries
    : recorded.entries.filter((entry) => entry.session === session);
  const found = entries.filter((entry) => matches(entry, question));
  const about = { question, recorded, entries, found };
  if (count !== undefined && !within(found.length, count)) {
    return failedCount(about, count);
  }
  return verifyOrder(about);
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

function failedCount(about: About, count: Count): Failed {
  const { question, entries, found } = about;
  const wanted = countWords(count);
  const few = found.length < count.min;
  const nearest = few ? nearestOf(entries, question) : [];
  const message = [
    `Wanted ${wanted} ${wanted.endsWith(" 1") ? "request" : "requests"}${
      withWords(question)
    }${
      sessionWords(question.session)
    }, found ${found.length} among ${entries.length}`,
    few ? nearWords(nearest) : foundWords(found),
    droppedWords(about.recorded.dropped),
  ];
  return failed(message, found, wanted, nearest);
}

// In which order ──────────────────────────────────────────────────────────────

/** Each step takes the first request that matches after that of the step before: if any choice fits, this one does. */
function verifyOrder(about: About): Verdict {
  const { question: { order }, entries, found } = about;
  let from = 0;
  for (const [step, wanted] of order.entries()) {
    const at = entries.findIndex((entry, at) =>
      at >= from && matches(entry, wanted)
    );
    if (at < 0) return failedOrder(about, step, entries[from - 1]);
    from = at + 1;
  }
  return { ok: true, count: found.length };
}

/** The step `at` was not found after `last`, the request of the step before. */
function failedOrder(
  about: About,
  at: number,
  last: Entry | undefined,
): Failed {
  const { question, entries, found, recorded } = about;
  const step = question.order[at] ?? question;
  const after = last === undefined ? "" : `, after request ${last.number}`;
  const later = entries.filter(({ number }) => number > (last?.number ?? 0));
  const nearest = nearestOf(later, step);
  const earlier = entries.find((entry) => matches(entry, step));
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
  return failed(message, found, `in order, ${question.order.length}`, nearest);
}

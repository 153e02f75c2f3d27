/**
 * What came of a server's life: how much was asked, what matched nothing, what was refused, and
 * what was never of use. `outcome_words.ts` tells it.
 *
 * @module
 */

import type { Exchange } from "../core/exchange.ts";
import { PATTERN_SHOWN_CHARS_MAX } from "../core/limits.ts";
import { isUnmatched } from "../journal/criteria.ts";
import type { Entry, Journal } from "../journal/journal.ts";
import { errorOf, redactorOf } from "../journal/view.ts";
import type { Coverage, Used } from "../match/coverage.ts";
import type { Config } from "../match/rule.ts";
import { visible } from "./render.ts";

/** Counts requests to providers' paths, as they end. */
export class Tally {
  /** All of them. */
  requests = 0;
  /** Those that could not be answered: unknown paths, requests the provider would refuse. */
  refused = 0;
  /** Those whose client left before the end. */
  clientLeft = 0;

  /** Counts one. */
  count({ dialect, answeredBy, error, ended }: Exchange): void {
    if (dialect === undefined) return;
    this.requests++;
    if (error !== undefined && answeredBy === undefined) this.refused++;
    if (ended === "client left") this.clientLeft++;
  }
}

/** What came of a server's life. */
export interface Outcome {
  /** How much was asked. */
  readonly tally: Readonly<Tally>;
  /** How many requests nothing scripted matched. */
  readonly unmatched: number;
  /** Those of them that the journal still holds, equal ones as one. */
  readonly unmatchedRequests: readonly Group[];
  /** Requests that were refused, as far as the journal still holds them. */
  readonly refusedRequests: readonly Group[];
  /** Every rule, and how often it answered. */
  readonly rules: readonly Used[];
  /** Every response, and how often it answered. */
  readonly responses: readonly Used[];
}

/** Equal requests. */
export interface Group {
  /** Method, path, and what was asked. */
  readonly request: string;
  /** How many they are. */
  readonly times: number;
  /** Number of the first of them in the journal. */
  readonly id: string;
  /** HTTP status of the answer. */
  readonly status: number;
  /** Why: one line for each of the nearest rules, or the words of the refusal. */
  readonly because: readonly string[];
}

/** Where an outcome is read off. */
export interface OutcomeParts {
  /** How much was asked. */
  readonly tally: Tally;
  /** The last requests. */
  readonly journal: Journal;
  /** What answered. */
  readonly coverage: Coverage;
  /** The configuration in force. */
  readonly config: Config;
}

/** What came of it all so far. */
export function outcomeOf(
  { tally, journal, coverage, config }: OutcomeParts,
): Outcome {
  const { unmatched, rules, responses } = coverage.report(config);
  const entries = journal.entries();
  return {
    tally,
    unmatched,
    unmatchedRequests: grouped(entries.filter(isUnmatched)),
    refusedRequests: grouped(entries.filter(isRefused)),
    rules,
    responses,
  };
}

function isRefused(entry: Entry): boolean {
  return entry.asked?.plan === undefined && errorOf(entry) !== undefined;
}

function grouped(entries: readonly Entry[]): Group[] {
  const groups = new Map<string, Group>();
  for (const entry of entries) {
    const request = requestOf(entry);
    const known = groups.get(request);
    const times = (known?.times ?? 0) + 1;
    groups.set(request, { ...known ?? groupOf(entry, request), times });
  }
  return [...groups.values()];
}

function groupOf(entry: Entry, request: string): Omit<Group, "times"> {
  const redact = redactorOf(entry);
  const because = isUnmatched(entry)
    ? entry.asked?.misses() ?? []
    : [errorOf(entry) ?? ""];
  return {
    request,
    id: String(entry.number),
    status: entry.status,
    because: because.map((line) => visible(redact(line))),
  };
}

/** `POST /v1/messages claude-sonnet-4-5 "Hello"`. */
function requestOf(entry: Entry): string {
  const { asked, method, url } = entry;
  const words = [method, new URL(url, "http://mock").pathname];
  if (asked !== undefined) {
    const { turn, prompt } = asked.context;
    words.push(turn.model, JSON.stringify(shortened(prompt.text)));
  } else words.push(String(entry.status));
  return visible(redactorOf(entry)(words.join(" ")));
}

/** `text`, cut to what is shown of it. */
export function shortened(text: string): string {
  return text.length > PATTERN_SHOWN_CHARS_MAX
    ? `${text.slice(0, PATTERN_SHOWN_CHARS_MAX).toWellFormed()}…`
    : text;
}

/**
 * Which requests of the journal are asked for by `GET /_mock/requests`: filters and pages.
 *
 * Oldest first: `next` of one page is `since` of the next one, and of whoever wants to know
 * later what is new.
 *
 * @module
 */

import { JOURNAL_PAGE_DEFAULT, JOURNAL_PAGE_MAX } from "../core/limits.ts";
import { BadRequest } from "../core/reply.ts";
import { CRITERIA, criterion, type CriterionName } from "./criteria.ts";
import type { Entry } from "./journal.ts";
import { thoseOf, type Work } from "../core/leisure.ts";

/** Whether a request is asked for. */
export type Filter = (entry: Entry) => boolean;

/** What is asked for. */
export interface Query {
  /** Which requests. */
  readonly filter: Filter;
  /** At most how many. */
  readonly limit: number;
  /** Whether those are the newest ones rather than the oldest. */
  readonly newest: boolean;
}

/** Some of the requests, oldest first. */
export interface Page {
  /** The requests. */
  readonly entries: readonly Entry[];
  /** What `since` must be to go on; undefined when there are no more. */
  readonly next: string | undefined;
}

const FILTERS = [...Object.keys(CRITERIA), "since"];
const PAGING = ["limit", "last"];

/** Reads the parameters of a URL. Throws {@linkcode BadRequest}, naming the parameter. */
export function readQuery(parameters: URLSearchParams): Query {
  refuseUnknown(parameters, [...FILTERS, ...PAGING]);
  const last = readCount(parameters, "last");
  const limit = readCount(parameters, "limit");
  if (last !== undefined && limit !== undefined) {
    throw bad("last", "give either last or limit, not both");
  }
  return {
    filter: filterOf(parameters),
    limit: last ?? limit ?? JOURNAL_PAGE_DEFAULT,
    newest: last !== undefined,
  };
}

/** As {@linkcode readQuery}, where there are no pages. */
export function readFilter(parameters: URLSearchParams): Filter {
  refuseUnknown(parameters, FILTERS);
  return filterOf(parameters);
}

/** The page of `entries` that is asked for. */
export function* pageOf(
  entries: readonly Entry[],
  { filter, limit, newest }: Query,
): Work<Page> {
  const all = yield* thoseOf(entries, filter);
  if (newest) return { entries: all.slice(-limit), next: undefined };
  const page = all.slice(0, limit);
  const next = all.length > limit ? page.at(-1) : undefined;
  return { entries: page, next: next && String(next.number) };
}

/** Throws {@linkcode BadRequest} for parameters that are not `known`, or given twice. */
export function refuseUnknown(
  parameters: URLSearchParams,
  known: readonly string[],
): void {
  for (const name of new Set(parameters.keys())) {
    if (!known.includes(name)) {
      throw bad(name, `there is no such parameter, only ${known.join(", ")}`);
    }
    if (parameters.getAll(name).length > 1) throw bad(name, "is given twice");
  }
}

function filterOf(parameters: URLSearchParams): Filter {
  const tests = [...parameters].flatMap(([name, value]): Filter[] => {
    if (name === "since") return [since(value)];
    if (!Object.hasOwn(CRITERIA, name)) return [];
    const { holds } = criterion(name as CriterionName, value);
    return [holds];
  });
  return (entry) => tests.every((test) => test(entry));
}

/** After the request with that number, or from that time on. */
function since(value: string): Filter {
  if (/^\d{1,15}$/.test(value)) {
    const number = Number(value);
    return (entry) => entry.number > number;
  }
  const time = value.replace(" ", "+"); // what a URL makes of a bare "+"
  const ms = ISO.test(time) ? Date.parse(time) : NaN;
  if (Number.isNaN(ms)) {
    throw bad(
      "since",
      "expected the id of a request, or a time such as 2026-01-31T12:00:00Z",
    );
  }
  return (entry) => entry.arrivedEpochMs >= ms;
}

/** A day, or a moment with its zone. */
const ISO = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/;

function readCount(
  parameters: URLSearchParams,
  name: string,
): number | undefined {
  const value = parameters.get(name);
  if (value === null) return undefined;
  const count = /^\d{1,9}$/.test(value) ? Number(value) : 0;
  if (count >= 1 && count <= JOURNAL_PAGE_MAX) return count;
  throw bad(name, `expected a whole number from 1 to ${JOURNAL_PAGE_MAX}`);
}

function bad(field: string, message: string): BadRequest {
  const shown = field.length > 60 ? `${field.slice(0, 60)}…` : field;
  return new BadRequest({
    message: `${shown.toWellFormed()}: ${message}`,
    field: shown.toWellFormed(),
  });
}

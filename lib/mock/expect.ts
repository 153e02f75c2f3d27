/**
 * Expectations: whether the requests that a test expects have been made, and, if not, what was
 * made instead, for a person to read.
 *
 * @module
 */

import { Findings } from "../config/findings.ts";
import { Later } from "../config/later.ts";
import { fit } from "../config/plain.ts";
import { WHEN } from "../config/when_shape.ts";
import { conditionsAt } from "../config/whens.ts";
import { BadRequest } from "../core/reply.ts";
import {
  conditionHolds,
  type Criterion,
  criterion,
  type CriterionName,
} from "../journal/criteria.ts";
import type { Entry, Journal } from "../journal/journal.ts";
import type { Count, Failed } from "../journal/verdict.ts";
import { type Question as Verification, verify } from "../journal/verify.ts";
import type { Ended } from "../journal/view.ts";
import { ExpectationError } from "./errors.ts";
import { type Question, questionOf } from "./question.ts";
import type { MockWhen } from "./rule_types.ts";
import { throwIfWrong } from "./rules.ts";
import { write } from "./written.ts";

/** How many requests there should be, and what else should hold of each. */
export interface Expected {
  /** So many, exactly; 0 for none. */
  readonly times?: number;
  /** At least so many; 1 unless anything else is said. */
  readonly atLeast?: number;
  /** At most so many. */
  readonly atMost?: number;
  /** How the answer ended: `client_left` where a client stopped it. */
  readonly ended?: Ended;
  /** HTTP status of the answer: `200`, or `"4xx"`. */
  readonly status?: number | string;
  /** The name of the rule that answered, or a pattern of it. */
  readonly rule?: string;
  /** Whether nothing scripted matched. */
  readonly unmatched?: boolean;
  /** What is said in any message, or in the reply. */
  readonly text?: string;
}

/** The requests of `session` that are `expected`; throws {@linkcode ExpectationError} if they are too few or too many. */
export function expectRequests(
  when: MockWhen,
  expected: Expected,
  journal: Journal,
  session: string | undefined,
): readonly Entry[] {
  const criteria = criteriaOf(when, expected);
  const count = countOf(expected);
  demand({ criteria, session, count, order: [] }, journal);
  return journal.entries().filter((entry) =>
    (session === undefined || entry.session === session) &&
    criteria.every((each) => each.holds(entry))
  );
}

/** Throws {@linkcode ExpectationError} unless requests of `session` came in this order, others in between or not. */
export function expectOrder(
  whens: readonly MockWhen[],
  journal: Journal,
  session: string | undefined,
): void {
  const order = whens.map((when) => ({ criteria: criteriaOf(when, {}) }));
  demand({ criteria: [], session, count: undefined, order }, journal);
}

function demand(question: Verification, journal: Journal): void {
  const entries = journal.entries();
  const verdict = verify(question, { entries, dropped: journal.dropped });
  if (!verdict.ok) throw errorOf(verdict);
}

/** Throws `TypeError` for what no number of requests can be. */
function countOf({ times, atLeast, atMost }: Expected): Count {
  for (const [name, count] of Object.entries({ times, atLeast, atMost })) {
    if (count === undefined || Number.isSafeInteger(count) && count >= 0) {
      continue;
    }
    throw new TypeError(
      `expect(): ${name} must be a whole number of at least 0, not ${count}`,
    );
  }
  if (times !== undefined) {
    if (atLeast === undefined && atMost === undefined) {
      return { min: times, max: times };
    }
    throw new TypeError(
      "expect(): times says it all: leave atLeast and atMost out",
    );
  }
  const min = atLeast ?? (atMost === undefined ? 1 : 0);
  const max = atMost ?? Infinity;
  if (min <= max) return { min, max };
  throw new TypeError(`expect(): atLeast is ${min}, but atMost is ${max}`);
}

// Criteria ────────────────────────────────────────────────────────────────────

const NAMES = ["ended", "status", "rule", "unmatched", "text"] as const;

function criteriaOf(when: MockWhen, expected: Expected): readonly Criterion[] {
  const known: readonly string[] = [...NAMES, "times", "atLeast", "atMost"];
  for (const name of Object.keys(expected)) {
    if (!known.includes(name)) {
      throw new TypeError(
        `expect() knows no "${name}", only ${known.join(", ")}`,
      );
    }
  }
  return [
    ...typeof when === "function" ? [judged(when)] : conditions(when),
    ...NAMES.flatMap((name) => {
      const wanted = expected[name];
      return wanted === undefined ? [] : [named(name, String(wanted))];
    }),
  ];
}

function judged(judge: (question: Question) => boolean): Criterion {
  const holds = ({ asked }: Entry) =>
    asked !== undefined && judge(questionOf(asked.context));
  return {
    wants: "what its function wants",
    holds,
    differs: () => "its function says no",
  };
}

/** Read as conditions of a file are; one without fields holds always. */
function conditions(when: MockWhen): readonly Criterion[] {
  if (typeof when !== "object" || when === null) {
    throw new TypeError(
      `expect() wants conditions such as { prompt: "*weather*" }, {} for any request, or a function, not ${when}`,
    );
  }
  if (Object.keys(when).length === 0) return [];
  const { text, value } = write(when);
  const findings = new Findings("expect()", text);
  const path = ["rules", 0, "when"];
  const later = new Later();
  const entry = { key: value, value };
  fit(WHEN, entry, path, findings);
  const read = conditionsAt(entry, path, { findings, later }) ?? [];
  throwIfWrong("expect()", findings);
  return read.map(conditionHolds);
}

function named(name: CriterionName, value: string): Criterion {
  try {
    return criterion(name, value);
  } catch (error) {
    throw error instanceof BadRequest
      ? new TypeError(`expect(): ${error.message}`)
      : error;
  }
}

// Words ───────────────────────────────────────────────────────────────────────

function errorOf(
  { message, nearest, wanted, count }: Failed,
): ExpectationError {
  const others = nearest.slice(1).map(({ id, differs }) =>
    `Request ${id}: ${differs.join("; ")}`
  );
  return new ExpectationError([message, ...others].join("\n  "), {
    expected: wanted,
    actual: String(count),
  });
}

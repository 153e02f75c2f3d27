/**
 * `/_mock/verify`: assertions about what was asked.
 *
 * @module
 */

import { readWhen } from "../config/read_rules.ts";
import { HEADER_CHARS_MAX, VERIFY_STEPS_MAX } from "../core/limits.ts";
import type { Problem } from "../core/problem.ts";
import {
  conditionHolds,
  type Criterion,
  criterion,
} from "../journal/criteria.ts";
import { atLeisure } from "../core/leisure.ts";
import type { Count, Wanted } from "../journal/verdict.ts";
import { type Question, verifying } from "../journal/verify.ts";
import { Fields } from "./fields.ts";
import {
  type AdminAsk,
  AdminError,
  type AdminParts,
  type AdminRoute,
} from "./route.ts";

/** The route of verification. */
export function verifyRoutes(
  { journal, clock }: Pick<AdminParts, "journal" | "clock">,
): readonly AdminRoute[] {
  return [{
    route: "POST /_mock/verify",
    does: "whether what was wanted has been asked, and if not, what was",
    shared: true,
    answer: async (ask) => {
      const question = await readQuestion(ask);
      const recorded = { entries: journal.entries(), dropped: journal.dropped };
      const work = verifying(question, recorded);
      return { status: 200, body: await atLeisure(work, clock) };
    },
  }];
}

/** What may be wanted of a request besides `when`, each with the name of its criterion. */
const WANTED = {
  ended: "ended",
  status: "status",
  answered_by: "rule",
  path: "path",
  text: "text",
  unmatched: "unmatched",
} as const;

const WANTED_NAMES = ["when", ...Object.keys(WANTED)];
const COUNTS = ["exactly", "at_least", "at_most"];
const KNOWN = [...WANTED_NAMES, ...COUNTS, "session", "order"];

async function readQuestion(ask: AdminAsk): Promise<Question> {
  const fields = new Fields(await ask.json() ?? {}, KNOWN);
  const { criteria } = await readWanted(fields);
  const order = await readOrder(fields);
  const asksCount = criteria.length > 0 || order.length === 0 ||
    COUNTS.some((name) => fields.has(name));
  return {
    criteria,
    session: fields.text("session")?.slice(0, HEADER_CHARS_MAX) ?? ask.session,
    count: asksCount ? readCount(fields) : undefined,
    order,
  };
}

async function readWanted(fields: Fields): Promise<Wanted> {
  const criteria: Criterion[] = fields.has("when")
    ? await readConditions(fields)
    : [];
  for (const [field, name] of Object.entries(WANTED)) {
    const value = fields.word(field);
    if (value === undefined) continue;
    criteria.push(criterion(name, value));
  }
  return { criteria };
}

/** Conditions are read as those of a rule are, from text: the grammar is one. */
async function readConditions(fields: Fields): Promise<Criterion[]> {
  const text = JSON.stringify(fields.get("when"));
  const { when, problems } = await readWhen(text, "when");
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return when.map(conditionHolds);
  const field = fields.pathOf("when");
  throw new AdminError(400, `${field} cannot be read`, {
    field,
    problems: errors.map((problem) => problemIn(fields, problem)),
  });
}

/** A problem of a value: lines and columns are those of a text that nobody wrote. */
function problemIn(fields: Fields, problem: Problem): unknown {
  const { severity, code, message, place, remedy } = problem;
  const path = fields.pathOf(place.path);
  return { severity, code, message, path, remedy };
}

async function readOrder(fields: Fields): Promise<readonly Wanted[]> {
  const steps = fields.list("order") ?? [];
  if (steps.length === 0 && fields.has("order")) {
    throw fields.wrong("order", "an array of at least one step");
  }
  if (steps.length > VERIFY_STEPS_MAX) {
    throw fields.wrong(
      "order",
      `an array of at most ${VERIFY_STEPS_MAX} steps`,
    );
  }
  const wanted: Wanted[] = [];
  for (const [at, step] of steps.entries()) {
    wanted.push(
      await readWanted(new Fields(step, WANTED_NAMES, `order[${at}]`)),
    );
  }
  return wanted;
}

function readCount(fields: Fields): Count {
  const exactly = fields.count("exactly");
  const min = fields.count("at_least");
  const max = fields.count("at_most");
  if (exactly !== undefined) {
    if (min === undefined && max === undefined) {
      return { min: exactly, max: exactly };
    }
    throw new AdminError(
      400,
      "exactly says it all: leave at_least and at_most out",
      { field: "exactly" },
    );
  }
  if (min !== undefined && max !== undefined && min > max) {
    throw new AdminError(400, `at_least is ${min}, but at_most is ${max}`, {
      field: "at_least",
    });
  }
  return { min: min ?? (max === undefined ? 1 : 0), max: max ?? Infinity };
}

/**
 * `/_mock/reset`: back to what the file says.
 *
 * @module
 */

import { HEADER_CHARS_MAX } from "../core/limits.ts";
import { refuseUnknown } from "../journal/query.ts";
import { RuleBook } from "../match/rulebook.ts";
import type { Session } from "../match/sessions.ts";
import { Fields } from "./fields.ts";
import {
  type AdminAnswer,
  type AdminAsk,
  AdminError,
  type AdminParts,
  type AdminRoute,
} from "./route.ts";

/** The route of resetting. */
export function resetRoutes(parts: AdminParts): readonly AdminRoute[] {
  return [{
    route: "POST /_mock/reset",
    does: "forgets rules added at run time, counters, journal and coverage",
    shared: true,
    answer: (ask) => reset(ask, parts),
  }];
}

const RESETTABLE = ["rules", "counters", "journal", "coverage"] as const;

type Resettable = typeof RESETTABLE[number];

/** What is counted for all sessions together cannot be reset for one. */
const COMMON: Resettable = "coverage";

async function reset(ask: AdminAsk, parts: AdminParts): Promise<AdminAnswer> {
  refuseUnknown(ask.query, ["session"]);
  const fields = new Fields(await ask.json() ?? {}, [...RESETTABLE, "session"]);
  const session = fields.text("session")?.slice(0, HEADER_CHARS_MAX) ??
    ask.session;
  const named = RESETTABLE.filter((name) => fields.flag(name));
  if (session !== undefined && named.includes(COMMON)) {
    throw new AdminError(
      400,
      "coverage is counted for all sessions together: reset it without a session",
      { field: COMMON },
    );
  }
  const all = RESETTABLE.filter((name) =>
    session === undefined || name !== COMMON
  );
  const what = named.length > 0 ? named : all;
  perform(new Set(what), session, parts);
  return { status: 200, body: { reset: what, session } };
}

function perform(
  what: ReadonlySet<Resettable>,
  name: string | undefined,
  { sessions, journal, coverage }: AdminParts,
): void {
  for (const session of name === undefined ? sessions : known(name, sessions)) {
    if (what.has("rules")) session.overlay = RuleBook.EMPTY;
    if (what.has("counters")) session.resetCounters();
  }
  if (what.has("journal")) journal.clear(name);
  if (what.has("coverage")) coverage.reset();
}

function known(name: string, sessions: AdminParts["sessions"]): Session[] {
  const session = sessions.get(name);
  return session === undefined ? [] : [session];
}

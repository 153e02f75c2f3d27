/**
 * `/_mock/requests`: what was asked.
 *
 * @module
 */

import type { Entry, Journal } from "../journal/journal.ts";
import { atLeisure, eachOf, type Work } from "../core/leisure.ts";
import {
  pageOf,
  readFilter,
  readQuery,
  refuseUnknown,
} from "../journal/query.ts";
import { detailOf, summaryOf } from "../journal/view.ts";
import {
  type AdminAnswer,
  type AdminAsk,
  AdminError,
  type AdminParts,
  type AdminRoute,
} from "./route.ts";
import { Feed } from "./stream.ts";

/** The routes of the journal. */
export function requestsRoutes(parts: AdminParts): readonly AdminRoute[] {
  const { journal, clock } = parts;
  const feed = new Feed(parts);
  return [
    {
      route: "GET /_mock/requests",
      does: "what was asked, in short and oldest first; filters and pages",
      shared: true,
      answer: (ask) => atLeisure(list(ask, journal), clock),
    },
    {
      route: "DELETE /_mock/requests",
      does: "forgets what was asked, by everybody or in one session",
      shared: true,
      answer: (ask) => clear(ask, journal),
    },
    {
      route: "GET /_mock/requests/stream",
      does: "requests as they begin and end, as server-sent events",
      shared: true,
      answer: (ask) => feed.answer(readFilter(queryOf(ask))),
    },
    {
      route: "GET /_mock/requests/:id",
      does: "one request in full, with the bytes that were sent",
      shared: true,
      answer: async (ask) => {
        refuseUnknown(ask.query, []);
        const entry = find(ask.parameter ?? "", journal);
        return { status: 200, body: await detailOf(entry, clock) };
      },
    },
  ];
}

/** The parameters, with the session that a header names. */
function queryOf({ query, session }: AdminAsk): URLSearchParams {
  const all = new URLSearchParams(query);
  if (session !== undefined) all.set("session", session);
  return all;
}

function* list(ask: AdminAsk, journal: Journal): Work<AdminAnswer> {
  const page = yield* pageOf(journal.entries(), readQuery(queryOf(ask)));
  const requests = yield* eachOf(page.entries, summaryOf);
  const { dropped } = journal;
  return { status: 200, body: { requests, next: page.next, dropped } };
}

function clear(ask: AdminAsk, journal: Journal): AdminAnswer {
  refuseUnknown(ask.query, ["session"]);
  const forgotten = journal.clear(ask.session);
  return { status: 200, body: { forgotten, session: ask.session } };
}

function find(id: string, journal: Journal): Entry {
  const number = /^[1-9]\d{0,14}$/.test(id) ? Number(id) : undefined;
  const entry = number === undefined ? undefined : journal.get(number);
  if (entry !== undefined) return entry;
  const held = journal.entries();
  const shown = JSON.stringify(id.slice(0, 60).toWellFormed());
  const there = held.length === 0
    ? "It holds none"
    : `It holds ${held.length}, from ${held[0]?.number} to ${
      held.at(-1)?.number
    }`;
  const why = number !== undefined && number <= journal.last
    ? "is no more in the journal"
    : "was never in the journal";
  throw new AdminError(404, `Request ${shown} ${why}. ${there}`);
}

/**
 * `/_mock/rules`: rules given at run time, tried before those of the file. To everybody, or to
 * one session.
 *
 * A book of rules is replaced whole: who began with one ends with it.
 *
 * @module
 */

import { readRules } from "../config/read_rules.ts";
import { OVERLAY_RULES_MAX, OVERLAYS_RULES_MAX } from "../core/limits.ts";
import { refuseUnknown } from "../journal/query.ts";
import type { Rule } from "../match/compiled_rule.ts";
import { RuleBook } from "../match/rulebook.ts";
import type { Session } from "../match/sessions.ts";
import { problemView } from "./refuse.ts";
import {
  type AdminAnswer,
  type AdminAsk,
  AdminError,
  type AdminParts,
  type AdminRoute,
} from "./route.ts";
import { listRules } from "./rules_view.ts";

/** The routes of rules. */
export function rulesRoutes(parts: AdminParts): readonly AdminRoute[] {
  const overlays = new Overlays(parts);
  return [
    {
      route: "GET /_mock/rules",
      does: "every rule in the order in which they are tried",
      shared: true,
      answer: (ask) => {
        refuseUnknown(ask.query, ["session"]);
        return { status: 200, body: listRules(parts, ask.session) };
      },
    },
    {
      route: "POST /_mock/rules",
      does: "adds rules before all others, for everybody or one session",
      shared: true,
      answer: (ask) => overlays.add(ask),
    },
    {
      route: "PUT /_mock/rules",
      does: "replaces the rules that were added",
      shared: true,
      answer: (ask) => overlays.replace(ask),
    },
    {
      route: "DELETE /_mock/rules",
      does: "removes the rules that were added",
      shared: true,
      answer: (ask) => overlays.clear(ask),
    },
    {
      route: "DELETE /_mock/rules/:name",
      does: "removes one rule that was added",
      shared: true,
      answer: (ask) => overlays.remove(ask),
    },
  ];
}

/** The rules given at run time. */
class Overlays {
  readonly #parts: AdminParts;
  #texts = 0;

  constructor(parts: AdminParts) {
    this.#parts = parts;
  }

  /** A rule of the same name is replaced: a test that runs again need not tidy up first. */
  async add(ask: AdminAsk): Promise<AdminAnswer> {
    const { rules, warnings } = await this.#read(ask);
    const session = this.#session(ask);
    const names = new Set(rules.map(({ name }) => name));
    const before = session.overlay.rules;
    const kept = before.filter(({ name }) => !names.has(name));
    this.#put(session, [...rules, ...kept], names);
    const replaced = before.filter(({ name }) => names.has(name));
    return said(201, session, { added: rules, replaced, warnings });
  }

  async replace(ask: AdminAsk): Promise<AdminAnswer> {
    const { rules, warnings } = await this.#read(ask);
    const session = this.#session(ask);
    const before = session.overlay.rules;
    const names = [...before, ...rules].map(({ name }) => name);
    this.#put(session, rules, new Set(names));
    return said(200, session, { added: rules, removed: before, warnings });
  }

  clear(ask: AdminAsk): AdminAnswer {
    refuseUnknown(ask.query, ["session"]);
    const session = this.#session(ask);
    const removed = session.overlay.rules;
    this.#put(session, [], new Set(removed.map(({ name }) => name)));
    return said(200, session, { removed });
  }

  remove(ask: AdminAsk): AdminAnswer {
    refuseUnknown(ask.query, ["session"]);
    const session = this.#session(ask);
    const { overlay } = session;
    const rule = overlay.named(ask.parameter ?? "");
    if (rule === undefined) throw this.#missing(ask, overlay);
    const kept = overlay.rules.filter((each) => each !== rule);
    this.#put(session, kept, new Set([rule.name]));
    return said(200, session, { removed: [rule] });
  }

  /** Asks for a session that is unknown begin it: its rules may come before its requests. */
  #session({ session = "" }: AdminAsk): Session {
    return this.#parts.sessions.of(session);
  }

  async #read(ask: AdminAsk): Promise<{ rules: Rule[]; warnings: unknown[] }> {
    refuseUnknown(ask.query, ["session"]);
    const file = `/_mock/rules#${++this.#texts}`;
    const text = await ask.text();
    if (text.trim() === "") {
      throw new AdminError(400, 'Expected rules as the body: {"reply": "…"}');
    }
    const read = await readRules(text, file, this.#parts.config());
    const problems = read.problems.map(problemView);
    if (read.problems.some(({ severity }) => severity === "error")) {
      const message = "The rules cannot be used, and nothing was changed";
      throw new AdminError(400, message, { problems });
    }
    return { rules: [...read.rules], warnings: problems };
  }

  /** Puts `rules` in force; those called `names` begin anew, in every session that sees them. */
  #put(
    session: Session,
    rules: readonly Rule[],
    names: ReadonlySet<string>,
  ): void {
    this.#refuseMany(session, rules.length);
    session.overlay = rules.length === 0 ? RuleBook.EMPTY : new RuleBook(rules);
    const seeing = session.name === "" ? this.#parts.sessions : [session];
    for (const each of seeing) each.forget(names);
  }

  #refuseMany(session: Session, count: number): void {
    if (count > OVERLAY_RULES_MAX) {
      throw tooMany(count, OVERLAY_RULES_MAX, "at a time");
    }
    let all = count;
    for (const each of this.#parts.sessions) {
      if (each !== session) all += each.overlay.rules.length;
    }
    if (all > OVERLAYS_RULES_MAX) {
      throw tooMany(all, OVERLAYS_RULES_MAX, "in all sessions together");
    }
  }

  #missing({ parameter = "" }: AdminAsk, overlay: RuleBook): AdminError {
    const { rules } = this.#parts.config();
    const shown = JSON.stringify(parameter.slice(0, 100).toWellFormed());
    if (rules.some(({ name }) => name === parameter)) {
      return new AdminError(
        404,
        `Rule ${shown} stands in the file: only rules that were added at run time can be removed here`,
      );
    }
    const names = overlay.rules.slice(0, 20).map(({ name }) =>
      JSON.stringify(name)
    );
    const there = names.length === 0
      ? "there are none"
      : `there are ${names.join(", ")}`;
    return new AdminError(
      404,
      `No rule called ${shown} was added at run time, ${there}`,
    );
  }
}

function tooMany(count: number, max: number, where: string): AdminError {
  return new AdminError(
    409,
    `That would be ${count} rules, but there can be ${max} ${where}. Nothing was changed`,
  );
}

/** What was done, by names and places. */
function said(
  status: number,
  { name }: Session,
  { warnings = [], ...lists }:
    & Readonly<
      Partial<Record<"added" | "replaced" | "removed", readonly Rule[]>>
    >
    & { readonly warnings?: readonly unknown[] },
): AdminAnswer {
  const told = Object.entries(lists).map(([what, rules]) => [
    what,
    rules.map(({ name, place }) => ({ name, place })),
  ]);
  return {
    status,
    body: {
      ...Object.fromEntries(told),
      session: name === "" ? undefined : name,
      warnings: warnings.length === 0 ? undefined : warnings,
    },
  };
}

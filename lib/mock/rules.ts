/**
 * Rules of a program → rules of the matcher. Everything that is data is read as that of a file
 * is; functions take their places afterwards.
 *
 * @module
 */

import { Findings } from "../config/findings.ts";
import { Later } from "../config/later.ts";
import { unitFor } from "../config/paces.ts";
import type { Reading } from "../config/patterns.ts";
import { draftRules } from "../config/rules.ts";
import { checkStates, nameRules } from "../config/rules_together.ts";
import type { Table } from "../config/value.ts";
import { BadRequest, type Failure } from "../core/reply.ts";
import type { Rule } from "../match/compiled_rule.ts";
import type { Compute, Config, ReplySpec, RuleSpec } from "../match/rule.ts";
import { MockError } from "./errors.ts";
import { questionOf } from "./question.ts";
import type { MockAnswer, MockReply, MockRule } from "./rule_types.ts";
import { write } from "./written.ts";

/** Rules that were read. */
export interface RulesRead {
  /** Them. */
  readonly rules: readonly Rule[];
  /** Resolves, to what is still wrong with them, once all was looked at; undefined when all was. */
  readonly later: Promise<MockError | undefined> | undefined;
}

/** Reads `rules`, which were given to `what` and stand at `placeOf` each; throws {@linkcode MockError}. */
export function readRules(
  rules: readonly MockRule[],
  what: string,
  config: Config,
  placeOf: () => string,
): RulesRead {
  const { text, value } = write({ rules: rules.map(dataOf) });
  const findings = new Findings(what, text);
  const later = new Later();
  const paces = {
    byName: new Map(Object.entries(config.paces)),
    unit: unitFor(config.settings.pacedCut),
  };
  const drafts = draftRules(value as Table, { findings, later, paces });
  const placed = nameRules(drafts);
  checkStates(drafts, [], "warn"); // rules given before these may set them
  throwIfWrong(what, findings);
  return {
    rules: placed.map(({ rule }, at) => toldAs(rule, rules[at], placeOf())),
    later: later.isEmpty ? undefined : settled(what, { findings, later }),
  };
}

async function settled(
  what: string,
  { findings, later }: Reading,
): Promise<MockError | undefined> {
  await later.settle();
  return wrong(what, findings);
}

/** Throws {@linkcode MockError} if anything is wrong with what was given to `what`. */
export function throwIfWrong(what: string, findings: Findings): void {
  const error = wrong(what, findings);
  if (error !== undefined) throw error;
}

function wrong(what: string, findings: Findings): MockError | undefined {
  if (findings.errors === 0) return undefined;
  const { problems, more } = findings.report();
  return new MockError(what, problems, more);
}

// Functions ───────────────────────────────────────────────────────────────────

/** A rule as a file could have it: where a function stands, something harmless. */
export function dataOf(rule: MockRule): unknown {
  if (typeof rule !== "object" || rule === null) return rule;
  const { when, reply, replies } = rule;
  return {
    ...rule,
    ...(typeof when === "function" && { when: undefined }),
    ...(typeof reply === "function" && { reply: "" }),
    ...(Array.isArray(replies) && { replies: replies.map(replyData) }),
  };
}

function replyData(reply: MockReply): unknown {
  return typeof reply === "function" ? "" : reply;
}

/** `spec`, which was made of `given` at `place`, by that name and place, and with its functions. */
export function toldAs(
  spec: RuleSpec,
  { name, when, reply, replies }: MockRule = {},
  place: string,
): Rule {
  const told = { ...spec, name: name === undefined ? place : spec.name, place };
  const said = replies ?? [reply];
  const [first, ...others] = spec.replies.map((each, at) => {
    const one = said[at];
    return typeof one === "function" ? computed(one, told) : { ...each, place };
  });
  return {
    ...told,
    replies: [first ?? spec.replies[0], ...others],
    ...(typeof when === "function" && {
      holds: (context) =>
        calling(`when of ${nameOf(told)}`, () => when(questionOf(context))),
    }),
  };
}

function computed(
  reply: Exclude<MockReply, MockAnswer>,
  rule: RuleSpec,
): ReplySpec {
  const { place } = rule;
  const what = `reply of ${nameOf(rule)}`;
  const compute: Compute = async (context, captures) => {
    try {
      return await answerOf(await reply(questionOf(context, captures)), what);
    } catch (error) {
      return {
        place,
        content: { type: "error", failure: broken(what, error) },
      };
    }
  };
  return { place, content: { type: "computed", compute } };
}

/** What a function answered, read as a reply of a file is. Rejects with {@linkcode MockError}. */
async function answerOf(answer: unknown, what: string): Promise<ReplySpec> {
  const { text, value } = write({ rules: [{ reply: answer }] });
  const findings = new Findings(`${what}()`, text);
  const later = new Later();
  const paces = { byName: new Map(), unit: "chunk" as const };
  const [draft] = draftRules(value as Table, { findings, later, paces });
  await later.settle();
  throwIfWrong("what it answers", findings);
  const [reply] = draft?.spec?.replies ?? [];
  if (reply === undefined) throw new TypeError("it answers nothing");
  return reply;
}

/** Calls a function of the program; what it throws is told to the client, as of a broken rule. */
function calling<Result>(what: string, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw new BadRequest(broken(what, error));
  }
}

function broken(what: string, error: unknown): Failure {
  return {
    type: "failure",
    kind: "broken-rule",
    message: `The function ${what} threw: ${String(error)}`,
  };
}

function nameOf({ name, place }: RuleSpec): string {
  return name === place ? `the rule at ${place}` : `rule "${name}" (${place})`;
}

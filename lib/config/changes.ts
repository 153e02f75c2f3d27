/**
 * How two configurations differ, as counts.
 *
 * @module
 */

import type { Config, RuleSpec } from "../match/rule.ts";
import { type ResponsesChanged, TableIndex } from "./table.ts";

/** How many responses and rules a change concerned. */
export interface Changed extends ResponsesChanged {
  /** The same of rules, by name; absent where there are none. */
  readonly rulesChanged?: RulesChanged;
}

/** How many rules a change concerned. */
export interface RulesChanged {
  /** How many names are new. */
  readonly added: number;
  /** How many names are no more. */
  readonly removed: number;
  /** How many say something else under the same name. */
  readonly altered: number;
}

/** Counts the differences; others may have their turn whenever it yields. */
export function* changesBetween(
  before: Config,
  after: Config,
): Generator<undefined, Changed> {
  const responses = yield* responsesChanged(before.exact, after.exact);
  return { ...responses, ...(yield* rulesChanged(before, after)) };
}

function* responsesChanged(
  before: Config["exact"],
  after: Config["exact"],
): Generator<undefined, ResponsesChanged> {
  if (before instanceof TableIndex && after instanceof TableIndex) {
    return yield* after.changesSince(before);
  }
  let kept = 0;
  let altered = 0;
  for (const [prompt, { text }] of after) {
    const answer = before.get(prompt);
    if (answer === undefined) continue;
    kept++;
    if (answer.text !== text) altered++;
  }
  return { added: after.size - kept, removed: before.size - kept, altered };
}

function* rulesChanged(
  before: Config,
  after: Config,
): Generator<undefined, Pick<Changed, "rulesChanged">> {
  if (before.rules.length + after.rules.length === 0) return {};
  const old = new Map(before.rules.map((rule) => [rule.name, rule]));
  let kept = 0;
  let altered = 0;
  for (const rule of after.rules) {
    yield;
    const known = old.get(rule.name);
    if (known === undefined) continue;
    kept++;
    if (saidBy(known) !== saidBy(rule)) altered++;
  }
  const added = after.rules.length - kept;
  return { rulesChanged: { added, removed: old.size - kept, altered } };
}

/** What a rule says, wherever it stands. */
function saidBy(rule: RuleSpec): string {
  return JSON.stringify(
    rule,
    (key, value) => key === "place" ? undefined : value,
  );
}

/**
 * How two configurations differ, as counts.
 *
 * @module
 */

import type { Config } from "../match/rule.ts";
import { type ResponsesChanged, TableIndex } from "./table.ts";

/** How many responses and rules a change concerned. */
export interface Changed extends ResponsesChanged {
  /** How many names of rules are new, and how many are no more; absent where there are no rules. */
  readonly rulesChanged?: { readonly added: number; readonly removed: number };
}

/** Counts the differences; others may have their turn whenever it yields. */
export function* changesBetween(
  before: Config,
  after: Config,
): Generator<undefined, Changed> {
  const responses = yield* responsesChanged(before.exact, after.exact);
  return { ...responses, ...rulesChanged(before, after) };
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

function rulesChanged(
  before: Config,
  after: Config,
): Pick<Changed, "rulesChanged"> {
  const [old, now] = [namesOf(before), namesOf(after)];
  if (old.size + now.size === 0) return {};
  const kept = now.intersection(old).size;
  return { rulesChanged: { added: now.size - kept, removed: old.size - kept } };
}

function namesOf({ rules }: Config): Set<string> {
  return new Set(rules.map(({ name }) => name));
}

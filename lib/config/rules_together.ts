/**
 * What must be right of all rules together: names, and states.
 *
 * @module
 */

import { type RuleSpec, STATE_START } from "../match/rule.ts";
import { pathOf } from "./complain.ts";
import { quote } from "./findings.ts";
import { suggest } from "./near.ts";
import type { Draft, Named } from "./rules.ts";

/** Gives each rule its name: the author's, else its place. Notes names that are given twice. */
export function nameRules(drafts: readonly Draft[]): RuleSpec[] {
  const firsts = new Map<string, Draft>();
  for (const draft of drafts) {
    if (draft.name === undefined) continue;
    const first = firsts.get(draft.name.text);
    if (first === undefined) firsts.set(draft.name.text, draft);
    else reportTwin(draft, draft.name, first);
  }
  const taken = new Set(firsts.keys());
  return drafts.flatMap(({ spec, ...draft }) => {
    if (spec === undefined) return [];
    const name = draft.name?.text ?? placeName(spec.place, draft, taken);
    taken.add(name);
    return [{ name, ...spec }];
  });
}

/** Of several rules in one line, the later ones are told apart by their column; by a number where one is used twice. */
function placeName(
  place: string,
  { value, findings }: Pick<Draft, "value" | "findings">,
  taken: ReadonlySet<string>,
): string {
  if (!taken.has(place)) return place;
  const exact = `${place}:${findings.columnOf(value.start)}`;
  let name = exact;
  for (let n = 2; taken.has(name); n++) name = `${exact}#${n}`;
  return name;
}

function reportTwin({ findings, at }: Draft, name: Named, first: Draft): void {
  const line = first.findings.lineOf(first.name?.start ?? 0);
  const where = first.findings === findings
    ? `in line ${line}`
    : `in ${first.findings.file}:${line}`;
  findings.error({
    code: "duplicate-name",
    message: `Two rules are called ${
      quote(name.text)
    }: this, and the one ${where}`,
    at: name,
    path: pathOf(["rules", at, "name"]),
    remedy: "Give each a name of its own, or remove one of the names",
  });
}

/** Notes states that are wanted and that nothing brings about. `known` are those of other rules in force. */
export function checkStates(
  drafts: readonly Draft[],
  known: Iterable<string> = [],
  severity: "error" | "warn" = "error",
): void {
  const set = new Set([STATE_START, ...known]);
  for (const { sets } of drafts) if (sets !== undefined) set.add(sets.text);
  for (const { requires, findings, at } of drafts) {
    if (requires === undefined || set.has(requires.text)) continue;
    findings[severity]({
      code: "unknown-state",
      message: `No rule sets the state ${quote(requires.text)}`,
      at: requires,
      path: pathOf(["rules", at, "state", "requires"]),
      remedy: suggest(requires.text, [...set]),
    });
  }
}

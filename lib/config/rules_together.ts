/**
 * What must be right of all rules together: names, and states.
 *
 * @module
 */

import { type RuleSpec, STATE_START } from "../match/rule.ts";
import { pathOf } from "./complain.ts";
import { type Findings, quote } from "./findings.ts";
import { suggest } from "./near.ts";
import type { Draft, Named } from "./rules.ts";
import { shadowed } from "./shadows.ts";
import type { Span, Value } from "./value.ts";

/** A rule that is right, and where it stands. */
export interface Placed {
  /** The rule. */
  readonly rule: RuleSpec;
  /** What it was made of. */
  readonly draft: Draft;
}

/** Gives each rule that is right its name: the author's, else its place. Notes names that are given twice. */
export function nameRules(drafts: readonly Draft[]): Placed[] {
  const firsts = new Map<string, Draft>();
  for (const draft of drafts) {
    if (draft.name === undefined) continue;
    const first = firsts.get(draft.name.text);
    if (first === undefined) firsts.set(draft.name.text, draft);
    else reportTwin(draft, draft.name, first);
  }
  const taken = new Set(firsts.keys());
  return drafts.flatMap((draft) => {
    const { spec } = draft;
    if (spec === undefined) return [];
    const name = draft.name?.text ?? placeName(spec.place, draft, taken);
    taken.add(name);
    return [{ rule: { name, ...spec }, draft }];
  });
}

/** Of several rules in one line, the later ones are told apart by their column; by a number where one is used twice. */
function placeName(
  place: string,
  { value, findings }: Draft,
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

/** Responses of one file: their prompts, and where they stand. */
export interface Responses {
  /** By prompt. */
  readonly responses: ReadonlyMap<string, Span>;
  /** What is wrong with their file. */
  readonly findings: Findings;
}

/** Warns of rules and responses that are never reached. */
export function warnOfShadows(
  placed: readonly Placed[],
  files: readonly Responses[],
): void {
  const drafts = new Map(placed.map(({ rule, draft }) => [rule, draft]));
  const { rules, prompts } = shadowed(
    placed.map(({ rule }) => rule),
    files.flatMap(({ responses }) => [...responses.keys()]),
  );
  for (const [rule, first] of rules) {
    const draft = drafts.get(rule);
    draft?.findings.warn({
      code: "unreachable",
      message: `The rule is never reached: ${
        told(first, draft.findings, drafts)
      } answers first`,
      at: headOf(draft.value),
      path: pathOf(["rules", draft.at]),
      remedy: "Move it before that one, or remove it",
    });
  }
  for (const { responses, findings } of files) {
    const lost = [...prompts].filter(([prompt]) => responses.has(prompt));
    warnOfLostPrompts(lost, responses, findings, drafts);
  }
}

/** Where a rule that matches everything comes first, it is said once. */
function warnOfLostPrompts(
  lost: readonly (readonly [string, RuleSpec])[],
  responses: ReadonlyMap<string, Span>,
  findings: Findings,
  drafts: ReadonlyMap<RuleSpec, Draft>,
): void {
  const [one] = lost;
  const all = one !== undefined && one[1].when.length === 0;
  for (const [prompt, rule] of all ? [one] : lost) {
    findings.warn({
      code: "unreachable",
      message: `${all ? "No response" : "The response"} is ${
        all ? "ever" : "never"
      } given: ${told(rule, findings, drafts)} answers first`,
      ...responses.has(prompt) && { at: responses.get(prompt) as Span },
      path: pathOf(["responses", prompt]),
      remedy: all
        ? 'Give that rule a "when", or remove the responses'
        : "Remove it, or make it a rule before that one",
    });
  }
}

/** `the rule "weather" in line 3`. */
function told(
  rule: RuleSpec,
  from: Findings,
  drafts: ReadonlyMap<RuleSpec, Draft>,
): string {
  const draft = drafts.get(rule);
  const name = draft?.name === undefined ? "rule" : `rule ${quote(rule.name)}`;
  return draft?.findings === from
    ? `the ${name} in line ${from.lineOf(draft.value.start)}`
    : `the ${name} at ${rule.place}`;
}

/** The first key of a rule: enough to point at. */
function headOf(value: Value): Span {
  const [first] = value.type === "table" ? value.entries.values() : [];
  return first?.key ?? value;
}

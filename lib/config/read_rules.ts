/**
 * Rules and conditions that are given at run time, in the grammar of the file.
 *
 * Pure: text in, data out. It does not know who gives them, nor what becomes of them.
 *
 * @module
 */

import type { Problem } from "../core/problem.ts";
import type { Condition, Config, RuleSpec } from "../match/rule.ts";
import { reportValue } from "./complain.ts";
import { Findings, quote } from "./findings.ts";
import { Later } from "./later.ts";
import { type PaceBook, unitFor } from "./paces.ts";
import { fit } from "./plain.ts";
import { readValues } from "./read.ts";
import { WHEN } from "./when_shape.ts";
import { draftRules } from "./rules.ts";
import { checkStates, nameRules, warnOfShadows } from "./rules_together.ts";
import { type Entry, isNull, type Table, type Value } from "./value.ts";
import { conditionsAt } from "./whens.ts";

/** What came of rules. */
export interface RulesRead {
  /** The rules; none when there is an error. */
  readonly rules: readonly RuleSpec[];
  /** Errors and warnings, in order of place. */
  readonly problems: readonly Problem[];
}

/** What came of conditions. */
export interface WhenRead {
  /** The conditions; none when there is an error. */
  readonly when: readonly Condition[];
  /** What is wrong, in order of place. */
  readonly problems: readonly Problem[];
}

/**
 * Reads one rule, a list of rules, or `{rules: […]}`, in YAML or JSON. Paces and states may be
 * those of `config`; `file` is the name of the text in places and messages.
 */
export async function readRules(
  text: string,
  file: string,
  config?: Config,
): Promise<RulesRead> {
  const findings = new Findings(file, text);
  const root = readValues(findings)?.root;
  const table = root && tableOf(root, findings);
  if (table === undefined) return { rules: [], ...findings.report() };
  const later = new Later();
  const paces = pacesOf(config);
  const drafts = draftRules(table, { findings, later, paces });
  const placed = nameRules(drafts);
  const known = config?.rules.flatMap(({ sets }) => sets ?? []);
  // A state may come of rules that were given before these, which nobody here knows.
  checkStates(drafts, known, "warn");
  await later.settle();
  warnOfShadows(placed, []);
  const { problems } = findings.report();
  const rules = findings.errors > 0 ? [] : placed.map(({ rule }) => rule);
  return { rules, problems };
}

/** Reads the conditions of a `when`, in YAML or JSON. */
export async function readWhen(text: string, file: string): Promise<WhenRead> {
  const findings = new Findings(file, text);
  const value = readValues(findings)?.root;
  if (value === undefined) return { when: [], ...findings.report() };
  const later = new Later();
  const entry = { key: value, value };
  fit(WHEN, entry, WHEN_PATH, findings);
  const when = conditionsAt(entry, WHEN_PATH, { findings, later });
  await later.settle();
  const problems = findings.report().problems.map(withoutRule);
  return { when: findings.errors > 0 ? [] : when ?? [], problems };
}

/** Where a `when` stands in a file, so that it is told of in the same words. */
const WHEN_PATH = ["rules", 0, "when"] as const;

/** Nobody wrote a rule round it. */
function withoutRule(problem: Problem): Problem {
  const path = problem.place.path.replace(/^rules\[0\]\.?/, "");
  return { ...problem, place: { ...problem.place, path } };
}

/** What was given as the section it would be in a file. */
function tableOf(root: Value, findings: Findings): Table | undefined {
  if (root.type === "table" && root.entries.has("rules")) {
    for (const [name, { key }] of root.entries) {
      if (name !== "rules") reportOther(name, key, findings);
    }
    return root;
  }
  if (isNull(root) || root.type === "scalar") {
    reportValue(root, ["rules"], findings);
    return undefined;
  }
  const rules: Value = root.type === "list"
    ? root
    : { ...root, type: "list", items: [root] };
  const entry = { key: root, value: rules };
  return { ...root, type: "table", entries: new Map([["rules", entry]]) };
}

function reportOther(
  name: string,
  at: Entry["key"],
  findings: Findings,
): void {
  findings.error({
    code: "unknown-key",
    message: `Unknown key ${quote(name)} beside "rules"`,
    at,
    path: name,
    remedy: "Remove it: nothing but rules can be given here",
  });
}

function pacesOf(config: Config | undefined): PaceBook {
  return {
    byName: new Map(Object.entries(config?.paces ?? {})),
    unit: unitFor(config?.settings.pacedCut ?? "token"),
  };
}

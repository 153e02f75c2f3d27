/**
 * Configuration files' texts → the configuration, or what is wrong with it.
 *
 * Pure: texts and names in, data out. `live.ts` adds the file system.
 *
 * @module
 */

import type { Pace } from "../core/plan.ts";
import type { Problem } from "../core/problem.ts";
import { normalise } from "../match/normalise.ts";
import type { Answer, Config, RuleSpec } from "../match/rule.ts";
import { check, checkedOf, type Part } from "./check.ts";
import { entryAt, type Path } from "./complain.ts";
import { type Finding, Findings } from "./findings.ts";
import { Later } from "./later.ts";
import { checkAnswers, checkTogether, reportTogether, unite } from "./merge.ts";
import { checkKeys, compileKeys } from "./keys.ts";
import { checkModels, compileModels } from "./models.ts";
import { paceAt, type PaceBook, readPaces, unitFor } from "./paces.ts";
import { type Reading, readValues } from "./read.ts";
import { draftRules } from "./rules.ts";
import { checkStates, nameRules, warnOfShadows } from "./rules_together.ts";
import { compileSettings, cutsOf } from "./settings.ts";
import type { CheckedSettings } from "./settings_shape.ts";
import { textOf, type Value } from "./value.ts";

/** What came of a configuration. */
export interface Verdict {
  /** The configuration; undefined when there is an error. */
  readonly config: Config | undefined;
  /** Errors and warnings, in order of files and places. */
  readonly problems: readonly Problem[];
  /** How many further problems there are. */
  readonly more: number;
}

/**
 * A file by its name, as it is told in places and messages: its text, or what keeps it from being
 * read. What a program gave has its values beside the text, and need not answer anything.
 */
export type SourceFile =
  | { readonly file: string; readonly text: string; readonly value?: Value }
  | { readonly file: string; readonly finding: Finding };

/** Reads, checks and compiles `text`; `file` is its name in places and messages. */
export function readConfig(text: string, file: string): Promise<Verdict> {
  return readConfigs([{ file, text }]);
}

/** Reads, checks and compiles several files as one configuration, which comes from `source`. */
export async function readConfigs(
  files: readonly SourceFile[],
  source: string = files.map(({ file }) => file).join(", "),
): Promise<Verdict> {
  const all: Findings[] = [];
  const parts: Part[] = [];
  const given = files.some((each) => "value" in each);
  const alone = files.length === 1 && !given;
  for (const each of files) {
    const findings = new Findings(each.file, "text" in each ? each.text : "");
    if ("finding" in each) findings.error(each.finding);
    const reading = "text" in each ? readSource(each, findings) : undefined;
    const part = reading && check(reading, findings, alone);
    all.push(findings);
    if (part !== undefined) parts.push(part);
  }
  if (parts.length > 1) checkTogether(parts);
  if (parts.length === files.length && !given) checkAnswers(parts);
  const config = await compile(parts, source);
  const sound = all.every(({ errors }) => errors === 0);
  return { config: sound ? config : undefined, ...reportTogether(all) };
}

function readSource(
  { value }: SourceFile & { readonly value?: Value },
  findings: Findings,
): Reading | undefined {
  if (value === undefined) return readValues(findings);
  return { root: value, shared: new Set() };
}

/** Makes a {@linkcode Config} of what was read, and notes what is wrong with rules and paces on the way. */
async function compile(
  parts: readonly Part[],
  source: string,
): Promise<Config | undefined> {
  const sections = unite(parts.map(({ sections }) => sections));
  const checked = checkedOf(sections);
  const cutAt = entryAt(sections, ["settings", "stream_by"]);
  const cuts = checked && cutsOf(checked.settings, cutAt !== undefined);
  const paces = pacesOf(parts, unitFor(cuts?.pacedCut ?? "token"));
  const pace = settingsPace(parts, checked?.settings.pace, paces);
  const rules = await rulesOf(parts, paces);
  checkModels(parts);
  checkKeys(parts);
  if (checked === undefined || cuts === undefined) return undefined;
  const text = checked.defaults.unknown_response;
  const place = placeOf(parts, ["defaults", "unknown_response"]) ?? "default";
  return {
    source,
    rules,
    ...compileResponses(parts),
    fallback: { prompt: "", text, place },
    models: compileModels(checked.models),
    ...(checked.keys !== undefined && { keys: compileKeys(checked.keys) }),
    paces: Object.fromEntries(paces.byName),
    settings: compileSettings(checked.settings, cuts, pace),
  };
}

function pacesOf(parts: readonly Part[], unit: Pace["unit"]): PaceBook {
  const byName = parts.flatMap(({ root, findings }) => [
    ...readPaces(root, unit, findings),
  ]);
  return { byName: new Map(byName), unit };
}

/** The pace of `settings`, and what is wrong with it in the file that has it. */
function settingsPace(
  parts: readonly Part[],
  checked: CheckedSettings["pace"],
  paces: PaceBook,
): Pace | undefined {
  const path = ["settings", "pace"];
  for (const { sections, findings } of parts) {
    const entry = entryAt(sections, path);
    if (entry === undefined) continue;
    const written = checked ?? textOf(entry.value);
    return paceAt(entry, written, path, paces, findings);
  }
  return undefined;
}

async function rulesOf(
  parts: readonly Part[],
  paces: PaceBook,
): Promise<RuleSpec[]> {
  const later = new Later();
  const drafts = parts.flatMap(({ root, findings }) =>
    draftRules(root, { findings, later, paces })
  );
  const placed = nameRules(drafts);
  checkStates(drafts);
  await later.settle();
  warnOfShadows(placed, parts);
  return placed.map(({ rule }) => rule);
}

function compileResponses(
  parts: readonly Part[],
): Pick<Config, "exact" | "normalised"> {
  const exact = new Map<string, Answer>();
  const normalised = new Map<string, Answer>();
  for (const { findings, responses } of parts) {
    for (const [prompt, { text, start }] of responses) {
      const place = `${findings.file}:${findings.lineOf(start)}`;
      const answer = { prompt, text, place };
      exact.set(prompt, answer);
      const folded = normalise(prompt);
      if (!normalised.has(folded)) normalised.set(folded, answer);
    }
  }
  return { exact, normalised };
}

/** Where the key at `path` is written; undefined when it is in no file. */
function placeOf(parts: readonly Part[], path: Path): string | undefined {
  for (const { findings, sections } of parts) {
    const entry = entryAt(sections, path);
    if (entry === undefined) continue;
    return `${findings.file}:${findings.lineOf(entry.key.start)}`;
  }
  return undefined;
}

/**
 * Configuration files' texts → the configuration, or what is wrong with it.
 *
 * Pure: texts and names in, data out. `live.ts` adds the file system.
 *
 * @module
 */

import { type Cut, type Pace, UNPACED } from "../core/plan.ts";
import type { Problem } from "../core/problem.ts";
import {
  type Answer,
  type Config,
  normalise,
  type Settings,
} from "../match/rule.ts";
import { check, checkedOf, type Part } from "./check.ts";
import { entryAt, type Path } from "./complain.ts";
import { type Finding, Findings } from "./findings.ts";
import { checkAnswers, checkTogether, reportTogether, unite } from "./merge.ts";
import { readValues } from "./read.ts";
import type { CheckedSettings } from "./shape.ts";

/** What came of a configuration. */
export interface Verdict {
  /** The configuration; undefined when there is an error. */
  readonly config: Config | undefined;
  /** Errors and warnings, in order of files and places. */
  readonly problems: readonly Problem[];
  /** How many further problems there are. */
  readonly more: number;
}

/** A file by its name, as it is told in places and messages: its text, or what keeps it from being read. */
export type SourceFile =
  | { readonly file: string; readonly text: string }
  | { readonly file: string; readonly finding: Finding };

/** Reads, checks and compiles `text`; `file` is its name in places and messages. */
export function readConfig(text: string, file: string): Promise<Verdict> {
  return readConfigs([{ file, text }]);
}

/** Reads, checks and compiles several files as one configuration, which comes from `source`. */
export function readConfigs(
  files: readonly SourceFile[],
  source: string = files.map(({ file }) => file).join(", "),
): Promise<Verdict> {
  const all: Findings[] = [];
  const parts: Part[] = [];
  for (const each of files) {
    const findings = new Findings(each.file, "text" in each ? each.text : "");
    if ("finding" in each) findings.error(each.finding);
    const reading = "text" in each ? readValues(findings) : undefined;
    const part = reading && check(reading, findings, files.length === 1);
    all.push(findings);
    if (part !== undefined) parts.push(part);
  }
  if (parts.length > 1) checkTogether(parts);
  if (parts.length === files.length) checkAnswers(parts);
  const sound = all.every(({ errors }) => errors === 0);
  const config = sound ? compile(parts, source) : undefined;
  return Promise.resolve({ config, ...reportTogether(all) });
}

/** Makes a {@linkcode Config} of files that passed every check. */
function compile(parts: readonly Part[], source: string): Config {
  const sections = unite(parts.map(({ sections }) => sections));
  const checked = checkedOf(sections);
  const text = checked.defaults.unknown_response;
  const place = placeOf(parts, ["defaults", "unknown_response"]) ?? "default";
  const cutAt = entryAt(sections, ["settings", "stream_by"]);
  return {
    source,
    rules: [],
    ...compileResponses(parts),
    fallback: { prompt: "", text, place },
    models: [...new Set(checked.models)],
    paces: {},
    settings: compileSettings(checked.settings, cutAt !== undefined),
  };
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

function compileSettings(
  settings: CheckedSettings,
  cutWritten: boolean,
): Settings {
  const cut = cutOf(settings.stream_by);
  return {
    pace: settings.lag_enabled ? lag(settings.lag_factor) : UNPACED,
    cut,
    pacedCut: cutWritten ? cut : "token",
    strict: false,
    knownModelsOnly: settings.known_models_only,
    ...(settings.seed !== undefined && { seed: settings.seed }),
    fullHeaders: settings.headers === "full",
    bodyBytesMax: settings.max_body_bytes,
  };
}

/** A character takes 1/(factor × 10) seconds, give or take half of that. */
function lag(factor: number): Pace {
  const characterMs = 1_000 / (factor * 10);
  return {
    firstMs: { type: "fixed", ms: 0 },
    unit: "character",
    unitMs: {
      type: "uniform",
      minMs: 0.5 * characterMs,
      maxMs: 1.5 * characterMs,
    },
  };
}

function cutOf(streamBy: CheckedSettings["stream_by"]): Cut {
  return typeof streamBy === "string"
    ? streamBy
    : { characters: streamBy.characters };
}

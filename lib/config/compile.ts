/**
 * A configuration file's text → the configuration, or what is wrong with it.
 *
 * Pure: text and a name in, data out. `live.ts` adds the file system.
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
import { check, type Sound } from "./check.ts";
import { Findings } from "./findings.ts";
import { readValues } from "./read.ts";
import type { CheckedSettings } from "./shape.ts";

/** What came of a configuration file. */
export interface Verdict {
  /** The configuration; undefined when there is an error. */
  readonly config: Config | undefined;
  /** Errors and warnings, in order of place. */
  readonly problems: readonly Problem[];
  /** How many further problems there are. */
  readonly more: number;
}

/** Reads, checks and compiles `text`; `file` is its name in places and messages. */
export function readConfig(text: string, file: string): Verdict {
  const findings = new Findings(file, text);
  const reading = readValues(findings);
  const sound = reading && check(reading, findings);
  const config = sound && findings.errors === 0
    ? compile(sound, findings)
    : undefined;
  return { config, ...findings.report() };
}

/** Makes a {@linkcode Config} of what passed every check. */
export function compile(
  { responses, checked, unknownResponseAt }: Sound,
  findings: Findings,
): Config {
  const { file } = findings;
  const exact = new Map<string, Answer>();
  const normalised = new Map<string, Answer>();
  for (const [prompt, { text, start }] of responses) {
    const answer = { text, place: `${file}:${findings.lineOf(start)}` };
    exact.set(prompt, answer);
    const folded = normalise(prompt);
    if (!normalised.has(folded)) normalised.set(folded, answer);
  }
  const place = unknownResponseAt === undefined
    ? "default"
    : `${file}:${findings.lineOf(unknownResponseAt.start)}`;
  return {
    source: file,
    exact,
    normalised,
    fallback: { text: checked.defaults.unknown_response, place },
    models: [...new Set(checked.models)],
    settings: compileSettings(checked.settings),
  };
}

function compileSettings(settings: CheckedSettings): Settings {
  return {
    pace: settings.lag_enabled ? lag(settings.lag_factor) : UNPACED,
    cut: cutOf(settings.stream_by),
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

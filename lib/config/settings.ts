/**
 * Settings that passed → settings as the matcher reads them.
 *
 * @module
 */

import { type Cut, type Pace, UNPACED } from "../core/plan.ts";
import type { Settings } from "../match/rule.ts";
import type { CheckedSettings } from "./settings_shape.ts";

/** How text is cut, and how where a pace is asked for. */
export function cutsOf(
  settings: CheckedSettings,
  cutWritten: boolean,
): Pick<Settings, "cut" | "pacedCut"> {
  const cut = cutOf(settings.stream_by);
  return { cut, pacedCut: cutWritten ? cut : "token" };
}

/** Compiles settings; `pace` is what they name, if they name one. It takes the place of lag. */
export function compileSettings(
  settings: CheckedSettings,
  cuts: Pick<Settings, "cut" | "pacedCut">,
  pace: Pace | undefined,
): Settings {
  const lagging = settings.lag_enabled ? lag(settings.lag_factor) : UNPACED;
  return {
    pace: pace ?? lagging,
    cut: pace === undefined ? cuts.cut : cuts.pacedCut,
    pacedCut: cuts.pacedCut,
    reasoningContent: settings.reasoning_content,
    tokenizer: settings.tokenizer,
    strict: settings.strict,
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

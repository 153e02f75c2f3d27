/**
 * What the matcher reads: a configuration with nothing left to check. `lib/config` makes it.
 *
 * @module
 */

import type { Cut, Pace } from "../core/plan.ts";

/** A checked, compiled configuration. Immutable: a reload makes a new one. */
export interface Config {
  /** Where it came from, as the user named it. */
  readonly source: string;
  /** Scripted answers by the prompt as written. */
  readonly exact: ReadonlyMap<string, Answer>;
  /** The same by {@linkcode normalise}d prompt; the first of several wins. */
  readonly normalised: ReadonlyMap<string, Answer>;
  /** What answers when nothing else does. */
  readonly fallback: Answer;
  /** Model names that catalogs list, besides the mock's own. */
  readonly models: readonly string[];
  /** Settings, defaults filled in. */
  readonly settings: Settings;
}

/** A scripted text, and where its author wrote it. */
export interface Answer {
  /** The text, literally. */
  readonly text: string;
  /** `responses.yml:3`. */
  readonly place: string;
}

/** `settings` of the file, defaults filled in. */
export interface Settings {
  /** Speed of scripted answers: lag, or none. */
  readonly pace: Pace;
  /** How streamed text is cut. */
  readonly cut: Cut;
  /** Whether names that no catalog lists are refused. */
  readonly knownModelsOnly: boolean;
  /** Seed of the process; absent when it is drawn. */
  readonly seed?: number;
  /** Whether infrastructure headers are sent too. */
  readonly fullHeaders: boolean;
  /** Largest request body. */
  readonly bodyBytesMax: number;
}

/** Folds case and white space, so that prompts that read alike are equal. */
export function normalise(text: string): string {
  return text.trim().replace(/\s+/gu, " ").toLowerCase();
}

/**
 * Options of a mock → its configuration.
 *
 * @module
 */

import { readConfigs, type SourceFile } from "../config/compile.ts";
import { look } from "../config/file.ts";
import { textsOf } from "../config/letter.ts";
import type { Clock } from "../core/clock.ts";
import type { Config } from "../match/rule.ts";
import { MockError } from "./errors.ts";
import { dataOf, toldAs } from "./rules.ts";
import type { MockPace, MockRule } from "./rule_types.ts";
import { write } from "./written.ts";

/** What a mock answers from, and how. Everything may be left out. */
export interface MockOptions {
  /** Scripted answers by prompt, literally. */
  readonly responses?: Readonly<Record<string, string>>;
  /** Rules, tried in order, before the responses. */
  readonly rules?: readonly MockRule[];
  /** What is answered when nothing matches. */
  readonly defaults?: { readonly unknown_response?: string };
  /** Whether a request that nothing matches is refused with 404. */
  readonly strict?: boolean;
  /** Models that catalogs list: their names, or what else is known of them. */
  readonly models?: readonly (string | MockModel)[];
  /** API keys that are accepted; all are unless given. In one of them, `*` stands for any text. */
  readonly keys?: readonly string[];
  /** Named speeds. */
  readonly paces?: Readonly<Record<string, MockPace>>;
  /** Settings, as in a configuration file. */
  readonly settings?: MockSettings;
  /** A configuration besides: the text of a file, YAML or JSON, or what it would hold. */
  readonly config?: string | Readonly<Record<string, unknown>>;
  /** A configuration file to read besides, or a folder of them, or several. */
  readonly file?: string | readonly string[];
  /** Seed of everything drawn at random; 1 unless given, so that each run is the same. */
  readonly seed?: number;
  /** How many times as fast as asked for replies go out; at `Infinity` nobody waits. */
  readonly speed?: number;
  /** Time, instead of the system's. */
  readonly clock?: Clock;
}

/** One of `models` of a configuration file. */
export interface MockModel {
  /** Its name. */
  readonly id: string;
  /** The name under which it answers. */
  readonly snapshot?: string;
  /** Most tokens that a prompt may have. */
  readonly context_window?: number;
  /** Most tokens that an answer may be asked to have. */
  readonly max_output_tokens?: number;
  /** When it came out: `2025-09-29`, or seconds since the epoch. */
  readonly created?: string | number;
  /** Whose it is, as OpenAI's catalog tells. */
  readonly owned_by?: string;
  /** What people call it, as Anthropic's catalog tells. */
  readonly display_name?: string;
}

/** `settings` of a configuration file. */
export interface MockSettings {
  /** Whether scripted answers take time, by the character. */
  readonly lag_enabled?: boolean;
  /** Tens of characters a second. */
  readonly lag_factor?: number;
  /** How fast answers are, or the name of a pace; instead of lag. */
  readonly pace?: string | MockPace;
  /** How streamed text is cut. */
  readonly stream_by?:
    | "character"
    | "token"
    | "word"
    | "line"
    | "whole"
    | { readonly characters: number };
  /** Whether answers in OpenAI's words tell thoughts as `reasoning_content`. */
  readonly reasoning_content?: boolean;
  /** What counts tokens; all but `approx` are loaded when they are first used. */
  readonly tokenizer?: "approx" | "cl100k_base" | "o200k_base";
  /** Whether a request that nothing matches is refused with 404. */
  readonly strict?: boolean;
  /** Whether models that no catalog lists are refused. */
  readonly known_models_only?: boolean;
  /** Seed of everything drawn at random. */
  readonly seed?: number;
  /** Whether headers of the providers' infrastructure are sent too. */
  readonly headers?: "provider" | "full";
  /** Largest request body, in bytes. */
  readonly max_body_bytes?: number;
}

/** What messages call what was given to `createMock`. */
const GIVEN = "createMock()";

/** The configuration that `options` come to; they were written at `place`. Rejects with {@linkcode MockError}. */
export async function configOf(
  options: MockOptions,
  place: string,
): Promise<Config> {
  const { config: besides, file = [] } = options;
  const files = typeof file === "string" ? [file] : file;
  const { config, problems, more } = await readConfigs([
    given(options),
    ...besides === undefined ? [] : [besidesOf(besides)],
    ...textsOf(await look(files)),
  ], place);
  if (config === undefined) throw new MockError(GIVEN, problems, more);
  return placed(config, options.rules ?? [], place);
}

/** Keys that nobody knows go the same way, and are told of as those of a file are. */
function given(
  { config: _, file: __, seed: ___, speed: ____, clock: _____, ...rest }:
    MockOptions,
): SourceFile {
  const { responses = {}, rules = [], strict, settings, ...sections } = rest;
  const all = {
    ...sections,
    ...Object.keys(responses).length > 0 && { responses },
    ...rules.length > 0 && { rules: rules.map(dataOf) },
    settings: strict === undefined ? settings : { ...settings, strict },
  };
  return { file: GIVEN, ...write(all) };
}

function besidesOf(config: NonNullable<MockOptions["config"]>): SourceFile {
  if (typeof config === "string") return { file: "config.yml", text: config };
  return { file: "config()", ...write(config) };
}

/** `config` with the functions of its first rules; whatever the program gave stands at `place`. */
function placed(
  config: Config,
  rules: readonly MockRule[],
  place: string,
): Config {
  const at = (written: string) =>
    written.startsWith(`${GIVEN}:`) ? place : written;
  const answers = (map: Config["exact"]) =>
    new Map([...map].map(([prompt, answer]) => [
      prompt,
      { ...answer, place: at(answer.place) },
    ]));
  const { fallback } = config;
  return {
    ...config,
    rules: config.rules.map((rule, index) => {
      const mine = rules[index];
      if (mine === undefined) return rule;
      const own = rules.length === 1 ? place : `${place} rules[${index}]`;
      return toldAs(rule, mine, own);
    }),
    exact: answers(config.exact),
    normalised: answers(config.normalised),
    fallback: { ...fallback, place: at(fallback.place) },
  };
}

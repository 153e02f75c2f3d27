/**
 * Who may ask, and what for: keys, models, and how much a model takes and gives. Everything that
 * is refused before any rule is looked at.
 *
 * @module
 */

import type { Model } from "../core/model.ts";
import type { Source } from "../core/plan.ts";
import type { Failure } from "../core/reply.ts";
import type { Tokenizer } from "../core/tokens.ts";
import { isObject, own } from "../wire/json.ts";
import type { Context } from "./context.ts";
import { compilePattern, exactGlob, type Pattern } from "./pattern.ts";
import { promptTokens } from "./prompt_tokens.ts";
import { TOKEN_DEFAULTS } from "./request_headers.ts";
import type { Config } from "./rule.ts";

/** What may be refused. */
export interface Admitted {
  /** The question. */
  readonly context: Context;
  /** What counts its tokens. */
  readonly tokenizer: Tokenizer;
  /** Whether a model's window must hold the longest answer that is asked for, besides the prompt. */
  readonly windowHoldsAnswer?: boolean | undefined;
}

/** Why a question is refused, and by what setting. */
export interface Refused {
  /** The setting. */
  readonly source: Source;
  /** Why. */
  readonly failure: Failure;
}

/** Why the question may not be asked at all; undefined if it may. */
export function refuse(
  question: Admitted,
  config: Config,
): Refused | undefined {
  const { context } = question;
  const { turn: { model: name } } = context;
  const failure = config.keys && refuseKey(context.key, config);
  if (failure !== undefined) return { source: KEYS, failure };
  const unknown = refuseModel(name, config);
  if (unknown !== undefined) {
    return { source: KNOWN_MODELS_ONLY, failure: unknown };
  }
  const model = modelOf(name, config);
  const much = model && refuseSize(question, model);
  return much && { source: MODELS, failure: much };
}

function setting(name: string): Source {
  return { type: "setting", name, place: name };
}

const KEYS = setting("keys");
const KNOWN_MODELS_ONLY = setting("settings.known_models_only");
const MODELS = setting("models");

// Keys ────────────────────────────────────────────────────────────────────────

/** Why a request that brings this key, or none, is refused for it; undefined if it is not. */
export function refuseKey(
  key: string | undefined,
  { keys }: Pick<Config, "keys">,
): Failure | undefined {
  if (keys === undefined) return undefined;
  if (key === undefined) {
    return {
      type: "failure",
      kind: "no-key",
      message: "The request brings no API key, and the configuration has keys",
      subject: "",
    };
  }
  if (compiled(keys).some((accepts) => accepts(key))) return undefined;
  return {
    type: "failure",
    kind: "invalid-key",
    message: "The API key is none of the configuration's keys",
    subject: masked(key),
  };
}

/** A key that clients may use; undefined where none is known, or every one may. */
export function usableKey({ keys }: Pick<Config, "keys">): string | undefined {
  const exact = keys?.find(({ type }) => type === "exact");
  return exact?.type === "exact" ? exact.text : undefined;
}

/** The ends of a key, which are all that anybody is told of it; of a short one nothing. */
export function masked(key: string): string {
  if (key.length < MASKED_CHARS_MIN || !/^[\x21-\x7e]+$/.test(key)) {
    return "***";
  }
  return `${key.slice(0, 6)}***${key.slice(-3)}`;
}

/** Of a shorter one its ends would be too much of it. */
const MASKED_CHARS_MIN = 16;

type Accepts = (key: string) => boolean;

const compiledKeys = new WeakMap<readonly Pattern[], readonly Accepts[]>();

function compiled(keys: readonly Pattern[]): readonly Accepts[] {
  const known = compiledKeys.get(keys);
  if (known !== undefined) return known;
  const all = keys.map(acceptedBy);
  compiledKeys.set(keys, all);
  return all;
}

/** Case counts in a key, unlike in texts that people write. */
function acceptedBy(pattern: Pattern): Accepts {
  if (pattern.type === "glob") return exactGlob(pattern.text);
  const compiled = compilePattern(pattern);
  return (key) => compiled.match(key) !== undefined;
}

// Models ──────────────────────────────────────────────────────────────────────

/** Why the model `name` is refused; undefined if it is not. */
export function refuseModel(
  name: string,
  config: Pick<Config, "models" | "settings">,
): Failure | undefined {
  const known = !config.settings.knownModelsOnly || name === "" ||
    name === TOKEN_DEFAULTS.model || modelOf(name, config) !== undefined;
  return known ? undefined : {
    type: "failure",
    kind: "unknown-model",
    message: `Unknown model "${name.slice(0, 100)}"`,
    subject: name,
    field: "model",
  };
}

/** The name under which the model `name` answers, where that is another one. */
export function snapshotOf(
  name: string,
  config: Pick<Config, "models">,
): string | undefined {
  return modelOf(name, config)?.snapshot;
}

function modelOf(
  name: string,
  { models }: Pick<Config, "models">,
): Model | undefined {
  return models.length === 0 ? undefined : indexed(models).get(name);
}

const indexes = new WeakMap<readonly Model[], ReadonlyMap<string, Model>>();

function indexed(models: readonly Model[]): ReadonlyMap<string, Model> {
  const known = indexes.get(models);
  if (known !== undefined) return known;
  const index = new Map(models.map((model) => [model.id, model]));
  indexes.set(models, index);
  return index;
}

// Sizes ───────────────────────────────────────────────────────────────────────

function refuseSize(question: Admitted, model: Model): Failure | undefined {
  return refuseLength(question, model) ?? refuseWindow(question, model);
}

function refuseLength(
  { context: { turn, body } }: Admitted,
  { maxOutputTokens: max }: Model,
): Failure | undefined {
  const { maxTokens: answer = 0 } = turn;
  if (max === undefined || answer <= max) return undefined;
  return {
    type: "failure",
    kind: "max-output",
    message: `The answer may have ${answer} tokens, but the model's ` +
      `max_output_tokens is ${max}`,
    subject: turn.model,
    tokens: { max, answer },
    ...(isObject(body) && own(body, RENAMED) !== undefined &&
      { field: RENAMED }),
  };
}

/** What some requests call the most tokens of an answer. */
const RENAMED = "max_completion_tokens";

function refuseWindow(
  { context: { turn }, tokenizer, windowHoldsAnswer = false }: Admitted,
  { contextWindow: max }: Model,
): Failure | undefined {
  if (max === undefined) return undefined;
  const prompt = promptTokens(turn, tokenizer);
  const answer = windowHoldsAnswer ? turn.maxTokens ?? 0 : 0;
  if (prompt + answer <= max) return undefined;
  return {
    type: "failure",
    kind: "context-length",
    message: `The prompt has ${prompt} tokens, but the model's ` +
      `context_window is ${max}`,
    tokens: { max, prompt, ...(answer > 0 && { answer }) },
  };
}

/**
 * Every key of the configuration file: what it takes, its default, its meaning, an example.
 * The one source: checks, defaults, messages, `responses.schema.json` and `docs/config.md`
 * follow from it. The keys of rules are in `rule_shape.ts` and others beside it.
 *
 * @module
 */

import * as z from "zod/mini";
import { docOf, key, type KeyDoc, section, text, TEXT_JSON } from "./kinds.ts";
import {
  type CheckedModel,
  KEYS_ACCEPTED,
  MODEL_KEYS,
  MODELS,
} from "./models_shape.ts";
import { PACES } from "./pace_shape.ts";
import { RULE_SECTIONS, RULES } from "./rule_shape.ts";
import {
  type CheckedSettings,
  SETTINGS_KEYS,
  SETTINGS_SECTIONS,
} from "./settings_shape.ts";

/** A file that passed: defaults filled in. What {@linkcode APART} names is read apart. */
export interface Checked {
  /** `models`. */
  readonly models: readonly CheckedModel[];
  /** `keys`. */
  readonly keys?: readonly string[] | undefined;
  /** `defaults`. */
  readonly defaults: { readonly unknown_response: string };
  /** `settings`. */
  readonly settings: CheckedSettings;
}

/** Keys that later versions read, by section. */
export const KEYS_TO_COME: Readonly<Record<string, readonly string[]>> = {
  "": ["limits", "session"],
  settings: ["cors"],
  rules: ["plan", "gate", "examples", "faults"],
  paces: ["prefill", "load"],
};

/** A section may be left out or left empty. */
function optional<Given extends z.ZodMiniType>(schema: Given, doc: KeyDoc) {
  return key(z.prefault(schema, {} as never), doc);
}

const defaultsKeys = {
  unknown_response: key(
    z._default(
      text(),
      "I don't know the answer to that. This is a mock response.",
    ),
    {
      takes: "text",
      doc: "The answer where no rule matches and no response is scripted.",
      default: "I don't know the answer to that. This is a mock response.",
      example: 'unknown_response: "I am only a mock."',
      json: TEXT_JSON,
    },
  ),
};

/** What is checked by hand: there may be thousands of them, they have names of the author's, and places. */
export const APART: ReadonlySet<string> = new Set([
  "rules",
  "responses",
  "paces",
]);

const file = z.strictObject({
  rules: RULES,
  // For documents and editors only: a record of zod's drops `__proto__`.
  responses: key(z.optional(z.record(z.string(), z.string())), {
    takes: "prompts with their answers",
    doc:
      "Answers by prompt. Both are literal: nothing in them is special. A prompt is compared with the last " +
      "user message as it is, then ignoring case and white space at the ends or repeated. At least one is needed, " +
      "or a rule.",
    example: 'responses:\n  "what colour is the sky?": "The sky is purple."',
    json: { type: "object", additionalProperties: TEXT_JSON, minProperties: 1 },
  }),
  defaults: optional(section(defaultsKeys), {
    takes: "a section with keys",
    doc: "What is answered when nothing else fits.",
    example: 'defaults:\n  unknown_response: "I am only a mock."',
  }),
  models: MODELS,
  keys: KEYS_ACCEPTED,
  paces: PACES,
  settings: optional(section(SETTINGS_KEYS), {
    takes: "a section with keys",
    doc: "How answers are given.",
    example: "settings:\n  lag_enabled: true",
  }),
});

/** The whole file, its scalars as written; see {@linkcode KEYS} for each key. */
export const SHAPE: z.ZodMiniType<Checked> = file;

/** The sections by the path that their keys are documented under, with those keys. */
export const SECTIONS: Readonly<Record<string, z.core.$ZodLooseShape>> = {
  "": file.shape,
  ...RULE_SECTIONS,
  ...SETTINGS_SECTIONS,
  defaults: defaultsKeys,
  models: MODEL_KEYS,
};

/** Every key by its dotted path, in order of the documents. A rule's `when` is `rules.when`, a pace's `itl` is `paces.itl`. */
export const KEYS: ReadonlyMap<string, KeyDoc> = new Map(
  Object.entries(SECTIONS).flatMap(([path, keys]) => documented(path, keys)),
);

/** The path that a key is documented under: without positions and the author's names, each kind of section once. */
export function documentPath(path: readonly PropertyKey[]): string {
  const names = path.filter((step) => typeof step !== "number").map(String);
  if (names[0] === "paces" && names.length > 1) names.splice(1, 1);
  if (names[0] === "rules" && names[1] === "replies" && names.length > 2) {
    names[1] = "reply";
  }
  const inPace = names[1] === "pace" && names.length > 2;
  return (inPace ? ["paces", ...names.slice(2)] : names).join(".");
}

/** The section that the keys of the table at `path` are documented in. */
export function sectionPath(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "" : documentPath([...path, ""]).slice(0, -1);
}

/** The names that may stand in a section; the empty path is the top of the file. */
export function namesIn(path: string): string[] {
  const prefix = path === "" ? "" : `${path}.`;
  return [...KEYS.keys()].filter((key) =>
    key.startsWith(prefix) && !key.slice(prefix.length).includes(".")
  )
    .map((key) => key.slice(prefix.length));
}

function documented(
  section: string,
  keys: z.core.$ZodLooseShape,
): [string, KeyDoc][] {
  return Object.entries(keys).map(([name, schema]) => {
    const doc = docOf(schema);
    const path = section === "" ? name : `${section}.${name}`;
    if (doc === undefined) {
      throw new TypeError(`The key "${path}" has no words`);
    }
    return [path, doc];
  });
}

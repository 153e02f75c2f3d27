/**
 * Every key of the configuration file: what it takes, its default, its meaning, an example.
 * The one source: checks, defaults, messages, `responses.schema.json` and `docs/config.md`
 * follow from it.
 *
 * `zod/mini`, because it adds 17 KB and 10 ms where `zod` adds 450 KB and 30 ms.
 *
 * @module
 */

import * as z from "zod/mini";
import { BODY_BYTES_MAX } from "../core/limits.ts";
import { flagOf, isScalar, numberOf, textOf } from "./value.ts";

/** What is said about one key, besides what its schema can tell. */
export interface KeyDoc {
  /** What it takes, as in "must be …". */
  readonly takes: string;
  /** What it is for, in a sentence or two. */
  readonly doc: string;
  /** Its default in words; left out when there is none. */
  readonly default?: string;
  /** A line or more of YAML that uses it. */
  readonly example: string;
  /** What each of its items must be, if it is a list. */
  readonly item?: string;
  /** Words it takes literally. */
  readonly words?: readonly string[];
  /** What editors are told instead of the schema, because the file may say it in more ways. */
  readonly json?: Readonly<Record<string, unknown>>;
}

/** A file that passed: defaults filled in. `responses` are read apart, see {@linkcode SHAPE}. */
export interface Checked {
  /** `models`. */
  readonly models: readonly string[];
  /** `defaults`. */
  readonly defaults: { readonly unknown_response: string };
  /** `settings`. */
  readonly settings: CheckedSettings;
}

/** `settings` of a file that passed. */
export interface CheckedSettings {
  /** Whether scripted answers take their time. */
  readonly lag_enabled: boolean;
  /** How fast they are then. */
  readonly lag_factor: number;
  /** How streams are cut. */
  readonly stream_by: "character" | "token" | "word" | "line" | "whole" | {
    readonly characters: number;
  };
  /** Whether unlisted models are refused. */
  readonly known_models_only: boolean;
  /** Seed of the process; absent when it is drawn. */
  readonly seed?: number | undefined;
  /** Which headers are sent. */
  readonly headers: "provider" | "full";
  /** Largest request body. */
  readonly max_body_bytes: number;
}

/** Keys that later versions read, by section. */
export const KEYS_TO_COME: Readonly<Record<string, readonly string[]>> = {
  "": ["rules", "paces", "keys", "limits", "session"],
  settings: ["strict", "tokenizer", "pace", "cors"],
};

const DOCS = z.registry<KeyDoc>();
const CUTS = ["character", "token", "word", "line", "whole"] as const;
const FLAG_JSON = {
  anyOf: [{ type: "boolean" }, {
    type: "string",
    pattern: "^([Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF)$",
  }],
};
const TEXT_JSON = { type: ["string", "number", "boolean"] };

/** A scalar is an object to zod, but no section. */
const unlessScalar = (value: unknown) => isScalar(value) ? undefined : value;
const flag = () => z.pipe(z.transform(flagOf), z.boolean());
const text = () =>
  z.pipe(z.transform(textOf), z.string().check(z.minLength(1)));
const number = (...checks: z.core.$ZodCheck<number>[]) =>
  z.pipe(z.transform(numberOf), z.number().check(...checks));
const word = <const Words extends readonly string[]>(words: Words) =>
  z.pipe(z.transform(textOf), z.enum(words));

/** Ties what is said about a key to its schema. */
function key<Schema extends z.ZodMiniType>(
  schema: Schema,
  doc: KeyDoc,
): Schema {
  DOCS.add(schema, doc);
  return schema;
}

/** A section in which a key that is not listed is a mistake, and which may be left out or left empty. */
function section<Keys extends z.core.$ZodLooseShape>(keys: Keys, doc: KeyDoc) {
  return key(
    z.prefault(
      z.pipe(z.transform(unlessScalar), z.strictObject(keys)),
      {} as never,
    ),
    doc,
  );
}

const characters = key(number(z.int(), z.gte(1)), {
  takes: "a whole number above 0",
  doc: "How many characters one chunk of a stream holds.",
  example: "stream_by: { characters: 8 }",
});

const settings = section({
  lag_enabled: key(z._default(flag(), false), {
    takes: "true or false",
    doc: "Whether scripted answers take their time, as a model does.",
    default: "false",
    example: "lag_enabled: true",
    json: FLAG_JSON,
  }),
  lag_factor: key(z._default(number(z.gt(0)), 10), {
    takes: "a number above 0",
    doc:
      "How fast answers come while `lag_enabled` is true: a character takes 1/(lag_factor × 10) seconds, " +
      "give or take half of that.",
    default: "10",
    example: "lag_factor: 25",
  }),
  stream_by: key(
    z._default(
      z.union([word(CUTS), z.strictObject({ characters })]),
      "character",
    ),
    {
      takes: "character, token, word, line, whole or {characters: N}",
      doc: "What one chunk of a stream holds.",
      default: "character",
      example: "stream_by: { characters: 8 }",
      words: CUTS,
    },
  ),
  known_models_only: key(z._default(flag(), false), {
    takes: "true or false",
    doc:
      "Whether a model that no catalog lists is refused, as a provider would. Otherwise any name is answered.",
    default: "false",
    example: "known_models_only: true",
    json: FLAG_JSON,
  }),
  seed: key(
    z.optional(number(z.int(), z.gte(0), z.lte(Number.MAX_SAFE_INTEGER))),
    {
      takes: "a whole number from 0 to 9007199254740991",
      doc:
        "Makes ids, random tokens and jitter the same from run to run. Without it, a seed is drawn and printed at start.",
      example: "seed: 42",
    },
  ),
  headers: key(z._default(word(["provider", "full"]), "provider"), {
    takes: "provider or full",
    doc:
      "Which response headers are sent: those of the provider, or those of the infrastructure before it too.",
    default: "provider",
    example: "headers: full",
    words: ["provider", "full"],
  }),
  max_body_bytes: key(z._default(number(z.int(), z.gte(1)), BODY_BYTES_MAX), {
    takes: "a whole number above 0",
    doc:
      "The largest request body that is taken, in bytes; a larger one is answered with 413.",
    default: `${BODY_BYTES_MAX} (32 MiB)`,
    example: "max_body_bytes: 1048576",
  }),
}, {
  takes: "a section with keys",
  doc: "How answers are given.",
  example: "settings:\n  lag_enabled: true",
});

const defaults = section({
  unknown_response: key(
    z._default(
      text(),
      "I don't know the answer to that. This is a mock response.",
    ),
    {
      takes: "text",
      doc: "The answer to every prompt that `responses` does not hold.",
      default: "I don't know the answer to that. This is a mock response.",
      example: 'unknown_response: "I am only a mock."',
      json: TEXT_JSON,
    },
  ),
}, {
  takes: "a section with keys",
  doc: "What is answered when nothing else fits.",
  example: 'defaults:\n  unknown_response: "I am only a mock."',
});

// `responses` stand here for documents and editors only. They are checked by hand (`check.ts`):
// they have thousands of entries, and a record of zod's drops `__proto__`.
const file = z.strictObject({
  responses: key(z.optional(z.record(z.string(), z.string())), {
    takes: "prompts with their answers",
    doc:
      "Answers by prompt. Both are literal: nothing in them is special. A prompt is compared with the last " +
      "user message as it is, then ignoring case and white space at the ends or repeated. At least one is needed.",
    example: 'responses:\n  "what colour is the sky?": "The sky is purple."',
    json: { type: "object", additionalProperties: TEXT_JSON, minProperties: 1 },
  }),
  defaults,
  models: key(z._default(z.array(text()), []), {
    takes: "a list of names",
    doc: "Models that catalogs list besides `mock-llm-model`.",
    default: "none",
    item: "a name",
    example: "models: [gpt-4o, claude-sonnet-4-5]",
    json: { type: "array", items: { type: "string", minLength: 1 } },
  }),
  settings,
});

/** The whole file, its scalars as written; see {@linkcode KEYS} for each key. */
export const SHAPE: z.ZodMiniType<Checked> = file;

/** Every key by its dotted path, in order of the documents. */
export const KEYS: ReadonlyMap<string, KeyDoc> = new Map([
  ...documented("", file.shape),
  ...documented("settings.", settings.def.innerType.def.out.shape),
  ...documented("settings.stream_by.", { characters }),
  ...documented("defaults.", defaults.def.innerType.def.out.shape),
]);

/** The names that may stand in a section; the empty path is the top of the file. */
export function namesIn(path: string): string[] {
  const prefix = path === "" ? "" : `${path}.`;
  return [...KEYS.keys()].filter((key) =>
    key.startsWith(prefix) && !key.slice(prefix.length).includes(".")
  )
    .map((key) => key.slice(prefix.length));
}

function documented(
  prefix: string,
  keys: z.core.$ZodLooseShape,
): [string, KeyDoc][] {
  return Object.entries(keys).map(([name, schema]) => {
    const doc = DOCS.get(schema);
    if (doc === undefined) {
      throw new TypeError(`The key "${prefix}${name}" has no words`);
    }
    return [prefix + name, doc];
  });
}

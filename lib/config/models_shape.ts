/**
 * Every key of a model, and `keys`. Part of the one source, see `shape.ts`.
 *
 * @module
 */

import * as z from "zod/mini";
import {
  type Definition,
  key,
  number,
  type Schema,
  section,
  text,
  TEXT_JSON,
} from "./kinds.ts";
import { textOf } from "./value.ts";

/** A model that fits its shape: its name, or what else is known of it. */
export type CheckedModel = string | CheckedModelKeys;

/** A model with keys. */
export interface CheckedModelKeys {
  /** `id`; that it is there is checked by hand. */
  readonly id?: string | undefined;
  /** `snapshot`. */
  readonly snapshot?: string | undefined;
  /** `context_window`. */
  readonly context_window?: number | undefined;
  /** `max_output_tokens`. */
  readonly max_output_tokens?: number | undefined;
  /** `created`, in seconds since the epoch. */
  readonly created?: number | undefined;
  /** `owned_by`. */
  readonly owned_by?: string | undefined;
  /** `display_name`. */
  readonly display_name?: string | undefined;
}

const TOKENS = () =>
  z.optional(number(z.int(), z.gte(1), z.lte(Number.MAX_SAFE_INTEGER)));

/** A day, a moment, or seconds since the epoch, as the latter. */
function moment(): Schema<number> {
  return z.pipe(
    z.transform(secondsOf),
    z.number().check(z.int(), z.gte(0), z.lte(SECONDS_MAX)),
  );
}

/** The end of the year 9999: later ones are written otherwise. */
const SECONDS_MAX = Date.UTC(9999, 11, 31, 23, 59, 59) / 1_000;

const MOMENT =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|\+00:00))?$/;

function secondsOf(value: unknown): number | undefined {
  const written = textOf(value) ?? "";
  if (/^\d{1,12}$/.test(written)) return Number(written);
  const [year, month = 0, day = 0, hour = 0, minute = 0, second = 0] =
    (MOMENT.exec(written) ?? []).slice(1).map((part) => Number(part ?? 0));
  if (year === undefined) return undefined;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const told = new Date(ms);
  const exists = told.getUTCMonth() === month - 1 &&
    told.getUTCDate() === day && told.getUTCHours() === hour &&
    told.getUTCMinutes() === minute && told.getUTCSeconds() === second;
  return exists ? ms / 1_000 : undefined;
}

/** Keys of a model. */
export const MODEL_KEYS = {
  id: key(z.optional(text()), {
    takes: "text",
    doc: "Its name. Each name may be given once.",
    example: "id: gpt-4o",
    json: TEXT_JSON,
  }),
  snapshot: key(z.optional(text()), {
    takes: "text",
    doc:
      "The name that answers tell as `model` when `id` is asked for, as providers do with names that stand for the " +
      "newest of several. It can be asked for too, and catalogs list it. The header `X-Model-Id` wins.",
    example: "snapshot: gpt-4o-2024-08-06",
    json: TEXT_JSON,
  }),
  context_window: key(TOKENS(), {
    takes: "a whole number above 0",
    doc:
      "The most tokens that a prompt may have, at OpenAI with those that the answer may have; a longer one is " +
      "refused in the provider's words.",
    default: "no bound",
    example: "context_window: 128000",
  }),
  max_output_tokens: key(TOKENS(), {
    takes: "a whole number above 0",
    doc:
      "The most tokens that an answer may be asked to have (`max_tokens`); more are refused in the provider's words.",
    default: "no bound",
    example: "max_output_tokens: 16384",
  }),
  created: key(z.optional(moment()), {
    takes: "a date such as 2025-09-29, or seconds since the epoch",
    doc: "When it came out, as catalogs tell.",
    example: "created: 2025-09-29",
    json: { type: ["string", "integer"], minimum: 0, minLength: 1 },
  }),
  owned_by: key(z.optional(text()), {
    takes: "text",
    doc: "Whose it is, as OpenAI's catalog tells.",
    default: "mock-server",
    example: "owned_by: openai",
    json: TEXT_JSON,
  }),
  display_name: key(z.optional(text()), {
    takes: "text",
    doc: "What people call it, as Anthropic's catalog tells.",
    default: "the name",
    example: 'display_name: "Claude Sonnet 4.5"',
    json: TEXT_JSON,
  }),
};

const MODEL = section(MODEL_KEYS);

/** What `$ref`s of the JSON Schema name. */
export const MODEL_DEFINITIONS: Readonly<Record<string, Definition>> = {
  model: { schema: MODEL, more: { required: ["id"] } },
};

/** `models`. */
export const MODELS = key(
  z._default(z.array(z.union([text(), MODEL])), []),
  {
    takes: "a list of names, or of sections with keys",
    doc:
      "Models that catalogs list besides `mock-llm-model`, and what is known of them. Any name is answered unless " +
      "`settings.known_models_only` is set.",
    default: "none",
    item: "a name, or a section with keys such as { id: gpt-4o }",
    example:
      "models: [gpt-4o, { id: claude-sonnet-4-5, context_window: 200000 }]",
  },
);

/** `keys`. */
export const KEYS_ACCEPTED = key(z.optional(z.array(text())), {
  takes: "a list of API keys",
  doc:
    "API keys that are accepted, as a bearer token or in `x-api-key` or `api-key`. Any other, and none, is refused " +
    "with the provider's 401 wherever it would ask for one. A key means itself; in one with `*`, that stands for any " +
    "text. Upper and lower case differ in both. They are shown nowhere.",
  default: "all are accepted",
  item: "an API key",
  example: "keys: [sk-mine, sk-team-*]",
  json: { type: "array", minItems: 1, items: { type: "string", minLength: 1 } },
});

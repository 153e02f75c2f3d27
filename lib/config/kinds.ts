/**
 * Kinds of values that keys take, and what is said about each key.
 *
 * Schemas see scalars as they were written, and decide what they mean. `zod/mini`, because it
 * adds 17 KB and 10 ms where `zod` adds 450 KB and 30 ms.
 *
 * @module
 */

import * as z from "zod/mini";
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
  /** Keys of a form of its value that later versions read. */
  readonly later?: readonly string[];
  /** What editors are told instead of the schema, because the file may say it in more ways. */
  readonly json?: Readonly<Record<string, unknown>>;
  /** What editors are told besides the schema. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** A schema of this module's kind. */
export type Schema<Output = unknown> = z.ZodMiniType<Output>;

/** A part of the JSON Schema that others refer to. */
export interface Definition {
  /** What it is made of. */
  readonly schema: z.ZodMiniType;
  /** What editors are told besides. */
  readonly more?: Readonly<Record<string, unknown>>;
}

const DOCS = z.registry<KeyDoc>();

/** Ties what is said about a key to its schema. */
export function key<Given extends z.ZodMiniType>(
  schema: Given,
  doc: KeyDoc,
): Given {
  DOCS.add(schema, doc);
  return schema;
}

/** What is said about the key that has this schema. */
export function docOf(schema: z.core.$ZodType): KeyDoc | undefined {
  return DOCS.get(schema as z.ZodMiniType);
}

/** True or false, in any of YAML 1.1's words. */
export function flag(): Schema<boolean> {
  return z.pipe(z.transform(flagOf), z.boolean());
}

/** A text of at least so many characters; numbers and the like are texts too. */
export function text(charsMin = 1): Schema<string> {
  return z.pipe(
    z.transform(textOf),
    z.string().check(z.minLength(charsMin)),
  );
}

/** A number, without quotes. */
export function number(...checks: z.core.$ZodCheck<number>[]): Schema<number> {
  return z.pipe(z.transform(numberOf), z.number().check(...checks));
}

/** A time in milliseconds: with a unit, or a plain number of `unitMs`. */
export function duration(unitMs: number, mostMs: number): Schema<number> {
  return z.pipe(
    z.transform((value: unknown) => durationOf(value, unitMs)),
    z.number().check(z.gte(0), z.lte(mostMs)),
  );
}

/** One of `words`. */
export function word<const Words extends readonly string[]>(
  words: Words,
): Schema<Words[number]> {
  return z.pipe(z.transform(textOf), z.enum(words)) as Schema<Words[number]>;
}

/** A section in which a key that is not listed is a mistake. A scalar is an object to zod, but no section. */
export function section<Keys extends z.core.$ZodLooseShape>(
  keys: Keys,
): z.ZodMiniPipe<z.ZodMiniTransform, z.ZodMiniObject<Keys, z.core.$strict>> {
  return z.pipe(z.transform(unlessScalar), z.strictObject(keys));
}

/** Names of the author's own, each with a value of one kind. */
export function named<Given extends z.ZodMiniType>(
  each: Given,
): z.ZodMiniPipe<
  z.ZodMiniTransform,
  z.ZodMiniRecord<z.ZodMiniString, Given>
> {
  return z.pipe(z.transform(unlessScalar), z.record(z.string(), each));
}

/** Exactly one of these keys, for editors. */
export function oneOf(
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  return {
    type: "object",
    oneOf: names.map((name) => ({ required: [name] })),
  };
}

/** Some keys of one of `groups`, and none of `names` beside them, for editors. */
export function fromOne(
  groups: readonly (readonly string[])[],
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  const anyOf = (some: readonly string[]) =>
    some.map((name) => ({ required: [name] }));
  return {
    type: "object",
    anyOf: groups.map((group) => ({
      anyOf: anyOf(group),
      not: { anyOf: anyOf(names.filter((name) => !group.includes(name))) },
    })),
  };
}

/** How true and false may be written, for editors. */
export const FLAG_JSON: Readonly<Record<string, unknown>> = {
  anyOf: [{ type: "boolean" }, {
    type: "string",
    pattern: "^([Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF)$",
  }],
};

/** How a text may be written, for editors. */
export const TEXT_JSON: Readonly<Record<string, unknown>> = {
  type: ["string", "number", "boolean"],
};

/** How a duration may be written, for editors. */
export const DURATION_JSON: Readonly<Record<string, unknown>> = {
  anyOf: [{ type: "number", minimum: 0 }, {
    type: "string",
    pattern: "^(\\d+\\.?\\d*|\\.\\d+) ?(ms|s|m|h)$",
  }],
};

const UNIT_MS = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

function durationOf(value: unknown, unitMs: number): number | undefined {
  const plain = numberOf(value);
  if (plain !== undefined) return plain * unitMs;
  const [, digits, unit = ""] =
    /^(\d+\.?\d*|\.\d+) ?(ms|s|m|h)$/.exec(textOf(value) ?? "") ?? [];
  const factor = UNIT_MS.get(unit);
  return factor === undefined ? undefined : Number(digits) * factor;
}

function unlessScalar(value: unknown): unknown {
  return isScalar(value) ? undefined : value;
}

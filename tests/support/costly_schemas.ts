/**
 * JSON Schemas that strangers made to keep a server busy, and what to judge by them.
 *
 * @module
 */

import { HOSTILE, type Schema } from "./schemas.ts";

/** `count` entries, the one at `at` made by `entry`. */
function entries(
  count: number,
  entry: (at: number) => readonly [string, unknown],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => entry(at)),
  );
}

function copies<Item>(count: number, item: (at: number) => Item): Item[] {
  return Array.from({ length: count }, (_, at) => item(at));
}

function pattern(source: string, more: object = {}): Schema {
  return { type: "string", pattern: source, ...more };
}

const TANGLED = `^${".*a?".repeat(200)}`;
const FAR = { $ref: `#/${"a/".repeat(200_000)}` };
const NAMES = entries(20_000, (at) => [`p${at}`, { type: "string" }]);

/** A thousand items that are each as dear as can be. */
function thousand(items: unknown): Schema {
  return { type: "array", minItems: 1_000, items };
}

/** Each name wants the one before it. */
function backwards(length: number): Schema {
  return {
    type: "object",
    required: [`p${length}`],
    dependentRequired: entries(
      length,
      (at) => [`p${at + 1}`, [`p${at}`]],
    ),
  };
}

function some(of: readonly number[], schema: object): Schema {
  return { type: "object", required: of.map((at) => `p${at}`), ...schema };
}

/** By what they are about. */
export const COSTLY: Readonly<Record<string, Schema>> = {
  ...HOSTILE,
  "empty rounds of empty rounds": pattern("^(?:(?:){100000}){100000}$"),
  "a milliard of edges": pattern("(?:\\b){1000000000}"),
  "stars of stars of nothing": pattern("^(((((()*)*)*)*)*)*$", {
    minLength: 5_000,
  }),
  "references that double": pattern(
    `(a{99})${copies(90, (at) => `(\\${at + 1}\\${at + 1})`).join("")}`,
  ),
  "rare characters": thousand({
    anyOf: copies(50, (of) =>
      pattern(
        copies(100, (at) => `[\\u${(0x9000 + 100 * of + at).toString(16)}]`)
          .join(""),
      )),
  }),
  "patterns that are hard to tell": {
    allOf: copies(16, (at) => pattern(TANGLED + at)),
  },
  "one pattern that is hard to tell": pattern(`${TANGLED}99`),
  "patterns of many classes": {
    allOf: copies(16, (of) =>
      pattern(
        `^(${
          copies(
            80,
            (at) => `[\\p{L}${String.fromCharCode(256 + 80 * of + at)}]`,
          )
            .join("|")
        })+$`,
      )),
  },
  "patterns that are slow on what they see": thousand({
    allOf: copies(16, (at) => pattern(`(a|a){0,11}b{0,${at}}$|x*x*${at}`)),
    minLength: 900,
  }),
  "a reference of 400 KB": thousand(FAR),
  "20,000 dependents": thousand({
    type: "object",
    dependentRequired: entries(20_000, (at) => [`p${at}`, ["x"]]),
  }),
  "20,000 schemas of dependents": thousand({
    type: "object",
    dependentSchemas: entries(20_000, (at) => [`p${at}`, { type: "object" }]),
  }),
  "300,000 dependents": {
    type: "object",
    dependentRequired: entries(300_000, (at) => [`p${at}`, []]),
  },
  "patterns of names that are a text": {
    type: "object",
    patternProperties: "x".repeat(100_000),
    additionalProperties: { type: "string" },
    minProperties: 1_000,
  },
  "dependents, 30,000 backwards": backwards(30_000),
  "dependents, 20,000 backwards": backwards(20_000),
  "50,000 patterns of names": {
    type: "object",
    patternProperties: entries(50_000, (at) => [`^p${at}$`, {}]),
    additionalProperties: false,
    minProperties: 1_000,
  },
  "50,000 properties and 5,000 patterns": {
    type: "object",
    properties: entries(50_000, (at) => [`p${at}`, {}]),
    patternProperties: entries(5_000, (at) => [`^p${at}$`, {}]),
  },
  "wide alternatives": {
    properties: NAMES,
    anyOf: copies(5_000, () => false),
  },
  "wide alternatives in a thousand items": thousand({
    anyOf: copies(50_000, (at) => ({ const: at })),
  }),
  "100,000 values in a thousand items": thousand({
    enum: copies(100_000, (at) => `v${at}`),
  }),
  "100,000 types in a thousand items": thousand({
    type: copies(100_000, (at) => `t${at}`),
  }),
  "wide items": thousand({ type: "object", properties: NAMES }),
  "wide items of the same width again": thousand({
    allOf: copies(100, () => ({ $ref: "#/$defs/wide" })),
    $defs: {},
  }),
  "wide objects within wide objects": {
    $defs: { wide: { properties: NAMES, required: ["p1", "p2"] } },
    allOf: copies(1_000, () => ({ $ref: "#/$defs/wide" })),
  },
  "10,000 schemas that speak of 5,000 names": some(
    copies(5_000, (at) => at),
    { allOf: copies(10_000, () => ({ additionalProperties: {} })) },
  ),
  "names that are objects that have names": {
    type: "object",
    minProperties: 1,
    propertyNames: { $ref: "#" },
  },
  "10,000 steps of numbers": {
    type: "integer",
    allOf: copies(10_000, (at) => ({ multipleOf: at + 2, minimum: -at })),
  },
  "10,000 formats of a long text": {
    type: "string",
    pattern: "^https://[a-z]{4000}$",
    allOf: copies(10_000, () => ({ format: "uri" })),
  },
  "a name of 1 MB, a thousand times": some([], {
    required: ["x".repeat(1_000_000)],
    allOf: copies(1_000, () => ({
      properties: {},
      additionalProperties: false,
    })),
  }),
  "a constant of 1 MB in a thousand items": thousand({
    const: "x".repeat(1_000_000).split(""),
  }),
  "10,000 ways to end": {
    $defs: {
      any: {
        anyOf: copies(10_000, () => ({
          type: "object",
          properties: { a: { $ref: "#/$defs/any" } },
          required: ["a"],
        })),
      },
    },
    $ref: "#/$defs/any",
  },
};

/** Values that many of these schemas look at for long. */
export const VALUES: Readonly<Record<string, unknown>> = {
  "a text": "aaaaaaaa!",
  "a long text": "a".repeat(900),
  "a thousand objects": copies(1_000, (at) => ({ p1: 1, [`p${at}`]: "x" })),
  "a thousand long texts": copies(1_000, () => `${"a".repeat(900)}!`),
  "a wide object": entries(5_000, (at) => [`p${at}`, at]),
  "a long name": { ["x".repeat(1_000_000)]: 1 },
  "a number": 5,
};

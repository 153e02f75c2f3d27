/**
 * JSON Schemas as clients send them, schemas that fast-check makes, and hostile ones; and what
 * judges by them besides mockllm.
 *
 * @module
 */

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";

/** A schema; a stranger's, so any keyword may hold anything. */
export type Schema = Readonly<Record<string, unknown>> | boolean;

/** What tells why a value is not valid for a schema; undefined if it is. */
export type Check = (value: unknown) => string | undefined;

const ajv = new Ajv2020({ strict: false, logger: false });
// Its types are those of a module of old, which Deno reads otherwise.
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);

/** Ajv's own judgement by `schema`. */
export function ajvCheck(schema: Schema): Check {
  // It knows one draft only.
  const { $schema: _, ...rest } = typeof schema === "boolean"
    ? { $schema: "", allOf: [schema] }
    : { $schema: "", ...schema };
  const validate = ajv.compile(rest);
  ajv.removeSchema(rest);
  return (value) =>
    validate(value) ? undefined : ajv.errorsText(validate.errors);
}

/** Any JSON, without the names that ajv calls in what it compares: it throws where they are no functions. */
export function jsonValue(maxDepth = 2): fc.Arbitrary<unknown> {
  return fc.jsonValue({ maxDepth }).filter((value) =>
    !/"(valueOf|toString|constructor)":/.test(JSON.stringify(value))
  );
}

/** An object of `properties`, all of them required and no others allowed, as `strict` wants it. */
export function strict(properties: Record<string, Schema>): Schema {
  return {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

const text = { type: "string" } as const;
const whole = { type: "integer" } as const;

/** Schemas that something is valid for, by what they are about. */
export const SCHEMAS: Readonly<Record<string, Schema>> = {
  "a strict function": strict({ city: text, unit: { enum: ["c", "f"] } }),
  "anything": {},
  "anything, said shortly": true,
  "properties of any kind": strict({ a: true, b: {} }),
  "a linked list": {
    ...strict({ root: { $ref: "#/$defs/node" } }) as object,
    $defs: {
      node: strict({
        value: { type: "integer", minimum: 3, maximum: 5 },
        next: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] },
      }),
    },
  },
  "a user interface that holds itself": strict({
    type: { type: "string", enum: ["div", "button", "field"] },
    children: { type: "array", items: { $ref: "#" } },
    attributes: { type: "array", items: strict({ name: text, value: text }) },
  }),
  "steps of reasoning": strict({
    steps: {
      type: "array",
      items: strict({ explanation: text, output: text }),
    },
    final_answer: text,
  }),
  "an issue, by the definitions of old": {
    $schema: "http://json-schema.org/draft-07/schema#",
    definitions: { label: { type: "string", minLength: 1, maxLength: 50 } },
    type: "object",
    properties: {
      owner: { type: "string", description: "Repository owner" },
      title: text,
      labels: { type: "array", items: { $ref: "#/definitions/label" } },
      milestone: { type: "number" },
    },
    required: ["owner", "title", "labels"],
    additionalProperties: false,
  },
  "edits of a file": {
    type: "object",
    properties: {
      path: text,
      edits: {
        type: "array",
        minItems: 2,
        items: {
          type: "object",
          properties: { oldText: text, newText: text },
          required: ["oldText", "newText"],
        },
      },
      dryRun: { type: "boolean", default: false },
    },
    required: ["path", "edits"],
  },
  "formats": strict(
    Object.fromEntries(
      [
        ["date", "date-time", "time", "duration", "email", "hostname"],
        ["ipv4", "ipv6", "uri", "uri-reference", "uri-template", "uuid"],
        ["json-pointer", "relative-json-pointer", "regex", "byte"],
      ].flat().map((format) => [format, { type: "string", format }]),
    ),
  ),
  "patterns": strict({
    code: { type: "string", pattern: "^[A-Z]{3}-\\d{4}$" },
    long: { type: "string", pattern: "^(foo|bar)+$", minLength: 9 },
    letters: { type: "string", pattern: "\\p{L}+" },
    ahead: { type: "string", pattern: "^(?!foo)[a-z]+$" },
    twice: { type: "string", pattern: "^(\\w)\\1$" },
    short: { type: "string", pattern: "^a*b", maxLength: 3 },
    found: { type: "string", pattern: "needle", minLength: 20 },
  }),
  "numbers": strict({
    seven: { type: "integer", multipleOf: 7, minimum: 100, maximum: 110 },
    open: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 },
    cents: { type: "number", multipleOf: 0.01, minimum: 1, maximum: 2 },
    both: { type: "integer", allOf: [{ multipleOf: 4 }, { multipleOf: 6 }] },
    safe: {
      type: "integer",
      minimum: Number.MIN_SAFE_INTEGER,
      maximum: Number.MAX_SAFE_INTEGER,
    },
    below: { type: "number", maximum: -1_000 },
    far: { type: "integer", minimum: 1e15 },
  }),
  "lengths": strict({
    exact: { type: "string", minLength: 30, maxLength: 30 },
    none: { type: "string", maxLength: 0 },
    long: { type: "string", minLength: 500 },
  }),
  "lists": strict({
    unique: {
      type: "array",
      items: { enum: ["a", "b", "c"] },
      uniqueItems: true,
      minItems: 3,
    },
    pair: {
      type: "array",
      prefixItems: [text, whole],
      items: false,
      minItems: 2,
    },
    five: {
      type: "array",
      items: { type: "number" },
      minItems: 5,
      maxItems: 5,
    },
    holding: { type: "array", contains: { const: 7 }, minItems: 1 },
    empty: { type: "array", maxItems: 0 },
  }),
  "unions": strict({
    kind: {
      oneOf: [
        strict({ kind: { const: "x" }, value: text }),
        strict({ kind: { const: "y" }, count: { type: "number" } }),
      ],
    },
    maybe: { type: ["string", "null"] },
    all: {
      allOf: [
        { type: "object", properties: { p: text }, required: ["p"] },
        { type: "object", properties: { q: whole }, required: ["q"] },
      ],
    },
    nullable: { type: "string", nullable: true },
    one: {
      oneOf: [{ type: "number", multipleOf: 5 }, {
        type: "number",
        multipleOf: 3,
      }],
    },
    narrowed: {
      anyOf: [{ type: "string" }, { type: "integer", minimum: 5 }],
      type: "integer",
    },
  }),
  "exclusions": strict({
    no: { not: { type: "string" } },
    four: { type: "integer", not: { enum: [1, 2, 3] }, minimum: 1, maximum: 4 },
  }),
  "conditions": {
    type: "object",
    properties: { kind: { enum: ["a", "b"] }, value: text },
    required: ["kind"],
    if: { properties: { kind: { const: "a" } } },
    then: { required: ["value"] },
    else: { not: { required: ["value"] } },
  },
  "maps": strict({
    typed: {
      type: "object",
      patternProperties: { "^s_": text },
      additionalProperties: whole,
      minProperties: 4,
    },
    named: {
      type: "object",
      propertyNames: { pattern: "^[a-z]{3}$" },
      additionalProperties: { type: "boolean" },
      minProperties: 3,
    },
    few: {
      type: "object",
      properties: { a: text, b: text, c: text },
      maxProperties: 1,
    },
  }),
  "dependents": {
    type: "object",
    properties: { a: whole, b: text, card: text },
    required: ["a"],
    dependentRequired: { a: ["b"] },
    dependentSchemas: {
      card: { properties: { address: text }, required: ["address"] },
    },
  },
  "anchors and pointers": {
    $ref: "#thing",
    $defs: {
      thing: {
        $anchor: "thing",
        type: "object",
        properties: {
          "a/b": whole,
          c: { $ref: "#/$defs/thing/properties/a~1b" },
          d: { $ref: "#/$defs/long%20name", minLength: 5 },
        },
        required: ["a/b", "c", "d"],
      },
      "long name": { type: "string", maxLength: 6 },
    },
  },
  "examples and constants": strict({
    given: { type: "string", examples: ["one", "two"] },
    wrong: { type: "integer", default: "no integer" },
    constant: { const: { a: [1, null] } },
    mixed: { enum: [null, 1, "x", [1]], type: ["null", "integer"] },
  }),
  "names that objects have anyway": strict({
    constructor: text,
    toString: whole,
    hasOwnProperty: { type: "boolean" },
  }),
  "nothing beyond what is evaluated": {
    allOf: [{ type: "object", properties: { a: text }, required: ["a"] }],
    properties: { b: whole },
    required: ["b"],
    unevaluatedProperties: false,
  },
};

// Generated ──────────────────────────────────────────────────────────────────

const NAMES = ["city", "count", "tags", "when", "a", "b", "c"];

/** Schemas that something is valid for, as deep as a few levels. */
export const generatedSchema: fc.Arbitrary<Schema> = fc.letrec<{
  schema: Schema;
}>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf(),
    object(tie("schema")),
    list(tie("schema")),
    union(tie("schema")),
    tie("schema").map((schema) => ({ allOf: [schema, { title: "x" }] })),
    tie("schema").map((inner) => ({
      $defs: {},
      allOf: [inner],
      description: "wrapped",
    })),
  ),
})).schema;

function leaf(): fc.Arbitrary<Schema> {
  return fc.oneof(
    fc.constantFrom<Schema>(
      text,
      whole,
      { type: "boolean" },
      { type: "null" },
      { type: ["string", "null"] },
      {},
    ),
    fc.tuple(fc.integer({ min: -500, max: 500 }), fc.nat(50)).map(
      ([from, size]) => ({
        type: "integer",
        minimum: from,
        maximum: from + size,
      }),
    ),
    fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 }))
      .map(([from, size]) => ({
        type: "number",
        exclusiveMinimum: from,
        exclusiveMaximum: from + size,
      })),
    fc.integer({ min: 1, max: 40 }).map((step) => ({
      type: "integer",
      multipleOf: step,
    })),
    fc.tuple(fc.nat(40), fc.nat(20)).map(([least, more]) => ({
      type: "string",
      minLength: least,
      maxLength: least + more,
    })),
    fc.constantFrom("date", "date-time", "email", "uri", "uuid", "ipv4", "ipv6")
      .map((format) => ({ type: "string", format })),
    fc.constantFrom("^\\d{3}$", "^[a-f]+$", "^(x|yz)*$", "\\s", "^.{2,5}$")
      .map((pattern) => ({ type: "string", pattern })),
    fc.uniqueArray(jsonValue(1), { minLength: 1, maxLength: 4 })
      .map((values) => ({ enum: values })),
  );
}

function object(inner: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  return fc.record({
    properties: fc.dictionary(fc.constantFrom(...NAMES), inner, { maxKeys: 4 }),
    isStrict: fc.boolean(),
    closed: fc.boolean(),
    rest: inner,
  }).map(({ properties, isStrict, closed, rest }) => ({
    type: "object",
    properties,
    required: Object.keys(properties).filter((_, at) => isStrict || at === 0),
    additionalProperties: closed ? false : rest,
  }));
}

function list(inner: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  return fc.record({ items: inner, least: fc.nat(3), more: fc.nat(2) }).map(
    ({ items, least, more }) => ({
      type: "array",
      items,
      minItems: least,
      maxItems: least + more,
    }),
  );
}

function union(inner: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  return fc.array(inner, { minLength: 1, maxLength: 3 })
    .map((anyOf) => ({ anyOf }));
}

// Hostile ─────────────────────────────────────────────────────────────────────

function chain(length: number, refs: number): Schema {
  const $defs: Record<string, Schema> = { [`d${length}`]: text };
  for (let at = 0; at < length; at++) {
    const next = { $ref: `#/$defs/d${at + 1}` };
    $defs[`d${at}`] = refs === 0 ? next : strict(Object.fromEntries(
      Array.from({ length: refs }, (_, nth) => [`p${nth}`, next]),
    ));
  }
  return { $defs, $ref: "#/$defs/d0" };
}

function nested(depth: number): Schema {
  let schema: Schema = text;
  for (let level = 0; level < depth; level++) schema = strict({ a: schema });
  return schema;
}

/** Schemas that ask for more than there is, or for what there cannot be. */
export const HOSTILE: Readonly<Record<string, Schema>> = {
  "itself": { $ref: "#" },
  "itself twice": { allOf: [{ $ref: "#" }, { $ref: "#" }] },
  "endless": strict({ a: { $ref: "#" } }),
  "a circle": {
    $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } },
    $ref: "#/$defs/a",
  },
  "a milliard of items": { type: "array", items: text, minItems: 1e9 },
  "a milliard of characters": { type: "string", minLength: 1e9 },
  "a milliard of properties": { type: "object", minProperties: 1e9 },
  "a pattern that runs away": {
    type: "string",
    pattern: "^(a+)+$",
    minLength: 40,
  },
  "a pattern of a milliard": {
    type: "string",
    pattern: "^((a{1000}){1000}){1000}$",
  },
  "a broken pattern": { type: "string", pattern: "((((" },
  "a hundred patterns": {
    type: "array",
    minItems: 500,
    items: {
      allOf: Array.from({ length: 100 }, (_, at) => ({
        pattern: `^(a|b|[c-f]x?)*[^]{0,${at}}$`,
      })),
    },
  },
  "deeper than any value": nested(3_000),
  "wider than any value": strict(
    Object.fromEntries(
      Array.from({ length: 20_000 }, (_, at) => [`p${at}`, text]),
    ),
  ),
  "twice as much with each level": chain(40, 2),
  "a long way round": chain(5_000, 0),
  "alternatives of alternatives": {
    oneOf: Array.from({ length: 30 }, () => ({
      oneOf: Array.from({ length: 30 }, () => ({
        anyOf: Array.from({ length: 30 }, () => ({ not: {} })),
      })),
    })),
  },
  "somewhere else": strict({ a: { $ref: "https://example.com/a.json" } }),
  "nothing": { not: {} },
  "false": false,
  "between five and three": { type: "integer", minimum: 5, maximum: 3 },
  "ten different booleans": {
    type: "array",
    items: { type: "boolean" },
    uniqueItems: true,
    minItems: 10,
  },
  "keywords of the wrong kind": {
    type: "zebra",
    required: "a",
    properties: [1],
    items: 7,
    enum: "x",
    allOf: {},
    minimum: "1",
    $ref: 5,
    pattern: 4,
  },
  "schemas of the wrong kind": {
    type: "object",
    properties: { a: null, b: 5, c: "string" },
    required: ["a", "b", "c", 4],
    allOf: [null, 7],
  },
};

import assert from "node:assert/strict";
import { SCHEMA_DESCRIBED_CHARS_MAX } from "../../lib/core/limits.ts";
import { withDescribed } from "../../lib/match/auto_described.ts";
import { valueFor } from "../../lib/match/auto_value.ts";
import { violationsOf } from "../../lib/match/schema_judge.ts";

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

/** What is read out of `description`, beside `schema`. */
function read(description: string, schema: Record<string, unknown> = {}) {
  const given = { ...schema, description };
  const all = withDescribed(given) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => !Object.hasOwn(given, name)),
  );
}

/** Descriptions as clients write them, and what they say. */
const WRITTEN: Readonly<Record<string, Record<string, unknown>>> = {
  "{minimum: 3, maximum: 4}": { minimum: 3, maximum: 4 },
  "How many.\n\n{minimum: 3, multipleOf: 1.5}": { minimum: 3, multipleOf: 1.5 },
  '{enum: ["x","y, z: w"], minLength: 2}': {
    enum: ["x", "y, z: w"],
    minLength: 2,
  },
  '{pattern: "^a, b: {2}$", maxLength: 9}': {
    pattern: "^a, b: {2}$",
    maxLength: 9,
  },
  '{const: {"a":1}}': { const: { a: 1 } },
  '{prefixItems: [{"type":"string"},{"type":"number"}]}': {
    prefixItems: [{ type: "string" }, { type: "number" }],
  },
  '{minItems: 2, uniqueItems: true, default: "maximum: 4"}': {
    minItems: 2,
    uniqueItems: true,
  },
  // Python prints what it has.
  "A code.\n\n{pattern: ^[A-Z]{2,3}, \\d$, minLength: 2, examples: ['x']}": {
    pattern: "^[A-Z]{2,3}, \\d$",
    minLength: 2,
  },
  "{pattern: [0-9]+}": { pattern: "[0-9]+" },
  "{pattern: 12}": { pattern: "12" },
  "{uniqueItems: True, maxItems: 3}": { uniqueItems: true, maxItems: 3 },
  // The AI SDK writes a sentence.
  "minimum: 3; maximum: 4.": { minimum: 3, maximum: 4 },
  "How long.\nmin length: 2; pattern: ^a; b: c.$; format: x.": {
    minLength: 2,
    pattern: "^a; b: c.$",
    format: "x",
  },
  'exclusive minimum: 0; unique items: true; not: {"const":7}.': {
    not: { const: 7 },
    exclusiveMinimum: 0,
    uniqueItems: true,
  },
};

for (const [description, keywords] of Object.entries(WRITTEN)) {
  Deno.test(`withDescribed(): ${JSON.stringify(description)}`, () => {
    assert.deepEqual(read(description), keywords);
  });
}

/** What people write, and what means nothing. */
const OTHERS = [
  "",
  ".",
  "{}",
  "{ }",
  "Call it as {name: value}",
  "Between {minimum: 3, maximum: 4} or so",
  "See {minimum: 3}",
  "{minimum: three}",
  "{minLength: -1, maxLength: 1.5, minItems: 1e99}",
  "{minimum: 1e999}",
  "{multipleOf: 0}",
  "{enum: [], uniqueItems: false}",
  "{prefixItems: [1]}",
  "{__proto__: 3, constructor: 4}",
  "{additionalProperties: 3, not: true}",
  "minimum: 3 characters.",
  "minimum: 3; and so on.",
  "minimum: 3; something: 4.",
  "Note: take care. minimum: 3.",
  "minimum: 3; maximum: 4",
  `{${"a: 1, ".repeat(40)}minimum: 3}`,
];

for (const description of OTHERS) {
  Deno.test(`withDescribed(): ${JSON.stringify(description.slice(0, 60))} says nothing`, () => {
    const schema = { type: "integer", description };
    assert.equal(withDescribed(schema), schema);
  });
}

Deno.test("withDescribed(): what the schema says itself counts", () => {
  const described = "{minimum: 3, enum: [5]}";
  assert.deepEqual(read(described, { minimum: 1 }), { enum: [5] });
  assert.deepEqual(read(described, { const: 7 }), { minimum: 3 });
  assert.deepEqual(read(described, { type: "string" }), { minimum: 3 });
  assert.deepEqual(read("{const: 5}", { type: "number" }), { const: 5 });
});

Deno.test("withDescribed() reads schemas wherever they are, and no values", () => {
  const described = { type: "integer", description: "{minimum: 3}" };
  const better = { ...described, minimum: 3 };
  const schema = (inner: unknown) => ({
    $defs: { a: inner },
    properties: { description: inner, enum: inner },
    anyOf: [{ items: inner }, { additionalProperties: inner }],
    default: described,
    enum: [described],
  });
  assert.deepEqual(withDescribed(schema(described)), schema(better));
  assert.equal(withDescribed("x"), "x");
});

Deno.test("withDescribed() reads a schema once, however many answers are made by it", () => {
  const schema = { type: "integer", description: "{minimum: 3}" };
  assert.equal(withDescribed(schema), withDescribed(schema));
});

Deno.test("withDescribed() reads as far as SCHEMA_DESCRIBED_CHARS_MAX", () => {
  const end = "\n\n{minimum: 3}";
  const text = " ".repeat(SCHEMA_DESCRIBED_CHARS_MAX - end.length) + end;
  assert.deepEqual(read(text), { minimum: 3 });
  assert.deepEqual(read(` ${text}`), {});
});

Deno.test("valueFor(): values are as descriptions want them", () => {
  const schema = {
    type: "object",
    properties: {
      nights: { type: "integer", description: "{minimum: 3, maximum: 4}" },
      code: { type: "string", description: "pattern: ^[A-Z]{3}-\\d$." },
      pair: {
        type: "array",
        items: { type: "string", description: '{enum: ["x","y","z"]}' },
        description: "{minItems: 3, uniqueItems: true}",
      },
    },
    required: ["nights", "code", "pair"],
    additionalProperties: false,
  };
  for (const seed of SEEDS) {
    const value = valueFor(schema, seed) as Record<string, unknown>;
    assert.ok([3, 4].includes(Number(value.nights)), String(value.nights));
    assert.match(String(value.code), /^[A-Z]{3}-\d$/);
    assert.deepEqual([value.pair].flat().sort(), ["x", "y", "z"]);
  }
});

Deno.test("valueFor(): where a description wants what the schema forbids, the schema counts", () => {
  const schemas = [
    { type: "integer", maximum: 5, description: "{minimum: 7}" },
    { type: "string", maxLength: 3, description: "{minLength: 5000}" },
    {
      allOf: [{ enum: ["a", "b"] }, { description: '{enum: ["c"]}' }],
    },
    {
      type: "array",
      items: false,
      description: '{prefixItems: [{"type":"string"}], minItems: 1}',
      maxItems: 0,
    },
  ];
  for (const schema of schemas) {
    for (const seed of SEEDS) {
      const value = valueFor(schema, seed);
      assert.deepEqual(violationsOf(value, schema), [], JSON.stringify(value));
    }
  }
});

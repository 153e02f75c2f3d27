import assert from "node:assert/strict";
import fc from "fast-check";
import * as z from "zod";
import {
  AUTO_ATTEMPTS_MAX,
  AUTO_CHARS_MAX,
  AUTO_ITEMS_MAX,
  AUTO_VALUES_MAX,
  SCHEMA_NODES_MAX,
} from "../../lib/core/limits.ts";
import type { Turn } from "../../lib/core/turn.ts";
import { autoBlocks } from "../../lib/match/auto.ts";
import { valueFor } from "../../lib/match/auto_value.ts";
import { violationsOf } from "../../lib/match/schema_judge.ts";
import { asks } from "../support/rules.ts";
import {
  ajvCheck,
  generatedSchema,
  HOSTILE,
  type Schema,
  SCHEMAS,
  strict,
} from "../support/schemas.ts";

/** What a client would read. */
function read(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);

for (const [name, schema] of Object.entries(SCHEMAS)) {
  Deno.test(`valueFor(): ${name}: forty seeds give valid values`, () => {
    const check = ajvCheck(schema);
    for (const seed of SEEDS) {
      const value = read(valueFor(schema, seed));
      assert.equal(check(value), undefined, JSON.stringify(value));
    }
  });
}

Deno.test("valueFor(): what is valid for generated schemas, ajv agrees to", () => {
  fc.assert(
    fc.property(generatedSchema, fc.nat(), (schema, seed) => {
      const value = read(valueFor(schema, seed));
      const reason = ajvCheck(schema)(value);
      assert.equal(reason, undefined, `${reason} ${JSON.stringify(value)}`);
    }),
    { numRuns: 300 },
  );
});

/** Schemas that people write with zod. */
const ZOD: Readonly<Record<string, z.ZodType>> = {
  trip: z.object({
    city: z.string().min(2).max(40),
    nights: z.number().int().min(1).max(30),
    budget: z.number().positive().optional(),
    from: z.iso.date(),
    at: z.iso.datetime(),
    guests: z.array(z.object({ name: z.string(), age: z.int().nullable() }))
      .min(1).max(4),
    class: z.enum(["economy", "business"]),
    tags: z.record(z.string(), z.number()),
  }),
  strings: z.object({
    email: z.email(),
    url: z.url(),
    uuid: z.uuid(),
    ipv4: z.ipv4(),
    ipv6: z.ipv6(),
    base64: z.base64(),
    code: z.string().regex(/^[A-Z]{2}\d+$/),
    starts: z.string().startsWith("id_"),
    long: z.string().length(12),
    time: z.iso.time(),
    duration: z.iso.duration(),
    cuid: z.cuid2(),
    nano: z.nanoid(),
  }),
  union: z.object({
    shape: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("circle"), radius: z.number().min(0) }),
      z.strictObject({
        kind: z.literal("box"),
        sides: z.tuple([z.int(), z.int()]),
      }),
    ]),
    either: z.union([z.string(), z.number(), z.null()]),
    both: z.intersection(
      z.object({ a: z.string() }),
      z.object({ b: z.boolean() }),
    ),
    literal: z.literal([1, 2, "x"]),
    chosen: z.record(z.enum(["north", "south"]), z.boolean()),
  }),
  category: z.object({
    name: z.string(),
    get children() {
      return z.array(ZOD.category ?? z.never()).max(3);
    },
  }),
};

for (const [name, type] of Object.entries(ZOD)) {
  for (
    const target of [
      "draft-2020-12",
      "draft-7",
      "draft-4",
      "openapi-3.0",
    ] as const
  ) {
    Deno.test(`valueFor(): zod parses what its schema "${name}" as ${target} gives`, () => {
      const schema = z.toJSONSchema(type, { target });
      for (const seed of SEEDS) {
        const parsed = type.safeParse(read(valueFor(schema, seed)));
        assert.ok(parsed.success, parsed.error?.message);
      }
    });
  }
}

Deno.test("valueFor(): the same seed gives the same value, others give others", () => {
  const schema = SCHEMAS["steps of reasoning"];
  const texts = SEEDS.map((seed) => JSON.stringify(valueFor(schema, seed)));
  assert.deepEqual(
    SEEDS.map((seed) => JSON.stringify(valueFor(schema, seed))),
    texts,
  );
  assert.ok(new Set(texts).size > 30);
});

Deno.test("valueFor(): what a seed gives is written down, so that every runtime gives it", () => {
  const given = ["unions", "patterns", "maps"].map((name) =>
    JSON.stringify(valueFor(SCHEMAS[name], 5))
  );
  assert.deepEqual(given, [
    '{"kind":{"kind":"x","value":"quiet river"},"maybe":null,"all":{"p":"simple kettle","q":17},"nullable":"harbour","one":415,"narrowed":92}',
    '{"code":"DZB-0698","long":"barbarfoobar","letters":"Zx","ahead":"k","twice":"ss","short":"ab","found":"needleriverkettlemarket"}',
    '{"typed":{"s_station":"early garden","s_window":"distant orchard","station":62,"s_compass":"green village"},"named":{"zlf":true,"zkw":true,"jeh":false},"few":{"c":"river"}}',
  ]);
});

Deno.test("valueFor(): names tell what a text is likely about", () => {
  const schema = strict({
    city: { type: "string" },
    email: { type: "string" },
  });
  const { city, email } = valueFor(schema, 1) as Record<string, string>;
  assert.match(String(city), /^[A-Z][a-z]+$/);
  assert.match(String(email), /@example\.com$/);
});

Deno.test("valueFor(): examples and defaults are taken where they are valid", () => {
  const given = { type: "string", examples: ["one", "two"] };
  assert.match(String(valueFor(given, 3)), /^(one|two)$/);
  const wrong = valueFor({ type: "integer", default: "x" }, 3);
  assert.equal(typeof wrong, "number");
});

for (const [name, schema] of Object.entries(HOSTILE)) {
  Deno.test(`valueFor(): of ${name} something is made soon, and not too much`, () => {
    const before = performance.now();
    const made = JSON.stringify(valueFor(schema, 1, { type: "object" }));
    violationsOf(JSON.parse(made), schema);
    const tookMs = performance.now() - before;
    assert.ok(tookMs < 2_000, `it took ${tookMs} ms`);
    assert.ok(made.length < 4 * AUTO_CHARS_MAX, String(made.length));
  });
}

Deno.test("valueFor(): of many choices each may be the smaller, and few may be as large as one", () => {
  const schema = { type: "string", minLength: AUTO_CHARS_MAX };
  const lengthOf = (choices: number) =>
    String(valueFor(schema, 1, { choices })).length;
  assert.equal(lengthOf(4), AUTO_CHARS_MAX);
  assert.equal(lengthOf(128), AUTO_CHARS_MAX / 32);
});

/** The longest list of `schema` that is made. */
function itemsOf(minItems: number): number {
  const items = { const: 1 };
  return (valueFor({ type: "array", items, minItems }, 1) as unknown[]).length;
}

Deno.test("valueFor(): a list has AUTO_ITEMS_MAX items, and no more", () => {
  assert.equal(itemsOf(AUTO_ITEMS_MAX), AUTO_ITEMS_MAX);
  assert.equal(itemsOf(AUTO_ITEMS_MAX + 1), AUTO_ITEMS_MAX);
});

Deno.test("valueFor(): a text has AUTO_CHARS_MAX characters, and no more", () => {
  const lengthOf = (minLength: number) =>
    String(valueFor({ type: "string", minLength }, 1)).length;
  assert.equal(lengthOf(AUTO_CHARS_MAX - 20) >= AUTO_CHARS_MAX - 20, true);
  assert.equal(lengthOf(AUTO_CHARS_MAX), AUTO_CHARS_MAX);
  assert.equal(lengthOf(AUTO_CHARS_MAX + 1), AUTO_CHARS_MAX);
});

Deno.test("valueFor(): AUTO_VALUES_MAX values are made, and the rest is left out", () => {
  const wide = (count: number) => {
    const names = Array.from({ length: count }, (_, at) => `p${at}`);
    const value = valueFor(
      strict(Object.fromEntries(names.map((name) => [name, { const: 1 }]))),
      1,
    ) as object;
    return Object.values(value).filter((each) => each === 1).length;
  };
  assert.equal(wide(AUTO_VALUES_MAX - 2), AUTO_VALUES_MAX - 2);
  assert.ok(wide(AUTO_VALUES_MAX + 2) < AUTO_VALUES_MAX);
});

Deno.test("valueFor(): what luck alone finds is found within AUTO_ATTEMPTS_MAX, or the nearest is taken", () => {
  const rare = (count: number): Schema => ({
    type: "integer",
    minimum: 1,
    maximum: count,
    not: { minimum: 2 },
  });
  const found = SEEDS.filter((seed) => valueFor(rare(4), seed) === 1);
  assert.equal(found.length, SEEDS.length);
  const never = valueFor(rare(1e6), 1);
  assert.equal(typeof never, "number");
  assert.ok(AUTO_ATTEMPTS_MAX < 100);
});

Deno.test("valueFor(): anchors are looked for in SCHEMA_NODES_MAX parts", () => {
  const schema = (before: number) => ({
    $ref: "#here",
    // Each is a part, and so is what holds it.
    $comment: Array.from({ length: before }, () => 0),
    $defs: { a: { $anchor: "here", const: "found" } },
  });
  assert.equal(valueFor(schema(SCHEMA_NODES_MAX - 100), 1), "found");
  assert.notEqual(valueFor(schema(SCHEMA_NODES_MAX), 1), "found");
});

// Answers ─────────────────────────────────────────────────────────────────────

const CITY = strict({ city: { type: "string" } });
const WEATHER = { name: "get_weather", description: "", schema: CITY };
const TIME = { name: "get_time", description: "", schema: undefined };
const NOTE = {
  name: "note",
  description: "",
  schema: undefined,
  kind: "text",
} as const;
const SEARCH = {
  name: "search",
  description: "",
  schema: undefined,
  kind: "provider",
} as const;

function answers(more: Partial<Turn>) {
  const { turn } = asks("hi", more);
  return SEEDS.map((seed) => {
    const [block, another] = autoBlocks(turn, seed);
    assert.equal(another, undefined);
    assert.ok(block !== undefined);
    return block;
  });
}

/** What is called under each seed; what is said instead begins with a blank. */
function called(more: Partial<Turn>): readonly string[] {
  const names = answers(more).map((block) =>
    block.type === "tool-call" ? block.name : " said"
  );
  return [...new Set(names)].sort();
}

const RESULT: Turn["messages"] = [
  { role: "user", parts: [{ type: "text", text: "hi" }] },
  {
    role: "assistant",
    parts: [{ type: "tool-call", id: "1", name: "get_time", input: "{}" }],
  },
  { role: "tool", parts: [{ type: "tool-result", id: "1", text: "noon" }] },
];

Deno.test("autoBlocks(): where tools are offered, one that may be called is called", () => {
  const tools = [WEATHER, TIME, SEARCH];
  assert.deepEqual(called({ tools }), ["get_time", "get_weather"]);
  assert.deepEqual(called({ tools, toolChoice: "required" }), [
    "get_time",
    "get_weather",
  ]);
  assert.deepEqual(called({ tools, toolChoice: "get_time" }), ["get_time"]);
  assert.deepEqual(called({ tools, allowedTools: ["get_weather"] }), [
    "get_weather",
  ]);
});

Deno.test("autoBlocks(): where none may be called, or all run at the provider, words are said", () => {
  assert.deepEqual(called({}), [" said"]);
  assert.deepEqual(called({ tools: [SEARCH] }), [" said"]);
  assert.deepEqual(called({ tools: [TIME], toolChoice: "none" }), [" said"]);
});

Deno.test("autoBlocks(): what has been answered is not called again", () => {
  const more = { tools: [TIME], messages: RESULT };
  assert.deepEqual(called(more), [" said"]);
  assert.deepEqual(called({ ...more, toolChoice: "required" }), [" said"]);
});

Deno.test("autoBlocks(): arguments are those of the schema; a tool of free text gets text", () => {
  const check = ajvCheck(CITY);
  for (const { text } of answers({ tools: [WEATHER] })) {
    assert.equal(check(JSON.parse(text)), undefined);
  }
  assert.ok(answers({ tools: [TIME] }).every(({ text }) => text === "{}"));
  const odd = { ...TIME, schema: { not: {} } };
  assert.ok(answers({ tools: [odd] }).every(({ text }) => text === "{}"));
  for (const { text } of answers({ tools: [NOTE] })) {
    assert.match(text, /^The .*\.$/);
  }
});

Deno.test("autoBlocks(): content has the form that is asked for, after tools too", () => {
  const format = { responseFormat: "json_schema", responseSchema: CITY };
  const check = ajvCheck(CITY);
  for (const more of [format, { ...format, tools: [TIME], messages: RESULT }]) {
    for (const { text } of answers(more)) {
      assert.equal(check(JSON.parse(text)), undefined);
    }
  }
  for (const { text } of answers({ responseFormat: "json_object" })) {
    assert.equal(typeof JSON.parse(text).answer, "string");
  }
  assert.deepEqual(called({ ...format, tools: [TIME] }), ["get_time"]);
});

Deno.test("autoBlocks(): words are sentences, and not always the same", () => {
  const texts = answers({}).map(({ text }) => text);
  assert.ok(texts.every((text) => /^[A-Z].*\.$/.test(text)));
  assert.ok(new Set(texts).size > 10);
});

/**
 * `when` as data: what each field takes.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readConfig } from "../../lib/config/compile.ts";
import { type Condition, type Field, FIELDS } from "../../lib/match/rule.ts";
import type { Pattern } from "../../lib/match/pattern.ts";

async function when(fields: string): Promise<readonly Condition[]> {
  const text = `rules: [{ when: { ${fields} }, reply: a }]\n`;
  const { config, problems } = await readConfig(text, "r.yml");
  assert.deepEqual(problems, [], text);
  return config?.rules[0]?.when ?? [];
}

async function pattern(fields: string): Promise<Pattern | undefined> {
  const [condition, ...others] = await when(fields);
  assert.deepEqual(others, []);
  return condition?.pattern;
}

async function refused(fields: string): Promise<string[]> {
  const { config, problems } = await readConfig(
    `rules: [{ when: { ${fields} }, reply: a }]\n`,
    "r.yml",
  );
  assert.equal(config, undefined);
  return problems.map(({ code }) => code);
}

const equal = (text: string): Pattern => ({ type: "equal", text });
const exact = (text: string): Pattern => ({ type: "exact", text });
const glob = (text: string): Pattern => ({ type: "glob", text });
const not = (pattern: Pattern): Pattern => ({ type: "not", pattern });
const any = (...of: Pattern[]): Pattern => ({ type: "any", of });

const TEXT_FIELDS = FIELDS.filter((field) =>
  !["dialect", "stream", "turn", "images", "header", "body"].includes(field)
);

for (const field of TEXT_FIELDS) {
  Deno.test(`${field} takes every kind of pattern`, async () => {
    assert.deepEqual(await when(`${field}: "a b"`), [{
      field,
      pattern: equal("a b"),
    }]);
    assert.deepEqual(await pattern(`${field}: "a*"`), glob("a*"));
    assert.deepEqual(await pattern(`${field}: /a+/i`), {
      type: "regex",
      source: "a+",
      flags: "i",
    });
    assert.deepEqual(
      await pattern(`${field}: [a, "b*", [c, { not: d }]]`),
      any(equal("a"), glob("b*"), any(equal("c"), not(equal("d")))),
    );
    assert.deepEqual(await pattern(`${field}: { exact: "a*" }`), exact("a*"));
    assert.deepEqual(
      await pattern(`${field}: { not: { exact: ["a*", "/b/"] } }`),
      not(any(exact("a*"), exact("/b/"))),
    );
    assert.deepEqual(await pattern(`${field}: 42`), equal("42"));
    assert.deepEqual(await pattern(`${field}: yes`), equal("yes"));
  });
}

const KINDS: Record<string, Pattern> = {
  "stream: true": equal("true"),
  "stream: off": equal("false"),
  'stream: "yes"': equal("true"),
  "stream: { not: true }": not(equal("true")),
  "turn: 2": equal("2"),
  "turn: 0x10": equal("16"),
  "turn: [1, 3]": any(equal("1"), equal("3")),
  "turn: { not: 1 }": not(equal("1")),
  'turn: "/^[23]$/"': { type: "regex", source: "^[23]$", flags: "" },
  "images: 2": equal("2"),
  "images: 0": equal("0"),
  "images: true": not(equal("0")),
  "images: no": equal("0"),
  "dialect: openai_chat": equal("openai_chat"),
  "dialect: OpenAI_Chat": equal("OpenAI_Chat"),
  'dialect: "anthropic*"': glob("anthropic*"),
  "dialect: { not: openai_chat }": not(equal("openai_chat")),
};
for (const [fields, wanted] of Object.entries(KINDS)) {
  Deno.test(`${fields} is ${JSON.stringify(wanted)}`, async () => {
    assert.deepEqual(await pattern(fields), wanted);
  });
}

const value = (text: string): Pattern => ({ type: "value", text });
const VALUES: Record<string, Pattern> = {
  "10": value("10"),
  "1.50": value("1.5"),
  "-3": value("-3"),
  "true": value("true"),
  "False": value("false"),
  "null": value("null"),
  "~": value("null"),
  '"10"': equal("10"),
  "yes": equal("yes"),
  '"u-*"': glob("u-*"),
  "[1, a]": any(value("1"), equal("a")),
  "{ not: null }": not(value("null")),
  "{ exact: 10 }": exact("10"),
};
for (const [written, wanted] of Object.entries(VALUES)) {
  Deno.test(`a field of the body that is ${written} is ${JSON.stringify(wanted)}`, async () => {
    assert.deepEqual(await when(`body: { "$.a": ${written} }`), [{
      field: "body",
      key: "$.a",
      pattern: wanted,
    }]);
  });
}

Deno.test("each header and each path is a condition of its own; names of headers are small", async () => {
  const conditions = await when(
    "header: { X-A: 1, x-b: { not: '*' } }, body: { $.a: 1, $.b: 2 }",
  );
  assert.deepEqual(conditions.map(({ field, key }) => [field, key]), [
    ["header", "x-a"],
    ["header", "x-b"],
    ["body", "$.a"],
    ["body", "$.b"],
  ]);
});

Deno.test("conditions are in the order of the fields, however they are written", async () => {
  const conditions = await when("session: a, model: b, prompt: c");
  assert.deepEqual(
    conditions.map(({ field }): Field => field),
    ["prompt", "model", "session"],
  );
});

for (
  const [fields, code] of [
    ["", "empty"],
    ["prompt: ", "no-value"],
    ["prompt: { }", "wrong-value"],
    ["prompt: { not: }", "no-value"],
    ["prompt: { exact: ~ }", "no-value"],
    ["prompt: { exact: { not: a } , not: b }", "wrong-value"],
    ["prompt: []", "empty"],
    ["turn: 0", "wrong-value"],
    ["turn: two", "wrong-value"],
    ["images: -1", "wrong-value"],
    ["images: many", "wrong-value"],
    ["stream: maybe", "wrong-value"],
    ["dialect: opanai", "unknown-dialect"],
    ["dialect: [openai_chat, { not: x }]", "unknown-dialect"],
    ["header: {}", "empty"],
    ["header: [a]", "wrong-value"],
    ['header: { "a:b": c }', "bad-header-name"],
    ["body: {}", "empty"],
    ["body: { $.a: }", "no-value"],
    ["body: { a.b: c }", "bad-json-path"],
    ["body: { $.a: { b: c } }", "unknown-key"],
    ["prompt: '/a(/'", "bad-regex"],
  ] as const
) {
  Deno.test(`when: { ${fields} } is refused: ${code}`, async () => {
    assert.deepEqual(await refused(fields), [code]);
  });
}

/**
 * Calls, thoughts, refusals and JSON as data: what comes of each form.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { readConfig } from "../../lib/config/compile.ts";
import { Findings } from "../../lib/config/findings.ts";
import { jsonOf } from "../../lib/config/json.ts";
import { readValues } from "../../lib/config/read.ts";
import type { Content } from "../../lib/match/rule.ts";

/** The content of the one reply in a file. */
async function content(reply: string): Promise<Content | undefined> {
  const text = `rules:\n  - reply: ${reply}\n`;
  const { config, problems } = await readConfig(text, "r.yml");
  assert.deepEqual(problems, [], text);
  return config?.rules[0]?.replies[0].content;
}

/** The JSON of the value of `a` in a file. */
function json(value: string): string {
  const root = readValues(new Findings("r.yml", `a: ${value}\n`))?.root;
  assert.ok(root?.type === "table");
  const entry = root.entries.get("a");
  assert.ok(entry);
  return jsonOf(entry.value);
}

Deno.test("text, calls and thoughts of a reply are said in the order in which a model does", async () => {
  assert.deepEqual(
    await content(
      '{ tool_calls: [{ name: a }, { name: b, arguments: { c: 1 }, id: 7 }], text: "Hm.", reasoning: why }',
    ),
    {
      type: "blocks",
      blocks: [
        { type: "reasoning", text: "why" },
        { type: "text", text: "Hm." },
        { type: "tool-call", name: "a", text: "{}" },
        { type: "tool-call", name: "b", text: '{"c":1}', id: "7" },
      ],
    },
  );
});

Deno.test("blocks are said in the order of the list", async () => {
  assert.deepEqual(
    await content(
      "{ blocks: [{ text: a }, { tool_call: { name: b } }, { reasoning: c }, { refusal: d }] }",
    ),
    {
      type: "blocks",
      blocks: [
        { type: "text", text: "a" },
        { type: "tool-call", name: "b", text: "{}" },
        { type: "reasoning", text: "c" },
        { type: "refusal", text: "d" },
      ],
    },
  );
});

Deno.test("what comes to a plain text is one", async () => {
  const text = { type: "text", text: "a" };
  assert.deepEqual(await content("{ text: a }"), text);
  assert.deepEqual(await content("{ blocks: [{ text: a }] }"), text);
  assert.deepEqual(await content("{ json: { a: [1, b] } }"), {
    type: "text",
    text: '{"a":[1,"b"]}',
  });
});

Deno.test("arguments that are text are sent as they stand", async () => {
  assert.deepEqual(
    await content(`{ tool_calls: { name: a, arguments: '{ "b": 1 }' } }`),
    {
      type: "blocks",
      blocks: [{ type: "tool-call", name: "a", text: '{ "b": 1 }' }],
    },
  );
});

Deno.test("jsonOf(): what has no quotes may be a number, true, false or null; all else is text", () => {
  const written = {
    "21.0": "21.0",
    "-1e3": "-1e3",
    "12345678901234567890": "12345678901234567890",
    "0x1F": "31",
    "1_000": "1000",
    ".5": "0.5",
    "True": "true",
    "false": "false",
    "null": "null",
    "~": "null",
    "yes": '"yes"',
    "2026-11-21": '"2026-11-21"',
    '"1"': '"1"',
    '"null"': '"null"',
    "{ b: [], __proto__: {} }": '{"b":[],"__proto__":{}}',
  };
  for (const [value, wanted] of Object.entries(written)) {
    assert.equal(json(value), wanted);
  }
});

Deno.test("jsonOf(): JSON in a file comes out as the same JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!text.includes('""') && text.length < 1_000); // no empty keys, no long ones
      assert.deepEqual(JSON.parse(json(text)), JSON.parse(text));
    }),
  );
});

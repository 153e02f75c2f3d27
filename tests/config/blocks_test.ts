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
import { REFUSAL_WORDS } from "../../lib/config/reply_shape.ts";
import type { Citation } from "../../lib/core/reply.ts";
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

/** The citations of the one text in a file. */
async function citations(list: string): Promise<readonly Citation[]> {
  const said = await content(
    `{ blocks: [{ text: "Grass 🟢", citations: ${list} }] }`,
  );
  assert.ok(said?.type === "blocks", "a text with citations is more than text");
  const [block] = said.blocks;
  assert.ok(block?.type === "text");
  return block.citations ?? [];
}

Deno.test("citations: what is left out is filled in, by the kind that the keys tell", async () => {
  const quoted = "Grass 🟢";
  const document = {
    type: "document",
    quoted,
    document: 0,
    title: null,
    fileId: null,
  };
  const cases: readonly (readonly [string, object])[] = [
    ["{}", { ...document, unit: "char", start: 0, end: 7 }],
    ["{ start_char_index: 3 }", {
      ...document,
      unit: "char",
      start: 3,
      end: 10,
    }],
    ["{ start_page_number: 3 }", {
      ...document,
      unit: "page",
      start: 3,
      end: 4,
    }],
    ["{ type: page_location, file_id: f, document_title: null }", {
      ...document,
      fileId: "f",
      unit: "page",
      start: 1,
      end: 2,
    }],
    ["{ end_block_index: 2, document_index: 1 }", {
      ...document,
      document: 1,
      unit: "block",
      start: 0,
      end: 2,
    }],
    ["{ url: 'https://a.example/' }", {
      type: "web",
      quoted,
      url: "https://a.example/",
      title: null,
    }],
    ["{ source: kb, start_block_index: 2, cited_text: G, title: 7 }", {
      type: "search",
      quoted: "G",
      source: "kb",
      title: "7",
      result: 0,
      start: 2,
      end: 3,
    }],
  ];
  for (const [written, wanted] of cases) {
    assert.deepEqual(await citations(`[${written}]`), [wanted], written);
  }
});

Deno.test("citations: one that was recorded can be copied, nulls and all", async () => {
  const recorded = JSON.stringify({
    type: "char_location",
    cited_text: "The grass is green.",
    document_index: 2,
    document_title: null,
    start_char_index: 20,
    end_char_index: 40,
    file_id: null,
  });
  assert.deepEqual(await citations(`[${recorded}]`), [{
    type: "document",
    quoted: "The grass is green.",
    document: 2,
    title: null,
    fileId: null,
    unit: "char",
    start: 20,
    end: 40,
  }]);
});

Deno.test("redacted thoughts have the data that is written, or none", async () => {
  const said = async (value: string) => {
    const one = await content(`{ blocks: [{ redacted_reasoning: ${value} }] }`);
    return one?.type === "blocks" ? one.blocks : undefined;
  };
  const redacted = { type: "redacted", text: "" };
  assert.deepEqual(await said("true"), [redacted]);
  assert.deepEqual(await said("yes"), [redacted]);
  assert.deepEqual(await said('"true"'), [{ ...redacted, data: "true" }]);
  assert.deepEqual(await said("EqoB"), [{ ...redacted, data: "EqoB" }]);
});

Deno.test("a refusal has words, its own or those of a model, and perhaps a category", async () => {
  const refusals = [
    ["No.", { text: "No." }],
    ["{ text: No. }", { text: "No." }],
    ["{ text: No., category: bio }", { text: "No.", category: "bio" }],
    ["{ category: bio }", { text: REFUSAL_WORDS, category: "bio" }],
  ] as const;
  for (const [written, wanted] of refusals) {
    const blocks = [{ type: "refusal", ...wanted }];
    const said = { type: "blocks", blocks };
    assert.deepEqual(await content(`{ refusal: ${written} }`), said);
    const inList = `{ blocks: [{ refusal: ${written} }] }`;
    assert.deepEqual(await content(inList), said);
  }
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

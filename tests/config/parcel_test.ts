import assert from "node:assert/strict";
import { readConfig, type Verdict } from "../../lib/config/compile.ts";
import type { RuleSpec } from "../../lib/match/rule.ts";
import { pack, Unpacking } from "../../lib/config/parcel.ts";

async function across(text: string) {
  const verdict = await readConfig(text, "r.yml");
  const unpacking = new Unpacking();
  const pieces = [...pack(verdict)];
  for (const piece of pieces) unpacking.take(piece);
  return { verdict, arrived: unpacking.verdict, pieces };
}

/** What can be compared: answers as text. */
function plain({ config, ...rest }: Verdict): unknown {
  if (config === undefined) return rest;
  const { exact, normalised, ...others } = config;
  return { ...rest, ...others, exact: [...exact], normalised: [...normalised] };
}

const many = Array.from(
  { length: 2_000 },
  (_, i) => `  "Question ${i}\\n?": "Answer ${i} ${"é😀 ".repeat(9)}"\n`,
);
const files: Readonly<Record<string, string>> = {
  "that is good":
    'responses:\n  a: b\n  " A ": "c\\nd"\nmodels: [x, {id: y, created: 2025-09-29}]\nkeys: [sk-1, sk-*]\nsettings:\n  seed: 1\n  lag_enabled: true\n',
  "with many responses": `responses:\n${many.join("")}`,
  "with __proto__ and friends":
    "responses:\n  __proto__: a\n  constructor: b\n  toString: c\n",
  "that is broken": "responses:\n  a: [\nsettings: 1\n",
  "that is empty": "",
};

for (const [what, text] of Object.entries(files)) {
  Deno.test(`a file ${what} crosses as it is`, async () => {
    const { verdict, arrived } = await across(text);
    assert.ok(arrived !== undefined);
    assert.deepEqual(plain(arrived), plain(verdict));
  });
}

Deno.test("both ways to find an answer lead to the same object, as they did before it crossed", async () => {
  const { arrived } = await across("responses:\n  A b: c\n  plain: d\n");
  for (
    const [prompt, folded] of [["A b", "a b"], ["plain", "plain"]] as const
  ) {
    const answer = arrived?.config?.exact.get(prompt);
    assert.ok(answer !== undefined);
    assert.equal(arrived?.config?.normalised.get(folded), answer);
  }
});

Deno.test("thousands of rules and models cross on lines that are short", async () => {
  const { config } = await readConfig("responses:\n  a: b\n", "r.yml");
  assert.ok(config !== undefined);
  const models = Array.from({ length: 5_000 }, (_, i) => ({
    id: `model-${i}`,
    contextWindow: 1_000 + i,
  }));
  const rules = Array.from({ length: 2_000 }, (_, i): RuleSpec => ({
    name: `rule ${i}`,
    place: `r.yml:${i}`,
    when: [{ field: "prompt", pattern: { type: "glob", text: `*${i}\n*` } }],
    replies: [{
      place: `r.yml:${i}`,
      content: { type: "text", text: "and so on ".repeat(9) },
    }],
    onEnd: "repeat",
  }));
  const verdict: Verdict = {
    config: { ...config, models, rules },
    problems: [],
    more: 0,
  };
  const pieces = [...pack(verdict)];
  for (const piece of pieces) assert.ok(piece.length < 20_000);
  const unpacking = new Unpacking();
  for (const piece of pieces) unpacking.take(piece);
  assert.deepEqual(unpacking.verdict?.config?.rules, rules);
  assert.deepEqual(unpacking.verdict?.config?.models, models);
});

Deno.test("a verdict that has not wholly arrived is none", async () => {
  const text = "responses:\n  a: b\nmodels: [x]\n";
  const pieces = [...pack(await readConfig(text, "r.yml"))];
  const bytes = pieces.flatMap((piece) => [...piece]);
  for (const end of bytes.keys()) {
    const unpacking = new Unpacking();
    unpacking.take(Uint8Array.from(bytes.slice(0, end)));
    assert.equal(unpacking.verdict, undefined, `${end} of ${bytes.length}`);
  }
});

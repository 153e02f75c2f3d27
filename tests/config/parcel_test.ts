import assert from "node:assert/strict";
import { readConfig } from "../../lib/config/compile.ts";
import { pack, Unpacking } from "../../lib/config/parcel.ts";

async function across(text: string) {
  const verdict = await readConfig(text, "r.yml");
  const unpacking = new Unpacking();
  const lines = [...pack(verdict)];
  for (const line of lines) unpacking.take(line);
  return { verdict, arrived: unpacking.verdict, lines };
}

const many = Array.from(
  { length: 2_000 },
  (_, i) => `  "Question ${i}\\n?": "Answer ${i} ${"é😀 ".repeat(9)}"\n`,
);
const files: Readonly<Record<string, string>> = {
  "that is good":
    'responses:\n  a: b\n  " A ": "c\\nd"\nmodels: [x]\nsettings:\n  seed: 1\n  lag_enabled: true\n',
  "with many responses": `responses:\n${many.join("")}`,
  "with __proto__ and friends":
    "responses:\n  __proto__: a\n  constructor: b\n  toString: c\n",
  "that is broken": "responses:\n  a: [\nsettings: 1\n",
  "that is empty": "",
};

for (const [what, text] of Object.entries(files)) {
  Deno.test(`a file ${what} crosses as it is, on lines that are short`, async () => {
    const { verdict, arrived, lines } = await across(text);
    assert.deepEqual(arrived, verdict);
    assert.ok(lines.every((line) => line.length < 20_000));
    assert.ok(lines.every((line) => !line.includes("\n")));
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

Deno.test("a verdict that has not wholly arrived is none", async () => {
  const lines = [...pack(await readConfig("responses:\n  a: b\n", "r.yml"))];
  const unpacking = new Unpacking();
  for (const line of lines.slice(0, -1)) unpacking.take(line);
  assert.equal(unpacking.verdict, undefined);
});

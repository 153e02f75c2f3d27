import assert from "node:assert/strict";
import { readConfig } from "../../lib/config/compile.ts";

async function found(text: string): Promise<string[]> {
  const { problems } = await readConfig(text, "r.yml");
  return problems
    .map(({ code, place: { line, column, path } }) =>
      `${line}:${column} ${code} ${path}`
    );
}

Deno.test("check() tells everything at once, in order of place", async () => {
  assert.deepEqual(
    await found(
      "settings:\n  seed: x\n  nope: 1\nresponses:\n  a: [b]\nmodels: [{}, ok, ~]\nrules: []\n",
    ),
    [
      "2:9 wrong-value settings.seed",
      "3:3 unknown-key settings.nope",
      "5:3 not-text responses.a",
      "6:10 no-model models[0]",
      "6:18 no-value models[2]",
      "7:1 empty rules",
    ],
  );
});

Deno.test("check() quotes what is no plain name in a path", async () => {
  assert.deepEqual(await found('responses:\n  "a b":\n'), [
    '2:3 no-answer responses["a b"]',
  ]);
});

Deno.test("check() sees what is wrong inside stream_by", async () => {
  const text = "responses: {a: b}\nsettings: { stream_by: { chars: 8 } }\n";
  assert.equal((await readConfig(text, "r.yml")).config, undefined);
  assert.equal(
    (await found("responses: {a: b}\nsettings: { stream_by: [word] }\n"))
      .length,
    1,
  );
});

Deno.test("check() takes rules for enough", async () => {
  assert.deepEqual(await found("rules:\n  - reply: a\n"), []);
  assert.deepEqual(await found("rules: []\n"), ["1:1 empty rules"]);
  assert.deepEqual(await found("rules:\n"), ["1:1 empty rules"]);
});

Deno.test("check() lets x- keys be, at the top only", async () => {
  assert.deepEqual(await found("x-any: [1]\nresponses: {a: b}\n"), []);
  assert.deepEqual(await found("responses: {a: b}\nsettings: {x-any: 1}\n"), [
    "2:12 unknown-key settings.x-any",
  ]);
});

Deno.test("check() warns of twins, and the file is used all the same", async () => {
  const { config, problems } = await readConfig(
    "responses:\n  A b: c\n  a  B: d\n",
    "r.yml",
  );
  assert.equal(config?.exact.size, 2);
  assert.match(
    problems[0]?.message ?? "",
    /in line 2 in case or white space only$/,
  );
});

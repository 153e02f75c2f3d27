/**
 * Several files as one configuration.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  readConfig,
  readConfigs,
  type SourceFile,
} from "../../lib/config/compile.ts";
import { PROBLEMS_MAX } from "../../lib/core/limits.ts";
import type { Config } from "../../lib/match/rule.ts";

function files(...texts: readonly string[]): SourceFile[] {
  return texts.map((text, i) => ({ file: `${"abcdefgh"[i]}.yml`, text }));
}

async function good(...texts: readonly string[]): Promise<Config> {
  const { config, problems } = await readConfigs(files(...texts));
  assert.deepEqual(problems, []);
  assert.ok(config);
  return config;
}

/** `b.yml:2:3 duplicate-key responses.hello`. */
async function found(...texts: readonly string[]): Promise<string[]> {
  const { config, problems } = await readConfigs(files(...texts));
  const refused = problems.some(({ severity }) => severity === "error");
  assert.equal(config === undefined, refused);
  return problems.map(({ code, place: { file, line, column, path } }) =>
    `${file}:${line}:${column} ${code} ${path}`
  );
}

Deno.test("responses and models of several files add up in order, each with its own place", async () => {
  const { exact, models, source } = await good(
    "responses:\n  a: 1\n  b: 2\nmodels: [x, y]\n",
    "models: [y, z]\nresponses:\n  c: 3\n",
  );
  assert.deepEqual(
    [...exact].map(([prompt, { text, place }]) => [prompt, text, place]),
    [["a", "1", "a.yml:2"], ["b", "2", "a.yml:3"], ["c", "3", "b.yml:3"]],
  );
  assert.deepEqual(models.map(({ id }) => id), ["x", "y", "z"]);
  assert.equal(source, "a.yml, b.yml");
});

Deno.test("settings and defaults may be spread over files, key by key", async () => {
  const { settings, fallback } = await good(
    "responses: {a: b}\nsettings: {seed: 4}\n",
    "settings: {stream_by: word}\n",
    "defaults:\n  unknown_response: Hm.\n",
  );
  assert.equal(settings.seed, 4);
  assert.equal(settings.cut, "word");
  assert.equal(settings.pacedCut, "word");
  assert.deepEqual(fallback, { prompt: "", text: "Hm.", place: "c.yml:2" });
});

Deno.test("the same prompt in two files is an error at the second that names the first", async () => {
  const { config, problems } = await readConfigs(
    files("responses:\n  hi: 1\n", "# b\nresponses:\n  x: 1\n  hi: 2\n"),
  );
  assert.equal(config, undefined);
  assert.deepEqual(problems.map(({ message, place }) => [message, place]), [[
    'The prompt "hi" is given twice: here, and in a.yml:2',
    { file: "b.yml", line: 4, column: 3, path: "responses.hi" },
  ]]);
});

Deno.test("the same key of a section in two files is an error at the second that names the first", async () => {
  const { problems } = await readConfigs(files(
    "responses: {a: b}\nsettings:\n  seed: 1\ndefaults: {unknown_response: a}\n",
    "defaults: {unknown_response: a}\nsettings: {lag_factor: 2, seed: 1}\n",
  ));
  assert.deepEqual(problems.map(({ message }) => message), [
    '"defaults.unknown_response" is given twice: here, and in a.yml:4',
    '"settings.seed" is given twice: here, and in a.yml:3',
  ]);
});

Deno.test("prompts of two files that read alike are both kept, with a warning", async () => {
  const { config, problems } = await readConfigs(
    files("responses: {Hello: one}\n", "responses: {hello: two}\n"),
  );
  assert.equal(config?.exact.get("hello")?.text, "two");
  assert.equal(config?.normalised.get("hello")?.text, "one");
  assert.deepEqual(
    problems.map(({ severity, message }) => [severity, message]),
    [[
      "warning",
      'The prompt "hello" differs from the one in a.yml:1 in case or white space only',
    ]],
  );
});

Deno.test("all problems of all files are told together, in order of the files", async () => {
  assert.deepEqual(
    await found(
      "responses: {a: b}\nsettings: {seed: x, nope: 1}\n",
      "responses: {a: c}\nsetings: 1\n",
      "- a\n",
      "",
      "responses: [\n",
    ),
    [
      "a.yml:2:18 wrong-value settings.seed",
      "a.yml:2:21 unknown-key settings.nope",
      "b.yml:1:13 duplicate-key responses.a",
      "b.yml:2:1 unknown-key setings",
      "c.yml:1:1 no-sections ",
      "d.yml:1:1 empty-file ",
      "e.yml:1:12 syntax ",
    ],
  );
});

Deno.test("a file without responses is fine beside one that has some, and none at all is an error", async () => {
  await good("settings: {seed: 1}\n", "responses: {a: b}\n");
  assert.deepEqual(await found("settings: {seed: 1}\n", "models: [a]\n"), [
    "a.yml:1:1 no-responses ",
  ]);
});

Deno.test("what keeps a file from being read is told beside the problems of the others", async () => {
  const finding = { code: "no-file", message: "There is no such file" };
  const { config, problems } = await readConfigs([
    { file: "a.yml", text: "setings: 1\n" },
    { file: "b.yml", finding },
    { file: "c.yml", text: "responses: {a: b}\n" },
  ]);
  assert.equal(config, undefined);
  assert.deepEqual(
    problems.map(({ code, place }) => [place.file, code]),
    [["a.yml", "unknown-key"], ["b.yml", "no-file"]],
  );
});

Deno.test("anchors do not reach into another file, and x- keys may stand in each", async () => {
  await good(
    "x-a: &a {k: v}\nresponses: {<<: *a}\n",
    "x-a: &a {l: w}\nresponses: {<<: *a}\n",
  );
  assert.deepEqual(
    await found("x-a: &a {k: v}\nresponses: {b: c}\n", "responses: *a\n"),
    ["b.yml:1:12 unknown-alias ", "b.yml:1:12 wrong-value responses"],
  );
});

Deno.test("too many problems are bounded over all files, and errors are preferred", async () => {
  const lines = (count: number, line: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join("");
  const twins = lines(90, (i) => `  "p${i}": a\n  "P${i}": b\n`);
  const wrong = lines(90, (i) => `  k${i}: 1\n`);
  const { problems, more } = await readConfigs(
    files(`responses:\n${twins}`, `settings:\n${wrong}`),
  );
  assert.equal(problems.length, PROBLEMS_MAX);
  assert.equal(more, 180 - PROBLEMS_MAX);
  const errors = problems.filter(({ severity }) => severity === "error");
  assert.equal(errors.length, 90);
  assert.deepEqual(
    problems.map(({ place }) => place.file),
    [...Array(10).fill("a.yml"), ...Array(90).fill("b.yml")],
  );
});

Deno.test("law: responses cut into files at any line are the same as in one", async () => {
  const prompts = fc.uniqueArray(fc.string({ minLength: 1 }), {
    minLength: 1,
    maxLength: 20,
    selector: (prompt) => prompt.trim().replace(/\s+/g, " ").toLowerCase(),
  });
  await fc.assert(
    fc.asyncProperty(prompts, fc.nat(20), async (prompts, cut) => {
      const text = (some: readonly string[]) =>
        `responses:\n${
          some.map((each) => `  ${JSON.stringify(each)}: "${each.length}"\n`)
            .join("")
        }`;
      const whole = (await readConfig(text(prompts), "r.yml")).config;
      const halves = [prompts.slice(0, cut), prompts.slice(cut)].filter((
        half,
      ) => half.length > 0);
      const parts = (await readConfigs(files(...halves.map(text)))).config;
      const plain = (config: Config | undefined) =>
        [...config?.exact ?? []].map(([prompt, { text }]) => [prompt, text]);
      assert.deepEqual(plain(parts), plain(whole));
      assert.deepEqual(
        [...parts?.normalised.keys() ?? []],
        [...whole?.normalised.keys() ?? []],
      );
    }),
  );
});

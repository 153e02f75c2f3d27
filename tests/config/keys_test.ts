/**
 * `keys` are secrets: whatever is wrong with the file, nothing that is said about it shows one.
 *
 * @module
 */

import assert from "node:assert/strict";
import { problemsJson, renderProblems } from "../../lib/cli/render.ts";
import { readingsOf } from "../../lib/cli/patterns.ts";
import { readConfig } from "../../lib/config/compile.ts";
import { createMock } from "../../main.ts";

const SECRET = "sk-verysecret-0123456789";

/** All that is said about a file. */
async function said(text: string): Promise<string> {
  const { problems, more } = await readConfig(text, "r.yml");
  return renderProblems(problems, more) +
    JSON.stringify(problemsJson(problems, more)) + JSON.stringify(problems);
}

const LAYOUTS: Readonly<Record<string, string>> = {
  "one line": `responses:\n  "a": b\nkeys: [${SECRET}, "${SECRET}-2"]\n`,
  "a block": `keys:\n  - ${SECRET}\n  - "${SECRET}-2"\nresponses:\n  "a": b\n`,
  "a block that is not indented":
    `keys:\n- ${SECRET}\n- '${SECRET}-2'\nresponses:\n  "a": b\n`,
  "JSON on one line": `{"responses": {"a": "b"}, "keys": ["${SECRET}"]}`,
  "JSON":
    `{\n  "responses": {"a": "b"},\n  "keys": [\n    "${SECRET}"\n  ]\n}\n`,
};

for (const [name, text] of Object.entries(LAYOUTS)) {
  Deno.test(`keys in ${name} are read`, async () => {
    const { config, problems } = await readConfig(text, "r.yml");
    assert.deepEqual(problems, []);
    assert.deepEqual(config?.keys?.[0], { type: "exact", text: SECRET });
  });

  Deno.test(`no key in ${name} is shown, however broken the file`, async () => {
    let broken = 0;
    const start = text.indexOf("keys");
    for (let at = start; at < text.length; at++) {
      for (const slip of ['"', "[", "{", ": ", "\n", "*", "\t", "&", "!x "]) {
        const slipped = text.slice(0, at) + slip + text.slice(at);
        const report = await said(slipped);
        if (/"severity":"error"/.test(report)) broken++;
        assert.ok(!report.includes(SECRET.slice(0, 10)), `${slip} at ${at}`);
        if (at < start + "keys:".length) continue;
        // Of any shape, as long as it is found under its name.
        const plain = await said(slipped.replaceAll("sk-very", "myvery"));
        assert.ok(!plain.includes("myverysec"), `${slip} at ${at}:\n${plain}`);
      }
    }
    assert.ok(broken > 20, `only ${broken} were broken`);
  });
}

Deno.test("a key means itself, and * any text", async () => {
  const { config } = await readConfig(
    `responses:\n  "a": b\nkeys: [sk-A, "sk-*", /x/i, "42"]\n`,
    "r.yml",
  );
  assert.deepEqual(config?.keys, [
    { type: "exact", text: "sk-A" },
    { type: "glob", text: "sk-*" },
    { type: "exact", text: "/x/i" },
    { type: "exact", text: "42" },
  ]);
});

Deno.test("how patterns were read is told without keys", async () => {
  const { config } = await readConfig(LAYOUTS["one line"] ?? "", "r.yml");
  assert.ok(config);
  assert.ok(!JSON.stringify(readingsOf(config)).includes("sk-"));
});

Deno.test("neither /_mock nor what a mock throws shows a key, those of requests neither", async () => {
  await using mock = await createMock({ keys: [SECRET] });
  const wrong = "sk-wrongkey-0123456789";
  for (const key of [SECRET, wrong]) {
    await (await mock.fetch(`${mock.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({
        model: "m",
        messages: [{ role: "user", content: "hi" }],
      }),
    })).body?.cancel();
  }
  const shown: string[] = [];
  for (const path of ["config", "requests", "rules", "coverage"]) {
    shown.push(await (await mock.fetch(`${mock.url}/_mock/${path}`)).text());
  }
  const { requests } = JSON.parse(shown[1] ?? "");
  for (const { id } of requests) {
    const entry = await mock.fetch(`${mock.url}/_mock/requests/${id}`);
    shown.push(await entry.text());
  }
  assert.equal(requests.length, 2);
  assert.match(shown[0] ?? "", /"keys": 1/);
  for (const text of shown) {
    assert.ok(!text.includes(SECRET.slice(0, 10)), text);
    assert.ok(!text.includes(wrong.slice(0, 10)), text);
  }
  await assert.rejects(
    createMock({ keys: [SECRET, { a: SECRET }] as never }),
    (error) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, /must be an API key/);
      assert.ok(!error.message.includes(SECRET.slice(0, 10)), error.message);
      return true;
    },
  );
});

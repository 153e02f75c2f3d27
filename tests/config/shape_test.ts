import assert from "node:assert/strict";
import { readConfig } from "../../lib/config/compile.ts";
import { KEYS, KEYS_TO_COME, namesIn } from "../../lib/config/shape.ts";

const RESPONSES = 'responses:\n  "hello": "Hi."\n';

for (const [path, { example }] of KEYS) {
  Deno.test(`the example of ${path} is accepted`, async () => {
    const nested = path.includes(".")
      ? `${path.split(".")[0]}:\n  ${example}\n`
      : `${example}\n`;
    const text = nested.startsWith("responses") ? nested : RESPONSES + nested;
    assert.deepEqual((await readConfig(text, "r.yml")).problems, []);
  });
}

for (const [section, names] of Object.entries(KEYS_TO_COME)) {
  for (const name of names) {
    Deno.test(`${section} ${name} is refused as not yet read, not as a slip`, async () => {
      const text = RESPONSES +
        (section === "" ? `${name}: 1\n` : `${section}:\n  ${name}: 1\n`);
      assert.deepEqual(
        (await readConfig(text, "r.yml")).problems.map(({ code }) => code),
        ["not-yet"],
      );
    });
  }
}

Deno.test("namesIn() lists the keys of a section and not those below", () => {
  assert.deepEqual(namesIn(""), [
    "responses",
    "defaults",
    "models",
    "settings",
  ]);
  assert.deepEqual(namesIn("settings.stream_by"), ["characters"]);
  assert.ok(!namesIn("settings").includes("stream_by.characters"));
});

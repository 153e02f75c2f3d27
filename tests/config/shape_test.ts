import assert from "node:assert/strict";
import { readConfig } from "../../lib/config/compile.ts";
import {
  documentPath,
  KEYS,
  KEYS_TO_COME,
  namesIn,
  sectionPath,
} from "../../lib/config/shape.ts";
import { exampleFile, fileWith } from "../support/config_file.ts";

for (const [path, { example }] of KEYS) {
  Deno.test(`the example of ${path} is accepted`, async () => {
    const text = exampleFile(path, example);
    const { problems } = await readConfig(text, "r.yml");
    assert.deepEqual(problems, [], text);
  });
}

for (const [section, names] of Object.entries(KEYS_TO_COME)) {
  for (const name of names) {
    Deno.test(`${section} ${name} is refused as not yet read, not as a slip`, async () => {
      const text = fileWith(section, `${name}: 1`);
      const { problems } = await readConfig(text, "r.yml");
      assert.deepEqual(problems.map(({ code }) => code), ["not-yet"], text);
    });
  }
}

Deno.test("documentPath() leaves out positions and the author's names, and knows each kind of section once", () => {
  const paths: Record<string, readonly PropertyKey[]> = {
    "rules.when.prompt": ["rules", 3, "when", "prompt"],
    "rules.reply.text": ["rules", 3, "replies", 0, "text"],
    "rules.replies": ["rules", 3, "replies", 0],
    "paces.itl": ["paces", "pace", "itl"],
    "paces": ["paces", "chatty"],
    "settings.pace": ["settings", "pace"],
    "rules.pace": ["rules", 1, "pace"],
  };
  for (const [document, path] of Object.entries(paths)) {
    assert.equal(documentPath(path), document);
  }
  assert.equal(documentPath(["settings", "pace", "itl"]), "paces.itl");
  assert.equal(documentPath(["rules", 0, "pace", "itl"]), "paces.itl");
});

Deno.test("sectionPath() tells where the keys of a table are documented", () => {
  assert.equal(sectionPath([]), "");
  assert.equal(sectionPath(["rules", 2]), "rules");
  assert.equal(sectionPath(["rules", 2, "replies", 1]), "rules.reply");
  assert.equal(sectionPath(["paces", "chatty"]), "paces");
});

Deno.test("namesIn() lists the keys of a section and not those below", () => {
  assert.deepEqual(namesIn(""), [
    "rules",
    "responses",
    "defaults",
    "models",
    "keys",
    "paces",
    "settings",
  ]);
  assert.deepEqual(namesIn("settings.stream_by"), ["characters"]);
  assert.ok(!namesIn("settings").includes("stream_by.characters"));
});

import assert from "node:assert/strict";
import { readConfig } from "../../lib/config/compile.ts";
import {
  documentPath,
  KEYS,
  KEYS_TO_COME,
  namesIn,
  sectionPath,
} from "../../lib/config/shape.ts";
import { fileWith } from "../support/config_file.ts";

/** What an example needs beside it, to be whole. */
const BESIDE: Readonly<Record<string, string>> = {
  "rules.reply.finish": 'text: "Hi."',
  "rules.reply.usage": 'text: "Hi."',
  "rules.reply.error.type": "status: 400",
  "rules.reply.error.code": "status: 400",
  "rules.reply.error.message": "status: 400",
  "rules.reply.error.retry_after": "status: 400",
  "rules.reply.error.headers": "status: 400",
  "rules.state.requires": "sets: logged_in",
  "rules.state": "# nothing",
  "paces.jitter": "itl: 20",
};

/** The example of a key in a whole file. */
function exampleFile(path: string, example: string): string {
  const section = path.includes(".") ? path.replace(/\.\w+$/, "") : "";
  if (path === "settings.stream_by.characters") {
    return fileWith("settings", example);
  }
  if (path === "rules.reply" || path === "rules.replies") {
    return `rules:\n  - ${example}\n`;
  }
  if (path === "rules.state") {
    return `${
      fileWith("rules", example)
    }  - reply: a\n    state: { sets: logged_in }\n`;
  }
  const beside = BESIDE[path];
  return fileWith(
    section,
    beside === undefined ? example : `${beside}\n${example}`,
  );
}

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
    "paces",
    "settings",
  ]);
  assert.deepEqual(namesIn("settings.stream_by"), ["characters"]);
  assert.ok(!namesIn("settings").includes("stream_by.characters"));
});

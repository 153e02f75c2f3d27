/**
 * `responses.schema.json` as an editor uses it: it takes every good file, and sees the mistakes
 * that a shape can see.
 *
 * @module
 */

import assert from "node:assert/strict";
import Ajv from "ajv";
import { parse } from "yaml";
import { readConfig } from "../../lib/config/compile.ts";
import { KEYS } from "../../lib/config/shape.ts";
import { schemaText } from "../../scripts/schema.ts";
import { exampleFile } from "../support/config_file.ts";

const validate = new Ajv.default({
  strict: true,
  allowUnionTypes: true,
  strictRequired: false, // for oneOf, whose branches require what is defined beside them
})
  .compile(JSON.parse(schemaText()));

/** What an editor says of a file; empty when it has nothing to say. */
function said(text: string): string[] {
  validate(parse(text, { merge: true }));
  return (validate.errors ?? []).map(({ instancePath, message }) =>
    `${instancePath} ${message}`
  );
}

const docs = Deno.readTextFileSync(
  new URL("../../docs/config.md", import.meta.url),
);
const good: readonly string[] = [
  Deno.readTextFileSync(
    new URL("../../responses.example.yml", import.meta.url),
  ),
  ...[...docs.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, yaml = ""]) =>
    yaml
  ),
  ...[...KEYS].map(([path, { example }]) => exampleFile(path, example)),
];

Deno.test("responses.schema.json takes every example", () => {
  for (const text of good) assert.deepEqual(said(text), [], text);
});

Deno.test("responses.schema.json takes what is written in another way and means the same", () => {
  for (
    const lines of [
      "settings: { lag_enabled: yes, lag_factor: 1e1, strict: Off }",
      "responses: { 42: 7, yes: no }",
      'rules: [{ when: { turn: "/[23]/", stream: [true, false], images: no }, reply: 7 }]',
      'rules: [{ when: { model: { not: ["a*", { exact: b }] } }, replies: [a, { echo: yes }] }]',
      'rules: [{ when: { body: { $.a: ~, $.b: 1, $.c: [x, y] } }, reply: "" }]',
      "paces: { a: { ttft: .5s }, b: { itl: 5 } }",
    ]
  ) {
    assert.deepEqual(said(lines), [], lines);
  }
});

const BROKEN: readonly string[] = [
  "rules: []",
  "rules: [{ when: { prompt: a } }]",
  "rules: [{ reply: a, replies: [b] }]",
  "rules: [{ reply: {} }]",
  "rules: [{ reply: { text: a, echo: true } }]",
  "rules: [{ reply: { txt: a } }]",
  "rules: [{ when: {}, reply: a }]",
  "rules: [{ when: { promt: a }, reply: a }]",
  "rules: [{ when: { model: [] }, reply: a }]",
  "rules: [{ when: { model: { exakt: a } }, reply: a }]",
  "rules: [{ reply: a, on_end: never }]",
  "rules: [{ reply: a, state: {} }]",
  "rules: [{ reply: { error: overload } }]",
  "rules: [{ reply: { error: { message: a } } }]",
  "rules: [{ reply: { error: { status: 200 } } }]",
  "rules: [{ reply: { tokens: { count: 0 } } }]",
  "paces: { a: { itl: 5, tokens_per_second: 4 } }",
  "paces: { a: { itl: soon } }",
  "settings: { strict: maybe }",
  "setings: {}",
];

Deno.test("responses.schema.json and the server both refuse what has the wrong shape", async () => {
  for (const text of BROKEN) {
    assert.notDeepEqual(said(text), [], text);
    const { config } = await readConfig(text, "r.yml");
    assert.equal(config, undefined, text);
  }
});

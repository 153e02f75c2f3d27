/**
 * What is made from `lib/config/shape.ts` is fresh: `deno run -A scripts/schema.ts` makes it so.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  DOCS_FILE,
  freshDocs,
  SCHEMA_FILE,
  schemaText,
} from "../../scripts/schema.ts";
import { KEYS } from "../../lib/config/shape.ts";

Deno.test("responses.schema.json is what the shape says", () => {
  assert.equal(Deno.readTextFileSync(SCHEMA_FILE), schemaText());
});

Deno.test("the tables of docs/config.md are what the shape says", () => {
  const docs = Deno.readTextFileSync(DOCS_FILE);
  assert.equal(docs, freshDocs(docs));
  for (const key of KEYS.keys()) assert.ok(docs.includes(`\`${key}\``), key);
});

Deno.test("the schema describes every key", () => {
  const described = schemaText().match(/"description": /g)?.length ?? 0;
  assert.equal(described, KEYS.size + 2, "each key, the file, and x- keys");
});

Deno.test("docs/problems.md has an entry for every code, and no other", () => {
  const folder = new URL("../../lib/config/", import.meta.url);
  const source = [...Deno.readDirSync(folder)].map(({ name }) =>
    Deno.readTextFileSync(new URL(name, folder))
  ).join("");
  const codes = [...source.matchAll(/code: "([\w-]+)"/g)].map(([, code]) =>
    code
  );
  const docs = Deno.readTextFileSync(
    new URL("../../docs/problems.md", import.meta.url),
  );
  const entries = [...docs.matchAll(/^## (.+)$/gm)].map(([, code]) => code);
  assert.deepEqual(entries, [...new Set([...codes, "syntax", "tab"])].sort());
});

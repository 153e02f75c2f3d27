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
});

Deno.test("the schema describes every key", () => {
  const schema = JSON.parse(schemaText());
  for (const [path, { doc }] of KEYS) {
    assert.equal(described(schema, path), doc, path);
  }
});

/** What editors are told of the key at `path`. */
function described(schema: Schema, path: string): unknown {
  const whole: Schema = { properties: schema.properties ?? {} };
  return path.split(".").reduce<Schema>((at, name) => {
    const found = forms(at, schema).map(({ properties }) => properties?.[name])
      .find((each) => each !== undefined);
    assert.ok(found, `${path} is not in the schema`);
    return found;
  }, whole).description;
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | false;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly $ref?: string;
  readonly description?: string;
}

/** The forms that a value may have, those of list items and named values too. */
function forms(at: Schema, whole: Schema): Schema[] {
  const { $ref, anyOf = [], allOf = [], items, additionalProperties } = at;
  const inner = [...anyOf, ...allOf, items, additionalProperties || undefined];
  const name = $ref?.split("/").at(-1);
  if (name !== undefined) inner.push(whole.definitions?.[name]);
  return [
    at,
    ...inner.flatMap((each) => each === undefined ? [] : forms(each, whole)),
  ];
}

Deno.test("docs/problems.md has an entry for every code, and no other", () => {
  const source = ["config", "match"].flatMap((part) => {
    const folder = new URL(`../../lib/${part}/`, import.meta.url);
    return [...Deno.readDirSync(folder)].map(({ name }) =>
      Deno.readTextFileSync(new URL(name, folder))
    );
  }).join("");
  const codes = [...source.matchAll(/code: "([\w-]+)"/g)].map(([, code]) =>
    code
  );
  const docs = Deno.readTextFileSync(
    new URL("../../docs/problems.md", import.meta.url),
  );
  const entries = [...docs.matchAll(/^## (.+)$/gm)].map(([, code]) => code);
  assert.deepEqual(entries, [...new Set([...codes, "syntax", "tab"])].sort());
});

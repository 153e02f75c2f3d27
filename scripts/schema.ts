/**
 * Makes `responses.schema.json` and the tables of `docs/config.md` from `lib/config/shape.ts`.
 *
 * `deno run -A scripts/schema.ts` writes them; `tests/config/schema_test.ts` holds them fresh.
 *
 * @module
 */

import * as z from "zod/mini";
import { KEYS, KEYS_TO_COME, SHAPE } from "../lib/config/shape.ts";

/** Where the schema is. */
export const SCHEMA_FILE: URL = new URL(
  "../responses.schema.json",
  import.meta.url,
);

/** Where the tables are. */
export const DOCS_FILE: URL = new URL("../docs/config.md", import.meta.url);

/** The JSON Schema (draft-07) of a configuration file, as text. */
export function schemaText(): string {
  const { $schema, ...rest } = z.toJSONSchema(SHAPE, {
    target: "draft-07",
    override: ({ jsonSchema, path }) => refine(jsonSchema, path.map(String)),
  });
  const head = {
    $schema,
    title: "mockllm configuration",
    description: "What mockllm answers, and how.",
  };
  const schema = {
    ...head,
    ...rest,
    patternProperties: { "^x-": { description: "Free, to hold anchors." } },
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** `docs` with everything between its markers made anew. */
export function freshDocs(docs: string): string {
  const between = /(<!-- keys: begin -->\n)[^]*?(<!-- keys: end -->)/;
  return docs.replace(
    between,
    (_all, begin: string, end: string) => `${begin}\n${tables()}\n${end}`,
  );
}

/** Adds what is said about the key at `path`; drops what only the checked result must have. */
function refine(
  schema: Record<string, unknown>,
  path: readonly string[],
): void {
  delete schema.required;
  const name = path.filter((step, i) => step !== "properties" || i % 2 === 1)
    .filter((step) => step !== "anyOf" && !/^\d+$/.test(step)).join(".");
  const words = path.at(-2) === "properties" ? KEYS.get(name) : undefined;
  if (words === undefined) return;
  const { default: fallback } = schema;
  if (words.json !== undefined) {
    for (const key of Object.keys(schema)) delete schema[key];
  }
  Object.assign(schema, words.json);
  schema.description = words.doc;
  if (fallback !== undefined && typeof fallback !== "object") {
    schema.default = fallback;
  }
}

function tables(): string {
  const rows = [...KEYS].map(([path, { takes, doc, default: fallback }]) =>
    `| \`${path}\` | ${takes} | ${
      fallback === undefined ? "" : code(fallback)
    } | ${doc} |`
  );
  const examples = [...KEYS].filter(([path]) =>
    path !== "settings" && path !== "defaults"
  ).map(([path, { example }]) =>
    `\`${path}\`\n\n\`\`\`yaml\n${nested(path, example)}\n\`\`\`\n`
  );
  const later = Object.entries(KEYS_TO_COME).flatMap(([section, names]) =>
    names.map((name) => `\`${section === "" ? name : `${section}.${name}`}\``)
  );
  return [
    "| key | takes | default | meaning |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    `Read by a later version, and refused until then: ${later.join(", ")}.`,
    "",
    "### An example of each",
    "",
    ...examples,
  ].join("\n");
}

function code(text: string): string {
  return text === "none" ? text : `\`${text}\``;
}

/** An example below the section it belongs to. */
function nested(path: string, example: string): string {
  return path.includes(".") ? `${path.split(".")[0]}:\n  ${example}` : example;
}

if (import.meta.main) {
  Deno.writeTextFileSync(SCHEMA_FILE, schemaText());
  Deno.writeTextFileSync(
    DOCS_FILE,
    freshDocs(Deno.readTextFileSync(DOCS_FILE)),
  );
}

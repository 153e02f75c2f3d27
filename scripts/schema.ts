/**
 * Makes `responses.schema.json` and the tables of `docs/config.md` from `lib/config/shape.ts`.
 *
 * `deno run -A scripts/schema.ts` writes them; `tests/config/schema_test.ts` holds them fresh.
 *
 * @module
 */

import * as z from "zod/mini";
import { docOf } from "../lib/config/kinds.ts";
import { DEFINITIONS } from "../lib/config/rule_shape.ts";
import { PATTERN_JSON } from "../lib/config/when_shape.ts";
import { KEYS, KEYS_TO_COME, SECTIONS, SHAPE } from "../lib/config/shape.ts";

/** Where the schema is. */
export const SCHEMA_FILE: URL = new URL(
  "../responses.schema.json",
  import.meta.url,
);

/** Where the tables are. */
export const DOCS_FILE: URL = new URL("../docs/config.md", import.meta.url);

/** The JSON Schema (draft-07) of a configuration file, as text. */
export function schemaText(): string {
  const { $schema, ...rest } = jsonSchema(SHAPE);
  const definitions = Object.entries(DEFINITIONS).map((
    [name, { schema, more }],
  ) => {
    const { $schema: _, ...definition } = jsonSchema(schema);
    return [name, { ...definition, ...more }];
  });
  const whole = {
    $schema,
    title: "mockllm configuration",
    description: "What mockllm answers, and how.",
    ...rest,
    patternProperties: { "^x-": { description: "Free, to hold anchors." } },
    definitions: { ...Object.fromEntries(definitions), pattern: PATTERN_JSON },
  };
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}

/** The schema as JSON Schema, each key as its words have it. */
function jsonSchema(schema: z.ZodMiniType): Record<string, unknown> {
  return z.toJSONSchema(schema, {
    target: "draft-07",
    override: ({ zodSchema, jsonSchema }) => refine(zodSchema, jsonSchema),
  });
}

/** `docs` with everything between its markers made anew. */
export function freshDocs(docs: string): string {
  const between = /(<!-- keys: begin -->\n)[^]*?(<!-- keys: end -->)/;
  return docs.replace(
    between,
    (_all, begin: string, end: string) => `${begin}\n${tables()}\n${end}`,
  );
}

/** Adds what is said about the key; drops what only the checked result must have. */
function refine(schema: z.core.$ZodType, json: Record<string, unknown>): void {
  delete json.required;
  const words = docOf(schema);
  if (words === undefined) return;
  const { default: fallback } = json;
  if (words.json !== undefined) {
    for (const key of Object.keys(json)) delete json[key];
  }
  Object.assign(json, words.json, words.more);
  json.description = words.doc;
  if (fallback !== undefined && typeof fallback !== "object") {
    json.default = fallback;
  }
}

function tables(): string {
  const later = Object.entries(KEYS_TO_COME).flatMap(([section, names]) =>
    names.map((name) => `\`${section === "" ? name : `${section}.${name}`}\``)
  );
  return [
    ...Object.entries(SECTIONS).flatMap(([section, keys]) => [
      `### ${TITLES[section] ?? section}`,
      "",
      ...table(Object.keys(keys), section),
      "",
    ]),
    `Read by a later version, and refused until then: ${later.join(", ")}.`,
    "",
  ].join("\n");
}

/** What sections are called in the document. */
const TITLES: Readonly<Record<string, string>> = {
  "": "The file",
  rules: "A rule",
  "rules.when": "`when`",
  "rules.state": "`state`",
  "rules.reply": "`reply`, and each of `replies`",
  "rules.reply.tokens": "`tokens`",
  "rules.reply.error": "`error`",
  "rules.reply.usage": "`usage`",
  "rules.reply.tool_calls": "`tool_calls`, one or each of several",
  "rules.reply.refusal": "`refusal`",
  "rules.reply.blocks": "Each of `blocks`",
  "rules.reply.blocks.tool_call": "`tool_call` of a block",
  "rules.reply.blocks.refusal": "`refusal` of a block",
  "rules.reply.blocks.citations": "Each of `citations`",
  paces: "A pace",
  settings: "`settings`",
  "settings.stream_by": "`stream_by`",
  defaults: "`defaults`",
  models: "Each of `models`",
};

function table(names: readonly string[], section: string): string[] {
  const rows = names.map((name) => {
    const words = KEYS.get(section === "" ? name : `${section}.${name}`);
    const fallback = words?.default === undefined ? "" : code(words.default);
    return `| \`${name}\` | ${words?.takes} | ${fallback} | ${words?.doc} |`;
  });
  return [
    "| key | takes | default | meaning |",
    "| --- | --- | --- | --- |",
    ...rows,
  ];
}

function code(text: string): string {
  return text === "none" ? text : `\`${text}\``;
}

if (import.meta.main) {
  Deno.writeTextFileSync(SCHEMA_FILE, schemaText());
  Deno.writeTextFileSync(
    DOCS_FILE,
    freshDocs(Deno.readTextFileSync(DOCS_FILE)),
  );
}

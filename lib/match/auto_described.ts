/**
 * Keywords of a JSON Schema that its client moved into a `description`, because the provider takes
 * no such keywords: clients hold answers to them all the same. Three clients write them in three
 * ways; each is read as it is written there, and nothing else of a description.
 *
 * What is read so is a wish: answers are made by it, and never judged by it.
 *
 * @module
 */

import {
  SCHEMA_DEPTH_MAX,
  SCHEMA_DESCRIBED_CHARS_MAX,
  SCHEMA_NODES_MAX,
} from "../core/limits.ts";
import { isObject, type JsonObject } from "../wire/json.ts";
import { textAt, typeOfValue, typesOf } from "./schema.ts";

/** `schema` with the keywords that its descriptions speak of; itself where they speak of none. */
export function withDescribed(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  let read = known.get(schema);
  if (read === undefined) known.set(schema, read = new Reading().of(schema, 0));
  return read;
}

/** What was made of schemas: each of many choices asks again. */
const known = new WeakMap<JsonObject, unknown>();

/** Keywords that hold schemas: one of them or a list, and by name. */
const SCHEMAS = new Set([
  "items",
  "prefixItems",
  "additionalItems",
  "additionalProperties",
  "contains",
  "allOf",
  "anyOf",
  "oneOf",
  "then",
  "else",
]);
const NAMED = new Set([
  "properties",
  "patternProperties",
  "$defs",
  "definitions",
]);

/** One look through a schema, bounded. */
class Reading {
  #nodes = SCHEMA_NODES_MAX;
  #chars = SCHEMA_DESCRIBED_CHARS_MAX;

  of(schema: unknown, depth: number): unknown {
    if (Array.isArray(schema)) {
      return changed(schema, schema.map((each) => this.of(each, depth + 1)));
    }
    if (!isObject(schema) || depth > SCHEMA_DEPTH_MAX || --this.#nodes < 0) {
      return schema;
    }
    const inner = this.#entries(schema, (keyword, value) => {
      if (SCHEMAS.has(keyword)) return this.of(value, depth + 1);
      return NAMED.has(keyword) && isObject(value)
        ? this.#entries(value, (_, each) => this.of(each, depth + 1))
        : value;
    });
    const more = this.#described(schema);
    return more === undefined ? inner : { ...inner, ...more };
  }

  #entries(
    object: JsonObject,
    change: (name: string, value: unknown) => unknown,
  ): JsonObject {
    const names = Object.keys(object);
    const values = Object.values(object);
    const all = names.map((name, at) => change(name, values[at]));
    if (all.every((each, at) => each === values[at])) return object;
    return Object.fromEntries(names.map((name, at) => [name, all[at]]));
  }

  #described(schema: JsonObject): JsonObject | undefined {
    const text = textAt(schema, "description");
    if (text === undefined || !/[}.]$/.test(text)) return undefined;
    this.#chars -= text.length;
    if (this.#chars < 0) return undefined;
    const found = text.endsWith("}") ? inBraces(text) : inSentence(text);
    const fitting = found.filter(([keyword, value]) =>
      !Object.hasOwn(schema, keyword) && fits(keyword, value, schema)
    );
    return fitting.length === 0 ? undefined : Object.fromEntries(fitting);
  }
}

function changed(
  before: readonly unknown[],
  after: readonly unknown[],
): readonly unknown[] {
  return after.every((each, at) => each === before[at]) ? before : after;
}

/** Values are only those that the schema itself allows. */
function fits(keyword: string, value: unknown, schema: JsonObject): boolean {
  if (keyword !== "enum" && keyword !== "const") return true;
  if (Object.hasOwn(schema, "enum") || Object.hasOwn(schema, "const")) {
    return false;
  }
  const types = typesOf(schema);
  const values = keyword === "enum" && Array.isArray(value) ? value : [value];
  return values.every((each) => {
    const type = typeOfValue(each);
    return types === undefined || types.includes(type) ||
      type === "integer" && types.includes("number");
  });
}

// How they are written ────────────────────────────────────────────────────────

type Entry = readonly [keyword: string, value: unknown];

/** What the value of a keyword must be. */
const TAKES: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ["minimum", isNumber],
  ["maximum", isNumber],
  ["exclusiveMinimum", isNumber],
  ["exclusiveMaximum", isNumber],
  ["multipleOf", (value) => isNumber(value) && Number(value) > 0],
  ["minLength", isCount],
  ["maxLength", isCount],
  ["minItems", isCount],
  ["maxItems", isCount],
  ["minProperties", isCount],
  ["maxProperties", isCount],
  ["uniqueItems", (value) => value === true],
  ["pattern", isText],
  ["format", isText],
  ["enum", (value) => Array.isArray(value) && value.length > 0],
  ["const", (value) => value !== undefined],
  ["not", isObject],
  ["prefixItems", (value) => Array.isArray(value) && value.every(isObject)],
]);

function isNumber(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

/** Texts that some write without quotes. */
const BARE = new Set(["pattern", "format"]);

/** More of them than there are keywords. */
const ENTRIES_MAX = 30;

/** `{minimum: 3, pattern: "^a+$"}` at the end, as Anthropic's SDKs write it: TypeScript's in JSON, Python's as it prints. */
function inBraces(text: string): readonly Entry[] {
  const last = text.lastIndexOf("\n\n{");
  if (last < 0 && !text.startsWith("{")) return [];
  const inner = text.slice(last < 0 ? 1 : last + 3, -1);
  const parts = inner.split(/, (?=[A-Za-z$]+: )/);
  if (parts.length > ENTRIES_MAX) return [];
  const entries: Entry[] = [];
  for (let at = 0; at < parts.length;) {
    const { entry, length } = entryOf(parts.slice(at));
    if (entry !== undefined) entries.push(entry);
    at += length;
  }
  return entries;
}

/** The entry that `parts` begin with, if it can be used, and how many of them are its. */
function entryOf(
  [first = "", ...others]: readonly string[],
): { readonly entry: Entry | undefined; readonly length: number } {
  const [, keyword = "", text = ""] = /^([A-Za-z$]+): ([^]*)$/.exec(first) ??
    [];
  const parts = [text, ...others];
  const length = partsOf(parts);
  const value = length === 0
    ? PYTHON.get(text)
    : JSON.parse(parts.slice(0, length).join(", "));
  const isBare = BARE.has(keyword) && typeof value !== "string";
  const used = isBare ? text : value;
  const entry = TAKES.get(keyword)?.(used)
    ? [keyword, used] as const
    : undefined;
  return { entry, length: Math.max(length, 1) };
}

/** What Python prints for the words of JSON. */
const PYTHON: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["True", true],
  ["False", false],
  ["None", null],
]);

/** Of how many parts the JSON is that they begin with; 0 if that is none. */
function partsOf(parts: readonly string[]): number {
  const [first = ""] = parts;
  const most = /^["[{]/.test(first) ? parts.length : 1;
  for (let count = 1; count <= most; count++) {
    if (isJson(parts.slice(0, count).join(", "))) return count;
  }
  return 0;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** `min length: 2; pattern: ^a+$.` in the last line, as the AI SDK writes it; all of it, or it is somebody's sentence. */
function inSentence(text: string): readonly Entry[] {
  const line = text.slice(text.lastIndexOf("\n") + 1, -1);
  const parts = line.split(NEXT);
  if (parts.length > ENTRIES_MAX) return [];
  const entries = parts.map(sentenceEntry);
  const sound = entries.filter((each) => each !== undefined);
  return sound.length === entries.length ? sound : [];
}

/** Keywords by how a sentence spells them: `min length`. */
const SPELLED: ReadonlyMap<string, string> = new Map(
  [...TAKES.keys()].map((keyword) => [
    keyword.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    keyword,
  ]),
);

const NEXT = new RegExp(`; (?=(?:${[...SPELLED.keys()].join("|")}): )`);

function sentenceEntry(part: string): Entry | undefined {
  const [, words = "", text = ""] = /^([a-z ]+): ([^]+)$/.exec(part) ?? [];
  const keyword = SPELLED.get(words) ?? "";
  if (BARE.has(keyword)) return [keyword, text];
  const value = isJson(text) ? JSON.parse(text) : undefined;
  return TAKES.get(keyword)?.(value) ? [keyword, value] : undefined;
}

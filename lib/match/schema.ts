/**
 * A JSON Schema that came with a request, as it is read by what judges by it and by what makes
 * values for it: its keywords, and what its references mean.
 *
 * It is a stranger's: any keyword may hold anything. Nothing is ever fetched, so a reference
 * that leaves the schema means nothing.
 *
 * @module
 */

import {
  SCHEMA_NODES_MAX,
  SCHEMA_REFERENCE_CHARS_MAX,
  SCHEMA_TYPES_MAX,
} from "../core/limits.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";

/** Stands for what nothing is valid for. */
export const NEVER = false;

/** One schema with all that its references lead to. */
export class SchemaBook {
  readonly #root: unknown;
  #anchors: ReadonlyMap<string, unknown> | undefined;
  readonly #targets = new Map<string, unknown>();

  /** The book of `root`. */
  constructor(root: unknown) {
    this.#root = root;
  }

  /** What `reference` leads to; undefined if that is not in the schema. */
  target(reference: string): unknown {
    if (reference.length > SCHEMA_REFERENCE_CHARS_MAX) return undefined;
    if (!this.#targets.has(reference)) {
      this.#targets.set(reference, this.#found(reference));
    }
    return this.#targets.get(reference);
  }

  #found(reference: string): unknown {
    const [document = "", fragment = ""] = split(reference);
    const base = document === "" ? this.#root : this.#anchored(document);
    if (fragment === "") return base;
    const text = decoded(fragment);
    if (!text.startsWith("/")) return this.#anchored(text);
    return text.slice(1).split("/").reduce<unknown>(
      (at, step) => child(at, step.replace(/~1/g, "/").replace(/~0/g, "~")),
      base,
    );
  }

  #anchored(name: string): unknown {
    this.#anchors ??= anchorsOf(this.#root);
    return this.#anchors.get(name);
  }
}

function split(reference: string): readonly string[] {
  const at = reference.indexOf("#");
  return at < 0
    ? [reference]
    : [reference.slice(0, at), reference.slice(at + 1)];
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function child(value: unknown, step: string): unknown {
  if (Array.isArray(value)) return value[Number(step)];
  return isObject(value) ? own(value, step) : undefined;
}

/** Schemas by the names they give themselves. */
function anchorsOf(root: unknown): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  const waiting = [root];
  for (let at = 0; at < waiting.length && at < SCHEMA_NODES_MAX; at++) {
    const value = waiting[at];
    if (typeof value !== "object" || value === null) continue;
    for (const name of isObject(value) ? namesOf(value) : []) {
      if (!found.has(name)) found.set(name, value);
    }
    for (const each of Object.values(value)) {
      if (waiting.length >= SCHEMA_NODES_MAX) break;
      waiting.push(each);
    }
  }
  return found;
}

function namesOf(schema: JsonObject): readonly string[] {
  return ["$anchor", "$dynamicAnchor", "$id", "id"].flatMap((keyword) =>
    textAt(schema, keyword)?.replace(/^#|#$/g, "") ?? []
  );
}

// Keywords ────────────────────────────────────────────────────────────────────

/** The references of `schema`. */
export function referencesOf(schema: JsonObject): readonly string[] {
  return REFERENCES.some((keyword) => Object.hasOwn(schema, keyword))
    ? REFERENCES.flatMap((keyword) => textAt(schema, keyword) ?? [])
    : NONE;
}

const REFERENCES = ["$ref", "$dynamicRef", "$recursiveRef"];
const NONE: readonly string[] = [];

/** The number that `keyword` holds, if it does. */
export function numberAt(
  schema: JsonObject,
  keyword: string,
): number | undefined {
  const value = own(schema, keyword);
  return typeof value === "number" ? value : undefined;
}

/** The text that `keyword` holds, if it does. */
export function textAt(
  schema: JsonObject,
  keyword: string,
): string | undefined {
  const value = own(schema, keyword);
  return typeof value === "string" ? value : undefined;
}

/** The items of the list that `keyword` holds; none if it does not. */
export function listAt(
  schema: JsonObject,
  keyword: string,
): readonly unknown[] {
  const value = own(schema, keyword);
  return Array.isArray(value) ? value : [];
}

/** The texts among them. */
export function textsAt(
  schema: JsonObject,
  keyword: string,
): readonly string[] {
  return listAt(schema, keyword).filter((each) => typeof each === "string");
}

/** What `keyword` holds by name; nothing if it holds no object. */
export function namedAt(
  schema: JsonObject,
  keyword: string,
): readonly (readonly [string, unknown])[] {
  const value = own(schema, keyword);
  return isObject(value) ? Object.entries(value) : [];
}

/** The types that `schema` allows; undefined if it allows all. */
export function typesOf(schema: JsonObject): readonly string[] | undefined {
  const type = own(schema, "type");
  if (type === undefined) return undefined;
  const types = Array.isArray(type) ? type.slice(0, SCHEMA_TYPES_MAX) : [type];
  const known = types.filter((each) => typeof each === "string");
  if (known.length === 0) return undefined;
  return own(schema, "nullable") === true ? [...known, "null"] : known;
}

/** The values that `schema` allows, where it lists them. */
export function valuesOf(schema: JsonObject): readonly unknown[] | undefined {
  if (Object.hasOwn(schema, "const")) return [schema.const];
  const list = own(schema, "enum");
  return Array.isArray(list) ? list : undefined;
}

/** A bound of numbers. */
export interface Bound {
  /** The number. */
  readonly at: number;
  /** Whether the number itself is out. */
  readonly open: boolean;
}

/** The bounds that `schema` has on one side, in all spellings that there were. */
export function boundsOf(
  schema: JsonObject,
  side: "minimum" | "maximum",
): readonly Bound[] {
  const exclusive = side === "minimum"
    ? "exclusiveMinimum"
    : "exclusiveMaximum";
  const closed = numberAt(schema, side);
  const open = numberAt(schema, exclusive);
  const isOpen = own(schema, exclusive) === true;
  return [
    ...closed === undefined ? [] : [{ at: closed, open: isOpen }],
    ...open === undefined ? [] : [{ at: open, open: true }],
  ];
}

/** What the items of a list must be like. */
export interface Items {
  /** The first ones, each by itself. */
  readonly first: readonly unknown[];
  /** All others; undefined: anything. */
  readonly rest: unknown;
}

/** What `schema` says of items, in all spellings that there were. */
export function itemsOf(schema: JsonObject): Items {
  const items = own(schema, "items");
  if (Array.isArray(items)) {
    return { first: items, rest: own(schema, "additionalItems") };
  }
  return { first: listAt(schema, "prefixItems"), rest: items };
}

/** What must be there, or must be valid, where something of a name is there. */
export interface Dependents {
  /** Names that are wanted beside one. */
  readonly names: readonly (readonly [string, readonly string[]])[];
  /** Schemas for the whole beside one. */
  readonly schemas: readonly (readonly [string, unknown])[];
}

/** What `schema` wants where there is something called `name`: names beside it, and what the whole must be valid for. */
export function dependentsOn(name: string, schema: JsonObject): {
  readonly names: readonly unknown[];
  readonly schemas: readonly unknown[];
} {
  const [names, schemas, either] = DEPENDENTS.map((keyword) => {
    const named = own(schema, keyword);
    return isObject(named) ? own(named, name) : undefined;
  });
  return {
    names: [names, either].flatMap((each) => Array.isArray(each) ? each : []),
    schemas: [schemas, either].filter((each) =>
      each !== undefined && !Array.isArray(each)
    ),
  };
}

/** Whether `schema` wants anything beside something else. */
export function hasDependents(schema: JsonObject): boolean {
  return DEPENDENTS.some((keyword) => Object.hasOwn(schema, keyword));
}

/** What `schema` wants beside what, in all spellings that there were. */
export function dependentsOf(schema: JsonObject): Dependents {
  if (!hasDependents(schema)) return INDEPENDENT;
  let found = dependents.get(schema);
  if (found === undefined) {
    dependents.set(schema, found = readDependents(schema));
  }
  return found;
}

const DEPENDENTS = ["dependentRequired", "dependentSchemas", "dependencies"];
const INDEPENDENT: Dependents = { names: [], schemas: [] };

/** Each of a thousand values asks again. */
const dependents = new WeakMap<JsonObject, Dependents>();

function readDependents(schema: JsonObject): Dependents {
  const old = namedAt(schema, "dependencies");
  const lists = [...namedAt(schema, "dependentRequired"), ...old];
  const schemas = [...namedAt(schema, "dependentSchemas"), ...old];
  return {
    names: lists.flatMap(([name, list]) =>
      Array.isArray(list)
        ? [[name, list.filter((each) => typeof each === "string")] as const]
        : []
    ),
    schemas: schemas.filter(([, each]) => !Array.isArray(each)),
  };
}

/** How much of a schema has to be gone through to see what it says of one value. */
export function weightOf(schema: JsonObject): number {
  let weight = weights.get(schema);
  if (weight === undefined) {
    weight = WIDE.reduce((sum, keyword) => sum + sizeAt(schema, keyword), 0);
    weights.set(schema, weight);
  }
  return weight;
}

const weights = new WeakMap<JsonObject, number>();

/** Keywords that may hold very many entries. */
const WIDE = [
  "properties",
  "required",
  "enum",
  "examples",
  "dependentRequired",
  "dependentSchemas",
  "dependencies",
];

function sizeAt(schema: JsonObject, keyword: string): number {
  const value = own(schema, keyword);
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 0;
}

// Values ──────────────────────────────────────────────────────────────────────

/** The name of a JSON value's type; whole numbers are integers. */
export function typeOfValue(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") {
    return Number.isInteger(value) ? "integer" : "number";
  }
  return typeof value;
}

/** A text that is the same for values that are equal as JSON. */
export function identityOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return written(value);
  let identity = identities.get(value);
  if (identity === undefined) identities.set(value, identity = written(value));
  return identity;
}

/** Values do not change once they are looked at, and schemas compare them with many others. */
const identities = new WeakMap<object, string>();

function written(value: unknown): string {
  return JSON.stringify(
    value,
    (_, each) =>
      isObject(each)
        ? Object.fromEntries(
          Object.entries(each).sort(([a], [b]) => a < b ? -1 : 1),
        )
        : each,
  ) ?? "";
}

/** How many code points `text` has. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

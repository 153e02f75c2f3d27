/**
 * What the keywords of one schema add to a shape; schemas within it are not looked at.
 *
 * @module
 */

import { isObject, type JsonObject, own } from "../wire/json.ts";
import { AUTO_PATTERNS_MAX } from "../core/limits.ts";
import type { Shape } from "./auto_shape.ts";
import { isContainer } from "./schema_words.ts";
import {
  type Bound,
  boundsOf,
  dependentsOf,
  identityOf,
  itemsOf,
  listAt,
  namedAt,
  numberAt,
  textAt,
  textsAt,
  typesOf,
  valuesOf,
} from "./schema.ts";

/** Adds what `schema` itself says to `shape`. */
export function addKeywords(shape: Shape, schema: JsonObject): void {
  addKind(shape, schema);
  addNumbers(shape, schema);
  addTexts(shape, schema);
  addItems(shape, schema);
  addProperties(shape, schema);
  addNot(shape, own(schema, "not"));
}

function addKind(shape: Shape, schema: JsonObject): void {
  const types = typesOf(schema);
  if (types !== undefined) {
    shape.types = shape.types === undefined ? types : both(shape.types, types);
  }
  shape.hint ??= HINTS.find(([keyword]) => Object.hasOwn(schema, keyword))?.[1];
  const values = valuesOf(schema);
  if (values !== undefined) {
    shape.values = shape.values === undefined
      ? values
      : inBoth(shape.values, values);
  }
  const examples = [...listAt(schema, "examples")];
  if (Object.hasOwn(schema, "example")) examples.push(schema.example);
  if (Object.hasOwn(schema, "default")) examples.push(schema.default);
  if (shape.examples.length === 0) shape.examples = examples;
}

function inBoth(
  some: readonly unknown[],
  others: readonly unknown[],
): readonly unknown[] {
  if (some === others) return some;
  const plain = new Set(others.filter((each) => !isContainer(each)));
  const identities = new Set(others.filter(isContainer).map(identityOf));
  return some.filter((each) =>
    isContainer(each) ? identities.has(identityOf(each)) : plain.has(each)
  );
}

/** The types of both; a whole number is a number as well. */
function both(some: readonly string[], others: readonly string[]): string[] {
  const isIn = (type: string, list: readonly string[]) =>
    list.includes(type) || type === "integer" && list.includes("number");
  return [
    ...some.filter((type) => isIn(type, others)),
    ...others.filter((type) => isIn(type, some) && !some.includes(type)),
  ];
}

const HINTS: readonly (readonly [string, string])[] = [
  ["properties", "object"],
  ["required", "object"],
  ["additionalProperties", "object"],
  ["patternProperties", "object"],
  ["minProperties", "object"],
  ["propertyNames", "object"],
  ["items", "array"],
  ["prefixItems", "array"],
  ["minItems", "array"],
  ["contains", "array"],
  ["minLength", "string"],
  ["maxLength", "string"],
  ["pattern", "string"],
  ["format", "string"],
  ["minimum", "number"],
  ["maximum", "number"],
  ["exclusiveMinimum", "number"],
  ["exclusiveMaximum", "number"],
  ["multipleOf", "number"],
];

function addNumbers(shape: Shape, schema: JsonObject): void {
  for (const bound of boundsOf(schema, "minimum")) {
    tighten(shape.above, bound, 1);
  }
  for (const bound of boundsOf(schema, "maximum")) {
    tighten(shape.below, bound, -1);
  }
  const step = numberAt(schema, "multipleOf") ?? 0;
  if (step > 0 && Number.isFinite(step)) heed(step, shape.steps);
  for (const counted of ["Length", "Items", "Properties"] as const) {
    const count = shape.counts[counted];
    count.least = Math.max(count.least, numberAt(schema, `min${counted}`) ?? 0);
    count.most = Math.min(
      count.most,
      numberAt(schema, `max${counted}`) ?? Infinity,
    );
  }
}

/** Leaves one bound, the tighter one. */
function tighten(bounds: Bound[], bound: Bound, side: 1 | -1): void {
  const [before] = bounds;
  const by = before === undefined ? 1 : (bound.at - before.at) * side;
  if (by > 0 || by === 0 && bound.open) bounds.splice(0, 1, bound);
}

/** Adds what is new to the first few. */
function heed<Item>(item: Item, list: Item[]): void {
  if (list.length < AUTO_PATTERNS_MAX && !list.includes(item)) list.push(item);
}

function addTexts(shape: Shape, schema: JsonObject): void {
  const pattern = textAt(schema, "pattern");
  if (pattern !== undefined) heed(pattern, shape.patterns);
  const format = textAt(schema, "format");
  if (format !== undefined) heed(format, shape.formats);
}

function addItems(shape: Shape, schema: JsonObject): void {
  const items = itemsOf(schema);
  const { first, rest } = items;
  if (first.length > 0 || rest !== undefined) shape.items.push(items);
  if (rest === false) {
    const { Items: count } = shape.counts;
    count.most = Math.min(count.most, first.length);
  }
  if (own(schema, "uniqueItems") === true) shape.unique = true;
  const wanted = own(schema, "contains");
  if (wanted === undefined) return;
  const least = numberAt(schema, "minContains") ?? 1;
  shape.contains.push({ schema: wanted, least });
  shape.unsure = true;
}

function addProperties(shape: Shape, schema: JsonObject): void {
  for (const [name] of namedAt(schema, "properties")) shape.names.add(name);
  for (const name of textsAt(schema, "required")) shape.required.add(name);
  for (const each of dependentsOf(schema).names) shape.beside.push(each);
  const names = own(schema, "propertyNames");
  if (names !== undefined) shape.nameSchemas.push(names);
  if (SPEAKING.some((keyword) => Object.hasOwn(schema, keyword))) {
    shape.speakers.push(schema);
  }
  if (Object.hasOwn(schema, "unevaluatedProperties")) shape.unsure = true;
}

const SPEAKING = ["properties", "patternProperties", "additionalProperties"];

/** The simple cases; all others are left to luck. */
function addNot(shape: Shape, not: unknown): void {
  if (not === undefined) return;
  shape.unsure = true;
  if (!isObject(not)) return;
  for (const name of textsAt(not, "required")) shape.avoided.add(name);
  const types = typesOf(not);
  if (types !== undefined && Object.keys(not).length === 1) {
    shape.types = (shape.types ?? TYPES).filter((type) =>
      !types.includes(type) && !(type === "integer" && types.includes("number"))
    );
  }
}

const TYPES = ["string", "integer", "boolean", "object", "array", "null"];

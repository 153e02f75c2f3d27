/**
 * What the keywords of one schema add to a shape; schemas within it are not looked at.
 *
 * @module
 */

import { isObject, type JsonObject, own } from "../wire/json.ts";
import type { Shape } from "./auto_shape.ts";
import {
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
    const identities = new Set(values.map(identityOf));
    shape.values = shape.values === undefined
      ? values
      : shape.values.filter((each) => identities.has(identityOf(each)));
  }
  const examples = [...listAt(schema, "examples")];
  if (Object.hasOwn(schema, "example")) examples.push(schema.example);
  if (Object.hasOwn(schema, "default")) examples.push(schema.default);
  if (shape.examples.length === 0) shape.examples = examples;
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
  shape.above.push(...boundsOf(schema, "minimum"));
  shape.below.push(...boundsOf(schema, "maximum"));
  const step = numberAt(schema, "multipleOf");
  if (step !== undefined && step > 0) shape.steps.push(step);
  for (const counted of ["Length", "Items", "Properties"] as const) {
    const count = shape.counts[counted];
    count.least = Math.max(count.least, numberAt(schema, `min${counted}`) ?? 0);
    count.most = Math.min(
      count.most,
      numberAt(schema, `max${counted}`) ?? Infinity,
    );
  }
}

function addTexts(shape: Shape, schema: JsonObject): void {
  const pattern = textAt(schema, "pattern");
  if (pattern !== undefined) shape.patterns.push(pattern);
  const format = textAt(schema, "format");
  if (format !== undefined) shape.formats.push(format);
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
  shape.beside.push(...dependentsOf(schema).names);
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

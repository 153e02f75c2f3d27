/**
 * Everything that several schemas say of one value, as one shape: references followed, all of
 * `allOf`, one of `anyOf` and `oneOf`, one side of `if`.
 *
 * @module
 */

import { SCHEMA_DEPTH_MAX } from "../core/limits.ts";
import type { Random } from "../core/random.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import {
  type Bound,
  boundsOf,
  dependentsOf,
  identityOf,
  type Items,
  itemsOf,
  listAt,
  namedAt,
  numberAt,
  referencesOf,
  type SchemaBook,
  textAt,
  textsAt,
  typesOf,
  valuesOf,
} from "./schema.ts";

/** The shape of one value. */
export interface Shape {
  /** Types it may have; undefined: any. */
  types: readonly string[] | undefined;
  /** The values it may have, where they are listed. */
  values: readonly unknown[] | undefined;
  /** Values that were given as examples. */
  examples: readonly unknown[];
  /** Its type, where no `type` says so, by what else is said. */
  hint: string | undefined;
  /** Whether nothing can have it. */
  never: boolean;
  /** Whether it should be tried on its schemas: what it says may not be all. */
  unsure: boolean;
  /** Bounds of numbers. */
  readonly above: Bound[];
  /** The same on the other side. */
  readonly below: Bound[];
  /** What numbers are multiples of. */
  readonly steps: number[];
  /** Least and most of characters, items and properties. */
  readonly counts: Record<Counted, { least: number; most: number }>;
  /** Expressions that texts match. */
  readonly patterns: string[];
  /** Formats that texts have. */
  readonly formats: string[];
  /** What items are like. */
  readonly items: Items[];
  /** What some item is like, and how many of them. */
  readonly contains: { readonly schema: unknown; readonly least: number }[];
  /** Whether no item is there twice. */
  unique: boolean;
  /** Names that schemas speak of, in order. */
  readonly names: Set<string>;
  /** Names that must be there. */
  readonly required: Set<string>;
  /** Names that should rather not. */
  readonly avoided: Set<string>;
  /** Names that bring others with them. */
  readonly beside: (readonly [string, readonly string[]])[];
  /** What names are like. */
  readonly nameSchemas: unknown[];
  /** The schemas that speak of properties. */
  readonly speakers: JsonObject[];
}

/** What of a value is counted. */
export type Counted = "Length" | "Items" | "Properties";

/** How schemas are put together where they leave a choice. */
export interface Choosing {
  /** What references lead to. */
  readonly book: SchemaBook;
  /** What chooses. */
  readonly random: Random;
  /** Brings what ends soonest to the front, where that is wanted. */
  order(schemas: readonly unknown[]): readonly unknown[];
  /** Pays for looking at one schema; says whether that could be afforded. */
  afford(): boolean;
}

/** The shape of what is valid for all `schemas`. */
export function shapeOf(
  schemas: readonly unknown[],
  choosing: Choosing,
): Shape {
  return schemas.reduce<Shape>(
    (shape, schema) => add(shape, schema, choosing, 0),
    blank(),
  );
}

function blank(): Shape {
  const count = () => ({ least: 0, most: Infinity });
  return {
    types: undefined,
    values: undefined,
    examples: [],
    hint: undefined,
    never: false,
    unsure: false,
    above: [],
    below: [],
    steps: [],
    counts: { Length: count(), Items: count(), Properties: count() },
    patterns: [],
    formats: [],
    items: [],
    contains: [],
    unique: false,
    names: new Set(),
    required: new Set(),
    avoided: new Set(),
    beside: [],
    nameSchemas: [],
    speakers: [],
  };
}

function copy(shape: Shape): Shape {
  const { Length, Items, Properties } = shape.counts;
  return {
    ...shape,
    above: [...shape.above],
    below: [...shape.below],
    steps: [...shape.steps],
    counts: {
      Length: { ...Length },
      Items: { ...Items },
      Properties: { ...Properties },
    },
    patterns: [...shape.patterns],
    formats: [...shape.formats],
    items: [...shape.items],
    contains: [...shape.contains],
    names: new Set(shape.names),
    required: new Set(shape.required),
    avoided: new Set(shape.avoided),
    beside: [...shape.beside],
    nameSchemas: [...shape.nameSchemas],
    speakers: [...shape.speakers],
  };
}

/** `shape` with what `schema` says besides; may change `shape`. */
function add(
  shape: Shape,
  schema: unknown,
  choosing: Choosing,
  depth: number,
): Shape {
  if (schema === false) shape.never = true;
  if (!isObject(schema) || depth > SCHEMA_DEPTH_MAX) return shape;
  if (!choosing.afford()) return shape;
  addKind(shape, schema);
  addNumbers(shape, schema);
  addTexts(shape, schema);
  addItems(shape, schema);
  addProperties(shape, schema);
  addNot(shape, own(schema, "not"));
  return addApplied(shape, schema, choosing, depth + 1);
}

function addApplied(
  before: Shape,
  schema: JsonObject,
  choosing: Choosing,
  depth: number,
): Shape {
  const { book } = choosing;
  let shape = before;
  const also = (each: unknown) => shape = add(shape, each, choosing, depth);
  for (const each of referencesOf(schema)) also(book.target(each));
  for (const each of listAt(schema, "allOf")) also(each);
  for (const [name, each] of dependentsOf(schema).schemas) {
    if (shape.required.has(name)) also(each);
    else shape.avoided.add(name);
    shape.unsure = true;
  }
  for (const keyword of ["anyOf", "oneOf"]) {
    const all = listAt(schema, keyword);
    if (all.length === 0) continue;
    shape = addOne(shape, all, choosing, depth);
    // What fits one may fit another as well.
    if (keyword === "oneOf" && all.length > 1) shape.unsure = true;
  }
  return addCondition(shape, schema, choosing, depth);
}

/** One of `all` that does not contradict what is known, if there is such a one. */
function addOne(
  shape: Shape,
  all: readonly unknown[],
  choosing: Choosing,
  depth: number,
): Shape {
  let first: Shape | undefined;
  for (const each of choosing.order(shuffled(all, choosing.random))) {
    const tried = add(copy(shape), each, choosing, depth);
    if (isPossible(tried)) return tried;
    first ??= tried;
    if (!choosing.afford()) break;
  }
  return first ?? shape;
}

function addCondition(
  shape: Shape,
  schema: JsonObject,
  choosing: Choosing,
  depth: number,
): Shape {
  const condition = own(schema, "if");
  if (condition === undefined) return shape;
  shape.unsure = true;
  const holds = [condition, own(schema, "then")];
  const fails = [own(schema, "else")];
  const [one = [], other = []] = choosing.random.below(2) === 0
    ? [holds, fails]
    : [fails, holds];
  const put = (schemas: readonly unknown[]) =>
    schemas.reduce<Shape>(
      (at, each) => add(at, each, choosing, depth),
      copy(shape),
    );
  const tried = put(one);
  return isPossible(tried) ? tried : put(other);
}

/** `list` in an order that is drawn; long lists only begin so. */
export function shuffled<Item>(
  list: readonly Item[],
  random: Random,
): readonly Item[] {
  const all = [...list];
  for (let at = 0; at < Math.min(all.length - 1, SHUFFLED_MAX); at++) {
    const other = at + random.below(all.length - at);
    [all[at], all[other]] = [all[other] as Item, all[at] as Item];
  }
  return all;
}

const SHUFFLED_MAX = 100;

/** Whether something may have `shape`, as far as can be told without trying. */
function isPossible(shape: Shape): boolean {
  const { types, values, counts, above, below } = shape;
  if (shape.never || types?.length === 0 || values?.length === 0) return false;
  if (Object.values(counts).some(({ least, most }) => least > most)) {
    return false;
  }
  const least = Math.max(...above.map(({ at }) => at));
  return least <= Math.min(...below.map(({ at }) => at)) ||
    above.length === 0 || below.length === 0;
}

// Keywords ────────────────────────────────────────────────────────────────────

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

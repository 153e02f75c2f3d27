/**
 * Everything that several schemas say of one value, as one shape: references followed, all of
 * `allOf`, one of `anyOf` and `oneOf`, one side of `if`.
 *
 * @module
 */

import { SCHEMA_DEPTH_MAX } from "../core/limits.ts";
import type { Random } from "../core/random.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import { addKeywords } from "./auto_keywords.ts";
import {
  blank,
  copy,
  isPossible,
  type Shape,
  weightOfShape,
} from "./auto_shape.ts";
import {
  dependentsOf,
  listAt,
  referencesOf,
  type SchemaBook,
  weightOf,
} from "./schema.ts";

/** How schemas are put together where they leave a choice. */
export interface Choosing {
  /** What references lead to. */
  readonly book: SchemaBook;
  /** What chooses. */
  readonly random: Random;
  /** Brings what ends soonest to the front, where that is wanted. */
  order(schemas: readonly unknown[]): readonly unknown[];
  /** Pays for looking at one schema, which takes so many steps; says whether that could be afforded. */
  afford(steps: number): boolean;
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

/** `shape` with what `schema` says besides; may change `shape`. */
function add(
  shape: Shape,
  schema: unknown,
  choosing: Choosing,
  depth: number,
): Shape {
  if (schema === false) shape.never = true;
  if (!isObject(schema) || depth > SCHEMA_DEPTH_MAX) return shape;
  if (!choosing.afford(SCHEMA_STEPS + weightOf(schema))) return shape;
  addKeywords(shape, schema);
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
  const weight = (weightOfShape(shape) + shape.steps.length) / COPIED;
  if (!choosing.afford(all.length / COPIED)) return shape;
  for (const each of choosing.order(shuffled(all, choosing.random))) {
    const tried = add(copy(shape), each, choosing, depth);
    if (isPossible(tried)) return tried;
    first ??= tried;
    if (!choosing.afford(1 + weight)) break;
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
  if (!choosing.afford(2 * weightOfShape(shape) / COPIED)) return shape;
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

/** What it takes to look at the keywords of a schema. */
const SCHEMA_STEPS = 4;

/** So many names, or alternatives, are copied in a step. */
const COPIED = 3;

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

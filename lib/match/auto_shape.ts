/**
 * Everything that is said of one value, as one shape.
 *
 * @module
 */

import type { JsonObject } from "../wire/json.ts";
import type { Bound, Items } from "./schema.ts";

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

/** The shape of anything. */
export function blank(): Shape {
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

/** The same shape, to be changed by itself. */
export function copy(shape: Shape): Shape {
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

/** Whether something may have `shape`, as far as can be told without trying. */
export function isPossible(shape: Shape): boolean {
  const { types, values, counts, above, below } = shape;
  if (shape.never || types?.length === 0 || values?.length === 0) return false;
  if (Object.values(counts).some(({ least, most }) => least > most)) {
    return false;
  }
  const least = Math.max(...above.map(({ at }) => at));
  return least <= Math.min(...below.map(({ at }) => at)) ||
    above.length === 0 || below.length === 0;
}

/** How much there is to go through where `shape` is copied. */
export function weightOfShape(shape: Shape): number {
  return shape.names.size + shape.required.size + shape.avoided.size +
    shape.beside.length + shape.items.length + shape.contains.length +
    shape.nameSchemas.length + shape.speakers.length;
}

/**
 * A value that is valid for a JSON Schema, drawn at random: made by its shape, tried on the
 * schema, and made again where that was not enough.
 *
 * The work is bounded, whatever the schema says: where nothing valid is found in time, it is
 * the value with the least wrong. Nothing of the schema is run or fetched.
 *
 * @module
 */

import {
  AUTO_ATTEMPTS_MAX,
  AUTO_ITEMS_MAX,
  SCHEMA_DEPTH_MAX,
} from "../core/limits.ts";
import { mixSeed, Random } from "../core/random.ts";
import { withDescribed } from "./auto_described.ts";
import { DEEP, Ends } from "./auto_ends.ts";
import { namesOf, type Naming } from "./auto_names.ts";
import { Purse } from "./auto_purse.ts";
import { numberOf, textOf } from "./auto_scalars.ts";
import { type Choosing, shapeOf, shuffled } from "./auto_choosing.ts";
import type { Shape } from "./auto_shape.ts";
import { pick } from "./auto_words.ts";
import { identityOf, SchemaBook } from "./schema.ts";
import { Judge } from "./schema_judge.ts";

/** What is wanted besides a schema. */
export interface ValueWishes {
  /** A type it has in any case. */
  readonly type?: string;
  /** How many values there will be for one request; the work for all of them is bounded. */
  readonly choices?: number | undefined;
}

/** A value for `schema`. */
export function valueFor(
  schema: unknown,
  seed: number,
  { type, choices = 1 }: ValueWishes = {},
): unknown {
  const parts = Math.ceil(choices / CHOICES_FREE);
  const make = (schema: unknown, parts: number) =>
    attempts(schema, type, seed, new Purse(parts));
  const full = withDescribed(schema);
  if (full === schema) return make(schema, parts).value;
  // What is only described may be nonsense: then the schema alone counts.
  const { value, faults } = make(full, 2 * parts);
  return faults === 0 ? value : make(schema, 2 * parts).value;
}

/** A value, and how much is wrong with it. */
interface Attempted {
  readonly value: unknown;
  readonly faults: number;
}

/** The first value that nothing is wrong with, else the best. */
function attempts(
  schema: unknown,
  type: string | undefined,
  seed: number,
  purse: Purse,
): Attempted {
  const schemas = [schema, ...type === undefined ? [] : [{ type }]];
  const book = new SchemaBook(schema);
  let best: Attempted | undefined;
  for (let attempt = 0; attempt < AUTO_ATTEMPTS_MAX; attempt++) {
    const random = new Random(mixSeed(seed, "value", attempt));
    const value = new Maker(book, random, purse).value(schemas, "", 0);
    const { length: faults } = purse.judged(
      book,
      (judge) => judge.violations(value, { allOf: schemas }),
    );
    if (best === undefined || faults < best.faults) best = { value, faults };
    if (faults === 0 || purse.isEmpty) break;
  }
  return best ?? { value: null, faults: 1 };
}

/** So many choices may each have as much as one. */
const CHOICES_FREE = 4;

/** How often one part is made again where it does not fit. */
const PART_ATTEMPTS_MAX = 6;

/** Makes one value after another. */
class Maker {
  readonly #book: SchemaBook;
  readonly #random: Random;
  readonly #purse: Purse;
  readonly #ends: Ends;
  /** Tells what schemas say of properties. */
  readonly #judge: Judge;

  constructor(book: SchemaBook, random: Random, purse: Purse) {
    this.#book = book;
    this.#random = random;
    this.#purse = purse;
    this.#ends = new Ends(book, purse.steps);
    this.#judge = new Judge(book, purse.steps, purse.patterns);
  }

  /** A value that is valid for all `schemas`, if one can be found. */
  value(schemas: readonly unknown[], name: string, depth: number): unknown {
    let value: unknown;
    for (let attempt = 0; attempt < PART_ATTEMPTS_MAX; attempt++) {
      this.#purse.value();
      if (this.#purse.isEmpty || depth > SCHEMA_DEPTH_MAX) return null;
      const shape = shapeOf(schemas, this.#choosing(depth));
      value = this.#made(shape, schemas, name, depth);
      if (!shape.unsure || this.#fits(value, schemas)) return value;
    }
    return value;
  }

  #fits(value: unknown, schemas: readonly unknown[]): boolean {
    return this.#purse.judged(
      this.#book,
      (judge) => schemas.every((each) => judge.isValid(value, each)),
    );
  }

  #choosing(depth: number): Choosing {
    return {
      book: this.#book,
      random: this.#random,
      afford: (steps) => this.#purse.schema(steps),
      order: (schemas) => depth < DEEP ? schemas : this.#soonest(schemas),
    };
  }

  #soonest(schemas: readonly unknown[]): readonly unknown[] {
    return schemas.map((schema) => ({
      schema,
      levels: this.#ends.levels(schema),
    }))
      .sort((a, b) => a.levels - b.levels).map(({ schema }) => schema);
  }

  #made(
    shape: Shape,
    schemas: readonly unknown[],
    name: string,
    depth: number,
  ): unknown {
    const listed = this.#listed(shape, schemas);
    if (listed !== undefined) return listed.value;
    switch (this.#typeOf(shape, depth)) {
      case "null":
        return null;
      case "boolean":
        return this.#random.below(2) === 0;
      case "integer":
        return numberOf(shape, true, this.#random);
      case "number":
        return numberOf(shape, false, this.#random);
      case "array":
        return this.#list(shape, name, depth);
      case "object":
        return this.#object(shape, depth);
      default:
        return this.#purse.text(this.#text(shape, name));
    }
  }

  #text(shape: Shape, name: string): string {
    const { steps, patterns } = this.#purse;
    return textOf(shape, name, { random: this.#random, steps, patterns });
  }

  /** One of the values that are listed, or given as examples, that is valid. */
  #listed(
    { values, examples }: Shape,
    schemas: readonly unknown[],
  ): { readonly value: unknown } | undefined {
    const given = values ?? examples;
    if (given.length === 0) return undefined;
    this.#purse.steps.take(given.length / LISTED_COPIED);
    const some = shuffled(given, this.#random).slice(0, LISTED_TRIED_MAX);
    const found = some.findIndex((each) => this.#fits(each, schemas));
    if (found < 0 && values === undefined) return undefined;
    const value = some[Math.max(found, 0)];
    this.#purse.text(JSON.stringify(value) ?? "");
    return { value };
  }

  #typeOf({ types, hint }: Shape, depth: number): string {
    if (types === undefined || types.length === 0) return hint ?? "string";
    if (depth >= DEEP && types.includes("null")) return "null";
    const rich = types.filter((type) => type !== "null");
    const isNull = rich.length < types.length && this.#random.below(6) === 0;
    return isNull || rich.length === 0 ? "null" : pick(rich, this.#random);
  }

  // Lists ─────────────────────────────────────────────────────────────────────

  #list(shape: Shape, name: string, depth: number): unknown[] {
    const { counts: { Items: { least, most } }, contains, unique } = shape;
    const room = Math.min(most, AUTO_ITEMS_MAX);
    const list: unknown[] = [];
    const seen = new Set<string>();
    const put = (schemas: readonly unknown[]) => {
      const item = this.#item(schemas, singular(name), depth, seen, unique);
      if (item !== undefined) list.push(item.value);
      return item !== undefined;
    };
    for (const { schema, least } of contains) {
      for (let nth = 0; nth < least && list.length < room; nth++) {
        if (!put([schema, ...itemSchemas(shape, list.length)])) break;
      }
    }
    const more = depth >= DEEP ? 0 : 1 + this.#random.below(2);
    const wanted = Math.min(room, Math.max(least, more, list.length));
    while (list.length < wanted && !this.#purse.isEmpty) {
      if (!put(itemSchemas(shape, list.length))) break;
    }
    return list;
  }

  /** Another item; undefined if each that was made is there already. */
  #item(
    schemas: readonly unknown[],
    name: string,
    depth: number,
    seen: Set<string>,
    unique: boolean,
  ): { readonly value: unknown } | undefined {
    for (let attempt = 0; attempt < UNIQUE_ATTEMPTS_MAX; attempt++) {
      const value = this.value(schemas, name, depth + 1);
      if (!unique) return { value };
      const identity = identityOf(value);
      if (!seen.has(identity)) {
        seen.add(identity);
        return { value };
      }
    }
    return undefined;
  }

  // Objects ───────────────────────────────────────────────────────────────────

  #object(shape: Shape, depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (const name of namesOf(shape, depth, this.#naming(shape, depth))) {
      if (this.#purse.isEmpty) break;
      const schemas = this.#schemasOf(name, shape);
      this.#purse.text(name);
      entries.push([name, this.value(schemas, name, depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  /** What all schemas of `shape` say of the property `name`. */
  #schemasOf(name: string, { speakers }: Shape): readonly unknown[] {
    const found: unknown[] = [];
    for (const each of speakers) {
      if (this.#purse.isEmpty) break;
      for (const schema of this.#judge.schemasOf(name, each)) {
        found.push(schema);
      }
    }
    return found;
  }

  #naming(shape: Shape, depth: number): Naming {
    return {
      random: this.#random,
      purse: this.#purse,
      may: (name) => !this.#schemasOf(name, shape).includes(false),
      nameFor: (schemas) =>
        String(this.value([...schemas, { type: "string" }], "key", depth + 1)),
    };
  }
}

const LISTED_TRIED_MAX = 50;

/** So many listed values are copied in a step. */
const LISTED_COPIED = 10;
const UNIQUE_ATTEMPTS_MAX = 30;

/** What all schemas of `shape` say of the item at `at`. */
function itemSchemas({ items }: Shape, at: number): readonly unknown[] {
  return items.flatMap(({ first, rest }) => {
    const schema = at < first.length ? first[at] : rest;
    return schema === undefined ? [] : [schema];
  });
}

/** What one of several is called. */
function singular(name: string): string {
  return name.replace(/ies$/, "y").replace(/s$/, "");
}

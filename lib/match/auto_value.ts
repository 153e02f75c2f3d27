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
  AUTO_CHARS_MAX,
  AUTO_ITEMS_MAX,
  AUTO_VALUES_MAX,
  SCHEMA_DEPTH_MAX,
  SCHEMA_STEPS_MAX,
} from "../core/limits.ts";
import { mixSeed, Random } from "../core/random.ts";
import { own } from "../wire/json.ts";
import { withDescribed } from "./auto_described.ts";
import { Ends } from "./auto_ends.ts";
import { textOfPattern } from "./auto_pattern.ts";
import { numberOf, textOf } from "./auto_scalars.ts";
import { type Choosing, shapeOf, shuffled } from "./auto_choosing.ts";
import type { Shape } from "./auto_shape.ts";
import { pick, word } from "./auto_words.ts";
import { identityOf, SchemaBook } from "./schema.ts";
import { Judge, mayTry } from "./schema_judge.ts";

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

/** What all attempts together may spend. */
class Purse {
  #values: number;
  #schemas: number;
  #chars: number;
  #steps: number;
  /** Those that were tried. */
  readonly patterns = new Set<string>();

  /** One of so many parts of what there is. */
  constructor(parts: number) {
    this.#values = AUTO_VALUES_MAX / parts;
    this.#schemas = SCHEMAS_MAX / parts;
    this.#chars = AUTO_CHARS_MAX / parts;
    this.#steps = JUDGED_STEPS_MAX / parts;
  }

  get isEmpty(): boolean {
    return this.#values <= 0 || this.#schemas <= 0 || this.#chars <= 0 ||
      this.#steps <= 0;
  }

  /** What a judge says that may use what steps there are. */
  judged<Result>(book: SchemaBook, ask: (judge: Judge) => Result): Result {
    const steps = Math.min(this.#steps, SCHEMA_STEPS_MAX);
    const judge = new Judge(book, steps, this.patterns);
    const result = ask(judge);
    this.#steps -= steps - judge.left;
    return result;
  }

  value(): void {
    this.#values--;
  }

  schema(): boolean {
    return --this.#schemas > 0;
  }

  text(text: string): string {
    const kept = text.slice(0, Math.max(0, this.#chars)).toWellFormed();
    this.#chars -= text.length;
    return kept;
  }
}

/** Looks at a schema cost less than values, and there are more of them. */
const SCHEMAS_MAX = 4 * AUTO_VALUES_MAX;

/** Steps that all judgements of one answer may take. */
const JUDGED_STEPS_MAX = 5 * SCHEMA_STEPS_MAX;

/** So many choices may each have as much as one. */
const CHOICES_FREE = 4;

/** From here on, everything takes its shortest way to an end. */
const DEEP = 4;

/** How often one part is made again where it does not fit. */
const PART_ATTEMPTS_MAX = 6;

/** Makes one value after another. */
class Maker {
  readonly #book: SchemaBook;
  readonly #random: Random;
  readonly #purse: Purse;
  readonly #ends: Ends;
  #judge: Judge;

  constructor(book: SchemaBook, random: Random, purse: Purse) {
    this.#book = book;
    this.#random = random;
    this.#purse = purse;
    this.#ends = new Ends(book);
    this.#judge = this.#newJudge();
  }

  /** Tells what schemas say of properties. */
  #newJudge(): Judge {
    return new Judge(this.#book, SCHEMA_STEPS_MAX, this.#purse.patterns);
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
      afford: () => this.#purse.schema(),
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
    const { patterns } = this.#purse;
    return textOf(shape, name, this.#random, (each) => mayTry(each, patterns));
  }

  /** One of the values that are listed, or given as examples, that is valid. */
  #listed(
    { values, examples }: Shape,
    schemas: readonly unknown[],
  ): { readonly value: unknown } | undefined {
    const given = values ?? examples;
    if (given.length === 0) return undefined;
    const some = shuffled(given, this.#random).slice(0, LISTED_TRIED_MAX);
    const found = some.findIndex((each) => this.#fits(each, schemas));
    if (found < 0 && values === undefined) return undefined;
    const value = some[Math.max(found, 0)];
    this.#purse.text(identityOf(value));
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
    this.#judge = this.#newJudge();
    for (const name of this.#names(shape, depth)) {
      if (this.#purse.isEmpty) break;
      const schemas = this.#schemasOf(name, shape);
      this.#purse.text(name);
      entries.push([name, this.value(schemas, name, depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  /** What all schemas of `shape` say of the property `name`. */
  #schemasOf(name: string, { speakers }: Shape): readonly unknown[] {
    return speakers.flatMap((each) => this.#judge.schemasOf(name, each));
  }

  /** The properties there will be: those required, some of the others, and as many more as there must be. */
  #names(shape: Shape, depth: number): ReadonlySet<string> {
    const { required, avoided, counts: { Properties: { least, most } } } =
      shape;
    const optional = [...shape.names].filter((name) =>
      !required.has(name) && !avoided.has(name)
    );
    const liked = new Set(required);
    const room = Math.min(most, AUTO_VALUES_MAX);
    const wishes = depth >= DEEP
      ? []
      : optional.filter(() => this.#random.below(3) > 0);
    const others = shuffled(optional, this.#random);
    for (const [names, enough] of [[wishes, room], [others, least]] as const) {
      for (const name of names) {
        if (liked.size < Math.min(enough, room) && this.#may(name, shape)) {
          liked.add(name);
        }
      }
    }
    this.#addBeside(liked, shape);
    this.#addInvented(liked, shape, depth);
    // In the order of the schema, as models write them.
    const ordered = [...shape.names].filter((name) => liked.has(name));
    return new Set([...ordered, ...liked]);
  }

  /** Whether a property `name` can be valid at all. */
  #may(name: string, shape: Shape): boolean {
    return !this.#schemasOf(name, shape).includes(false);
  }

  #addBeside(liked: Set<string>, { beside }: Shape): void {
    let before: number;
    do {
      before = liked.size;
      for (const [name, wanted] of beside) {
        if (liked.has(name)) { for (const each of wanted) liked.add(each); }
      }
    } while (liked.size > before);
  }

  /** Names that no schema spells out, as many as there must be, and one or two for maps. */
  #addInvented(liked: Set<string>, shape: Shape, depth: number): void {
    const { least, most } = shape.counts.Properties;
    const isMap = shape.names.size === 0 &&
      shape.speakers.some((each) =>
        typeof own(each, "additionalProperties") === "object"
      );
    const usual = isMap && depth < DEEP ? 1 + this.#random.below(2) : 0;
    const wanted = Math.min(Math.max(least, usual), most, AUTO_ITEMS_MAX);
    const tries = 10 + 4 * wanted;
    for (let nth = 0; liked.size < wanted && nth < tries; nth++) {
      const name = this.#invented(shape, nth);
      if (this.#may(name, shape)) liked.add(name);
    }
  }

  #invented(shape: Shape, nth: number): string {
    if (shape.nameSchemas.length > 0) {
      const schemas = [...shape.nameSchemas, { type: "string" }];
      return String(this.value(schemas, "key", 0));
    }
    const patterns = shape.speakers.flatMap((each) =>
      Object.keys(own(each, "patternProperties") ?? {})
    );
    const plain = nth < 8 ? word(this.#random) : `${word(this.#random)}_${nth}`;
    if (patterns.length === 0 || nth % 3 === 2) return plain;
    const pattern = pick(patterns, this.#random);
    const length = { least: 4 + nth, most: 20 + nth };
    return textOfPattern(pattern, length, this.#random) ?? plain;
  }
}

const LISTED_TRIED_MAX = 50;
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

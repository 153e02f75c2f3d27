/**
 * How soon a value can end: how deep it must be at least. Schemas that hold themselves offer
 * ways on and ways out, and what was going on for long enough takes the ways out.
 *
 * @module
 */

import { SCHEMA_DEPTH_MAX } from "../core/limits.ts";
import { isObject, type JsonObject } from "../wire/json.ts";
import {
  itemsOf,
  listAt,
  namedAt,
  numberAt,
  referencesOf,
  type SchemaBook,
  textsAt,
  typesOf,
  valuesOf,
  weightOf,
} from "./schema.ts";
import type { Steps } from "./steps.ts";

/** Tells how deep values must be. */
export class Ends {
  readonly #book: SchemaBook;
  readonly #known = new Map<unknown, Map<number, boolean>>();
  readonly #steps: Steps;
  #left = STEPS_MAX;

  /** Of schemas of `book`, as long as there are `steps`. */
  constructor(book: SchemaBook, steps: Steps) {
    this.#book = book;
    this.#steps = steps;
  }

  /** How many levels there must be below a value of `schema`; at most {@linkcode LEVELS_MAX}. */
  levels(schema: unknown): number {
    let levels = 0;
    while (levels < LEVELS_MAX && !this.#canEnd(schema, levels, 0)) levels++;
    return levels;
  }

  #canEnd(schema: unknown, levels: number, depth: number): boolean {
    if (!isObject(schema)) return schema !== false;
    if (levels < 0 || depth > SCHEMA_DEPTH_MAX || --this.#left < 0) {
      return false;
    }
    if (!this.#steps.take(LOOK_STEPS)) return false;
    let known = this.#known.get(schema);
    if (known === undefined) this.#known.set(schema, known = new Map());
    const before = known.get(levels);
    if (before !== undefined) return before;
    this.#steps.take(SCHEMA_STEPS + weightOf(schema));
    // Whoever comes back here before it is known goes in a circle.
    known.set(levels, false);
    const ends = this.#applied(schema, levels, depth + 1) &&
      this.#inside(schema, levels, depth + 1);
    known.set(levels, ends);
    return ends;
  }

  #applied(schema: JsonObject, levels: number, depth: number): boolean {
    const can = (each: unknown) => this.#canEnd(each, levels, depth);
    return referencesOf(schema).every((each) => can(this.#book.target(each))) &&
      listAt(schema, "allOf").every(can) &&
      ["anyOf", "oneOf"].every((keyword) => {
        const all = listAt(schema, keyword);
        return all.length === 0 || all.some(can);
      });
  }

  #inside(schema: JsonObject, levels: number, depth: number): boolean {
    const types = typesOf(schema);
    const isFlat = types?.some((type) => type !== "object" && type !== "array");
    if (isFlat || valuesOf(schema) !== undefined) return true;
    const can = (each: unknown) => this.#canEnd(each, levels - 1, depth);
    if (types?.includes("array") && (numberAt(schema, "minItems") ?? 0) > 0) {
      const { first, rest } = itemsOf(schema);
      return [...first, rest].every(can);
    }
    const required = new Set(textsAt(schema, "required"));
    return namedAt(schema, "properties").every(([name, each]) =>
      !required.has(name) || can(each)
    );
  }
}

const STEPS_MAX = 50_000;

/** What it takes to look whether a schema was looked at. */
const LOOK_STEPS = 2;

/** What it takes to look at one. */
const SCHEMA_STEPS = 4;

/** Deeper is as good as endless. */
export const LEVELS_MAX = 8;

/** From this depth on, everything takes its shortest way to an end. */
export const DEEP = 4;

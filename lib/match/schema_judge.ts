/**
 * Whether a value is valid for a JSON Schema that came with a request, and why not.
 *
 * It reads the schema as data: no code is made of what strangers send, nothing is fetched, and
 * the work is bounded. What the bounds leave unjudged counts as valid. Of the vocabulary of
 * 2020-12, with the spellings of older drafts, only `unevaluatedItems` is passed over.
 *
 * @module
 */

import {
  SCHEMA_DEPTH_MAX,
  SCHEMA_STEPS_MAX,
  VIOLATIONS_MAX,
} from "../core/limits.ts";
import { isObject, type JsonObject, own, typeName } from "../wire/json.ts";
import { isOfFormat } from "./schema_formats.ts";
import { Patterns } from "./schema_patterns.ts";
import {
  dependentsOn,
  hasDependents,
  identityOf,
  itemsOf,
  lengthOf,
  listAt,
  namedAt,
  numberAt,
  referencesOf,
  SchemaBook,
  textAt,
  textsAt,
  typesOf,
  valuesOf,
} from "./schema.ts";
import { Steps } from "./steps.ts";
import {
  anyOf,
  called,
  checkCount,
  checkNumber,
  isOfType,
  shown,
  step,
  type Tell,
} from "./schema_words.ts";

/** Why `value` is not valid for `schema`: `$.city: must be a string, not an integer`. Nothing if it is. */
export function violationsOf(
  value: unknown,
  schema: unknown,
  steps?: Steps,
): readonly string[] {
  return new Judge(new SchemaBook(schema), steps).violations(value, schema);
}

/** Thrown where enough was found, or spent. */
class Enough extends Error {}

/** Judges values by schemas of one book, as long as its steps last. */
export class Judge {
  readonly #book: SchemaBook;
  readonly #steps: Steps;
  readonly #patterns: Patterns;
  #depth = 0;

  /** Judges by schemas of `book`, as long as there are `steps`, after others that tried `patterns`. */
  constructor(
    book: SchemaBook,
    steps: Steps = new Steps(SCHEMA_STEPS_MAX),
    patterns: Patterns = new Patterns(),
  ) {
    this.#book = book;
    this.#steps = steps;
    this.#patterns = patterns;
  }

  /** Why `value` is not valid for `schema`, as far as it could be judged. */
  violations(value: unknown, schema: unknown): readonly string[] {
    const found: string[] = [];
    this.#try(() =>
      this.#schema(value, schema, "$", (path, reason) => {
        found.push(`${path}: ${reason}`);
        if (found.length === VIOLATIONS_MAX) throw new Enough();
      })
    );
    return found;
  }

  /** Whether `value` is valid for `schema`, or cannot be judged any more. */
  isValid(value: unknown, schema: unknown): boolean {
    return this.#try(() => this.#fits(value, schema)) ?? true;
  }

  /** What `schema` itself, and none that it refers to, says of the property `name`. */
  schemasOf(name: string, schema: JsonObject): readonly unknown[] {
    return this.#try(() => this.#schemasOf(name, schema)) ?? [];
  }

  #try<Result>(judge: () => Result): Result | undefined {
    if (this.#steps.left < 0) return undefined;
    try {
      return judge();
    } catch (error) {
      if (error instanceof Enough) return undefined;
      throw error;
    } finally {
      this.#depth = 0;
    }
  }

  #spend(steps: number): void {
    if (!this.#steps.take(steps)) throw new Enough();
  }

  /** Whether `value` is valid for `schema`, in words that nobody needs. */
  #fits(value: unknown, schema: unknown): boolean {
    let fits = true;
    this.#schema(value, schema, "", () => fits = false);
    return fits;
  }

  #schema(value: unknown, schema: unknown, path: string, tell: Tell): void {
    this.#spend(1);
    if (schema === false) return tell(path, "is not allowed");
    if (!isObject(schema)) return;
    if (this.#depth >= SCHEMA_DEPTH_MAX) throw new Enough();
    this.#depth++;
    this.#value(value, schema, path, tell);
    this.#applied(value, schema, path, tell);
    if (typeof value === "string") this.#text(value, schema, path, tell);
    else if (typeof value === "number") checkNumber(value, schema, path, tell);
    else if (Array.isArray(value)) this.#list(value, schema, path, tell);
    else if (isObject(value)) this.#object(value, schema, path, tell);
    this.#depth--;
  }

  #value(value: unknown, schema: JsonObject, path: string, tell: Tell): void {
    const types = typesOf(schema);
    if (types !== undefined && !types.some((type) => isOfType(value, type))) {
      tell(
        path,
        `must be ${types.map(called).join(" or ")}, not ${typeName(value)}`,
      );
    }
    const values = valuesOf(schema);
    if (
      values === undefined || value === null && types?.includes("null") &&
        own(schema, "nullable") === true
    ) return;
    if (!values.some((each) => this.#isSame(each, value))) {
      tell(path, `must be ${anyOf(values)}, not ${shown(value)}`);
    }
  }

  #isSame(one: unknown, other: unknown): boolean {
    this.#spend(1);
    if (one === other) return true;
    if (Array.isArray(one) && Array.isArray(other)) {
      return one.length === other.length &&
        one.every((each, at) => this.#isSame(each, other[at]));
    }
    if (!isObject(one) || !isObject(other)) return false;
    const names = Object.keys(one);
    return names.length === Object.keys(other).length &&
      names.every((name) =>
        Object.hasOwn(other, name) && this.#isSame(one[name], other[name])
      );
  }

  /** The schemas that are applied to the same value. */
  #applied(value: unknown, schema: JsonObject, path: string, tell: Tell): void {
    for (const reference of referencesOf(schema)) {
      const target = this.#book.target(reference);
      if (target !== undefined) this.#schema(value, target, path, tell);
    }
    for (const each of listAt(schema, "allOf")) {
      this.#schema(value, each, path, tell);
    }
    this.#alternatives(value, schema, path, tell);
    const not = own(schema, "not");
    if (not !== undefined && this.#fits(value, not)) {
      tell(path, 'must not be what "not" describes');
    }
    const condition = own(schema, "if");
    if (condition === undefined) return;
    const next = own(schema, this.#fits(value, condition) ? "then" : "else");
    if (next !== undefined) this.#schema(value, next, path, tell);
  }

  #alternatives(
    value: unknown,
    schema: JsonObject,
    path: string,
    tell: Tell,
  ): void {
    const any = listAt(schema, "anyOf");
    if (any.length > 0 && !any.some((each) => this.#fits(value, each))) {
      this.#none(value, any, path, tell);
    }
    const one = listAt(schema, "oneOf");
    if (one.length === 0) return;
    const fitting = one.filter((each) => this.#fits(value, each)).length;
    if (fitting === 0) this.#none(value, one, path, tell);
    if (fitting > 1) tell(path, `fits ${fitting} of "oneOf", and must fit one`);
  }

  /** No alternative fits: where one alone is of the right kind, what is wrong by that one. */
  #none(
    value: unknown,
    alternatives: readonly unknown[],
    path: string,
    tell: Tell,
  ): void {
    const near = alternatives.filter((each) => this.#isNear(value, each));
    if (near.length === 1) return this.#schema(value, near[0], path, tell);
    tell(path, `fits none of its ${alternatives.length} alternatives`);
  }

  /** Whether type and listed values do not rule `schema` out, those of its properties included. */
  #isNear(value: unknown, schema: unknown): boolean {
    this.#spend(1);
    if (!isObject(schema)) return schema !== false;
    const [reference] = referencesOf(schema);
    if (reference !== undefined) {
      const target = this.#book.target(reference);
      return isObject(target) && target !== schema &&
        referencesOf(target).length === 0 && this.#isNear(value, target);
    }
    let near = true;
    const tell = () => near = false;
    this.#value(value, schema, "", tell);
    if (!isObject(value)) return near;
    for (const [name, each] of namedAt(schema, "properties")) {
      this.#spend(1);
      if (!isObject(each) || valuesOf(each) === undefined) continue;
      this.#value(own(value, name), each, "", tell);
    }
    return near;
  }

  // Texts and numbers ─────────────────────────────────────────────────────────

  #text(value: string, schema: JsonObject, path: string, tell: Tell): void {
    this.#spend(value.length / TEXT_CHARS);
    const least = numberAt(schema, "minLength");
    const most = numberAt(schema, "maxLength");
    if (least !== undefined || most !== undefined) {
      checkCount(lengthOf(value), least, most, "characters", path, tell);
    }
    const pattern = textAt(schema, "pattern");
    if (pattern !== undefined && this.#matches(pattern, value) === false) {
      tell(path, `must match the pattern ${shown(pattern)}`);
    }
    const format = textAt(schema, "format");
    if (format === undefined) return;
    this.#spend(1);
    if (value.length <= FORMATTED_CHARS_MAX && !isOfFormat(value, format)) {
      tell(path, `must be of the format ${shown(format)}, not ${shown(value)}`);
    }
  }

  /** Whether `text` matches; undefined where that is not tried. */
  #matches(pattern: string, text: string): boolean | undefined {
    this.#spend(1);
    const matches = this.#patterns.matches(pattern, text, this.#steps);
    this.#spend(0);
    return matches;
  }

  // Lists ─────────────────────────────────────────────────────────────────────

  #list(
    value: readonly unknown[],
    schema: JsonObject,
    path: string,
    tell: Tell,
  ): void {
    const { length } = value;
    this.#spend(length / LIST_ITEMS);
    checkCount(
      length,
      numberAt(schema, "minItems"),
      numberAt(schema, "maxItems"),
      "items",
      path,
      tell,
    );
    const { first, rest } = itemsOf(schema);
    for (const [at, item] of value.entries()) {
      const each = at < first.length ? first[at] : rest;
      if (each === undefined) continue;
      this.#schema(item, each, `${path}[${at}]`, tell);
    }
    if (own(schema, "uniqueItems") === true) this.#unique(value, path, tell);
    const wanted = own(schema, "contains");
    if (wanted === undefined) return;
    const count = value.filter((item) => this.#fits(item, wanted)).length;
    const least = numberAt(schema, "minContains") ?? 1;
    const most = numberAt(schema, "maxContains") ?? Infinity;
    if (count < least || count > most) {
      tell(path, `holds ${count} items of those that "contains" describes`);
    }
  }

  #unique(value: readonly unknown[], path: string, tell: Tell): void {
    const seen = new Set<string>();
    for (const [at, item] of value.entries()) {
      const identity = identityOf(item);
      this.#spend(1 + identity.length / IDENTITY_CHARS);
      if (seen.has(identity)) tell(`${path}[${at}]`, "is there twice");
      seen.add(identity);
    }
  }

  // Objects ───────────────────────────────────────────────────────────────────

  #object(
    value: JsonObject,
    schema: JsonObject,
    path: string,
    tell: Tell,
  ): void {
    const names = Object.keys(value);
    this.#spend(names.length);
    checkCount(
      names.length,
      numberAt(schema, "minProperties"),
      numberAt(schema, "maxProperties"),
      "properties",
      path,
      tell,
    );
    for (const name of textsAt(schema, "required")) {
      this.#spend(1);
      if (!Object.hasOwn(value, name)) {
        tell(`${path}${step(name)}`, "is missing");
      }
    }
    const namesSchema = own(schema, "propertyNames");
    for (const name of names) {
      const place = `${path}${step(name)}`;
      for (const each of this.#schemasOf(name, schema)) {
        this.#schema(value[name], each, place, tell);
      }
      if (namesSchema !== undefined && !this.#fits(name, namesSchema)) {
        tell(place, 'has a name that "propertyNames" does not allow');
      }
    }
    this.#dependents(value, schema, path, tell);
    this.#unevaluated(value, schema, path, tell);
  }

  #schemasOf(name: string, schema: JsonObject): readonly unknown[] {
    this.#spend(1);
    const properties = own(schema, "properties");
    const found = this.#schemasOfPatterns(name, schema);
    if (isObject(properties) && Object.hasOwn(properties, name)) {
      found.push(properties[name]);
    }
    const rest = own(schema, "additionalProperties");
    return found.length > 0 || rest === undefined ? found : [rest];
  }

  /** A pattern that is not tried may be one of `name`, and then says nothing of it. */
  #schemasOfPatterns(name: string, schema: JsonObject): unknown[] {
    const found: unknown[] = [];
    const patterns = own(schema, "patternProperties");
    if (!isObject(patterns)) return found;
    for (const pattern in patterns) {
      const matches = this.#matches(pattern, name);
      if (matches !== false) found.push(matches ? patterns[pattern] : true);
    }
    return found;
  }

  #dependents(
    value: JsonObject,
    schema: JsonObject,
    path: string,
    tell: Tell,
  ): void {
    if (!hasDependents(schema)) return;
    for (const name of Object.keys(value)) {
      this.#spend(1);
      const { names, schemas } = dependentsOn(name, schema);
      for (const each of names) {
        this.#spend(1);
        if (typeof each !== "string" || Object.hasOwn(value, each)) continue;
        tell(`${path}${step(each)}`, `is missing beside ${shown(name)}`);
      }
      for (const each of schemas) this.#schema(value, each, path, tell);
    }
  }

  #unevaluated(
    value: JsonObject,
    schema: JsonObject,
    path: string,
    tell: Tell,
  ): void {
    const rest = own(schema, "unevaluatedProperties");
    if (rest === undefined || rest === true) return;
    const known = new Set<string>();
    this.#evaluated(value, schema, known);
    for (const name of Object.keys(value)) {
      if (known.has(name)) continue;
      this.#schema(value[name], rest, `${path}${step(name)}`, tell);
    }
  }

  /** Adds the names of `value` that `schema` says something of. */
  #evaluated(value: JsonObject, schema: unknown, known: Set<string>): void {
    this.#spend(1);
    if (!isObject(schema)) return;
    if (this.#depth >= SCHEMA_DEPTH_MAX) throw new Enough();
    this.#depth++;
    for (const name of Object.keys(value)) {
      if (this.#schemasOf(name, schema).length > 0) known.add(name);
    }
    const within = [
      ...referencesOf(schema).map((each) => this.#book.target(each)),
      ...["allOf", "anyOf", "oneOf"].flatMap((each) => listAt(schema, each)),
      ...["if", "then", "else"].map((each) => own(schema, each)),
    ];
    for (const each of within) {
      if (each !== undefined && this.#fits(value, each)) {
        this.#evaluated(value, each, known);
      }
    }
    this.#depth--;
  }
}

/** Longer texts are of no format anyway, and take long to tell. */
const FORMATTED_CHARS_MAX = 10_000;

// What one step is enough for.
const IDENTITY_CHARS = 10;
const TEXT_CHARS = 50;
const LIST_ITEMS = 10;

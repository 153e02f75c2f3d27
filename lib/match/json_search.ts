/**
 * Walks through a body by a JSON path. Bodies are strangers': only own properties are seen, and
 * one search looks at a bounded number of values, conditions included.
 *
 * @module
 */

import { JSON_PATH_NODES_MAX } from "../core/limits.ts";
import { isObject } from "../wire/json.ts";
import type {
  Comparison,
  Operand,
  Query,
  Selector,
  Step,
  Test,
} from "./json_query.ts";

/** What a comparison has on a side where nothing is. */
const NOTHING = Symbol("nothing");

/** One search through a body, which gets tired. */
export class Search {
  readonly #root: unknown;
  #left = JSON_PATH_NODES_MAX;

  /** A search of the body `root`. */
  constructor(root: unknown) {
    this.#root = root;
  }

  /** Tells `found` of what `query` finds, in order, where `current` is the value a condition is about. */
  walk(query: Query, current: unknown, found: (value: unknown) => void): void {
    const start = query.from === "root" ? this.#root : current;
    this.#step(query.steps, 0, start, found);
  }

  /** Takes the step at `at`, and those after it. */
  #step(
    steps: readonly Step[],
    at: number,
    value: unknown,
    found: (value: unknown) => void,
  ): void {
    const step = steps[at];
    if (step === undefined) return found(value);
    if (typeof value !== "object") return; // nothing is in it
    const next = (value: unknown) => this.#step(steps, at + 1, value, found);
    for (const selector of step.selectors) this.#select(selector, value, next);
    if (!step.deep) return;
    this.#each(value, (child) => this.#step(steps, at, child, found));
  }

  #select(
    selector: Selector,
    value: unknown,
    found: (value: unknown) => void,
  ): void {
    switch (selector.type) {
      case "name":
        if (isObject(value) && Object.hasOwn(value, selector.name)) {
          this.#look(value[selector.name], found);
        }
        return;
      case "index":
        if (Array.isArray(value)) this.#at(value, selector.index, found);
        return;
      case "slice":
        if (Array.isArray(value)) this.#slice(value, selector, found);
        return;
      case "all":
        return this.#each(value, found);
      case "filter":
        return this.#each(value, (child) => {
          if (this.#holds(selector.test, child)) found(child);
        });
    }
  }

  #at(
    list: readonly unknown[],
    index: number,
    found: (value: unknown) => void,
  ): void {
    const place = index < 0 ? list.length + index : index;
    if (place >= 0 && place < list.length) this.#look(list[place], found);
  }

  #slice(
    list: readonly unknown[],
    { start, end, step }: Selector & { type: "slice" },
    found: (value: unknown) => void,
  ): void {
    if (step === 0) return;
    const forward = step > 0;
    const [least, most] = forward ? [0, list.length] : [-1, list.length - 1];
    const bound = (place: number | undefined, otherwise: number) =>
      place === undefined ? otherwise : Math.min(
        most,
        Math.max(least, place < 0 ? list.length + place : place),
      );
    const last = bound(end, forward ? most : least);
    let at = bound(start, forward ? least : most);
    for (; (forward ? at < last : at > last) && this.#left > 0; at += step) {
      this.#look(list[at], found);
    }
  }

  /** Every value of a list or an object. */
  #each(value: unknown, found: (value: unknown) => void): void {
    if (Array.isArray(value)) {
      for (let at = 0; at < value.length && this.#left > 0; at++) {
        this.#look(value[at], found);
      }
    } else if (isObject(value)) {
      for (const key of Object.keys(value)) {
        if (this.#left <= 0) return;
        this.#look(value[key], found);
      }
    }
  }

  #look(value: unknown, found: (value: unknown) => void): void {
    if (this.#left-- > 0) found(value);
  }

  // Conditions ────────────────────────────────────────────────────────────────

  #holds(test: Test, current: unknown): boolean {
    switch (test.type) {
      case "or":
        return test.of.some((each) => this.#holds(each, current));
      case "and":
        return test.of.every((each) => this.#holds(each, current));
      case "not":
        return !this.#holds(test.test, current);
      case "exists":
        return this.#count(test.query, current) > 0;
      case "compare":
        return this.#compare(
          test.by,
          this.#value(test.left, current),
          this.#value(test.right, current),
        );
    }
  }

  #count(query: Query, current: unknown): number {
    let count = 0;
    this.walk(query, current, () => count++);
    return count;
  }

  #value(operand: Operand, current: unknown): unknown {
    switch (operand.type) {
      case "literal":
        return operand.value;
      case "count":
        return this.#count(operand.query, current);
      case "length":
        return lengthOf(this.#value(operand.of, current));
      case "value": {
        const values: unknown[] = [];
        this.walk(operand.query, current, (value) => values.push(value));
        return values.length === 1 ? values[0] : NOTHING;
      }
    }
  }

  #compare(by: Comparison, left: unknown, right: unknown): boolean {
    switch (by) {
      case "==":
        return this.#equal(left, right);
      case "!=":
        return !this.#equal(left, right);
      case "<":
        return less(left, right);
      case ">":
        return less(right, left);
      case "<=":
        return less(left, right) || this.#equal(left, right);
      case ">=":
        return less(right, left) || this.#equal(left, right);
    }
  }

  #equal(left: unknown, right: unknown): boolean {
    if (this.#left-- <= 0) return false;
    if (Array.isArray(left)) {
      return Array.isArray(right) && left.length === right.length &&
        left.every((each, at) => this.#equal(each, right[at]));
    }
    if (!isObject(left) || !isObject(right)) return left === right;
    const keys = Object.keys(left);
    return keys.length === Object.keys(right).length &&
      keys.every((key) =>
        Object.hasOwn(right, key) && this.#equal(left[key], right[key])
      );
  }
}

function less(left: unknown, right: unknown): boolean {
  if (typeof left === "number" && typeof right === "number") {
    return left < right;
  }
  return typeof left === "string" && typeof right === "string" &&
    byCodePoints(left, right) < 0;
}

/** Half a pair counts as what the pair stands for: RFC 9535 compares characters. */
function byCodePoints(left: string, right: string): number {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  const [a = -1, b = -1] = [left, right].map((text) => rank(text, at));
  return a - b;
}

/** Surrogates come after every character that needs none. */
function rank(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (Number.isNaN(unit)) return -1;
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function lengthOf(value: unknown): unknown {
  if (typeof value === "string") return codePoints(value);
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : NOTHING;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

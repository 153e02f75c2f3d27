/**
 * Reading the fields of a JSON object that was given to `/_mock`: nothing is guessed, and what
 * is wrong is named.
 *
 * @module
 */

import { suggest } from "../config/near.ts";
import { isObject, own, typeName } from "../wire/json.ts";
import { AdminError } from "./route.ts";

/** The fields of an object, of which only `known` ones may be there. */
export class Fields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #at: string;

  /** Takes `value` for an object; `at` is its path, empty for the whole body. */
  constructor(value: unknown, known: readonly string[], at = "") {
    if (!isObject(value)) {
      const what = at === "" ? "the body" : at;
      throw new AdminError(
        400,
        `Expected ${what} to be an object, but got ${typeName(value)}`,
        { field: at },
      );
    }
    this.#object = value;
    this.#at = at;
    const unknown = Object.keys(value).find((name) => !known.includes(name));
    if (unknown !== undefined) {
      const shown = unknown.slice(0, 60).toWellFormed();
      const message = `There is no field "${shown}". ${suggest(shown, known)}`;
      throw new AdminError(400, message, { field: this.pathOf(shown) });
    }
  }

  /** Where the field `name` is. */
  pathOf(name: string): string {
    return this.#at === "" ? name : `${this.#at}.${name}`;
  }

  /** Whether `name` is given. */
  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** Whatever `name` is; undefined when it is not given. */
  get(name: string): unknown {
    return own(this.#object, name);
  }

  /** The text `name`. */
  text(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === "string") return value;
    throw this.wrong(name, "a string");
  }

  /** The text `name`, or a number or truth value as text. */
  word(name: string): string | undefined {
    const value = this.get(name);
    if (typeof value === "number" || typeof value === "boolean") {
      return String(value);
    }
    return this.text(name);
  }

  /** The number `name`: whole, and not below zero. */
  count(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
    throw this.wrong(name, "a whole number of at least 0");
  }

  /** Whether `name` is there; it can only be true. */
  flag(name: string): boolean {
    const value = this.get(name);
    if (value === undefined || value === true) return value === true;
    throw this.wrong(name, "true, or nothing");
  }

  /** The list `name`. */
  list(name: string): readonly unknown[] | undefined {
    const value = this.get(name);
    if (value === undefined || Array.isArray(value)) return value;
    throw this.wrong(name, "an array");
  }

  /** What is thrown when `name` is not what it must be. */
  wrong(name: string, wanted: string): AdminError {
    const path = this.pathOf(name);
    return new AdminError(
      400,
      `Expected ${path} to be ${wanted}, but got ${typeName(this.get(name))}`,
      { field: path },
    );
  }
}

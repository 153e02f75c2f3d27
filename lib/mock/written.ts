/**
 * Objects of a program as a configuration file would have them: values that remember where they
 * stand, in a text that is made for the purpose. So what is wrong with them is told as it is of
 * a file, excerpt and all.
 *
 * @module
 */

import type { Entry, Scalar, Value } from "../config/value.ts";

/** An object, written down. */
export interface Written {
  /** The text that places point into. */
  readonly text: string;
  /** What it says. */
  readonly value: Value;
}

/** Writes `given` down. */
export function write(given: unknown): Written {
  const writer = new Writer();
  const value = writer.value(given, "");
  return { text: writer.text, value };
}

class Writer {
  text = "";
  readonly #inside = new Set<object>();

  value(given: unknown, indent: string): Value {
    if (typeof given === "function") return this.#function();
    if (given instanceof RegExp) return this.#regExp(given);
    if (typeof given !== "object" || given === null) return this.#scalar(given);
    if (this.#inside.has(given)) {
      throw new TypeError("An object that holds itself cannot be configured");
    }
    this.#inside.add(given);
    const value = Array.isArray(given)
      ? this.#list(given, indent)
      : this.#table(given, indent);
    this.#inside.delete(given);
    return value;
  }

  /** Of no kind that a file has: whatever wants text, a number or a list says that it is none. */
  #function(): Value {
    return { type: "table", ...this.#put("function"), entries: new Map() };
  }

  #regExp({ source, flags }: RegExp): Scalar {
    const text = `/${source}/${flags.replace(/[dgy]/g, "")}`;
    return { type: "scalar", ...this.#put(text), text, plain: false };
  }

  /** Text is never more than text here, where a file has no quotes to say so. */
  #scalar(given: unknown): Scalar {
    const plain = typeof given !== "string";
    const text = given === undefined ? "null" : String(given);
    const span = this.#put(plain ? text : JSON.stringify(given));
    return { type: "scalar", ...span, text, plain };
  }

  #list(given: readonly unknown[], indent: string): Value {
    const start = this.text.length;
    const items: Value[] = [];
    this.#lines("[]", given, indent, (item) => {
      items.push(this.value(item, `${indent}  `));
    });
    return { type: "list", start, end: this.text.length, items };
  }

  /** What is undefined is left out, as JSON does. */
  #table(given: object, indent: string): Value {
    const start = this.text.length;
    const entries = new Map<string, Entry>();
    const said = Object.entries(given).filter(([, item]) => item !== undefined);
    this.#lines("{}", said, indent, ([name, item]) => {
      const key = this.#put(
        /^[\w$]+$/.test(name) ? name : JSON.stringify(name),
      );
      this.text += ": ";
      entries.set(name, { key, value: this.value(item, `${indent}  `) });
    });
    return { type: "table", start, end: this.text.length, entries };
  }

  #lines<Item>(
    [open = "", close = ""]: string,
    items: readonly Item[],
    indent: string,
    put: (item: Item) => void,
  ): void {
    this.text += open;
    for (const [at, item] of items.entries()) {
      this.text += `${at === 0 ? "" : ","}\n${indent}  `;
      put(item);
    }
    this.text += items.length === 0 ? close : `\n${indent}${close}`;
  }

  #put(text: string): { start: number; end: number } {
    const start = this.text.length;
    this.text += text;
    return { start, end: this.text.length };
  }
}

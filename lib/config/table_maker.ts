/**
 * Makes tables of responses, in the process that reads.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Answer } from "../match/rule.ts";
import type { Answers } from "./table.ts";
import {
  hashOf,
  KEY,
  layoutOf,
  ROW,
  slotsFor,
  type TableShape,
} from "./table_layout.ts";

/** A table, ready to cross to another process. */
export interface Table {
  /** What the bytes mean. */
  readonly shape: TableShape;
  /** Numbers first, then text. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** `answers` as a table. Those by normalised prompts come in the same order as the others. */
export function makeTable({ exact, normalised }: Answers): Table {
  const maker = new Maker();
  const folds = normalised.entries();
  let fold = folds.next();
  for (const [prompt, answer] of exact) {
    const folded = fold.done !== true && fold.value[1] === answer
      ? fold.value[0]
      : undefined;
    maker.enter(prompt, answer, folded);
    if (folded !== undefined) fold = folds.next();
  }
  if (fold.done !== true) throw new TypeError("Answers are out of order");
  return maker.make();
}

/** Collects answers; counts and encodes once it has all of them, for that is faster by far. */
class Maker {
  readonly #files = new Map<string, number>();
  readonly #texts: string[] = [];
  /** Where the texts of each row begin, its line, its file. */
  readonly #rows: number[] = [];
  /** Where the text of each normalised prompt is, and its row. */
  readonly #folds: number[] = [];

  enter(prompt: string, answer: Answer, folded: string | undefined): void {
    const { text, place } = answer;
    const row = this.#rows.length / 3;
    const at = this.#texts.push(prompt, text) - 2;
    const colon = place.lastIndexOf(":");
    const line = Number(place.slice(colon + 1));
    this.#rows.push(at, line, this.#fileOf(place.slice(0, colon)));
    if (folded === prompt) this.#folds.push(at, row);
    else if (folded !== undefined) {
      this.#folds.push(this.#texts.push(folded) - 1, row);
    }
  }

  make(): Table {
    const rows = this.#rows.length / 3;
    const folded = this.#folds.length / 2;
    const text = new Text(this.#texts);
    const exactKeys = new Keys(rows, text);
    for (let row = 0; row < rows; row++) {
      exactKeys.add(this.#rows[3 * row] as number, row);
    }
    const foldedKeys = new Keys(folded, text);
    for (let at = 0; at < this.#folds.length; at += 2) {
      foldedKeys.add(this.#folds[at] as number, this.#folds[at + 1] as number);
    }
    const shape: TableShape = {
      files: [...this.#files.keys()],
      rows,
      folded,
      keyBytesMax: Math.max(exactKeys.bytesMax, foldedKeys.bytesMax),
      textBytes: text.bytes.length,
    };
    const numbers = this.#numbers(text);
    return {
      shape,
      bytes: joined(shape, numbers, exactKeys, foldedKeys, text),
    };
  }

  #numbers({ starts }: Text): Uint32Array {
    const rows = this.#rows;
    const numbers = new Uint32Array(ROW * rows.length / 3);
    for (let from = 0, to = 0; from < rows.length; from += 3, to += ROW) {
      const at = rows[from] as number;
      numbers[to] = starts[at] as number;
      numbers[to + 1] = starts[at + 1] as number;
      numbers[to + 2] = starts[at + 2] as number;
      numbers[to + 3] = rows[from + 1] as number;
      numbers[to + 4] = rows[from + 2] as number;
    }
    return numbers;
  }

  #fileOf(name: string): number {
    const known = this.#files.get(name) ?? this.#files.size;
    if (known === this.#files.size) this.#files.set(name, known);
    return known;
  }
}

function joined(
  shape: TableShape,
  rows: Uint32Array,
  exact: Keys,
  folded: Keys,
  text: Text,
): Uint8Array<ArrayBuffer> {
  const at = layoutOf(shape);
  const bytes = new Uint8Array(at.end);
  const numbers = new Uint32Array(bytes.buffer, 0, at.text / 4);
  numbers.set(rows);
  numbers.set(exact.numbers, at.exact / 4);
  numbers.set(exact.slots, at.exactSlots / 4);
  numbers.set(folded.numbers, at.folded / 4);
  numbers.set(folded.slots, at.foldedSlots / 4);
  bytes.set(text.bytes, at.text);
  return bytes;
}

/** Texts one after the other. */
class Text {
  readonly bytes: Uint8Array;
  /** Where each begins, and where the last ends. */
  readonly starts: Uint32Array;

  constructor(texts: readonly string[]) {
    const whole = texts.join("");
    this.bytes = new TextEncoder().encode(whole);
    this.starts = new Uint32Array(texts.length + 1);
    const ascii = this.bytes.length === whole.length;
    let end = 0;
    for (let index = 0; index < texts.length; index++) {
      const text = texts[index] as string;
      end += ascii ? text.length : Buffer.byteLength(text);
      this.starts[index + 1] = end;
    }
  }
}

/** Keys, and the slots by which their hashes find them. */
class Keys {
  readonly numbers: Uint32Array;
  readonly slots: Uint32Array;
  readonly #text: Text;
  #count = 0;
  bytesMax = 0;

  constructor(count: number, text: Text) {
    this.numbers = new Uint32Array(KEY * count);
    this.slots = new Uint32Array(slotsFor(count));
    this.#text = text;
  }

  /** Adds the key that is the `index`th text. */
  add(index: number, row: number): void {
    const { numbers, slots } = this;
    const start = this.#text.starts[index] as number;
    const end = this.#text.starts[index + 1] as number;
    const hash = hashOf(this.#text.bytes, start, end);
    const at = KEY * this.#count++;
    numbers[at] = start;
    numbers[at + 1] = end;
    numbers[at + 2] = hash;
    numbers[at + 3] = row;
    const mask = slots.length - 1;
    let slot = hash & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = this.#count;
    this.bytesMax = Math.max(this.bytesMax, end - start);
  }
}

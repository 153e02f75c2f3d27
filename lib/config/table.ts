/**
 * Responses as the bytes they came in, and numbers that say where each stands.
 *
 * Thousands of answers as objects cost the process that serves milliseconds of garbage
 * collection at each reload, all of it while requests wait. Here they are one stretch of memory
 * that is not looked into before somebody asks; an answer becomes text when it is first given.
 *
 * @module
 */

import type { Answer, Config } from "../match/rule.ts";
import {
  hashOf,
  hashOfAscii,
  KEY,
  layoutOf,
  ROW,
  type TableShape,
} from "./table_layout.ts";

/** How many responses a change concerned. */
export interface ResponsesChanged {
  /** Prompts that are new. */
  readonly added: number;
  /** Prompts that are no more. */
  readonly removed: number;
  /** Prompts with another answer. */
  readonly altered: number;
}

/** How many rows are compared before others have their turn. */
const STEP_ROWS = 500;

/** Both ways to find an answer. */
export type Answers = Pick<Config, "exact" | "normalised">;

/** The answers in `bytes`, which are {@linkcode tableBytes} long. */
export function openTable(shape: TableShape, bytes: Uint8Array): Answers {
  const at = layoutOf(shape);
  const numbers = (from: number, to: number) =>
    new Uint32Array(bytes.buffer, bytes.byteOffset + from, (to - from) / 4);
  const rows = new Rows(
    shape,
    numbers(at.rows, at.exact),
    bytes.subarray(at.text),
  );
  return {
    exact: new TableIndex(
      rows,
      numbers(at.exact, at.exactSlots),
      numbers(at.exactSlots, at.folded),
    ),
    normalised: new TableIndex(
      rows,
      numbers(at.folded, at.foldedSlots),
      numbers(at.foldedSlots, at.text),
    ),
  };
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
const SCRATCH = new Uint8Array(4 * 1024);

/** A text as UTF-8; good until the next call. */
function encoded(text: string): Uint8Array {
  if (3 * text.length > SCRATCH.length) return ENCODER.encode(text);
  return SCRATCH.subarray(0, ENCODER.encodeInto(text, SCRATCH).written);
}

/** The answers; each is made when it is first asked for, and stays the same object. */
class Rows {
  readonly shape: TableShape;
  readonly text: Uint8Array;
  readonly #numbers: Uint32Array;
  readonly #answers = new Map<number, Answer>();

  constructor(shape: TableShape, numbers: Uint32Array, text: Uint8Array) {
    this.shape = shape;
    this.text = text;
    this.#numbers = numbers;
  }

  answer(row: number): Answer {
    const made = this.#answers.get(row);
    if (made !== undefined) return made;
    const at = ROW * row;
    const [prompt = 0, answer = 0, end = 0, line = 0, file = 0] = this.#numbers
      .subarray(at, at + ROW);
    const name = this.shape.files[file] ?? "";
    const now: Answer = {
      prompt: this.slice(prompt, answer),
      text: this.slice(answer, end),
      place: line === 0 ? name : `${name}:${line}`,
    };
    this.#answers.set(row, now);
    return now;
  }

  slice(start: number, end: number): string {
    return DECODER.decode(this.text.subarray(start, end));
  }

  /** Whether it says the same as a row of other answers. */
  saysSame(row: number, others: Rows, other: number): boolean {
    const at = ROW * row, otherAt = ROW * other;
    return sameBytes(
      this.text,
      this.#numbers[at + 1] as number,
      this.#numbers[at + 2] as number,
      others.text,
      others.#numbers[otherAt + 1] as number,
      others.#numbers[otherAt + 2] as number,
    );
  }
}

/** One way to find an answer: by the text of a key. Reads like a map. */
export class TableIndex implements ReadonlyMap<string, Answer> {
  readonly #rows: Rows;
  readonly #keys: Uint32Array;
  readonly #slots: Uint32Array;

  constructor(rows: Rows, keys: Uint32Array, slots: Uint32Array) {
    this.#rows = rows;
    this.#keys = keys;
    this.#slots = slots;
  }

  get size(): number {
    return this.#keys.length / KEY;
  }

  get(key: string): Answer | undefined {
    const found = this.#find(key);
    return found < 0 ? undefined : this.#rows.answer(this.#rowOf(found));
  }

  has(key: string): boolean {
    return this.#find(key) >= 0;
  }

  *keys(): Generator<string, undefined> {
    for (let key = 0; key < this.size; key++) yield this.#textOf(key);
  }

  *values(): Generator<Answer, undefined> {
    for (let key = 0; key < this.size; key++) {
      yield this.#rows.answer(this.#rowOf(key));
    }
  }

  *entries(): Generator<[string, Answer], undefined> {
    for (let key = 0; key < this.size; key++) {
      yield [this.#textOf(key), this.#rows.answer(this.#rowOf(key))];
    }
  }

  [Symbol.iterator](): Generator<[string, Answer], undefined> {
    return this.entries();
  }

  forEach(
    act: (value: Answer, key: string, map: ReadonlyMap<string, Answer>) => void,
  ): void {
    for (const [key, value] of this) act(value, key, this);
  }

  /** How this differs from `before`, some rows at a time. */
  *changesSince(before: TableIndex): Generator<undefined, ResponsesChanged> {
    let kept = 0;
    let altered = 0;
    for (let key = 0; key < this.size; key++) {
      if (key % STEP_ROWS === 0) yield;
      const at = KEY * key;
      const old = before.#seek(
        this.#rows.text,
        this.#keys[at] as number,
        this.#keys[at + 1] as number,
        this.#keys[at + 2] as number,
      );
      if (old < 0) continue;
      kept++;
      const same = this.#rows.saysSame(
        this.#rowOf(key),
        before.#rows,
        before.#rowOf(old),
      );
      if (!same) altered++;
    }
    return {
      added: this.size - kept,
      removed: before.size - kept,
      altered,
    };
  }

  /** The number of a key; negative when it is none. */
  #find(key: string): number {
    if (key.length > this.#rows.shape.keyBytesMax) return -1;
    const hash = hashOfAscii(key);
    if (hash >= 0) return this.#seekAscii(key, hash);
    if (!key.isWellFormed()) return -1;
    const bytes = encoded(key);
    const { length } = bytes;
    return this.#seek(bytes, 0, length, hashOf(bytes, 0, length));
  }

  #seek(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const { text } = this.#rows;
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask;; slot = (slot + 1) & mask) {
      const key = (this.#slots[slot] as number) - 1;
      if (key < 0) return -1;
      const at = KEY * key;
      const from = this.#keys[at] as number;
      const to = this.#keys[at + 1] as number;
      const alike = this.#keys[at + 2] === hash &&
        sameBytes(bytes, start, end, text, from, to);
      if (alike) return key;
    }
  }

  /** The same for a key that is its own bytes, which most are. */
  #seekAscii(key: string, hash: number): number {
    const { text } = this.#rows;
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask;; slot = (slot + 1) & mask) {
      const found = (this.#slots[slot] as number) - 1;
      if (found < 0) return -1;
      const at = KEY * found;
      const from = this.#keys[at] as number;
      const length = this.#keys[at + 1] as number - from;
      const alike = this.#keys[at + 2] === hash && key.length === length &&
        isAt(text, from, key);
      if (alike) return found;
    }
  }

  #rowOf(key: number): number {
    return this.#keys[KEY * key + 3] as number;
  }

  #textOf(key: number): string {
    const at = KEY * key;
    return this.#rows.slice(
      this.#keys[at] as number,
      this.#keys[at + 1] as number,
    );
  }
}

/** Whether the ASCII text `key` stands in `bytes` at `from`. */
function isAt(bytes: Uint8Array, from: number, key: string): boolean {
  for (let at = 0; at < key.length; at++) {
    if (bytes[from + at] !== key.charCodeAt(at)) return false;
  }
  return true;
}

function sameBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): boolean {
  if (aEnd - aStart !== bEnd - bStart) return false;
  for (let at = aStart, other = bStart; at < aEnd; at++, other++) {
    if (a[at] !== b[other]) return false;
  }
  return true;
}

/**
 * What came of the files as bytes, so that it can cross from the process that reads to the one
 * that serves: a line of JSON with all that is short, lines with some items of what is long
 * (rules, models), then the responses as a table, which is taken in as it comes. However large
 * the files, serving never waits for more than one line.
 *
 * @module
 */

import type { Problem } from "../core/problem.ts";
import type { Config } from "../match/rule.ts";
import type { Verdict } from "./compile.ts";
import { openTable } from "./table.ts";
import { tableBytes, type TableShape } from "./table_layout.ts";
import { makeTable } from "./table_maker.ts";

/** About how long a line of items is, in UTF-16 code units; one item is never split. */
const LINE_CHARS = 16 * 1024;

/** What may be long, and so crosses in slices. */
const LISTS = ["rules", "models"] as const;

/** The first line. */
interface Head {
  readonly config?: Omit<Config, "exact" | "normalised" | Lists>;
  /** What the responses look like; there are some whenever there is a configuration. */
  readonly shape?: TableShape;
  /** How many lines of items follow. */
  readonly lines: number;
  readonly problems: readonly Problem[];
  readonly more: number;
}

type Lists = typeof LISTS[number];

/** A line of items. */
type Slice = readonly [list: Lists, items: readonly unknown[]];

/** The bytes of a verdict. */
export function* pack(
  { config, problems, more }: Verdict,
): Generator<Uint8Array> {
  if (config === undefined) {
    return yield line({ lines: 0, problems, more } satisfies Head);
  }
  const { exact, normalised, rules, models, ...rest } = config;
  const slices = [...slicesOf("rules", rules), ...slicesOf("models", models)];
  const { shape, bytes } = makeTable({ exact, normalised });
  const { length: lines } = slices;
  yield line({ config: rest, shape, lines, problems, more } satisfies Head);
  for (const slice of slices) yield slice;
  yield bytes;
}

function* slicesOf(
  list: Lists,
  items: readonly unknown[],
): Generator<Uint8Array> {
  let some: unknown[] = [];
  let chars = 0;
  for (const item of items) {
    some.push(item);
    chars += JSON.stringify(item).length;
    if (chars < LINE_CHARS) continue;
    yield line([list, some] satisfies Slice);
    some = [];
    chars = 0;
  }
  if (some.length > 0) yield line([list, some] satisfies Slice);
}

function line(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`);
}

/** Takes the bytes of {@linkcode pack} in again, in whatever pieces they come. */
export class Unpacking {
  #line: Uint8Array[] = [];
  #head: Head | undefined;
  #linesLeft = 1;
  readonly #lists: Record<Lists, unknown[]> = { rules: [], models: [] };
  #table: Uint8Array = new Uint8Array();
  #filled = 0;

  /** The verdict, once all of it was taken. */
  get verdict(): Verdict | undefined {
    if (this.#head === undefined || this.#linesLeft > 0) return undefined;
    if (this.#filled < this.#table.length) return undefined;
    const { config, shape, problems, more } = this.#head;
    if (config === undefined || shape === undefined) {
      return { config: undefined, problems, more };
    }
    const lists = this.#lists as unknown as Pick<Config, Lists>;
    const answers = openTable(shape, this.#table);
    return { config: { ...config, ...lists, ...answers }, problems, more };
  }

  /** Takes the next bytes. */
  take(bytes: Uint8Array): void {
    let rest = bytes;
    while (this.#linesLeft > 0 && rest.length > 0) {
      const end = rest.indexOf(NEW_LINE);
      this.#line.push(end < 0 ? rest : rest.subarray(0, end));
      rest = end < 0 ? rest.subarray(rest.length) : rest.subarray(end + 1);
      if (end >= 0) this.#takeLine();
    }
    const room = this.#table.length - this.#filled;
    this.#table.set(rest.subarray(0, room), this.#filled);
    this.#filled += Math.min(rest.length, room);
  }

  #takeLine(): void {
    const text = joined(this.#line);
    this.#line = [];
    this.#linesLeft--;
    if (this.#head === undefined) {
      const head = this.#head = JSON.parse(text) as Head;
      this.#linesLeft = head.lines;
      if (head.shape !== undefined) {
        this.#table = new Uint8Array(tableBytes(head.shape));
      }
    } else {
      const [list, items] = JSON.parse(text) as Slice;
      this.#lists[list].push(...items);
    }
  }
}

const NEW_LINE = 10;

function joined(parts: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  const texts = parts.map((part) => decoder.decode(part, { stream: true }));
  return texts.join("") + decoder.decode();
}

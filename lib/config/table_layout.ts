/**
 * Where what is in a table of responses: two rows of numbers a response, two tables of hashes,
 * then text. The process that makes one and the process that looks into it agree on this.
 *
 * @module
 */

/** What the bytes of a table mean: how much there is of what, in this order. */
export interface TableShape {
  /** Files that the answers stand in. */
  readonly files: readonly string[];
  /** How many answers there are. */
  readonly rows: number;
  /** How many normalised prompts lead to one. */
  readonly folded: number;
  /** Length of the longest key. */
  readonly keyBytesMax: number;
  /** Length of all text. */
  readonly textBytes: number;
}

/** Numbers of a row: where its prompt, its answer and the end of it are, its line, its file. */
export const ROW = 5;
/** Numbers of a key: where its text begins and ends, its hash, its row. */
export const KEY = 4;

/** Where each part of a table is, in bytes. */
export interface Layout {
  /** Rows. */
  readonly rows: number;
  /** Keys by prompts as written. */
  readonly exact: number;
  /** Their hashes. */
  readonly exactSlots: number;
  /** Keys by normalised prompts. */
  readonly folded: number;
  /** Their hashes. */
  readonly foldedSlots: number;
  /** Text. */
  readonly text: number;
  /** Nothing more. */
  readonly end: number;
}

/** How many bytes a table of this shape takes. */
export function tableBytes(shape: TableShape): number {
  return layoutOf(shape).end;
}

/** Where its parts begin. */
export function layoutOf({ rows, folded, textBytes }: TableShape): Layout {
  const exact = 4 * ROW * rows;
  const exactSlots = exact + 4 * KEY * rows;
  const foldedAt = exactSlots + 4 * slotsFor(rows);
  const foldedSlots = foldedAt + 4 * KEY * folded;
  const text = foldedSlots + 4 * slotsFor(folded);
  const end = text + textBytes;
  return {
    rows: 0,
    exact,
    exactSlots,
    folded: foldedAt,
    foldedSlots,
    text,
    end,
  };
}

/** How many slots so many keys need: a power of two, at least half of them free. */
export function slotsFor(keys: number): number {
  return 2 ** Math.ceil(Math.log2(2 * keys + 1));
}

/** The hash of a stretch of bytes: FNV-1a, its bits mixed well enough for a mask. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) {
    hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  }
  return mixed(hash);
}

/** The hash of the bytes of `text`, without making them; -1 unless it is ASCII, where they are its characters. */
export function hashOfAscii(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return -1;
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  return mixed(hash);
}

function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (half ^ (half >>> 13)) >>> 0;
}

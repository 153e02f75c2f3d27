/**
 * A short way for large files, which programs write: `responses:` first, and below it one simple entry
 * a line. Three to ten times as fast as the YAML library: an edit of 2 MB is seen in half a second.
 *
 * Takes only what it is sure of, and says the same as the library does of it
 * (`tests/config/quick_test.ts`); whatever else a file holds, the library reads.
 *
 * @module
 */

import type { Entry, Scalar, Table } from "./value.ts";

/** The entries of `responses`, and the text without them. */
export interface Quick {
  /** What stands below `responses:`. */
  readonly responses: Table;
  /** The text, as long as before, with a comment in their place. */
  readonly rest: string;
}

/** Reads the entries of `responses` if they are simple; undefined if anything is not. */
export function readQuickly(text: string): Quick | undefined {
  const start = BEFORE.exec(text)?.[0].length;
  if (start === undefined) return undefined;
  const entries = new Map<string, Entry>();
  const end = readEntries(text, start, entries);
  if (end === undefined || entries.size === 0) return undefined;
  const comment = `#${".".repeat(end - start - 2)}\n`;
  return {
    responses: { type: "table", start, end, entries },
    rest: text.slice(0, start) + comment + text.slice(end),
  };
}

/** Comments, then `responses:` at the left margin with nothing beside it. Not endless: each line costs stack. */
const BEFORE = /^(?: *(?:#[^\n\r]*)?\n){0,1000}responses:[ ]*\n/;

/** Blank lines and comments, skipped. */
const EMPTY = /(?: *(?:#[^\n\r]*)?\n){1,1000}/y;

const DOUBLE = String.raw`"(?:[^"\\\n\r]|\\["\\/nt])*"`;
const SINGLE = String.raw`'(?:[^'\n\r]|'')*'`;
/** Nothing in it can mean anything to YAML. */
const PLAIN = String.raw`[A-Za-z0-9](?:[\w .,;!?()/+=-]*[\w.,;!?()/+=-])?`;
const TEXT = `(${DOUBLE}|${SINGLE}|${PLAIN})`;
const ENTRY = new RegExp(`( +)${TEXT}:( +)${TEXT} *\\n`, "y");

/** Fills `entries`; where they end, if that is where a line begins at the left margin. */
function readEntries(
  text: string,
  start: number,
  entries: Map<string, Entry>,
): number | undefined {
  let at = start;
  let indent: string | undefined;
  while (at < text.length) {
    at = skip(text, at);
    ENTRY.lastIndex = at;
    const [line, blanks = "", key = "", gap = "", value = ""] =
      ENTRY.exec(text) ?? [];
    if (line === undefined) return text[at] === " " ? undefined : at;
    indent ??= blanks;
    const keyStart = at + blanks.length;
    const name = scalar(key, keyStart);
    if (blanks !== indent || entries.has(name.text)) return undefined;
    const valueStart = keyStart + key.length + 1 + gap.length;
    const span = { start: keyStart, end: keyStart + key.length };
    entries.set(name.text, { key: span, value: scalar(value, valueStart) });
    at += line.length;
  }
  return at;
}

function skip(text: string, at: number): number {
  EMPTY.lastIndex = at;
  return at + (EMPTY.exec(text)?.[0].length ?? 0);
}

function scalar(source: string, start: number): Scalar {
  const span = { type: "scalar", start, end: start + source.length } as const;
  const inner = source.slice(1, -1);
  if (source.startsWith("'")) {
    return { ...span, text: inner.replaceAll("''", "'"), plain: false };
  }
  if (!source.startsWith('"')) return { ...span, text: source, plain: true };
  const text = inner.replace(
    /\\(.)/g,
    (_all, escaped: string) => ESCAPES[escaped] ?? escaped,
  );
  return { ...span, text: text.toWellFormed(), plain: false };
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t" };

/**
 * `citations` of a text → where it was found, what is left out filled in.
 *
 * @module
 */

import type { Citation, DocumentCitation } from "../core/reply.ts";
import { CITATION_TYPES, type CitationType } from "./citation_shape.ts";
import { type Path, pathOf, reportNothing, shortPath } from "./complain.ts";
import { type Findings, quote } from "./findings.ts";
import { type Entry, isNull, numberOf, type Table, textOf } from "./value.ts";

/** The citations of a block that says `text`; what is wrong with them, as far as their shape cannot tell, is noted. */
export function citationsAt(
  { key, value }: Entry,
  text: string,
  path: Path,
  findings: Findings,
): readonly Citation[] {
  if (value.type !== "list") return [];
  if (value.items.length === 0) {
    findings.error({
      code: "empty",
      message: `${quote(shortPath(path))} holds nothing`,
      at: key,
      path: pathOf(path),
      remedy:
        "Remove it, or write at least one: citations: [{ url: https://example.com/ }]",
    });
  }
  return value.items.flatMap((item, at) =>
    item.type === "table"
      ? citationAt(item, text, [...path, at], findings) ?? []
      : []
  );
}

/** The keys that each kind has besides `type` and `cited_text`. */
const KEYS_OF: Readonly<Record<CitationType, readonly string[]>> = {
  web_search_result_location: ["url", "title", "encrypted_index"],
  search_result_location: [
    "source",
    "title",
    "search_result_index",
    "start_block_index",
    "end_block_index",
  ],
  page_location: [
    "start_page_number",
    "end_page_number",
    "document_index",
    "document_title",
    "file_id",
  ],
  content_block_location: [
    "start_block_index",
    "end_block_index",
    "document_index",
    "document_title",
    "file_id",
  ],
  char_location: [
    "start_char_index",
    "end_char_index",
    "document_index",
    "document_title",
    "file_id",
  ],
};

/** A key by which a kind is known, in the order in which they are looked for. */
const SIGNS: readonly (readonly [string, CitationType])[] = [
  ["url", "web_search_result_location"],
  ["encrypted_index", "web_search_result_location"],
  ["source", "search_result_location"],
  ["search_result_index", "search_result_location"],
  ["start_page_number", "page_location"],
  ["end_page_number", "page_location"],
  ["start_block_index", "content_block_location"],
  ["end_block_index", "content_block_location"],
];

/** Undefined where it is said and is none. */
function typeOf({ entries }: Table): CitationType | undefined {
  const entry = entries.get("type");
  if (entry !== undefined) {
    return CITATION_TYPES.find((type) => type === textOf(entry.value));
  }
  return SIGNS.find(([name]) => entries.has(name))?.[1] ?? "char_location";
}

function citationAt(
  citation: Table,
  text: string,
  path: Path,
  findings: Findings,
): Citation | undefined {
  const type = typeOf(citation);
  if (type === undefined) return undefined;
  if (!hasOnlyItsOwn(citation, type, path, findings)) return undefined;
  const { entries } = citation;
  const words = (name: string) => textOf(entries.get(name)?.value);
  const quoted = words("cited_text") ?? text;
  const range = (from: string, to: string, first: number, length = 1) =>
    rangeAt(citation, [from, to], first, length, path, findings);
  const title = words("title") ?? null;
  switch (type) {
    case "web_search_result_location": {
      const url = neededAt(citation, "url", path, findings);
      const index = words("encrypted_index");
      return url === undefined
        ? undefined
        : { type: "web", quoted, url, title, ...(index && { index }) };
    }
    case "search_result_location": {
      const source = neededAt(citation, "source", path, findings);
      const blocks = range("start_block_index", "end_block_index", 0);
      const result = numberOf(entries.get("search_result_index")?.value) ?? 0;
      return source === undefined || blocks === undefined
        ? undefined
        : { type: "search", quoted, source, title, result, ...blocks };
    }
    case "page_location":
      return documentAt(
        citation,
        quoted,
        "page",
        range("start_page_number", "end_page_number", 1),
      );
    case "content_block_location":
      return documentAt(
        citation,
        quoted,
        "block",
        range("start_block_index", "end_block_index", 0),
      );
    case "char_location":
      return documentAt(
        citation,
        quoted,
        "char",
        range("start_char_index", "end_char_index", 0, [...quoted].length),
      );
  }
}

/** A stretch of places; the end is the first beyond. */
type Range = Pick<DocumentCitation, "start" | "end">;

function documentAt(
  { entries }: Table,
  quoted: string,
  unit: DocumentCitation["unit"],
  range: Range | undefined,
): Citation | undefined {
  return range && {
    type: "document",
    quoted,
    document: numberOf(entries.get("document_index")?.value) ?? 0,
    title: textOf(entries.get("document_title")?.value) ?? null,
    fileId: textOf(entries.get("file_id")?.value) ?? null,
    unit,
    ...range,
  };
}

/** Whether it has no key of another kind; if it has, says so. */
function hasOnlyItsOwn(
  { entries }: Table,
  type: CitationType,
  path: Path,
  findings: Findings,
): boolean {
  const known = Object.values(KEYS_OF).flat();
  const stray = [...entries].find(([name]) =>
    known.includes(name) && !KEYS_OF[type].includes(name)
  );
  if (stray === undefined) return true;
  const [name, { key }] = stray;
  findings.error({
    code: "two-contents",
    message: `${quote(name)} does not belong to a ${type}`,
    at: key,
    path: pathOf([...path, name]),
    remedy: `Remove it: a ${type} has ${KEYS_OF[type].join(", ")}`,
  });
  return false;
}

/** The text of a key that must be there; undefined, with the reason noted, if it is not. */
function neededAt(
  { entries, ...at }: Table,
  name: string,
  path: Path,
  findings: Findings,
): string | undefined {
  const entry = entries.get(name);
  if (entry !== undefined) {
    if (isNull(entry.value)) reportNothing(entry, [...path, name], findings);
    return textOf(entry.value);
  }
  findings.error({
    code: "no-content",
    message: `The citation has no ${quote(name)}`,
    at,
    path: pathOf(path),
    remedy: `Say where it was found: ${name}: https://example.com/`,
  });
  return undefined;
}

/** The places from one key to the other; undefined, with the reason noted, if they are none. */
function rangeAt(
  { entries }: Table,
  [from, to]: readonly [string, string],
  first: number,
  length: number,
  path: Path,
  findings: Findings,
): Range | undefined {
  const start = numberOf(entries.get(from)?.value) ?? first;
  const end = numberOf(entries.get(to)?.value);
  if (end === undefined) return { start, end: start + Math.max(1, length) };
  if (end > start) return { start, end };
  findings.error({
    code: "wrong-value",
    message: `${quote(to)} must be greater than ${quote(from)}, ${start}`,
    at: entries.get(to)?.value ?? entries.get(from)?.key ??
      { start: 0, end: 0 },
    path: pathOf([...path, to]),
    remedy: `It is the first beyond the quotation: ${to}: ${start + 1}`,
  });
  return undefined;
}

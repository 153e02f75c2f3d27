/**
 * How Anthropic's Messages API says what a text was taken from.
 *
 * @module
 */

import { ALPHABETS } from "../core/random.ts";
import type { Citation, DocumentCitation } from "../core/reply.ts";
import type { JsonObject } from "../wire/json.ts";
import type { Stamp } from "./dialect.ts";

/** One citation, its keys in the provider's order. */
export function citationOf(
  citation: Citation,
  modern: boolean,
  stamp: Stamp,
): JsonObject {
  const cited_text = citation.quoted.toWellFormed();
  const title = citation.title?.toWellFormed() ?? null;
  switch (citation.type) {
    case "document":
      return documentCitation(citation, cited_text, title, modern);
    case "web":
      return {
        type: "web_search_result_location",
        cited_text,
        url: citation.url.toWellFormed(),
        title,
        encrypted_index: citation.index?.toWellFormed() ??
          `Eo8B${stamp.text(188, ALPHABETS.alphanumeric)}`,
      };
    case "search":
      return {
        type: "search_result_location",
        cited_text,
        source: citation.source.toWellFormed(),
        title,
        search_result_index: citation.result,
        start_block_index: citation.start,
        end_block_index: citation.end,
      };
  }
}

/** Files were given a key of their own when the API learnt to take them; the older version tells it only where there is one. */
function documentCitation(
  { unit, document, start, end, fileId }: DocumentCitation,
  cited_text: string,
  document_title: string | null,
  modern: boolean,
): JsonObject {
  const [type, from, to] = UNITS[unit];
  return {
    type,
    cited_text,
    document_index: document,
    document_title,
    [from]: start,
    [to]: end,
    ...(modern || fileId !== null
      ? { file_id: fileId?.toWellFormed() ?? null }
      : {}),
  };
}

const UNITS = {
  char: ["char_location", "start_char_index", "end_char_index"],
  page: ["page_location", "start_page_number", "end_page_number"],
  block: ["content_block_location", "start_block_index", "end_block_index"],
} as const satisfies Readonly<
  Record<DocumentCitation["unit"], readonly [string, string, string]>
>;

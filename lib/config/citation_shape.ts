/**
 * Every key of a citation: those that Anthropic sends, so that one may be copied. Part of the one
 * source, see `shape.ts`.
 *
 * @module
 */

import * as z from "zod/mini";
import { key, number, type Schema, section, text, word } from "./kinds.ts";
import { isNull, isScalar } from "./value.ts";

/** The kinds of place, as the provider calls them. */
export const CITATION_TYPES = [
  "char_location",
  "page_location",
  "content_block_location",
  "web_search_result_location",
  "search_result_location",
] as const;

/** One of {@linkcode CITATION_TYPES}. */
export type CitationType = typeof CITATION_TYPES[number];

/** A text, or null as in what is copied. */
function textOrNull(): Schema<string | undefined> {
  const unlessNull = (value: unknown) =>
    isScalar(value) && isNull(value) && value.text !== "" ? undefined : value;
  return z.pipe(z.transform(unlessNull), z.optional(text()));
}

const TEXT_OR_NULL_JSON = { type: ["string", "number", "boolean", "null"] };

function position(least: number): Schema<number> {
  return number(z.int(), z.gte(least), z.lte(Number.MAX_SAFE_INTEGER));
}

function words(doc: string, example: string, nullable = true) {
  return key(z.optional(nullable ? textOrNull() : text()), {
    takes: nullable ? "text or null" : "text",
    doc,
    example,
    json: nullable ? TEXT_OR_NULL_JSON : { type: "string" },
  });
}

function place(doc: string, standard: string, example: string, least = 0) {
  return key(z.optional(position(least)), {
    takes: least === 0 ? "a whole number" : `a whole number from ${least}`,
    doc,
    ...(standard !== "" && { default: standard }),
    example,
  });
}

const START = "Where the quotation begins";
const END = "The first beyond it";

/** The keys of a citation. */
export const citationKeys = {
  type: key(z.optional(word(CITATION_TYPES)), {
    takes: `one of ${CITATION_TYPES.join(", ")}`,
    doc:
      "The kind of place. If left out, it follows from the other keys: a place in characters unless they say otherwise.",
    example: "type: page_location",
    words: CITATION_TYPES,
  }),
  cited_text: key(z.optional(text()), {
    takes: "text",
    doc: "The words that are cited: the text of the block if left out.",
    example: 'cited_text: "The grass is green."',
    json: { type: "string" },
  }),
  document_index: place(
    "Which document of the request, counted from 0.",
    "0",
    "document_index: 1",
  ),
  document_title: words("The title of the document.", "document_title: Report"),
  file_id: words("The file the document came from.", "file_id: file_011C"),
  start_char_index: place(
    `${START}, in characters from 0.`,
    "0",
    "start_char_index: 20",
  ),
  end_char_index: place(
    `${END}, in characters; if left out, \`cited_text\` beyond the start.`,
    "",
    "end_char_index: 40",
  ),
  start_page_number: place(
    `${START}, in pages from 1.`,
    "1",
    "start_page_number: 3",
    1,
  ),
  end_page_number: place(
    `${END}, in pages; the page after the start if left out.`,
    "",
    "end_page_number: 4",
    1,
  ),
  start_block_index: place(
    `${START}, in blocks of the document or search result from 0.`,
    "0",
    "start_block_index: 2",
  ),
  end_block_index: place(
    `${END}, in blocks; the block after the start if left out.`,
    "",
    "end_block_index: 3",
  ),
  url: words(
    "The page on the web. OpenAI's clients get it as a `url_citation`.",
    "url: https://example.com/",
    false,
  ),
  title: words("The title of the page or search result.", "title: Example"),
  encrypted_index: words(
    "What the provider knows the place on the page by; drawn from the seed if left out.",
    "encrypted_index: Eo8BCioI",
  ),
  source: words(
    "Where the search result came from, as the request says.",
    "source: https://example.com/",
    false,
  ),
  search_result_index: place(
    "Which search result of the request, counted from 0.",
    "0",
    "search_result_index: 1",
  ),
};

/** One citation. */
export const CITATION = section(citationKeys);

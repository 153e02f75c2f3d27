/**
 * What OpenAI chat completions say about where a text was found: pages on the web.
 *
 * @module
 */

import type { Block, Citation } from "../core/reply.ts";
import { jsonText } from "../wire/json.ts";

/** A stretch of the content, in code points, and the page it was taken from. */
interface UrlCitation {
  readonly start: number;
  readonly end: number;
  readonly title: string;
  readonly url: string;
}

/** The annotations of a whole message, laid out as the provider does. */
export function annotationsOf(blocks: readonly Block[]): string {
  const found = urlCitations(blocks);
  if (found.length === 0) return "[]";
  const each = found.map(({ start, end, title, url }) =>
    `          {
            "type": "url_citation",
            "url_citation": {
              "end_index": ${end},
              "start_index": ${start},
              "title": ${jsonText(title)},
              "url": ${jsonText(url)}
            }
          }`
  );
  return `[\n${each.join(",\n")}\n        ]`;
}

/** The delta of a stream that brings them, as clients read it; empty where there are none. */
export function annotationsDelta(blocks: readonly Block[]): string {
  const found = urlCitations(blocks);
  if (found.length === 0) return "";
  const each = found.map(({ start, end, title, url }) =>
    `{"type":"url_citation","url_citation":{"end_index":${end},"start_index":${start},"title":${
      jsonText(title)
    },"url":${jsonText(url)}}}`
  );
  return `{"annotations":[${each.join(",")}]}`;
}

function urlCitations(blocks: readonly Block[]): readonly UrlCitation[] {
  const found: UrlCitation[] = [];
  if (!blocks.some(isCited)) return found; // random tokens are many, and need not be counted
  let start = 0;
  for (const block of blocks) {
    if (block.type !== "text") continue;
    const end = start + [...block.text].length;
    for (const citation of block.citations ?? []) {
      const url = urlOf(citation);
      if (url === undefined) continue;
      found.push({ start, end, title: citation.title ?? url, url });
    }
    start = end;
  }
  return found;
}

function isCited(block: Block): boolean {
  return block.type === "text" && block.citations !== undefined;
}

/** Documents of the request have no address there. */
function urlOf(citation: Citation): string | undefined {
  switch (citation.type) {
    case "web":
      return citation.url;
    case "search":
      return URL.canParse(citation.source) ? citation.source : undefined;
    case "document":
      return undefined;
  }
}

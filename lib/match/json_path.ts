/**
 * What a JSON path (RFC 9535) finds in a body.
 *
 * Bodies are strangers': only own properties are seen, and a path looks at no more than
 * `JSON_PATH_NODES_MAX` values; what lies beyond is not found.
 *
 * @module
 */

import { JSON_PATH_CHARS_MAX, JSON_PATHS_KEPT_MAX } from "../core/limits.ts";
import { PathFault, readQuery } from "./json_path_syntax.ts";
import type { Query } from "./json_query.ts";
import { Search } from "./json_search.ts";
import { Subject } from "./pattern.ts";

/** A path that was read; data. */
export type JsonPath = Query;

/** Why a text is no JSON path. */
export interface JsonPathFault {
  /** Stable id with an entry in `docs/problems.md`. */
  readonly code: "bad-json-path";
  /** One sentence: upper-case first, no full stop. */
  readonly message: string;
  /** What to do, as an instruction. */
  readonly remedy: string;
  /** Where in the path, 1-based. */
  readonly column: number;
}

/** Reads `path`, or says why it is none. */
export function readJsonPath(path: string): JsonPath | JsonPathFault {
  try {
    return readQuery(path);
  } catch (fault) {
    if (!(fault instanceof PathFault)) throw fault;
    const { message, remedy, at } = fault;
    return { code: "bad-json-path", message, remedy, column: at + 1 };
  }
}

/** What `path` finds in `body`, in order. */
export function selectJson(path: JsonPath, body: unknown): unknown[] {
  const found: unknown[] = [];
  if (body === undefined) return found;
  new Search(body).walk(path, body, (value) => found.push(value));
  return found;
}

/**
 * The same as texts that patterns judge: strings as they are, everything else as JSON. `path`
 * must have been read without fault.
 */
export function jsonTexts(path: string, body: unknown): (string | Subject)[] {
  const texts: (string | Subject)[] = [];
  let left = JSON_PATH_CHARS_MAX;
  for (const value of selectJson(known(path), body)) {
    if (typeof value === "string") texts.push(value);
    else if (typeof value !== "object" || value === null || left > 0) {
      const text = JSON.stringify(value);
      texts.push(new Subject(text, true));
      left -= text.length;
    }
  }
  return texts;
}

const kept = new Map<string, JsonPath>();

function known(path: string): JsonPath {
  const before = kept.get(path);
  if (before !== undefined) return before;
  const query = readQuery(path);
  kept.set(path, query);
  if (kept.size > JSON_PATHS_KEPT_MAX) {
    for (const oldest of kept.keys()) {
      kept.delete(oldest);
      break;
    }
  }
  return query;
}

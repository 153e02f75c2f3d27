/**
 * What OpenAI refuses of the JSON Schemas in a request, however deep: types that there are not.
 * Of what a schema may hold besides, models differ, and nothing is refused.
 *
 * @module
 */

import { SCHEMA_DEPTH_MAX, SCHEMA_NODES_MAX } from "../core/limits.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import { shown } from "./_shown.ts";

/** What OpenAI says of a type in `schema` that there is not; undefined where all are known. */
export function faultOf(schema: JsonObject): string | undefined {
  const wrong = new Search().wrongType(schema, 0);
  return wrong && `${wrong} is not valid under any of the given schemas.`;
}

const TYPES: ReadonlySet<unknown> = new Set([
  "array",
  "boolean",
  "integer",
  "null",
  "number",
  "object",
  "string",
]);

/** Keywords that hold schemas, one or a list of them, and by name. */
const SCHEMAS = [
  "items",
  "prefixItems",
  "additionalProperties",
  "allOf",
  "anyOf",
  "oneOf",
  "not",
];
const NAMED = ["properties", "$defs", "definitions"];

/** One look through a schema, bounded. */
class Search {
  #left = SCHEMA_NODES_MAX;

  /** The first type that is none, as it is told. */
  wrongType(schema: unknown, depth: number): string | undefined {
    if (Array.isArray(schema)) return this.#first(schema, depth);
    if (!isObject(schema) || depth > SCHEMA_DEPTH_MAX || --this.#left < 0) {
      return undefined;
    }
    const wrong = wrongAt(own(schema, "type"));
    if (wrong !== undefined) return wrong;
    for (const keyword of SCHEMAS) {
      const found = this.wrongType(own(schema, keyword), depth + 1);
      if (found !== undefined) return found;
    }
    for (const keyword of NAMED) {
      const named = own(schema, keyword);
      if (!isObject(named)) continue;
      const found = this.#first(Object.values(named), depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #first(schemas: readonly unknown[], depth: number): string | undefined {
    for (const each of schemas) {
      const found = this.wrongType(each, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** How a `type` is told that is none; undefined if it is one, or several. */
function wrongAt(type: unknown): string | undefined {
  if (typeof type === "string") {
    return TYPES.has(type) ? undefined : quoted(type);
  }
  const isList = Array.isArray(type) &&
    type.every((each) => typeof each === "string");
  if (!isList || type.every((each) => TYPES.has(each))) return undefined;
  return shown(`[${type.map(quoted).join(", ")}]`);
}

function quoted(text: string): string {
  return `'${shown(text)}'`;
}

/**
 * The tools that an OpenAI request offers, as functions of old too.
 *
 * @module
 */

import type { Tool } from "../core/turn.ts";
import { isObject, type JsonObject, own, typeName } from "../wire/json.ts";
import {
  arrayTooLong,
  complaint,
  emptyArray,
  missing,
  wrongType,
  wrongValue,
} from "./_openai_complaints.ts";
import { checkName } from "./_openai_format.ts";
import { faultOf } from "./_openai_schemas.ts";

/** Most tools of one request. */
const TOOLS_MAX = 128;

const NONE: readonly Tool[] = [];

/** The tools of a request. Throws {@linkcode BadRequest}. */
export function readTools(body: JsonObject): readonly Tool[] {
  return readList(own(body, "tools"), "tools", readTool);
}

/** The same as they were offered before there were tools. */
export function readFunctions(body: JsonObject): readonly Tool[] {
  return readList(own(body, "functions"), "functions", readFunction);
}

function readList(
  list: unknown,
  path: string,
  read: (value: unknown, path: string) => Tool,
): readonly Tool[] {
  if (list === undefined || list === null) return NONE;
  if (!Array.isArray(list)) throw wrongType(path, "an array of objects", list);
  if (list.length === 0) throw emptyArray(path);
  if (list.length > TOOLS_MAX) {
    throw arrayTooLong(path, TOOLS_MAX, list.length);
  }
  return list.map((tool, index) => read(tool, `${path}[${index}]`));
}

/** The kinds of tools. */
export const KINDS: readonly string[] = ["function", "custom"];

function readTool(tool: unknown, path: string): Tool {
  const kind = readKind(tool, path, KINDS);
  const inner = own(tool as JsonObject, kind) ?? undefined;
  if (inner === undefined) throw missing(`${path}.${kind}`);
  if (kind === "function") return readFunction(inner, `${path}.function`);
  if (!isObject(inner)) throw wrongType(`${path}.custom`, "an object", inner);
  return {
    name: checkName(own(inner, "name"), `${path}.custom.name`),
    description: readDescription(inner, `${path}.custom`),
    schema: undefined,
    kind: "text",
  };
}

/** The `type` of what is found at `path`: one of those `known`. */
export function readKind(
  value: unknown,
  path: string,
  known: readonly string[],
): string {
  if (!isObject(value)) throw wrongType(path, "an object", value);
  const type = own(value, "type");
  if (type === undefined) throw missing(`${path}.type`);
  if (typeof type !== "string") {
    throw wrongType(`${path}.type`, "a string", type);
  }
  if (!known.includes(type)) throw wrongValue(`${path}.type`, type, known);
  return type;
}

function readFunction(value: unknown, path: string): Tool {
  if (!isObject(value)) throw wrongType(path, "an object", value);
  const name = checkName(own(value, "name"), `${path}.name`);
  return {
    name,
    description: readDescription(value, path),
    schema: readParameters(value, path, name),
  };
}

function readDescription(tool: JsonObject, path: string): string {
  const text = own(tool, "description") ?? "";
  if (typeof text === "string") return text;
  throw wrongType(`${path}.description`, "a string", text);
}

function readParameters(tool: JsonObject, path: string, name: string): unknown {
  const schema = own(tool, "parameters") ?? undefined;
  if (schema === undefined) return undefined;
  if (!isObject(schema)) {
    throw wrongType(`${path}.parameters`, "an object", schema);
  }
  const fault = faultOf(schema) ?? notAnObject(schema);
  if (fault === undefined) return schema;
  throw complaint(
    `Invalid schema for function '${name}': ${fault}`,
    `${path}.parameters`,
    "invalid_function_parameters",
  );
}

function notAnObject(schema: JsonObject): string | undefined {
  const type = own(schema, "type") ?? "object";
  if (type === "object") return undefined;
  const told = typeof type === "string" ? type : typeName(type);
  return `schema must be a JSON Schema of 'type: "object"', got 'type: "${told}"'.`;
}

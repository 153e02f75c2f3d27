/**
 * Tool calls and their results in messages to OpenAI, as functions of old too.
 *
 * @module
 */

import type { Part } from "../core/turn.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import {
  arrayTooLong,
  complaint,
  emptyArray,
  stringTooLong,
  wrongType,
  wrongValue,
} from "./_openai_complaints.ts";
import { readObject, readText } from "./_openai_parts.ts";

/** Most calls of one message. */
const CALLS_MAX = 128;

/** Longest id of a call: the provider's own have 29. */
const CALL_ID_CHARS_MAX = 40;

/** The calls of an assistant message. Throws {@linkcode BadRequest}. */
export function readCalls(message: JsonObject, path: string): readonly Part[] {
  const calls = own(message, "tool_calls") ?? undefined;
  if (calls === undefined) return readFunctionCall(message, path);
  const place = `${path}.tool_calls`;
  if (!Array.isArray(calls)) {
    throw wrongType(place, "an array of objects", calls);
  }
  if (calls.length === 0) throw emptyArray(place);
  if (calls.length > CALLS_MAX) {
    throw arrayTooLong(place, CALLS_MAX, calls.length);
  }
  return calls.map((call, index) => readCall(call, `${place}[${index}]`));
}

function readCall(call: unknown, path: string): Part {
  if (!isObject(call)) throw wrongType(path, "an object", call);
  const id = readText(call, "id", path);
  if (id.length > CALL_ID_CHARS_MAX) {
    throw stringTooLong(`${path}.id`, CALL_ID_CHARS_MAX, id.length);
  }
  const kind = readText(call, "type", path);
  if (kind !== "function" && kind !== "custom") {
    throw wrongValue(`${path}.type`, kind, ["function", "custom"]);
  }
  const inner = readObject(call, kind, path);
  const place = `${path}.${kind}`;
  const input = kind === "function" ? "arguments" : "input";
  return {
    type: "tool-call",
    id,
    name: readText(inner, "name", place),
    input: readText(inner, input, place),
  };
}

/** The call of a function as it was made before there were tools: known by its name, not by an id. */
function readFunctionCall(message: JsonObject, path: string): readonly Part[] {
  if ((own(message, "function_call") ?? null) === null) return [];
  const call = readObject(message, "function_call", path);
  const name = readText(call, "name", `${path}.function_call`);
  const input = readText(call, "arguments", `${path}.function_call`);
  return [{ type: "tool-call", id: name, name, input }];
}

/** The result that a tool message brings, with the text of its `content`. */
export function readResult(
  message: JsonObject,
  content: readonly Part[],
  index: number,
): Part {
  const key = isFunction(message) ? "name" : "tool_call_id";
  const id = own(message, key) ?? undefined;
  const place = `messages.[${index}].${key}`;
  if (id === undefined) {
    const role = String(own(message, "role"));
    throw complaint(
      `Missing parameter '${key}': messages with role '${role}' must have a '${key}'.`,
      place,
    );
  }
  if (typeof id !== "string") {
    throw wrongType(`messages[${index}].${key}`, "a string", id);
  }
  const said = content.map((part) => part.type === "text" ? part.text : "");
  return { type: "tool-result", id, text: said.join("\n") };
}

/** Whether a message brings the result of a function of old, which has no id. */
export function isFunction(message: unknown): boolean {
  return isObject(message) && own(message, "role") === "function";
}

/**
 * The messages of an OpenAI request.
 *
 * @module
 */

import type { Message, Part } from "../core/turn.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import {
  demandAnswers,
  follow,
  type Open,
  openedBy,
} from "./_openai_answers.ts";
import { readCalls, readResult } from "./_openai_calls.ts";
import {
  complaint,
  emptyArray,
  missing,
  noMatch,
  wrongType,
  wrongValue,
} from "./_openai_complaints.ts";
import { readParts } from "./_openai_parts.ts";
import { refuseInstructions } from "./_openai_reasoners.ts";

/** The messages of a request. Throws {@linkcode BadRequest}. */
export function readMessages(body: JsonObject, optional: boolean): Message[] {
  const list = own(body, "messages");
  if (list === undefined || list === null) {
    if (optional) return [];
    throw missing("messages");
  }
  if (!Array.isArray(list)) {
    throw wrongType("messages", "an array of objects", list);
  }
  if (list.length === 0 && !optional) throw emptyArray("messages");
  let open: Open | undefined;
  const messages = list.map((value, index) => {
    const message = readMessage(value, index);
    if (message.role === "system") {
      const path = `messages[${index}].role`;
      refuseInstructions(body, String(own(value, "role")), path);
    }
    open = message.role === "tool" || open !== undefined
      ? follow(open, message, value, index)
      : openedBy(message, value);
    return message;
  });
  if (open !== undefined) demandAnswers(open);
  return messages;
}

const ROLES: ReadonlyMap<unknown, Message["role"]> = new Map([
  ["system", "system"],
  ["assistant", "assistant"],
  ["user", "user"],
  ["function", "tool"],
  ["tool", "tool"],
  ["developer", "system"],
]);

function readMessage(message: unknown, index: number): Message {
  const path = `messages[${index}]`;
  if (!isObject(message)) throw wrongType(path, "an object", message);
  const role = readRole(message, path);
  const read = readBody(message, role, index, path);
  const name = own(message, "name");
  if (typeof name !== "string" || role === "tool") return read;
  if (!NAME.test(name)) throw noMatch(`${path}.name`, NAME_WORDS);
  return { ...read, name };
}

/** What a speaker may be called, as it is told. */
const NAME_WORDS = String.raw`^[^\s<|\\/>]+$`;
const NAME = new RegExp(NAME_WORDS);

function readBody(
  message: JsonObject,
  role: Message["role"],
  index: number,
  path: string,
): Message {
  const content = own(message, "content");
  // The one that nearly all are.
  if (typeof content === "string" && role !== "assistant" && role !== "tool") {
    return { role, parts: [{ type: "text", text: content }] };
  }
  const calls = role === "assistant" ? readCalls(message, path) : [];
  const parts = content === undefined || content === null
    ? readNothing(message, role, content, index)
    : readParts(content, role, path);
  if (role === "tool") {
    return { role, parts: [readResult(message, parts, index)] };
  }
  return { role, parts: calls.length === 0 ? parts : [...parts, ...calls] };
}

function readRole(message: JsonObject, path: string): Message["role"] {
  const value = own(message, "role");
  const role = ROLES.get(value);
  if (role !== undefined) return role;
  if (value === undefined || value === null) throw missing(`${path}.role`);
  if (typeof value !== "string") {
    throw wrongType(`${path}.role`, "a string", value);
  }
  throw wrongValue(`${path}.role`, value, [...ROLES.keys()]);
}

const INSTEAD = ["tool_calls", "function_call", "refusal", "audio"];

/** Only the assistant may say nothing, if it did something else. */
function readNothing(
  message: JsonObject,
  role: Message["role"],
  content: unknown,
  index: number,
): readonly Part[] {
  const other = INSTEAD.find((key) => (own(message, key) ?? null) !== null);
  if (role === "assistant" && other !== undefined) return [];
  if (role !== "assistant" && content === undefined) {
    throw missing(`messages[${index}].content`);
  }
  throw complaint(
    "Invalid value for 'content': expected a string, got null.",
    `messages.[${index}].content`,
  );
}

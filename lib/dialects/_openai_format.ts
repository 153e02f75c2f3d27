/**
 * The form that an OpenAI request demands of its answer: `response_format`.
 *
 * @module
 */

import type { Message } from "../core/turn.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import {
  complaint,
  missing,
  noMatch,
  stringTooLong,
  wrongType,
  wrongValue,
} from "./_openai_complaints.ts";
import { faultOf } from "./_openai_schemas.ts";
import type { Gathered } from "./_wishes.ts";

const TYPES = ["json_object", "json_schema", "text"];

/** What a `response_format` asks for. Throws {@linkcode BadRequest}. */
export function readFormat(format: JsonObject, wishes: Gathered): void {
  const type = own(format, "type");
  if (type === undefined) throw missing("response_format.type");
  if (typeof type !== "string") {
    throw wrongType("response_format.type", "a string", type);
  }
  if (!TYPES.includes(type)) {
    throw wrongValue("response_format.type", type, TYPES);
  }
  wishes.responseFormat = type;
  if (type === "json_schema") wishes.responseSchema = readSchema(format);
}

function readSchema(format: JsonObject): unknown {
  const path = "response_format.json_schema";
  const given = own(format, "json_schema") ?? undefined;
  if (given === undefined) throw missing(path);
  if (!isObject(given)) throw wrongType(path, "an object", given);
  const name = checkName(own(given, "name"), `${path}.name`);
  const strict = own(given, "strict") ?? false;
  if (typeof strict !== "boolean") {
    throw wrongType(`${path}.strict`, "a boolean", strict);
  }
  const schema = own(given, "schema") ?? undefined;
  if (schema === undefined) throw missing(`${path}.schema`);
  if (!isObject(schema)) throw wrongType(`${path}.schema`, "an object", schema);
  const fault = faultOf(schema);
  if (fault === undefined) return schema;
  throw complaint(
    `Invalid schema for response_format '${name}': ${fault}`,
    "response_format",
  );
}

const NAME = /^[a-zA-Z0-9_-]+$/;
const NAME_CHARS_MAX = 64;

/** A name that OpenAI takes for a function or a schema. Throws {@linkcode BadRequest} for what is none. */
export function checkName(name: unknown, path: string): string {
  if (name === undefined) throw missing(path);
  if (typeof name !== "string") throw wrongType(path, "a string", name);
  if (name.length > NAME_CHARS_MAX) {
    throw stringTooLong(path, NAME_CHARS_MAX, name.length);
  }
  if (!NAME.test(name)) throw noMatch(path, NAME.source);
  return name;
}

/** Refuses JSON mode for a conversation that never speaks of JSON: a model would write blanks for ever. */
export function demandJsonWord(messages: readonly Message[]): void {
  const spoken = messages.some(({ parts }) =>
    parts.some((part) => "text" in part && /json/i.test(part.text))
  );
  if (spoken) return;
  throw complaint(
    "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
    "messages",
  );
}

/**
 * The content of one message to OpenAI: a string or parts, of which those that are no text are
 * known by their media type.
 *
 * @module
 */

import type { Message, Part } from "../core/turn.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import { dataOf, imageSize } from "../wire/media.ts";
import {
  complaint,
  missing,
  wrongType,
  wrongValue,
} from "./_openai_complaints.ts";
import { fileTokens, imageTokens, soundTokens } from "./_openai_counting.ts";

/** The content of the message at `path`. Throws {@linkcode BadRequest}. */
export function readParts(
  content: unknown,
  role: Message["role"],
  path: string,
): readonly Part[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (!Array.isArray(content)) {
    throw wrongType(
      `${path}.content`,
      "one of a string or array of objects",
      content,
    );
  }
  return content.map((part, index) => {
    const read = readPart(part, `${path}.content[${index}]`);
    if (role === "user" || own(part, "type") !== "image_url") return read;
    throw complaint(
      `Invalid '${path}'. Image URLs are only allowed for messages with role 'user', but this message with role '${role}' contains an image URL.`,
      path,
      "invalid_value",
    );
  });
}

const TYPES = ["text", "refusal", "image_url", "input_audio", "file"];

function readPart(part: unknown, path: string): Part {
  if (!isObject(part)) throw wrongType(path, "an object", part);
  const type = own(part, "type");
  switch (type) {
    case "text":
    case "refusal":
      return { type: "text", text: readText(part, type, path) };
    case "image_url":
      return readImage(part, path);
    case "input_audio":
      return readAudio(part, path);
    case "file":
      return readFile(part, path);
  }
  if (type === undefined) throw missing(`${path}.type`);
  if (typeof type !== "string") {
    throw wrongType(`${path}.type`, "a string", type);
  }
  throw wrongValue(`${path}.type`, type, TYPES);
}

function media(mediaType: string, tokens: number): Part {
  return { type: "media", mediaType, tokens };
}

function readImage(part: JsonObject, path: string): Part {
  const image = readObject(part, "image_url", path);
  const url = readText(image, "url", `${path}.image_url`);
  const data = dataOf(url);
  const size = data === undefined ? undefined : imageSize(data);
  return media(
    mediaTypeOf(url) ?? "image/*",
    imageTokens(own(image, "detail"), size),
  );
}

const AUDIO: ReadonlyMap<string, string> = new Map([
  ["wav", "audio/wav"],
  ["mp3", "audio/mpeg"],
]);

function readAudio(part: JsonObject, path: string): Part {
  const audio = readObject(part, "input_audio", path);
  const place = `${path}.input_audio`;
  const data = readText(audio, "data", place);
  const format = readText(audio, "format", place);
  const mediaType = AUDIO.get(format);
  if (mediaType !== undefined) return media(mediaType, soundTokens(data));
  throw wrongValue(`${place}.format`, format, [...AUDIO.keys()]);
}

function readFile(part: JsonObject, path: string): Part {
  const file = readObject(part, "file", path);
  const data = own(file, "file_data") ?? undefined;
  if (data === undefined) {
    readText(file, "file_id", `${path}.file`);
    return media("application/*", fileTokens());
  }
  const text = readText(file, "file_data", `${path}.file`);
  const tokens = fileTokens(dataOf(text) ?? text);
  return media(mediaTypeOf(text) ?? "application/*", tokens);
}

const DATA_URL = /^data:([\w.+-]{1,64}\/[\w.+-]{1,64})[;,]/;

function mediaTypeOf(url: string): string | undefined {
  return DATA_URL.exec(url)?.[1];
}

/** The text at `key` of what is found at `path`. */
export function readText(part: JsonObject, key: string, path: string): string {
  const text = own(part, key);
  if (typeof text === "string") return text;
  if (text === undefined) throw missing(`${path}.${key}`);
  throw wrongType(`${path}.${key}`, "a string", text);
}

/** The same for an object. */
export function readObject(
  part: JsonObject,
  key: string,
  path: string,
): JsonObject {
  const value = own(part, key);
  if (isObject(value)) return value;
  if (value === undefined) throw missing(`${path}.${key}`);
  throw wrongType(`${path}.${key}`, "an object", value);
}

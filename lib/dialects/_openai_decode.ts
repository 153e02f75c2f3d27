/**
 * What an OpenAI chat request asks, and how OpenAI words what is wrong with it.
 *
 * @module
 */

import { BadRequest } from "../core/reply.ts";
import type { Message, Part, Tool, Turn } from "../core/turn.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import {
  emptyMessages,
  missing,
  wrongType,
  wrongValue,
} from "./_openai_complaints.ts";
import { checkOptions } from "./_openai_options.ts";
import type { Inbound } from "./dialect.ts";

/** The wishes that only a stream has. */
export interface StreamOptions {
  /** Whether a last chunk tells the usage. */
  readonly includeUsage: boolean;
  /** Whether chunks are padded. */
  readonly obfuscate: boolean;
}

/** A decoded request. Throws {@linkcode BadRequest} in OpenAI's words. */
export function decodeChat(
  { body, tokensAsked }: Inbound,
): { turn: Turn; streamOptions: StreamOptions } {
  if (!isObject(body)) throw wrongType("body", "an object", body);
  const model = readModel(body, tokensAsked);
  checkOptions(body);
  const messages = readMessages(body, tokensAsked);
  const stream = readBoolean(body, "stream", "stream") ?? messages.length === 0;
  const tools = readTools(body);
  return {
    turn: { model, stream, messages, tools, ...readWishes(body) },
    streamOptions: readStreamOptions(body, stream),
  };
}

function readModel(body: JsonObject, optional: boolean): string {
  const model = own(body, "model");
  if (typeof model === "string" && model !== "") return model;
  if (optional && (model === undefined || model === null)) return "";
  if (model === undefined || model === null || model === "") {
    throw new BadRequest({
      message: "you must provide a model parameter",
      field: "model",
    });
  }
  throw wrongType("model", "a string", model);
}

function readMessages(body: JsonObject, optional: boolean): Message[] {
  const messages = own(body, "messages");
  if (messages === undefined || messages === null) {
    if (optional) return [];
    throw missing("messages");
  }
  if (!Array.isArray(messages)) {
    throw wrongType("messages", "an array of objects", messages);
  }
  if (messages.length === 0 && !optional) throw emptyMessages();
  return messages.map((message, index) =>
    readMessage(message, `messages[${index}]`)
  );
}

const ROLES: ReadonlyMap<unknown, Message["role"]> = new Map([
  ["system", "system"],
  ["assistant", "assistant"],
  ["user", "user"],
  ["function", "tool"],
  ["tool", "tool"],
  ["developer", "system"],
]);

function readMessage(message: unknown, path: string): Message {
  if (!isObject(message)) throw wrongType(path, "an object", message);
  const role = readRole(message, path);
  const content = readContent(own(message, "content"), `${path}.content`);
  if (role === "tool") return { role, parts: [toolResult(message, content)] };
  const calls = own(message, "tool_calls");
  if (calls === undefined || calls === null) return { role, parts: content };
  if (!Array.isArray(calls)) {
    throw wrongType(`${path}.tool_calls`, "an array of objects", calls);
  }
  const parts = calls.map((call, index) =>
    toolCall(call, `${path}.tool_calls[${index}]`)
  );
  return { role, parts: [...content, ...parts] };
}

function readRole(message: JsonObject, path: string): Message["role"] {
  const value = own(message, "role");
  if (value === undefined || value === null) throw missing(`${path}.role`);
  const role = ROLES.get(value);
  if (role !== undefined) return role;
  if (typeof value !== "string") {
    throw wrongType(`${path}.role`, "a string", value);
  }
  throw wrongValue(`${path}.role`, value, [...ROLES.keys()]);
}

function readContent(content: unknown, path: string): Part[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (content === undefined || content === null) return [];
  if (!Array.isArray(content)) {
    throw wrongType(path, "one of a string or array of objects", content);
  }
  return content.map((part, index) => readPart(part, `${path}[${index}]`));
}

const MEDIA: ReadonlyMap<unknown, string> = new Map([
  ["image_url", "image/*"],
  ["input_audio", "audio/*"],
  ["file", "application/*"],
]);

function readPart(part: unknown, path: string): Part {
  if (!isObject(part)) throw wrongType(path, "an object", part);
  const type = own(part, "type");
  if (type === "text") {
    return { type: "text", text: readText(part, "text", path) };
  }
  if (type === "refusal") {
    return { type: "text", text: readText(part, "refusal", path) };
  }
  const mediaType = MEDIA.get(type);
  if (mediaType !== undefined) return { type: "media", mediaType };
  if (type === undefined) throw missing(`${path}.type`);
  if (typeof type !== "string") {
    throw wrongType(`${path}.type`, "a string", type);
  }
  throw wrongValue(`${path}.type`, type, ["text", "refusal", ...MEDIA.keys()]);
}

function readText(part: JsonObject, key: string, path: string): string {
  const text = own(part, key);
  if (typeof text === "string") return text;
  if (text === undefined) throw missing(`${path}.${key}`);
  throw wrongType(`${path}.${key}`, "a string", text);
}

function toolResult(message: JsonObject, content: readonly Part[]): Part {
  const id = own(message, "tool_call_id") ?? own(message, "name");
  const text = content.map((part) => part.type === "text" ? part.text : "")
    .join("\n");
  return { type: "tool-result", id: typeof id === "string" ? id : "", text };
}

function toolCall(call: unknown, path: string): Part {
  if (!isObject(call)) throw wrongType(path, "an object", call);
  const inner = own(call, "function") ?? own(call, "custom");
  const details = isObject(inner) ? inner : {};
  return {
    type: "tool-call",
    id: textOr(own(call, "id")),
    name: textOr(own(details, "name")),
    input: textOr(own(details, "arguments") ?? own(details, "input")),
  };
}

function readTools(body: JsonObject): Tool[] {
  const tools = own(body, "tools");
  if (tools === undefined || tools === null) return [];
  if (!Array.isArray(tools)) {
    throw wrongType("tools", "an array of objects", tools);
  }
  return tools.map((tool, index) => readTool(tool, `tools[${index}]`));
}

function readTool(tool: unknown, path: string): Tool {
  if (!isObject(tool)) throw wrongType(path, "an object", tool);
  const inner = own(tool, "function") ?? own(tool, "custom");
  if (!isObject(inner)) throw missing(`${path}.function`);
  const name = own(inner, "name");
  if (name === undefined) throw missing(`${path}.function.name`);
  if (typeof name !== "string") {
    throw wrongType(`${path}.function.name`, "a string", name);
  }
  return {
    name,
    description: textOr(own(inner, "description")),
    schema: own(inner, "parameters"),
  };
}

/** How tools must be used and what form the answer must have; their shapes have been checked. */
function readWishes(
  body: JsonObject,
): Pick<Turn, "toolChoice" | "responseFormat"> {
  const choice = own(body, "tool_choice") ?? undefined;
  const format = own(body, "response_format") ?? undefined;
  if (choice === undefined && format === undefined) return NO_WISHES;
  return {
    ...(choice !== undefined && { toolChoice: toolChoiceOf(choice) }),
    ...(isObject(format) && { responseFormat: textOr(own(format, "type")) }),
  };
}

const NO_WISHES = {};

/** `auto` and the like, or the name of the one tool that must be called. */
function toolChoiceOf(choice: unknown): string {
  if (!isObject(choice)) return textOr(choice);
  const inner = own(choice, "function") ?? own(choice, "custom");
  return textOr(isObject(inner) ? own(inner, "name") : own(choice, "type"));
}

function readStreamOptions(body: JsonObject, stream: boolean): StreamOptions {
  const options = own(body, "stream_options");
  if (options === undefined || options === null) {
    return { includeUsage: false, obfuscate: true };
  }
  if (!isObject(options)) {
    throw wrongType("stream_options", "an object", options);
  }
  if (!stream) {
    throw new BadRequest({
      message:
        "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      field: "stream_options",
    });
  }
  return {
    includeUsage:
      readBoolean(options, "include_usage", "stream_options.include_usage") ??
        false,
    obfuscate: readBoolean(
      options,
      "include_obfuscation",
      "stream_options.include_obfuscation",
    ) ?? true,
  };
}

function readBoolean(
  object: JsonObject,
  key: string,
  path: string,
): boolean | undefined {
  const value = own(object, key);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "boolean") throw wrongType(path, "a boolean", value);
  return value;
}

function textOr(value: unknown): string {
  return typeof value === "string" ? value : "";
}

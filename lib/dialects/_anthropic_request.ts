/**
 * What was asked of Anthropic's Messages API: the JSON body read by own properties only, and
 * every complaint in the provider's words with the dotted path of the field.
 *
 * Lenient where agents are: null content, unknown block types and unknown fields pass. The two
 * things that only SDKs always send, a version and `max_tokens`, are demanded only of requests
 * that state a version.
 *
 * @module
 */

import type { Message, Tool, Turn } from "../core/turn.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import { checkModern, contentOf } from "./_anthropic_content.ts";
import { isGiven, refuse, REQUIRED, stringAt } from "./_anthropic_fields.ts";
import type { Inbound } from "./dialect.ts";

/** What the version header says about how to talk. */
export interface Version {
  /** Whether the client named a version: then it is held to all that the provider demands. */
  readonly stated: boolean;
  /** Whether it is 2026-10-21, which sends more keys and takes no sampling options. */
  readonly modern: boolean;
}

const VERSIONS = new Set(["2023-01-01", "2023-06-01", "2026-10-21"]);

/** The version a request speaks; refuses one that the provider does not know. */
export function versionOf(headers: Headers): Version {
  const name = headers.get("anthropic-version");
  if (name !== null && !VERSIONS.has(name)) {
    refuse(
      "anthropic-version",
      `${JSON.stringify(name)} is not a valid version`,
    );
  }
  return { stated: name !== null, modern: name === "2026-10-21" };
}

/** The neutral question; `forReply` tells a conversation to answer from one to count. */
export function turnOf(
  inbound: Inbound,
  version: Version,
  forReply: boolean,
): Turn {
  const { body, tokensAsked } = inbound;
  if (!isObject(body)) refuse("", "Input should be an object");
  const model = modelOf(body, tokensAsked);
  checkOptions(body, version);
  const capped = isGiven(body, "max_tokens");
  if (forReply && version.stated && !tokensAsked && !capped) {
    refuse("max_tokens", REQUIRED);
  }
  const messages = messagesOf(body, version, tokensAsked);
  const stream = isGiven(body, "stream")
    ? own(body, "stream") === true
    : messages.length === 0;
  return {
    model,
    stream,
    messages: messages.length === 0 ? [] : [...systemOf(body), ...messages],
    tools: toolsOf(body),
    ...wishesOf(body),
  };
}

/** How tools must be used, and what form the answer must have, in neutral words. */
function wishesOf(
  body: JsonObject,
): Pick<Turn, "toolChoice" | "responseFormat"> {
  const choice = own(body, "tool_choice");
  const output = own(body, "output_config");
  const format = isObject(output) ? own(output, "format") : undefined;
  return {
    ...(isObject(choice) && { toolChoice: toolChoiceOf(choice) }),
    ...(isObject(format) && { responseFormat: String(own(format, "type")) }),
  };
}

function toolChoiceOf(choice: JsonObject): string {
  const type = String(own(choice, "type"));
  if (type === "tool") return String(own(choice, "name"));
  return type === "any" ? "required" : type;
}

function modelOf(body: JsonObject, tokensAsked: boolean): string {
  if (tokensAsked && !isGiven(body, "model")) return "";
  const model = stringAt(body, "model", "");
  if (model === "") refuse("model", "String should have at least 1 character");
  return model;
}

/** The optional fields whose type matters to somebody: what passes, and the complaint otherwise. */
const OPTIONS:
  readonly (readonly [string, (value: unknown) => boolean, string])[] = [
    ["max_tokens", Number.isInteger, "Input should be a valid integer"],
    [
      "max_tokens",
      (value) => Number(value) >= 1,
      "Input should be greater than or equal to 1",
    ],
    [
      "stream",
      (value) => typeof value === "boolean",
      "Input should be a valid boolean",
    ],
    ["temperature", Number.isFinite, "Input should be a valid number"],
    ["top_p", Number.isFinite, "Input should be a valid number"],
    ["top_k", Number.isInteger, "Input should be a valid integer"],
    ["stop_sequences", Array.isArray, "Input should be a valid array"],
    ["tools", Array.isArray, "Input should be a valid array"],
    ["tool_choice", isObject, "Input should be an object"],
    ["metadata", isObject, "Input should be an object"],
  ];

const SAMPLING = ["temperature", "top_p", "top_k"];

function checkOptions(body: JsonObject, version: Version): void {
  const extra = SAMPLING.find((key) => own(body, key) !== undefined);
  if (version.modern && extra !== undefined) {
    refuse(extra, "Extra inputs are not permitted");
  }
  for (const [key, passes, complaint] of OPTIONS) {
    if (isGiven(body, key) && !passes(own(body, key))) refuse(key, complaint);
  }
}

/** System text is a message like any other, and the first. */
function systemOf(body: JsonObject): Message[] {
  if (own(body, "system") === undefined) return [];
  return [{ role: "system", parts: contentOf(own(body, "system"), "system") }];
}

function messagesOf(
  body: JsonObject,
  version: Version,
  tokensAsked: boolean,
): Message[] {
  const list = own(body, "messages") ?? (tokensAsked ? [] : undefined);
  if (list === undefined) refuse("messages", REQUIRED);
  if (!Array.isArray(list)) refuse("messages", "Input should be a valid array");
  if (list.length === 0 && tokensAsked) return [];
  if (list.length === 0) refuse("messages", "at least one message is required");
  const messages = list.map((value, index) =>
    messageOf(value, `messages.${index}`, version)
  );
  if (messages[0]?.role !== "user") {
    refuse("messages", 'first message must use the "user" role');
  }
  list.forEach((value, index) => {
    const optional = index === list.length - 1 &&
      messages[index]?.role === "assistant";
    if (!optional && isEmpty(value)) refuse(`messages.${index}`, EMPTY);
  });
  return messages;
}

function messageOf(value: unknown, path: string, version: Version): Message {
  if (!isObject(value)) refuse(path, "Input should be an object");
  const role = roleOf(value, path, version);
  const content = own(value, "content");
  if (content === undefined) refuse(`${path}.content`, REQUIRED);
  if (version.modern) checkModern(role, content, `${path}.content`);
  // The provider refuses null; agents written for other providers send it beside tool calls.
  return {
    role,
    parts: content === null ? [] : contentOf(content, `${path}.content`),
  };
}

function roleOf(
  message: JsonObject,
  path: string,
  version: Version,
): Message["role"] {
  const role = own(message, "role");
  if (role === undefined) refuse(`${path}.role`, REQUIRED);
  if (role === "user" || role === "assistant") return role;
  if (role === "system" && version.modern) return role;
  if (role === "system") refuse("messages", SYSTEM_ROLE);
  refuse(`${path}.role`, "Input should be 'user' or 'assistant'");
}

function toolsOf(body: JsonObject): readonly Tool[] {
  const list = own(body, "tools");
  return Array.isArray(list)
    ? list.map((tool, index) => toolOf(tool, `tools.${index}`))
    : [];
}

function toolOf(value: unknown, path: string): Tool {
  if (!isObject(value)) refuse(path, "Input should be an object");
  const type = isGiven(value, "type")
    ? stringAt(value, "type", path)
    : "custom";
  // A server tool's name follows from its type; some of them are sent without.
  const named = type === "custom" || isGiven(value, "name");
  return {
    name: named ? stringAt(value, "name", `${path}.${type}`) : type,
    description: isGiven(value, "description")
      ? stringAt(value, "description", `${path}.${type}`)
      : "",
    schema: own(value, "input_schema"),
  };
}

const EMPTY =
  "all messages must have non-empty content except for the optional final assistant message";
const SYSTEM_ROLE =
  'Unexpected role "system". The Messages API accepts a top-level `system` ' +
  'parameter, not "system" as an input message role.';

function isEmpty(message: unknown): boolean {
  const content = isObject(message) ? own(message, "content") : undefined;
  return content === "" || (Array.isArray(content) && content.length === 0);
}

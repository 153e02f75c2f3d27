/**
 * What was asked of Anthropic's Messages API: the JSON body read by own properties only, and
 * every complaint in the provider's words with the dotted path of the field.
 *
 * Lenient where agents are: null content and unknown fields pass. The two things that only SDKs
 * always send, a version and `max_tokens`, are demanded only of requests that state a version.
 *
 * @module
 */

import type { Message, Turn } from "../core/turn.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import { besidesOf } from "./_anthropic_besides.ts";
import { checkCaching } from "./_anthropic_caching.ts";
import {
  checkEnding,
  checkModern,
  contentOf,
  systemTextOf,
} from "./_anthropic_content.ts";
import { anthropicCounting } from "./_anthropic_counting.ts";
import { isGiven, refuse, REQUIRED, stringAt } from "./_anthropic_fields.ts";
import { optionsOf, refuseSampling } from "./_anthropic_options.ts";
import { checkPairs } from "./_anthropic_pairs.ts";
import { checkThoughts } from "./_anthropic_thinking.ts";
import { toolChoiceOf, toolsOf } from "./_anthropic_tools.ts";
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

const THOUGHTLESS = { reasoning: false };

/** The neutral question; `forReply` tells a conversation to answer from one to count. */
export function turnOf(
  inbound: Inbound,
  version: Version,
  forReply: boolean,
): Turn {
  const { body, tokensAsked } = inbound;
  if (!isObject(body)) refuse("", "Input should be an object");
  const model = modelOf(body, tokensAsked);
  if (version.modern) refuseSampling(body);
  const wishes = optionsOf(body, inbound);
  const capped = isGiven(body, "max_tokens");
  if (forReply && version.stated && !tokensAsked && !capped) {
    refuse("max_tokens", REQUIRED);
  }
  const messages = messagesOf(body, version, model, tokensAsked);
  const stream = isGiven(body, "stream")
    ? own(body, "stream") === true
    : messages.length === 0;
  const tools = toolsOf(body);
  const choice = toolChoiceOf(body, tools);
  const all = messages.length === 0 ? messages : withSystem(body, messages);
  checkCaching(body);
  const counting = anthropicCounting;
  const turn = { model, stream, messages: all, tools, counting };
  // Claude thinks only where it is asked to.
  Object.assign(
    turn,
    wishes?.reasoning === undefined ? THOUGHTLESS : {},
    wishes,
  );
  return choice === undefined ? turn : Object.assign(turn, choice);
}

function modelOf(body: JsonObject, tokensAsked: boolean): string {
  if (tokensAsked && !isGiven(body, "model")) return "";
  const model = stringAt(body, "model", "");
  if (model === "") refuse("model", "String should have at least 1 character");
  return model;
}

/** System text is a message like any other, and the first. */
function withSystem(body: JsonObject, messages: Message[]): Message[] {
  const system = own(body, "system");
  if (system === undefined) return messages;
  return [{ role: "system", parts: systemTextOf(system) }, ...messages];
}

function messagesOf(
  body: JsonObject,
  version: Version,
  model: string,
  tokensAsked: boolean,
): Message[] {
  const list = own(body, "messages") ?? (tokensAsked ? [] : undefined);
  if (list === undefined) refuse("messages", REQUIRED);
  if (!Array.isArray(list)) refuse("messages", "Input should be a valid array");
  if (list.length === 0 && tokensAsked) return [];
  if (list.length === 0) refuse("messages", "at least one message is required");
  const reading = { version, inline: !SYSTEM_ABOVE_ONLY.test(model) };
  const messages = list.map((value, index) =>
    messageOf(value, `messages.${index}`, reading)
  );
  checkFirst(messages);
  list.forEach((value, index) => {
    const optional = index === list.length - 1 &&
      messages[index]?.role === "assistant";
    if (!optional && isEmpty(value)) refuse(`messages.${index}`, EMPTY);
  });
  const roles = messages.map(({ role }) => role);
  checkEnding(list.at(-1), roles.at(-1));
  checkPairs(list, roles);
  checkThoughts(body, list, roles);
  return messages;
}

/** The user has to have spoken, though not first: a greeting of the assistant's may come before. */
function checkFirst(messages: readonly Message[]): void {
  if (messages[0]?.role === "system") refuse("messages", SYSTEM_ROLE);
  if (messages.some(({ role }) => role === "user")) return;
  refuse("messages", 'first message must use the "user" role');
}

/** How messages are read. */
interface Reading {
  readonly version: Version;
  /** Whether system text may stand among them. */
  readonly inline: boolean;
}

/** Models that take system text above the messages only; since claude-opus-4-8 it may stand among them. */
const SYSTEM_ABOVE_ONLY =
  /^claude-(?:[123]\b|instant|opus-4(?!-8)|sonnet-4|haiku-4)/;

function messageOf(
  value: unknown,
  path: string,
  { version, inline }: Reading,
): Message {
  if (!isObject(value)) refuse(path, "Input should be an object");
  const role = roleOf(value, path, inline);
  const content = own(value, "content");
  if (content === undefined) refuse(`${path}.content`, REQUIRED);
  if (version.modern) checkModern(role, content, `${path}.content`);
  // The provider refuses null; agents written for other providers send it beside tool calls.
  if (content === null) return { role, parts: [] };
  const parts = contentOf(content, `${path}.content`);
  return { role, parts, ...besidesOf(content) };
}

function roleOf(
  message: JsonObject,
  path: string,
  inline: boolean,
): Message["role"] {
  const role = own(message, "role");
  if (role === undefined) refuse(`${path}.role`, REQUIRED);
  if (role === "user" || role === "assistant") return role;
  if (role === "system" && inline) return role;
  if (role === "system") refuse("messages", SYSTEM_ROLE);
  refuse(`${path}.role`, "Input should be 'user' or 'assistant'");
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

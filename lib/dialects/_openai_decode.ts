/**
 * What an OpenAI chat request asks.
 *
 * @module
 */

import type { Tool, Turn } from "../core/turn.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import { complaint, onlyEnabled, wrongType } from "./_openai_complaints.ts";
import { type Manner, mannerOf } from "./_openai_manner.ts";
import { openaiCounting } from "./_openai_counting.ts";
import { demandJsonWord } from "./_openai_format.ts";
import { readMessages } from "./_openai_messages.ts";
import { readOptions } from "./_openai_options.ts";
import { readFunctionCall, readToolChoice } from "./_openai_tool_choice.ts";
import { readFunctions, readTools } from "./_openai_tools.ts";
import type { Gathered } from "./_wishes.ts";
import type { Inbound } from "./dialect.ts";

/** The wishes that only a stream has. */
export interface StreamOptions {
  /** Whether a last chunk tells the usage. */
  readonly includeUsage: boolean;
  /** Whether chunks are padded. */
  readonly obfuscate: boolean;
}

/** A request in neutral words, and what of it only this dialect has words for. */
export interface Decoded {
  /** The neutral question. */
  readonly turn: Turn;
  /** How a stream is told. */
  readonly streamOptions: StreamOptions;
  /** How its answers are worded. */
  readonly manner: Manner;
}

/** A decoded request. Throws {@linkcode BadRequest} in OpenAI's words. */
export function decodeChat({ body, tokensAsked }: Inbound): Decoded {
  if (!isObject(body)) throw wrongType("body", "an object", body);
  const model = readModel(body, tokensAsked);
  const wishes = readOptions(body);
  const messages = readMessages(body, tokensAsked);
  if (wishes?.responseFormat === "json_object") demandJsonWord(messages);
  const stream = readBoolean(body, "stream", "stream") ?? messages.length === 0;
  const offered = readOffer(body);
  const { tools } = offered;
  const turn = { model, stream, messages, tools, counting: openaiCounting };
  if (wishes !== undefined) Object.assign(turn, wishes);
  if (offered.choice !== undefined) Object.assign(turn, offered.choice);
  return {
    turn,
    streamOptions: readStreamOptions(body, stream),
    manner: mannerOf(turn, body, offered.legacy),
  };
}

function readModel(body: JsonObject, optional: boolean): string {
  const model = own(body, "model");
  if (typeof model === "string" && model !== "") return model;
  if (optional && (model === undefined || model === null)) return "";
  if (model === undefined || model === null || model === "") {
    throw complaint("you must provide a model parameter", "model");
  }
  throw wrongType("model", "a string", model);
}

/** The tools that are offered, and how. */
interface Offer {
  readonly tools: readonly Tool[];
  readonly choice: Gathered | undefined;
  readonly legacy: boolean;
}

function readOffer(body: JsonObject): Offer {
  const tools = readTools(body);
  const functions = readFunctions(body);
  const choice = readToolChoice(body, tools) ??
    readFunctionCall(body, functions);
  if (functions.length === 0) return { tools, choice, legacy: false };
  if (tools.length > 0) {
    return { tools: [...tools, ...functions], choice, legacy: false };
  }
  // A message of old has room for one call.
  const single = { ...choice, parallelToolCalls: false };
  return { tools: functions, choice: single, legacy: true };
}

const DEFAULT: StreamOptions = { includeUsage: false, obfuscate: true };

function readStreamOptions(body: JsonObject, stream: boolean): StreamOptions {
  const options = own(body, "stream_options");
  if (options === undefined || options === null) return DEFAULT;
  if (!isObject(options)) {
    throw wrongType("stream_options", "an object", options);
  }
  if (!stream) throw onlyEnabled("stream_options", "stream");
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

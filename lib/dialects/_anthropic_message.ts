/**
 * How Anthropic's Messages API says a message: the object itself, in the provider's order of
 * keys, for both versions.
 *
 * @module
 */

import { ALPHABETS } from "../core/random.ts";
import type {
  Block,
  Finish,
  Reply,
  ToolCallBlock,
  Usage,
} from "../core/reply.ts";
import { isObject, type JsonObject } from "../wire/json.ts";
import type { Stamp } from "./dialect.ts";

/** The message, or the empty one that a stream starts with. */
export function messageOf(
  { model, choices: [{ blocks, finish }], usage }: Reply,
  stamp: Stamp,
  { modern, ended }: { readonly modern: boolean; readonly ended: boolean },
): JsonObject {
  return {
    model: model.toWellFormed(),
    id: `msg_01${stamp.text(22, ALPHABETS.base58)}`,
    type: "message",
    role: "assistant",
    content: ended ? blocks.map((block) => blockOf(block, modern, stamp)) : [],
    ...(modern ? { container: null } : {}),
    ...stopOf(ended ? finish : undefined, modern),
    usage: usageOf(
      ended ? usage : {
        ...usage,
        output: Math.min(1, usage.output),
        outputReasoning: 0,
      },
      modern,
    ),
    ...(modern ? { diagnostics: null } : {}),
  };
}

/** One content block; a refusal is said in plain text. */
export function blockOf(
  block: Block,
  modern: boolean,
  stamp: Stamp,
): JsonObject {
  switch (block.type) {
    case "tool-call":
      return toolUse(block, inputOfCall(block.text), modern, stamp);
    case "reasoning": {
      const thinking = block.text.toWellFormed();
      return { type: "thinking", thinking, signature: signature(stamp) };
    }
    default: {
      const text = { type: "text", text: block.text.toWellFormed() };
      return modern ? { citations: null, ...text } : text;
    }
  }
}

/** A content block as a stream opens it: all but what its deltas bring. */
export function openBlockOf(
  block: Block,
  modern: boolean,
  stamp: Stamp,
): JsonObject {
  switch (block.type) {
    case "tool-call":
      return toolUse(block, {}, modern, stamp);
    case "reasoning":
      return { type: "thinking", thinking: "", signature: "" };
    default:
      return blockOf({ type: "text", text: "" }, modern, stamp);
  }
}

/** What proves that thoughts are the provider's own. */
export function signature(stamp: Stamp): string {
  return `EqoB${stamp.text(328, BASE64)}`;
}

const BASE64 = `${ALPHABETS.alphanumeric}+/`;

function toolUse(
  { id, name }: ToolCallBlock,
  input: unknown,
  modern: boolean,
  stamp: Stamp,
): JsonObject {
  return {
    type: "tool_use",
    id: id ?? `toolu_01${stamp.text(22, ALPHABETS.base58)}`,
    name: name.toWellFormed(),
    input,
    ...(modern ? { caller: { type: "direct" } } : {}),
  };
}

/** Arguments as the object they are: text that is none has no words here. */
function inputOfCall(text: string): unknown {
  try {
    const input: unknown = JSON.parse(text);
    return isObject(input) ? input : {};
  } catch {
    return {};
  }
}

/** Why it ended, or nulls while it has not. */
export function stopOf(
  finish: Finish | undefined,
  modern: boolean,
): JsonObject {
  const refused = finish?.type === "content-filter" ||
    finish?.type === "refusal";
  const details = refused
    ? { type: "refusal", category: null, explanation: null }
    : null;
  return {
    stop_reason: finish === undefined ? null : STOP_REASONS[finish.type],
    stop_sequence: finish?.type === "stop-string"
      ? finish.matched.toWellFormed()
      : null,
    ...(modern ? { stop_details: details } : {}),
  };
}

const STOP_REASONS: Readonly<Record<Finish["type"], string>> = {
  "stop": "end_turn",
  "stop-string": "stop_sequence",
  "length": "max_tokens",
  "tool-calls": "tool_use",
  "content-filter": "refusal",
  "refusal": "refusal",
};

function usageOf(usage: Usage, modern: boolean): JsonObject {
  return {
    ...inputOf(usage),
    cache_creation: {
      ephemeral_5m_input_tokens: 0,
      ephemeral_1h_input_tokens: 0,
    },
    ...outputOf(usage, modern),
    service_tier: "standard",
    inference_geo: "not_available",
    ...(modern ? { speed: null } : {}),
  };
}

/** The usage of `message_delta`: totals that replace those of the start. */
export function deltaUsageOf(usage: Usage, modern: boolean): JsonObject {
  return { ...inputOf(usage), ...outputOf(usage, modern) };
}

/** Unlike our totals, the provider's `input_tokens` leave out what came from the cache. */
function inputOf({ input, inputCached }: Usage): JsonObject {
  return {
    input_tokens: input - inputCached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: inputCached,
  };
}

function outputOf(
  { output, outputReasoning }: Usage,
  modern: boolean,
): JsonObject {
  if (!modern) return { output_tokens: output };
  const details = outputReasoning > 0
    ? { thinking_tokens: outputReasoning }
    : null;
  return {
    output_tokens: output,
    output_tokens_details: details,
    server_tool_use: null,
  };
}

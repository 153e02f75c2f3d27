/**
 * How Anthropic's Messages API says a message: the object itself, in the provider's order of
 * keys, for both versions.
 *
 * @module
 */

import { ALPHABETS } from "../core/random.ts";
import type { Block, Finish, Reply, Usage } from "../core/reply.ts";
import type { JsonObject } from "../wire/json.ts";
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
    content: ended ? blocks.map((block) => blockOf(block, modern)) : [],
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

/** One content block. */
export function blockOf(block: Block, modern: boolean): JsonObject {
  const text = { type: "text", text: block.text.toWellFormed() };
  return modern ? { citations: null, ...text } : text;
}

/** Why it ended, or nulls while it has not. */
export function stopOf(
  finish: Finish | undefined,
  modern: boolean,
): JsonObject {
  const refused = finish?.type === "content-filter";
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

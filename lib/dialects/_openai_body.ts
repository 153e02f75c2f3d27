/**
 * OpenAI chat completions whole: the body of a regular answer, laid out as the provider does,
 * and what chunks share with it.
 *
 * @module
 */

import type { Block, Choice, Finish, Reply, Usage } from "../core/reply.ts";
import { jsonText } from "../wire/json.ts";
import type { Stamp } from "./dialect.ts";

/** What the provider's configuration is called. */
export const FINGERPRINT = "fp_3c8f5d10a2";

/** How the calls of one request are worded. */
export interface CallWords {
  /** Whether tools were offered as functions of old: a call is a `function_call` then. */
  readonly legacy: boolean;
  /** Whether one was demanded by name: to call it is no reason to end then. */
  readonly forced: boolean;
}

/** Laid out with two spaces, as the provider does; written out, since indenting costs `JSON.stringify` dearly. */
export function openaiBody(
  reply: Reply,
  stamp: Stamp,
  words: CallWords,
): string {
  const id = completionId(stamp);
  const { usage } = reply;
  return `{
  "id": "${id}",
  "object": "chat.completion",
  "created": ${seconds(stamp)},
  "model": ${jsonText(reply.model)},
  "choices": [
${choicesOf(reply, stamp, words)}
  ],
  "usage": {
    "prompt_tokens": ${usage.input},
    "completion_tokens": ${usage.output},
    "total_tokens": ${usage.input + usage.output},
    "prompt_tokens_details": {
      "cached_tokens": ${usage.inputCached},
      "audio_tokens": 0
    },
    "completion_tokens_details": {
      "reasoning_tokens": ${usage.outputReasoning},
      "audio_tokens": 0,
      "accepted_prediction_tokens": 0,
      "rejected_prediction_tokens": 0
    }
  },
  "service_tier": "default",
  "system_fingerprint": "${FINGERPRINT}"
}
`;
}

/** Of replies that last: their choices as they are worded. */
const worded = new WeakMap<Reply["choices"], string>();

function choicesOf(
  { choices, lasting }: Reply,
  stamp: Stamp,
  words: CallWords,
): string {
  const known = lasting ? worded.get(choices) : undefined;
  if (known !== undefined) return known;
  const ids = choices.map((choice) => callIds(choice, stamp));
  const text = choices.map((choice, index) =>
    wholeChoice(choice, index, words, ids[index])
  ).join(",\n");
  // Ids are drawn anew for each answer, and only calls depend on how they are worded.
  const same = ids.every(({ length }) => length === 0);
  if (lasting && same) worded.set(choices, text);
  return text;
}

function wholeChoice(
  { blocks, finish }: Choice,
  index: number,
  words: CallWords,
  ids: readonly string[] = [],
): string {
  return `    {
      "index": ${index},
      "message": {
        "role": "assistant",
        "content": ${contentOf(blocks)},${toolCalls(blocks, words, ids)}
        "refusal": ${textOf(blocks, "refusal") ?? "null"},
        "annotations": []
      },
      "logprobs": null,
      "finish_reason": "${finishReason(finish, words)}"
    }`;
}

/** Null where tools are called or the model refuses, and nothing is said besides. */
function contentOf(blocks: readonly Block[]): string {
  const text = textOf(blocks, "text");
  if (text !== undefined) return text;
  const instead = blocks.some(({ type }) =>
    type === "tool-call" || type === "refusal"
  );
  return instead ? "null" : '""';
}

/** All text of one kind of block as JSON; undefined where there is none. */
function textOf(
  blocks: readonly Block[],
  type: Block["type"],
): string | undefined {
  const all = blocks.filter((block) => block.type === type);
  if (all.length === 0) return undefined;
  return jsonText(all.map(({ text }) => text).join(""));
}

function toolCalls(
  blocks: readonly Block[],
  { legacy }: CallWords,
  ids: readonly string[],
): string {
  const calls = blocks.flatMap((block) =>
    block.type === "tool-call" ? [block] : []
  );
  const [first] = calls;
  if (first === undefined) return "";
  if (legacy) {
    return `
        "function_call": {
          "name": ${jsonText(first.name)},
          "arguments": ${jsonText(first.text)}
        },`;
  }
  const each = calls.map(({ name, text }, at) =>
    `          {
            "id": ${jsonText(ids[at] ?? "")},
            "type": "function",
            "function": {
              "name": ${jsonText(name)},
              "arguments": ${jsonText(text)}
            }
          }`
  );
  return `\n        "tool_calls": [\n${each.join(",\n")}\n        ],`;
}

/** Token counts as a stream tells them. */
export function usageOf(usage: Usage): Record<string, unknown> {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: {
      cached_tokens: usage.inputCached,
      audio_tokens: 0,
    },
    completion_tokens_details: {
      reasoning_tokens: usage.outputReasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/** The provider's word for why generation ended. */
export function finishReason(
  finish: Finish,
  { legacy, forced }: CallWords,
): string {
  switch (finish.type) {
    case "stop":
    case "stop-string":
    case "refusal":
    case "pause":
      return "stop";
    case "length":
    case "context-window":
      return "length";
    case "tool-calls":
      return forced ? "stop" : legacy ? "function_call" : "tool_calls";
    case "content-filter":
      return "content_filter";
  }
}

/** Ids of the tool calls of a choice, drawn in order unless given. */
export function callIds({ blocks }: Choice, stamp: Stamp): readonly string[] {
  return blocks.flatMap((block) =>
    block.type === "tool-call" ? [block.id ?? `call_${stamp.text(24)}`] : []
  );
}

/** An id for a completion. */
export function completionId(stamp: Stamp): string {
  return `chatcmpl-${stamp.text(29)}`;
}

/** When it was made, in seconds since the epoch. */
export function seconds(stamp: Stamp): number {
  return Math.floor(stamp.epochMs / 1_000);
}

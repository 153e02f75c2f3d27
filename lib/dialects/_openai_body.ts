/**
 * OpenAI chat completions whole: the body of a regular answer, laid out as the provider does,
 * and what chunks share with it.
 *
 * @module
 */

import {
  type Block,
  callsOf,
  type Choice,
  type Reply,
  type ToolCallBlock,
  type Usage,
} from "../core/reply.ts";
import { jsonText } from "../wire/json.ts";
import { annotationsOf } from "./_openai_annotations.ts";
import { wholeLogprobs } from "./_openai_logprobs.ts";
import { finishReason, isCustom, type Manner } from "./_openai_manner.ts";
import type { Stamp } from "./dialect.ts";

const FINGERPRINT = '"fp_3c8f5d10a2"';

/** Laid out with two spaces, as the provider does; written out, since indenting costs `JSON.stringify` dearly. */
export function openaiBody(
  reply: Reply,
  stamp: Stamp,
  manner: Manner,
): string {
  const id = completionId(stamp);
  const { usage } = reply;
  return `{
  "id": "${id}",
  "object": "chat.completion",
  "created": ${seconds(stamp)},
  "model": ${jsonText(reply.model)},
  "choices": [
${choicesOf(reply, stamp, manner)}
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
  "service_tier": "${manner.tier}",
  "system_fingerprint": ${fingerprint(manner)}
}
`;
}

/** Of replies that last: their choices as they are worded, by those of terse models and of others. */
const worded = [
  new WeakMap<Reply["choices"], string>(),
  new WeakMap<Reply["choices"], string>(),
] as const;

function choicesOf(reply: Reply, stamp: Stamp, manner: Manner): string {
  const { choices, lasting } = reply;
  const known = worded[manner.leavesOutLogprobs ? 1 : 0];
  const remembered = lasting && manner.top === undefined;
  const text = remembered ? known.get(choices) : undefined;
  if (text !== undefined) return text;
  const ids = choices.map((choice) => callIds(choice, stamp));
  const { top } = manner;
  const likely = top === undefined
    ? undefined
    : wholeLogprobs(reply, likelySeed(stamp), top, stamp);
  const said = choices.map((choice, index) =>
    wholeChoice(choice, index, {
      manner,
      ids: ids[index] ?? [],
      thoughts: reply.thoughtsTold === true,
      logprobs: likely?.[index],
    })
  ).join(",\n");
  // Ids are drawn anew for each answer, and only calls depend on how they are worded.
  const same = ids.every(({ length }) => length === 0);
  if (remembered && same) known.set(choices, said);
  return said;
}

/** What a choice is worded with. */
interface Parts {
  readonly manner: Manner;
  /** Ids of its calls. */
  readonly ids: readonly string[];
  /** Whether its thoughts are told in words. */
  readonly thoughts: boolean;
  /** How likely its tokens were, as JSON. */
  readonly logprobs: string | undefined;
}

function wholeChoice(
  { blocks, finish }: Choice,
  index: number,
  { manner, ids, thoughts, logprobs }: Parts,
): string {
  const likely = logprobs ?? (manner.leavesOutLogprobs ? undefined : "null");
  return `    {
      "index": ${index},
      "message": {
        "role": "assistant",
        "content": ${contentOf(blocks)},${thoughts ? thoughtsOf(blocks) : ""}${
    toolCalls(blocks, manner, ids)
  }
        "refusal": ${textOf(blocks, "refusal") ?? "null"},
        "annotations": ${annotationsOf(blocks)}
      },${likely === undefined ? "" : `\n      "logprobs": ${likely},`}
      "finish_reason": "${finishReason(finish, manner)}"
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

/** Thoughts, as the providers tell them that do. */
function thoughtsOf(blocks: readonly Block[]): string {
  const text = textOf(blocks, "reasoning");
  return text === undefined ? "" : `\n        "reasoning_content": ${text},`;
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
  manner: Manner,
  ids: readonly string[],
): string {
  const calls = callsOf(blocks);
  const [first] = calls;
  if (first === undefined) return "";
  if (manner.legacy) {
    return `
        "function_call": {
          "name": ${jsonText(first.name)},
          "arguments": ${jsonText(first.text)}
        },`;
  }
  const each = calls.map((call, at) => wholeCall(call, ids[at] ?? "", manner));
  return `\n        "tool_calls": [\n${each.join(",\n")}\n        ],`;
}

function wholeCall(call: ToolCallBlock, id: string, manner: Manner): string {
  const { type, input } = callKeys(call, manner);
  return `          {
            "id": ${jsonText(id)},
            "type": "${type}",
            "${type}": {
              "name": ${jsonText(call.name)},
              "${input}": ${jsonText(call.text)}
            }
          }`;
}

/** What a call is called, and what it is called with. */
export function callKeys(
  call: ToolCallBlock,
  manner: Manner,
): { readonly type: string; readonly input: string } {
  return isCustom(call, manner)
    ? { type: "custom", input: "input" }
    : { type: "function", input: "arguments" };
}

/** What decides how likely tokens were. To be asked for after ids are drawn. */
export function likelySeed(stamp: Stamp): number {
  const drawn = stamp.below(2 ** 32);
  return stamp.drawSeed ?? drawn;
}

/** What the provider's configuration is called, as JSON. */
export function fingerprint({ hasNoFingerprint }: Manner): string {
  return hasNoFingerprint ? "null" : FINGERPRINT;
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

/**
 * How Anthropic's Messages API says a message: the object itself, in the provider's order of
 * keys, for both versions.
 *
 * @module
 */

import { ALPHABETS } from "../core/random.ts";
import type { Choice, Finish, Reply, Usage } from "../core/reply.ts";
import type { JsonObject } from "../wire/json.ts";
import {
  blockOf,
  contentOf,
  isRefused,
  type Wording,
} from "./_anthropic_blocks.ts";
import type { Stamp } from "./dialect.ts";

/** The message, or the empty one that a stream starts with. */
export function messageOf(
  { model, choices: [choice], usage }: Reply,
  stamp: Stamp,
  { ended, ...wording }: Wording & { readonly ended: boolean },
): JsonObject {
  const { modern } = wording;
  return {
    model: model.toWellFormed(),
    id: `msg_01${stamp.text(22, ALPHABETS.base58)}`,
    type: "message",
    role: "assistant",
    content: ended ? blocksOf(choice, wording, stamp) : [],
    ...(modern ? { container: null } : {}),
    ...stopOf(ended ? choice : undefined, modern),
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

function blocksOf(
  choice: Choice,
  wording: Wording,
  stamp: Stamp,
): readonly JsonObject[] {
  const cut = CUT_SHORT.has(choice.finish.type);
  return contentOf(choice, wording).map((block) =>
    blockOf(block, cut, wording, stamp)
  );
}

const CUT_SHORT: ReadonlySet<Finish["type"]> = new Set([
  "length",
  "context-window",
]);

/** Why it ended, or nulls while it has not. The older version tells the details only of a refusal. */
export function stopOf(
  choice: Choice | undefined,
  modern: boolean,
): JsonObject {
  const details = choice && detailsOf(choice);
  const finish = details ? REFUSED : choice?.finish;
  return {
    stop_reason: finish === undefined ? null : STOP_REASONS[finish.type],
    stop_sequence: finish?.type === "stop-string"
      ? finish.matched.toWellFormed()
      : null,
    ...(modern || details ? { stop_details: details ?? null } : {}),
  };
}

/** Why it was refused: the words of the refusal, which are no content. */
function detailsOf(choice: Choice): JsonObject | undefined {
  if (!isRefused(choice)) return undefined;
  const refusal = choice.blocks.find((block) => block.type === "refusal");
  return {
    type: "refusal",
    category: refusal?.category?.toWellFormed() ?? null,
    explanation: (refusal?.whole ?? refusal?.text)?.toWellFormed() ?? null,
  };
}

const REFUSED: Finish = { type: "refusal" };

const STOP_REASONS: Readonly<Record<Finish["type"], string>> = {
  "stop": "end_turn",
  "stop-string": "stop_sequence",
  "length": "max_tokens",
  "tool-calls": "tool_use",
  "content-filter": "refusal",
  "refusal": "refusal",
  "pause": "pause_turn",
  "context-window": "model_context_window_exceeded",
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

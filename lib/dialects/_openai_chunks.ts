/**
 * OpenAI chat completions in chunks: the frames of a stream, in the order in which they were
 * recorded.
 *
 * @module
 */

import {
  type Block,
  type BlockEvent,
  callsOf,
  type Choice,
  type Failure,
  isThought,
  type Reply,
  type ReplyEvent,
  sampleOf,
  type ToolCallBlock,
} from "../core/reply.ts";
import { sse, SSE_CLOSE, SSE_OPEN } from "../wire/framing.ts";
import { jsonPiecesOf, jsonText } from "../wire/json.ts";
import { annotationsDelta } from "./_openai_annotations.ts";
import {
  callIds,
  callKeys,
  completionId,
  fingerprint,
  likelySeed,
  seconds,
  usageOf,
} from "./_openai_body.ts";
import type { StreamOptions } from "./_openai_decode.ts";
import { openaiStreamError } from "./_openai_errors.ts";
import { type Logprobs, logprobsOf } from "./_openai_logprobs.ts";
import { finishReason, type Manner } from "./_openai_manner.ts";
import {
  padded,
  paddedDeltas,
  type Padding,
  paddingOf,
} from "./_openai_padding.ts";
import type { Stamp, Voice } from "./dialect.ts";

/** Tells one reply in chunks; what all of them share is made once. */
export class ChunkVoice implements Voice {
  readonly #reply: Reply;
  readonly #options: StreamOptions;
  readonly #manner: Manner;
  /** Every chunk up to its choices. */
  readonly #head: string;
  /** Every chunk but the usage chunk from the end of its choices. */
  readonly #tail: string;
  readonly #padding: Padding | undefined;
  /** Ids of tool calls, by choice and block. */
  readonly #callIds: readonly (readonly string[])[];
  /** How likely tokens were, by choice. */
  readonly #logprobs: readonly Logprobs[] | undefined;
  /** What a chunk says of that where there is nothing to say. */
  readonly #noLogprobs: string;

  /** A voice for `reply`, its ids drawn from `stamp`. */
  constructor(
    reply: Reply,
    stamp: Stamp,
    options: StreamOptions,
    manner: Manner,
  ) {
    this.#reply = reply;
    this.#manner = manner;
    this.#options = options;
    this.#head = `{"id":"${
      completionId(stamp)
    }","object":"chat.completion.chunk","created":${seconds(stamp)},"model":${
      jsonText(reply.model)
    },"service_tier":"${manner.tier}","system_fingerprint":${
      fingerprint(manner)
    },"choices":[`;
    this.#callIds = reply.choices.map((choice) => callIds(choice, stamp));
    const { top } = manner;
    this.#logprobs = top === undefined
      ? undefined
      : logprobsOf(reply, likelySeed(stamp), top);
    this.#noLogprobs = manner.leavesOutLogprobs && this.#logprobs === undefined
      ? ""
      : `,"logprobs":null`;
    this.#tail = options.includeUsage ? `],"usage":null` : "]";
    this.#padding = options.obfuscate ? paddingOf(stamp) : undefined;
  }

  /** Words one structural step. */
  say(step: ReplyEvent): string {
    const { choices } = this.#reply;
    switch (step.type) {
      case "choice-start":
        return this.#opening(choices[step.choice] ?? choices[0], step.choice);
      case "block-start":
        return step.block.type === "tool-call" ? this.#callHeader(step) : "";
      case "choice-end": {
        const { blocks, finish } = choices[step.choice] ?? choices[0];
        const reason = finishReason(finish, this.#manner);
        const found = annotationsDelta(blocks);
        return (found && this.#chunk(step.choice, found, "null")) +
          this.#chunk(step.choice, "{}", `"${reason}"`);
      }
      case "reply-end":
        return this.#usageChunk() + sse("[DONE]");
      default:
        return "";
    }
  }

  /** Words the deltas of one block; of thoughts only where they are told. */
  deltas(event: BlockEvent): (delta: string) => string {
    const { choice, block } = event;
    if (!this.#isTold(block)) return () => "";
    const [before, after] = this.#deltaAround(event);
    const sample = sampleOf(block);
    const likely = this.#likelyWords(event, after);
    const prefix =
      `${SSE_OPEN}${this.#head}{"index":${choice},"delta":${before}`;
    // As much as can be is made once: what is left costs each delta.
    const suffix = `${
      likely === undefined ? after + this.#noLogprobs : ""
    },"finish_reason":null}${this.#tail}`;
    const word = likely ?? jsonPiecesOf(sample);
    const padding = this.#padding;
    if (padding !== undefined) {
      return paddedDeltas({ prefix, suffix, word, sample }, padding);
    }
    const end = `${suffix}}${SSE_CLOSE}`;
    return (delta) => prefix + word(delta) + end;
  }

  /** Words a failure in the middle of the stream. */
  fail(failure: Failure): string {
    return openaiStreamError(failure);
  }

  /** Whether clients are told `block` in words. */
  #isTold(block: Block): boolean {
    return block.type === "reasoning"
      ? this.#reply.thoughtsTold === true
      : !isThought(block);
  }

  /** Words a delta, what comes `after` it and how likely it was, where that is told of its block. */
  #likelyWords(
    { choice, block }: BlockEvent,
    after: string,
  ): ((delta: string) => string) | undefined {
    const likely = this.#logprobs?.[choice];
    const isRefusal = block.type === "refusal";
    if (likely === undefined || !isRefusal && block.type !== "text") {
      return undefined;
    }
    const json = jsonPiecesOf(sampleOf(block));
    const [open, close] = isRefusal
      ? [`${after},"logprobs":{"content":null,"refusal":[`, "]}"]
      : [`${after},"logprobs":{"content":[`, `],"refusal":null}`];
    return (token) => json(token) + open + likely.next(token) + close;
  }

  /** What stands around the text of a delta. */
  #deltaAround(event: BlockEvent): readonly [string, string] {
    const { block } = event;
    switch (block.type) {
      case "tool-call": {
        if (this.#manner.legacy) {
          return [`{"function_call":{"arguments":`, "}}"];
        }
        const { type, input } = callKeys(block, this.#manner);
        const at = this.#callIndex(event);
        return [`{"tool_calls":[{"index":${at},"${type}":{"${input}":`, "}}]}"];
      }
      case "refusal":
        return [`{"refusal":`, "}"];
      case "reasoning":
        return [`{"reasoning_content":`, "}"];
      default:
        return [`{"content":`, "}"];
    }
  }

  /** The chunk that says who speaks; a single tool call says that itself. */
  #opening(choice: Choice, index: number): string {
    if (this.#isSingleCall(choice)) return "";
    const first = this.#told(choice)[0]?.type ?? "text";
    const { delta, logprobs } = OPENINGS[first] ?? OPENINGS.text;
    return this.#chunk(index, delta, "null", this.#logprobs && logprobs);
  }

  /** The chunk that names the tool called. */
  #callHeader(event: BlockEvent): string {
    const { choice, block } = event;
    if (block.type !== "tool-call") return "";
    const call = this.#callOf(block, event);
    const spoken = this.#reply.choices[choice];
    const delta = spoken !== undefined && this.#isSingleCall(spoken)
      ? `{"role":"assistant","content":null,${call},"refusal":null}`
      : `{${call}}`;
    return this.#chunk(choice, delta, "null");
  }

  #callOf(block: ToolCallBlock, event: BlockEvent): string {
    const { type, input } = callKeys(block, this.#manner);
    const what = `{"name":${jsonText(block.name)},"${input}":""}`;
    if (this.#manner.legacy) return `"function_call":${what}`;
    const at = this.#callIndex(event);
    const id = jsonText(this.#callIds[event.choice]?.[at] ?? "");
    return `"tool_calls":[{"index":${at},"id":${id},"type":"${type}","${type}":${what}}]`;
  }

  /** Which of the tool calls of its choice a block is. */
  #callIndex({ choice, index }: BlockEvent): number {
    const blocks = this.#reply.choices[choice]?.blocks ?? [];
    return callsOf(blocks.slice(0, index)).length;
  }

  /** Those of the blocks of a choice that clients are told in words. */
  #told({ blocks }: Choice): readonly Block[] {
    return blocks.filter((block) => this.#isTold(block));
  }

  #isSingleCall(choice: Choice): boolean {
    const [first, ...rest] = this.#told(choice);
    return first?.type === "tool-call" && rest.length === 0;
  }

  #chunk(
    choice: number,
    delta: string,
    finish: string,
    logprobs = this.#noLogprobs,
  ): string {
    return this.#event(
      `${this.#head}{"index":${choice},"delta":${delta}${logprobs},"finish_reason":${finish}}${this.#tail}`,
    );
  }

  #usageChunk(): string {
    if (!this.#options.includeUsage) return "";
    const counts = JSON.stringify(usageOf(this.#reply.usage));
    return this.#event(`${this.#head}],"usage":${counts}`);
  }

  /** One event out of all but the end of its JSON. */
  #event(json: string): string {
    const padding = this.#padding;
    return sse(padding === undefined ? json + "}" : padded(json, padding));
  }
}

/** How a choice opens. */
interface Opening {
  /** Who speaks, and what of. */
  readonly delta: string;
  /** How likely its tokens were, before there are any. */
  readonly logprobs: string;
}

const NO_LOGPROBS = `,"logprobs":null`;

/** How a choice opens, by what it says first. Several calls come after a chunk of their own. */
const OPENINGS = {
  "text": {
    delta: `{"role":"assistant","content":"","refusal":null}`,
    logprobs: `,"logprobs":{"content":[],"refusal":null}`,
  },
  "refusal": {
    delta: `{"role":"assistant","content":null,"refusal":""}`,
    logprobs: `,"logprobs":{"content":null,"refusal":[]}`,
  },
  "reasoning": {
    delta: `{"role":"assistant","content":null,"reasoning_content":""}`,
    logprobs: NO_LOGPROBS,
  },
  "redacted": undefined,
  "tool-call": {
    delta: `{"role":"assistant","content":null}`,
    logprobs: NO_LOGPROBS,
  },
} as const satisfies Readonly<Record<Block["type"], Opening | undefined>>;

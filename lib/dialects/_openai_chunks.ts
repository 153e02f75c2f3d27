/**
 * OpenAI chat completions in chunks: the frames of a stream, in the order in which they were
 * recorded.
 *
 * @module
 */

import { Random } from "../core/random.ts";
import {
  type BlockEvent,
  type Choice,
  type Failure,
  isThought,
  type Reply,
  type ReplyEvent,
  sampleOf,
} from "../core/reply.ts";
import { sse, SSE_CLOSE, SSE_OPEN } from "../wire/framing.ts";
import { jsonPiecesOf, jsonText } from "../wire/json.ts";
import {
  callIds,
  type CallWords,
  completionId,
  FINGERPRINT,
  finishReason,
  seconds,
  usageOf,
} from "./_openai_body.ts";
import type { StreamOptions } from "./_openai_decode.ts";
import { openaiStreamError } from "./_openai_errors.ts";
import type { Stamp, Voice } from "./dialect.ts";

/** Random letters to cut obfuscation out of; a slice costs less than drawing each. */
const NOISE = new Random(1).text(4_096);

/** Tells one reply in chunks; what all of them share is made once. */
export class ChunkVoice implements Voice {
  readonly #reply: Reply;
  readonly #options: StreamOptions;
  readonly #words: CallWords;
  /** Every chunk up to its choices. */
  readonly #head: string;
  /** Every chunk but the usage chunk from the end of its choices. */
  readonly #tail: string;
  readonly #padding: ((length: number) => string) | undefined;
  /** Ids of tool calls, by choice and block. */
  readonly #callIds: readonly (readonly string[])[];

  /** A voice for `reply`, its ids drawn from `stamp`. */
  constructor(
    reply: Reply,
    stamp: Stamp,
    options: StreamOptions,
    words: CallWords,
  ) {
    this.#reply = reply;
    this.#words = words;
    this.#options = options;
    this.#head = `{"id":"${
      completionId(stamp)
    }","object":"chat.completion.chunk","created":${seconds(stamp)},"model":${
      jsonText(reply.model)
    },"service_tier":"default","system_fingerprint":"${FINGERPRINT}","choices":[`;
    this.#callIds = reply.choices.map((choice) => callIds(choice, stamp));
    this.#tail = options.includeUsage ? `],"usage":null` : "]";
    this.#padding = options.obfuscate ? noise(stamp) : undefined;
  }

  /** Words one structural step. */
  say(step: ReplyEvent): string {
    const { choices } = this.#reply;
    switch (step.type) {
      case "choice-start": {
        const choice = choices[step.choice] ?? choices[0];
        return this.#opening(choice, step.choice);
      }
      case "block-start":
        return step.block.type === "tool-call" ? this.#callHeader(step) : "";
      case "choice-end": {
        const { finish } = choices[step.choice] ?? choices[0];
        const reason = finishReason(finish, this.#words);
        return this.#chunk(step.choice, "{}", `"${reason}"`);
      }
      case "reply-end":
        return this.#usageChunk() + sse("[DONE]");
      default:
        return "";
    }
  }

  /** Words the deltas of one block; thoughts have no words here. */
  deltas(event: BlockEvent): (delta: string) => string {
    const { choice, block } = event;
    if (isThought(block)) return () => "";
    const padding = this.#padding;
    const sample = sampleOf(block);
    const json = jsonPiecesOf(sample);
    const [before, after] = this.#deltaAround(event);
    const prefix =
      `${SSE_OPEN}${this.#head}{"index":${choice},"delta":${before}`;
    const suffix =
      `${after},"logprobs":null,"finish_reason":null}${this.#tail}`;
    const end = `${suffix}}${SSE_CLOSE}`;
    if (padding === undefined) return (delta) => prefix + json(delta) + end;
    const open = suffix + PADDING_OPEN;
    const close = PADDING_CLOSE + SSE_CLOSE;
    const fixed = points(prefix) - SSE_OPEN.length + open.length +
      PADDING_CLOSE.length;
    const length = SURROGATE.test(sample) ? points : lengthOf;
    return (delta) => {
      const text = json(delta);
      return prefix + text + open + padding(fixed + length(text)) + close;
    };
  }

  /** Words a failure in the middle of the stream. */
  fail(failure: Failure): string {
    return openaiStreamError(failure);
  }

  /** What stands around the text of a delta. */
  #deltaAround(event: BlockEvent): readonly [string, string] {
    switch (event.block.type) {
      case "tool-call":
        return this.#words.legacy ? [`{"function_call":{"arguments":`, "}}"] : [
          `{"tool_calls":[{"index":${
            this.#callIndex(event)
          },"function":{"arguments":`,
          "}}]}",
        ];
      case "refusal":
        return [`{"refusal":`, "}"];
      default:
        return [`{"content":`, "}"];
    }
  }

  /** The chunk that says who speaks; a single tool call says that itself. */
  #opening(choice: Choice, index: number): string {
    if (isSingleCall(choice)) return "";
    const first = visible(choice)[0]?.type;
    return this.#chunk(index, OPENINGS[first ?? "text"], "null");
  }

  /** The chunk that names the tool called. */
  #callHeader(event: BlockEvent): string {
    const { choice, block } = event;
    if (block.type !== "tool-call") return "";
    const at = this.#callIndex(event);
    const id = jsonText(this.#callIds[choice]?.[at] ?? "");
    const what = `{"name":${jsonText(block.name)},"arguments":""}`;
    const call = this.#words.legacy
      ? `"function_call":${what}`
      : `"tool_calls":[{"index":${at},"id":${id},"type":"function","function":${what}}]`;
    const spoken = this.#reply.choices[choice];
    const delta = spoken !== undefined && isSingleCall(spoken)
      ? `{"role":"assistant","content":null,${call},"refusal":null}`
      : `{${call}}`;
    return this.#chunk(choice, delta, "null");
  }

  /** Which of the tool calls of its choice a block is. */
  #callIndex({ choice, index }: BlockEvent): number {
    const blocks = this.#reply.choices[choice]?.blocks ?? [];
    return blocks.slice(0, index).filter(({ type }) => type === "tool-call")
      .length;
  }

  #chunk(choice: number, delta: string, finish: string): string {
    return this.#event(
      `${this.#head}{"index":${choice},"delta":${delta},"logprobs":null,"finish_reason":${finish}}${this.#tail}`,
    );
  }

  #usageChunk(): string {
    if (!this.#options.includeUsage) return "";
    const counts = JSON.stringify(usageOf(this.#reply.usage));
    return this.#event(`${this.#head}],"usage":${counts}`);
  }

  /** One event out of all but the end of its JSON. */
  #event(json: string): string {
    if (this.#padding === undefined) return sse(json + "}");
    const open = json + PADDING_OPEN;
    const length = points(open) + PADDING_CLOSE.length;
    return sse(open + this.#padding(length) + PADDING_CLOSE);
  }
}

/** How a choice opens, by what it says first. Several calls come after a chunk of their own. */
const OPENINGS: Readonly<Record<Visible, string>> = {
  "text": `{"role":"assistant","content":"","refusal":null}`,
  "refusal": `{"role":"assistant","content":null,"refusal":""}`,
  "tool-call": `{"role":"assistant","content":null}`,
};

type Visible = "text" | "refusal" | "tool-call";

function visible({ blocks }: Choice): readonly { readonly type: Visible }[] {
  return blocks.filter((block) => !isThought(block));
}

function isSingleCall(choice: Choice): boolean {
  const [first, ...rest] = visible(choice);
  return first?.type === "tool-call" && rest.length === 0;
}

const PADDING_OPEN = `,"obfuscation":"`;
const PADDING_CLOSE = `"}`;

/**
 * Hides the length of what was said, as recorded: 0 to 15 letters that make the length of the
 * whole event 1 more than a multiple of 16. Takes that length without the letters.
 */
function noise(stamp: Stamp): (length: number) => string {
  return (length) => {
    const from = stamp.below(NOISE.length - 16);
    return NOISE.slice(from, from + (17 - length % 16) % 16);
  };
}

const SURROGATE = /[\ud800-\udbff]/;

function lengthOf(text: string): number {
  return text.length;
}

/** The length of `text` in code points, which is how the padding was measured. */
function points(text: string): number {
  return SURROGATE.test(text) ? Array.from(text).length : text.length;
}

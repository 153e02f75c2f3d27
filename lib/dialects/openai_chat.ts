/**
 * OpenAI chat completions, as of autumn 2026, and the models list beside them.
 * https://platform.openai.com/docs/api-reference/chat
 *
 * Deliberately not covered here: legacy completions, Responses, embeddings (dialects of their
 * own), and what concerns anything but text.
 *
 * @module
 */

import { Random } from "../core/random.ts";
import {
  type BlockEvent,
  type Choice,
  type Failure,
  type Finish,
  type Reply,
  type ReplyEvent,
  sampleOf,
  type Usage,
} from "../core/reply.ts";
import { sse, SSE_CLOSE, SSE_OPEN, SSE_TYPE } from "../wire/framing.ts";
import { jsonPiecesOf, jsonText } from "../wire/json.ts";
import { decodeChat, type StreamOptions } from "./_openai_decode.ts";
import { openaiRefuse, openaiStreamError } from "./_openai_errors.ts";
import { openaiEdgeHeaders, openaiHeaders } from "./_openai_headers.ts";
import { openaiModels } from "./_openai_models.ts";
import { openaiSigns } from "./_openai_options.ts";
import {
  type Asked,
  type Dialect,
  type Encoder,
  type Inbound,
  MOCK_KEY,
  type Stamp,
  type Voice,
} from "./dialect.ts";

/** The dialect. */
export const openaiChat: Dialect = {
  name: "openai_chat",
  endpoints: [
    { type: "chat", route: "POST /v1/chat/completions", decode },
    { type: "catalog", route: "GET /v1/models", list: openaiModels },
    { type: "catalog", route: "GET /v1/models/:id", list: openaiModels },
  ],
  clients: [
    { name: "OPENAI_BASE_URL", value: (url) => `${url}/v1` },
    { name: "OPENAI_API_BASE", value: (url) => `${url}/v1` },
    { name: "OPENAI_API_KEY", value: () => MOCK_KEY },
  ],
  signs: openaiSigns,
  claims: (_headers, path) => path.toLowerCase().includes("/chat"),
  headers: openaiHeaders,
  edgeHeaders: openaiEdgeHeaders,
  refuse: openaiRefuse,
};

const FINGERPRINT = "fp_3c8f5d10a2";

// What was asked ─────────────────────────────────────────────────────────────

function decode(inbound: Inbound): Asked {
  const { turn, streamOptions } = decodeChat(inbound);
  return { turn, encoder: encoder(streamOptions) };
}

// How it is said ─────────────────────────────────────────────────────────────

function encoder(options: StreamOptions): Encoder {
  return {
    whole,
    streamType: SSE_TYPE,
    voice: (reply, stamp) => new ChunkVoice(reply, stamp, options),
  };
}

/** Laid out with two spaces, as the provider does; written out, since indenting costs `JSON.stringify` dearly. */
function whole(reply: Reply, stamp: Stamp): string {
  return `{
  "id": "${completionId(stamp)}",
  "object": "chat.completion",
  "created": ${seconds(stamp)},
  "model": ${jsonText(reply.model)},
  "choices": [
${reply.choices.map(wholeChoice).join(",\n")}
  ],
  "usage": {
    "prompt_tokens": ${reply.usage.input},
    "completion_tokens": ${reply.usage.output},
    "total_tokens": ${reply.usage.input + reply.usage.output},
    "prompt_tokens_details": {
      "cached_tokens": ${reply.usage.inputCached},
      "audio_tokens": 0
    },
    "completion_tokens_details": {
      "reasoning_tokens": ${reply.usage.outputReasoning},
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

function wholeChoice({ blocks, finish }: Choice, index: number): string {
  return `    {
      "index": ${index},
      "message": {
        "role": "assistant",
        "content": ${jsonText(blocks.map(({ text }) => text).join(""))},
        "refusal": null,
        "annotations": []
      },
      "logprobs": null,
      "finish_reason": "${finishReason(finish)}"
    }`;
}

/** Random letters to cut obfuscation out of; a slice costs less than drawing each. */
const NOISE = new Random(1).text(4_096);

/** Tells one reply in chunks; what all of them share is made once. */
class ChunkVoice implements Voice {
  readonly #reply: Reply;
  readonly #options: StreamOptions;
  /** Every chunk up to its choices. */
  readonly #head: string;
  /** Every chunk but the usage chunk from the end of its choices. */
  readonly #tail: string;
  readonly #padding: ((length: number) => string) | undefined;

  constructor(reply: Reply, stamp: Stamp, options: StreamOptions) {
    this.#reply = reply;
    this.#options = options;
    this.#head = `{"id":"${
      completionId(stamp)
    }","object":"chat.completion.chunk","created":${seconds(stamp)},"model":${
      jsonText(reply.model)
    },"service_tier":"default","system_fingerprint":"${FINGERPRINT}","choices":[`;
    this.#tail = options.includeUsage ? `],"usage":null` : "]";
    this.#padding = options.obfuscate ? noise(stamp) : undefined;
  }

  say(step: ReplyEvent): string {
    const { choices } = this.#reply;
    switch (step.type) {
      case "reply-start":
        return choices.map((_, index) => this.#chunk(index, OPENING, "null"))
          .join("");
      case "reply-end":
        return choices.map(({ finish }, index) =>
          this.#chunk(index, "{}", `"${finishReason(finish)}"`)
        ).join("") + this.#usageChunk() + sse("[DONE]");
      default:
        return "";
    }
  }

  deltas({ choice, block }: BlockEvent): (delta: string) => string {
    const padding = this.#padding;
    const sample = sampleOf(block);
    const json = jsonPiecesOf(sample);
    const prefix =
      `${SSE_OPEN}${this.#head}{"index":${choice},"delta":{"content":`;
    const suffix = `},"logprobs":null,"finish_reason":null}${this.#tail}`;
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

  fail(failure: Failure): string {
    return openaiStreamError(failure);
  }

  #chunk(choice: number, delta: string, finish: string): string {
    return this.#event(
      `${this.#head}{"index":${choice},"delta":${delta},"logprobs":null,"finish_reason":${finish}}${this.#tail}`,
    );
  }

  #usageChunk(): string {
    if (!this.#options.includeUsage) return "";
    const counts = JSON.stringify(usage(this.#reply.usage));
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

const OPENING = `{"role":"assistant","content":"","refusal":null}`;

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

function usage(usage: Usage): Record<string, unknown> {
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

function finishReason(finish: Finish): string {
  switch (finish.type) {
    case "stop":
    case "stop-string":
      return "stop";
    case "length":
      return "length";
    case "tool-calls":
      return "tool_calls";
    case "content-filter":
      return "content_filter";
  }
}

// What both share ────────────────────────────────────────────────────────────

function completionId(stamp: Stamp): string {
  return `chatcmpl-${stamp.text(29)}`;
}

function seconds(stamp: Stamp): number {
  return Math.floor(stamp.epochMs / 1_000);
}

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
  BadRequest,
  type BlockEvent,
  type Failure,
  type FailureKind,
  type Finish,
  type Reply,
  type ReplyEvent,
  type Usage,
} from "../core/reply.ts";
import { jsonText, sse, SSE_TYPE } from "../wire/framing.ts";
import { decodeChat, type StreamOptions } from "./_openai_decode.ts";
import type {
  Asked,
  Dialect,
  Encoder,
  Facts,
  Inbound,
  Model,
  Refusal,
  Stamp,
  Voice,
} from "./dialect.ts";

/** The dialect. */
export const openaiChat: Dialect = {
  name: "openai_chat",
  endpoints: [
    { type: "chat", route: "POST /v1/chat/completions", decode },
    { type: "catalog", route: "GET /v1/models", list },
    { type: "catalog", route: "GET /v1/models/:id", list },
  ],
  claims: (_headers, path) => path.includes("/chat"),
  headers,
  edgeHeaders,
  refuse,
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
    voice: (reply, stamp) => voice(reply, stamp, options),
  };
}

function whole(reply: Reply, stamp: Stamp): string {
  const body = {
    id: completionId(stamp),
    object: "chat.completion",
    created: seconds(stamp),
    model: reply.model,
    choices: reply.choices.map((choice, index) => ({
      index,
      message: {
        role: "assistant",
        content: choice.blocks.map(({ text }) => text).join("").toWellFormed(),
        refusal: null,
        annotations: [],
      },
      logprobs: null,
      finish_reason: finishReason(choice.finish),
    })),
    usage: usage(reply.usage),
    service_tier: "default",
    system_fingerprint: FINGERPRINT,
  };
  return JSON.stringify(body, null, 2) + "\n";
}

/** Random letters to cut obfuscation out of; a slice costs less than drawing each. */
const NOISE = new Random(1).text(4_096);

function voice(reply: Reply, stamp: Stamp, options: StreamOptions): Voice {
  const head = `{"id":"${
    completionId(stamp)
  }","object":"chat.completion.chunk","created":${seconds(stamp)},"model":${
    jsonText(reply.model)
  },"service_tier":"default","system_fingerprint":"${FINGERPRINT}","choices":[`;
  const noUsage = options.includeUsage ? `],"usage":null` : "]";
  const pad = options.obfuscate ? padder(stamp) : () => "";

  function chunk(choice: number, delta: string, finish: string): string {
    const json =
      `${head}{"index":${choice},"delta":${delta},"logprobs":null,"finish_reason":${finish}}${noUsage}`;
    return sse(json + pad(points(json)) + "}");
  }

  function deltas({ choice }: BlockEvent): (delta: string) => string {
    const prefix = `data: ${head}{"index":${choice},"delta":{"content":`;
    const suffix = `},"logprobs":null,"finish_reason":null}${noUsage}`;
    const fixed = points(prefix) + suffix.length - "data: ".length;
    return (delta) => {
      const json = jsonText(delta);
      return prefix + json + suffix + pad(fixed + points(json)) +
        "}\n\n";
    };
  }

  function say(event: ReplyEvent): string {
    switch (event.type) {
      case "reply-start":
        return reply.choices.map((_, index) =>
          chunk(
            index,
            `{"role":"assistant","content":"","refusal":null}`,
            "null",
          )
        ).join("");
      case "reply-end":
        return reply.choices.map(({ finish }, index) =>
          chunk(index, "{}", `"${finishReason(finish)}"`)
        ).join("") + usageChunk() + sse("[DONE]");
      default:
        return "";
    }
  }

  function usageChunk(): string {
    if (!options.includeUsage) return "";
    const json = `${head}],"usage":${JSON.stringify(usage(reply.usage))}`;
    return sse(json + pad(points(json)) + "}");
  }

  return { say, deltas };
}

/**
 * Hides the length of what was said, as recorded: 0 to 15 letters that make the length of the
 * whole event 1 more than a multiple of 16. Takes the length of the event without its end.
 */
function padder(stamp: Stamp): (length: number) => string {
  const open = `,"obfuscation":"`;
  return (length) => {
    const missing = (64 + 1 - (length + open.length + '"}'.length) % 16) % 16;
    const from = stamp.below(NOISE.length - 16);
    return `${open}${NOISE.slice(from, from + missing)}"`;
  };
}

const SURROGATE = /[\ud800-\udbff]/;

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

// The models list ────────────────────────────────────────────────────────────

/** 2025-01-01: a catalog's dates do not move. */
const MODEL_CREATED_S = 1_735_689_600;

function list(models: readonly Model[], id: string | undefined): string {
  if (id === undefined) {
    return JSON.stringify(
      { object: "list", data: models.map(modelEntry) },
      null,
      2,
    ) + "\n";
  }
  const model = models.find((model) => model.id === id);
  if (model === undefined) {
    throw new BadRequest({
      kind: "unknown-model",
      message: "Unknown model",
      subject: id,
      field: "model",
    });
  }
  return JSON.stringify(modelEntry(model), null, 2) + "\n";
}

function modelEntry(model: Model): Record<string, unknown> {
  return {
    id: model.id,
    object: "model",
    created: MODEL_CREATED_S,
    owned_by: "mock-server",
    ...(model.description === undefined
      ? {}
      : { description: model.description }),
  };
}

// How it is refused ──────────────────────────────────────────────────────────

const STATUS: Readonly<Record<FailureKind, number>> = {
  "bad-request": 400,
  "bad-json": 400,
  "unknown-path": 404,
  "unknown-model": 404,
  "method-not-allowed": 405,
  "timeout": 408,
  "too-large": 413,
  "unsupported-media": 415,
  "internal": 500,
};

const CODE: Readonly<Partial<Record<FailureKind, string>>> = {
  "unknown-model": "model_not_found",
  "method-not-allowed": "method_not_supported",
};

const BAD_JSON =
  "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble figuring out how to fix this, please contact us through our help center at help.openai.com.)";

function refuse(failure: Failure): Refusal {
  const status = failure.status ?? STATUS[failure.kind];
  const error = {
    message: refusalText(failure).toWellFormed(),
    type: failure.errorType ??
      (status < 500 ? "invalid_request_error" : "server_error"),
    param: failure.field?.toWellFormed() ?? null,
    code: failure.code ?? CODE[failure.kind] ?? null,
  };
  return { status, body: JSON.stringify({ error }, null, 2) + "\n" };
}

function refusalText(failure: Failure): string {
  switch (failure.kind) {
    case "bad-json":
      return BAD_JSON;
    case "unknown-model":
      return `The model \`${failure.subject}\` does not exist or you do not have access to it.`;
    default:
      return failure.message;
  }
}

// Headers ────────────────────────────────────────────────────────────────────

const REQUESTS_PER_MINUTE = 5_000;
const TOKENS_PER_MINUTE = 800_000;

function headers(facts: Facts, stamp: Stamp): Record<string, string> {
  const common = {
    "openai-organization": "org-mockllm",
    "openai-processing-ms": String(Math.round(facts.firstMs)),
    "openai-project": "proj_mockllmmockllmmockllm01",
    "openai-version": "2020-10-01",
    "x-request-id": `req_${stamp.hex(32)}`,
  };
  if (!facts.metered) return common;
  const tokens = facts.usage.input + facts.usage.output;
  return {
    ...common,
    "x-ratelimit-limit-requests": String(REQUESTS_PER_MINUTE),
    "x-ratelimit-limit-tokens": String(TOKENS_PER_MINUTE),
    "x-ratelimit-remaining-requests": String(REQUESTS_PER_MINUTE - 1),
    "x-ratelimit-remaining-tokens": String(
      Math.max(0, TOKENS_PER_MINUTE - tokens),
    ),
    "x-ratelimit-reset-requests": goDuration(60_000 / REQUESTS_PER_MINUTE),
    "x-ratelimit-reset-tokens": goDuration(tokens * 60_000 / TOKENS_PER_MINUTE),
  };
}

/** A duration as Go prints it, which is how OpenAI tells it: `12ms`, `8.64s`, `6m0s`. */
function goDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)}ms`;
  const minutes = Math.floor(ms / 60_000);
  const rest = `${Math.round(ms % 60_000) / 1_000}s`;
  return minutes === 0 ? rest : `${minutes}m${rest}`;
}

function edgeHeaders(stamp: Stamp): Record<string, string> {
  return {
    "access-control-expose-headers": "X-Request-ID",
    "x-envoy-upstream-service-time": "5",
    "x-openai-proxy-wasm": "v0.1",
    "cf-cache-status": "DYNAMIC",
    "cf-ray": `${stamp.hex(16)}-AMS`,
    "server": "cloudflare",
    "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
    "x-content-type-options": "nosniff",
    "alt-svc": 'h3=":443"; ma=86400',
  };
}

// Guards ─────────────────────────────────────────────────────────────────────

function completionId(stamp: Stamp): string {
  return `chatcmpl-${stamp.text(29)}`;
}

function seconds(stamp: Stamp): number {
  return Math.floor(stamp.epochMs / 1_000);
}

/**
 * Anthropic Messages API, versions 2023-06-01 and 2026-10-21.
 * {@link https://platform.claude.com/docs/en/api/messages}
 *
 * Deliberately not covered: message batches, files, and the random padding spaces of live
 * streams.
 *
 * @module
 */

import {
  type Block,
  type BlockEvent,
  type Reply,
  sampleOf,
} from "../core/reply.ts";
import { sse, SSE_TYPE } from "../wire/framing.ts";
import { type JsonObject, jsonPiecesOf } from "../wire/json.ts";
import { anthropicError, anthropicRefuse } from "./_anthropic_errors.ts";
import { edgeHeaders, headers } from "./_anthropic_headers.ts";
import {
  deltaUsageOf,
  messageOf,
  openBlockOf,
  signature,
  stopOf,
} from "./_anthropic_message.ts";
import { anthropicModels } from "./_anthropic_models.ts";
import { turnOf, versionOf } from "./_anthropic_request.ts";
import {
  type Asked,
  type Dialect,
  type Encoder,
  type Inbound,
  MOCK_KEY,
  type Stamp,
  type Voice,
} from "./dialect.ts";

/** Anthropic's Messages API, its token counter and its catalog of models. */
export const anthropicMessages: Dialect = {
  name: "anthropic_messages",
  endpoints: [
    { type: "chat", route: "POST /v1/messages", decode },
    {
      type: "count",
      route: "POST /v1/messages/count_tokens",
      decode: (inbound) => turnOf(inbound, versionOf(inbound.headers), false),
      words: (tokens) => JSON.stringify({ input_tokens: tokens }),
    },
    { type: "catalog", route: "GET /v1/models", list: anthropicModels },
    { type: "catalog", route: "GET /v1/models/:id", list: anthropicModels },
  ],
  clients: [
    { name: "ANTHROPIC_BASE_URL", value: (url) => url },
    { name: "ANTHROPIC_API_BASE", value: (url) => url },
    { name: "ANTHROPIC_API_KEY", value: () => MOCK_KEY },
    // Beside a key it makes clients complain; and it would be a real one.
    { name: "ANTHROPIC_AUTH_TOKEN", value: () => undefined },
  ],
  signs: {
    keys: ["system", "stop_sequences", "top_k", "thinking", "output_config"],
    toolKeys: ["input_schema"],
    roles: [],
    model: /claude/i,
  },
  claims: (headers, path) =>
    headers.has("anthropic-version") ||
    path.toLowerCase().includes("/messages"),
  headers,
  edgeHeaders,
  refuse: anthropicRefuse,
};

// What was asked ─────────────────────────────────────────────────────────────

function decode(inbound: Inbound): Asked {
  const version = versionOf(inbound.headers);
  const turn = turnOf(inbound, version, true);
  return { turn, encoder: version.modern ? MODERN : CLASSIC };
}

// How it is said ─────────────────────────────────────────────────────────────

const CLASSIC = encoderOf(false);
/** 2026-10-21 has all keys of the older version, and its own; its SDKs take them for granted. */
const MODERN = encoderOf(true);

function encoderOf(modern: boolean): Encoder {
  return {
    whole: (reply, stamp) =>
      JSON.stringify(messageOf(reply, stamp, { modern, ended: true })),
    streamType: SSE_TYPE,
    voice: (reply, stamp) => voiceOf(reply, stamp, modern),
  };
}

function voiceOf(reply: Reply, stamp: Stamp, modern: boolean): Voice {
  let pinged = false;
  /** The first ping directly follows the first block's start, or comes in its place. */
  const ping = (): string => {
    if (pinged) return "";
    pinged = true;
    return sse('{"type": "ping"}', "ping"); // the space is the provider's
  };
  return {
    say(event) {
      if (event.type === "block-start") {
        const { index, block } = event;
        const content_block = openBlockOf(block, modern, stamp);
        const start = { type: "content_block_start", index, content_block };
        return frame(start) + ping() + firstDelta(event);
      }
      if (event.type === "block-end") return lastDelta(event, stamp);
      if (event.type === "reply-end") return ping() + endOf(reply, modern);
      if (event.type !== "reply-start") return ""; // there is but one choice
      const message = messageOf(reply, stamp, { modern, ended: false });
      return frame({ type: "message_start", message });
    },
    deltas: ({ index, block }) => {
      if (block.type === "tool-call" && block.text === "{}") return () => "";
      const delta = deltaOf(block, HOLE);
      const whole = frame({ type: "content_block_delta", index, delta });
      const [prefix = "", suffix = ""] = whole.split(JSON.stringify(HOLE));
      const json = jsonPiecesOf(sampleOf(block));
      return (text) => prefix + json(text) + suffix;
    },
    fail: (failure) => frame({ type: "error", error: anthropicError(failure) }),
  };
}

/** Stands for the text of a delta while its frame is made. */
const HOLE = "hole";

function deltaOf({ type }: Block, text: string): JsonObject {
  switch (type) {
    case "tool-call":
      return { type: "input_json_delta", partial_json: text };
    case "reasoning":
      return { type: "thinking_delta", thinking: text };
    default:
      return { type: "text_delta", text };
  }
}

/** Arguments begin with an empty piece, also where there are none. */
function firstDelta({ index, block }: BlockEvent): string {
  if (block.type !== "tool-call") return "";
  const delta = deltaOf(block, "");
  return frame({ type: "content_block_delta", index, delta });
}

/** Thoughts end with their signature; every block ends with its stop. */
function lastDelta({ index, block }: BlockEvent, stamp: Stamp): string {
  const stop = frame({ type: "content_block_stop", index });
  if (block.type !== "reasoning") return stop;
  const delta = { type: "signature_delta", signature: signature(stamp) };
  return frame({ type: "content_block_delta", index, delta }) + stop;
}

function endOf(reply: Reply, modern: boolean): string {
  const stop = stopOf(reply.choices[0].finish, modern);
  const delta = modern ? { ...stop, container: null } : stop;
  const usage = deltaUsageOf(reply.usage, modern);
  return frame({ type: "message_delta", delta, usage }) +
    frame({ type: "message_stop" });
}

function frame(event: { readonly type: string } & JsonObject): string {
  return sse(JSON.stringify(event), event.type);
}

/**
 * OpenAI chat completions, as of autumn 2026, and the models list beside them.
 * https://platform.openai.com/docs/api-reference/chat
 *
 * Deliberately not covered here: legacy completions, Responses, embeddings (dialects of their
 * own), and what concerns anything but text.
 *
 * @module
 */

import { SSE_TYPE } from "../wire/framing.ts";
import { openaiBody } from "./_openai_body.ts";
import { ChunkVoice } from "./_openai_chunks.ts";
import { decodeChat, type StreamOptions } from "./_openai_decode.ts";
import { openaiRefuse } from "./_openai_errors.ts";
import {
  OPENAI_QUOTA,
  openaiEdgeHeaders,
  openaiHeaders,
} from "./_openai_headers.ts";
import type { Manner } from "./_openai_manner.ts";
import { openaiModels } from "./_openai_models.ts";
import { openaiSigns } from "./_openai_options.ts";
import type { Asked, Dialect, Encoder, Inbound } from "./dialect.ts";

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
    { name: "OPENAI_API_KEY", value: (_url, key) => key },
  ],
  signs: openaiSigns,
  windowHoldsAnswer: true,
  claims: (_headers, path) => path.toLowerCase().includes("/chat"),
  headers: openaiHeaders,
  quota: OPENAI_QUOTA,
  edgeHeaders: openaiEdgeHeaders,
  refuse: openaiRefuse,
};

// What was asked ─────────────────────────────────────────────────────────────

function decode(inbound: Inbound): Asked {
  const { turn, streamOptions, manner } = decodeChat(inbound);
  return { turn, encoder: encoder(streamOptions, manner) };
}

// How it is said ─────────────────────────────────────────────────────────────

function encoder(options: StreamOptions, manner: Manner): Encoder {
  return {
    whole: (reply, stamp) => openaiBody(reply, stamp, manner),
    streamType: SSE_TYPE,
    voice: (reply, stamp) => new ChunkVoice(reply, stamp, options, manner),
  };
}

/**
 * Anthropic Messages API, versions 2023-06-01 and 2026-10-21.
 * {@link https://platform.claude.com/docs/en/api/messages}
 *
 * Deliberately not covered: message batches, files, and the random padding spaces of live
 * streams.
 *
 * @module
 */

import { SSE_TYPE } from "../wire/framing.ts";
import type { Wording } from "./_anthropic_blocks.ts";
import { anthropicRefuse } from "./_anthropic_errors.ts";
import { voiceOf } from "./_anthropic_events.ts";
import { ANTHROPIC_QUOTA, edgeHeaders, headers } from "./_anthropic_headers.ts";
import { messageOf } from "./_anthropic_message.ts";
import { anthropicModels } from "./_anthropic_models.ts";
import { turnOf, versionOf } from "./_anthropic_request.ts";
import { demandsThoughts, omitsThoughts } from "./_anthropic_thinking.ts";
import type { Asked, Dialect, Encoder, Inbound } from "./dialect.ts";

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
    { name: "ANTHROPIC_API_KEY", value: (_url, key) => key },
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
  quota: ANTHROPIC_QUOTA,
  keyHeader: "x-api-key",
  edgeHeaders,
  refuse: anthropicRefuse,
};

function decode(inbound: Inbound): Asked {
  const version = versionOf(inbound.headers);
  const turn = turnOf(inbound, version, true);
  const encoders = version.modern ? MODERN : CLASSIC;
  const { body } = inbound;
  const encoder = encoders[omitsThoughts(body) ? 1 : 0];
  return { turn, encoder: encoder[demandsThoughts(body) ? 1 : 0] };
}

const CLASSIC = encodersOf(false);
/** 2026-10-21 has all keys of the older version, and its own; its SDKs take them for granted. */
const MODERN = encodersOf(true);

type Pair<T> = readonly [T, T];

/** Those that show thoughts, and those that do not; of each one that can do without, and one that cannot. */
function encodersOf(modern: boolean): Pair<Pair<Encoder>> {
  const pairOf = (omitsThoughts: boolean): Pair<Encoder> => [
    encoderOf({ modern, omitsThoughts, demandsThoughts: false }),
    encoderOf({ modern, omitsThoughts, demandsThoughts: true }),
  ];
  return [pairOf(false), pairOf(true)];
}

function encoderOf(wording: Wording): Encoder {
  return {
    whole: (reply, stamp) =>
      JSON.stringify(messageOf(reply, stamp, { ...wording, ended: true })),
    streamType: SSE_TYPE,
    voice: (reply, stamp) => voiceOf(reply, stamp, wording),
  };
}

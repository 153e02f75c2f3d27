/**
 * The dialects mockllm speaks: one line each. The first is the one that answers what no
 * dialect claims.
 *
 * @module
 */

import { anthropicMessages } from "./anthropic_messages.ts";
import type { Dialect } from "./dialect.ts";
import { openaiChat } from "./openai_chat.ts";

/** All of them. */
export const dialects: readonly [Dialect, ...Dialect[]] = [
  openaiChat,
  anthropicMessages,
];

/**
 * Requests to OpenAI chat completions, decoded or refused.
 *
 * @module
 */

import assert from "node:assert/strict";
import { BadRequest } from "../../lib/core/reply.ts";
import type { Turn } from "../../lib/core/turn.ts";
import { decodeChat, type Decoded } from "../../lib/dialects/_openai_decode.ts";

/** The shortest conversation. */
export const USER = { role: "user", content: "hi" };

/** A good request with `more` in it, decoded. */
export function decoded(more: Record<string, unknown>): Decoded {
  const body = { model: "gpt-4o", messages: [USER], ...more };
  return decodeChat({ headers: new Headers(), body, tokensAsked: false });
}

/** The same as a neutral question. */
export function turnWith(more: Record<string, unknown>): Turn {
  return decoded(more).turn;
}

/** A refusal: what is said, of which field, by which code. */
export type Refused = [
  message: string,
  field: string | undefined,
  code: string | undefined,
];

/** How a good request with `more` in it is refused. */
export function refusalWith(more: Record<string, unknown>): Refused {
  try {
    decoded(more);
  } catch (error) {
    assert.ok(error instanceof BadRequest, String(error));
    const { message, field, code } = error.failure;
    return [message, field, code];
  }
  return assert.fail(`${JSON.stringify(more)} is not refused`);
}

/** One offered function. */
export function tool(name: string, more: Record<string, unknown> = {}) {
  return { type: "function", function: { name, ...more } };
}

/** An assistant message that calls `ids`. */
export function calling(...ids: string[]) {
  return {
    role: "assistant",
    content: null,
    tool_calls: ids.map((id) => ({
      id,
      type: "function",
      function: { name: "f", arguments: "{}" },
    })),
  };
}

/** The result of the call `id`. */
export function result(id: string, content: unknown = "done") {
  return { role: "tool", tool_call_id: id, content };
}

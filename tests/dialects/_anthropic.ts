/**
 * Requests to Anthropic's Messages API, decoded or refused.
 *
 * @module
 */

import assert from "node:assert/strict";
import { BadRequest } from "../../lib/core/reply.ts";
import type { Turn } from "../../lib/core/turn.ts";
import { turnOf, versionOf } from "../../lib/dialects/_anthropic_request.ts";

/** The shortest conversation. */
export const HELLO = [{ role: "user", content: "Hello?" }];

/** Both versions of the API. */
export const VERSIONS = ["2023-06-01", "2026-10-21"];

/** A good request with `more` in it, as a neutral question. */
export function turnWith(
  more: Record<string, unknown>,
  headers: Record<string, string> = {},
): Turn {
  const given = new Headers({ "anthropic-version": "2023-06-01", ...headers });
  const body = { model: "claude", max_tokens: 4_096, messages: HELLO, ...more };
  const inbound = { headers: given, body, tokensAsked: false };
  return turnOf(inbound, versionOf(given), true);
}

/** How a good request with `more` in it is refused. */
export function refusalWith(
  more: Record<string, unknown>,
  headers: Record<string, string> = {},
): [message: string, field: string | undefined] {
  try {
    turnWith(more, headers);
  } catch (error) {
    assert.ok(error instanceof BadRequest, String(error));
    return [error.failure.message, error.failure.field];
  }
  return assert.fail(`${JSON.stringify(more)} is not refused`);
}

/** What the assistant says that uses the tools `ids`. */
export function using(...ids: string[]) {
  const content = ids.map((id) => ({
    type: "tool_use",
    id,
    name: "f",
    input: {},
  }));
  return { role: "assistant", content };
}

/** What the user says that brings the results of `ids`. */
export function results(...ids: string[]) {
  const content = ids.map((id) => ({
    type: "tool_result",
    tool_use_id: id,
    content: "done",
  }));
  return { role: "user", content };
}

/**
 * What messages to Anthropic hold besides what rules look at: thoughts, and what the tools of
 * servers found. It is counted, and nothing else.
 *
 * @module
 */

import type { Message } from "../core/turn.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";

/** Blocks of thoughts, with the key of their words. */
const THOUGHTS: ReadonlyMap<unknown, string> = new Map([
  ["thinking", "thinking"],
]);

/** Blocks that the model reads, with the key of what it reads. */
const UNSEEN: ReadonlyMap<unknown, string> = new Map([
  ["advisor_tool_result", "content"],
  ["bash_code_execution_tool_result", "content"],
  ["code_execution_tool_result", "content"],
  ["compaction", "content"],
  ["mcp_tool_result", "content"],
  ["mcp_tool_use", "input"],
  ["search_result", "content"],
  ["server_tool_use", "input"],
  ["text_editor_code_execution_tool_result", "content"],
  ["tool_search_tool_result", "content"],
  ["web_fetch_tool_result", "content"],
  ["web_search_tool_result", "content"],
]);

/** What the content of a message, a string or blocks, holds besides its parts. */
export function besidesOf(
  content: unknown,
): Pick<Message, "thoughts" | "unseen"> {
  if (!Array.isArray(content)) return {};
  const thoughts = wordsOf(content, THOUGHTS);
  const unseen = wordsOf(content, UNSEEN);
  return {
    ...(thoughts !== "" && { thoughts }),
    ...(unseen !== "" && { unseen }),
  };
}

/** All that blocks of these types tell; what is not text as JSON. */
function wordsOf(
  blocks: readonly unknown[],
  keys: ReadonlyMap<unknown, string>,
): string {
  const words: string[] = [];
  for (const block of blocks) {
    const key = isObject(block) ? keys.get(own(block, "type")) : undefined;
    if (key === undefined) continue;
    const told = own(block as JsonObject, key);
    words.push(typeof told === "string" ? told : JSON.stringify(told) ?? "");
  }
  return words.join("\n");
}

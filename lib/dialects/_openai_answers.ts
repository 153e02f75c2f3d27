/**
 * That every tool call in messages to OpenAI has its result, and every result its call.
 *
 * @module
 */

import type { Message } from "../core/turn.ts";
import { isObject, own } from "../wire/json.ts";
import { isFunction } from "./_openai_calls.ts";
import { complaint } from "./_openai_complaints.ts";
import { shown } from "./_shown.ts";

/** Calls whose results must come next. */
export interface Open {
  /** Of all of them. */
  readonly ids: ReadonlySet<string>;
  /** Of those without one. */
  readonly left: Set<string>;
}

/** What a message other than a result asks to be answered. */
export function openedBy(message: Message, value: unknown): Open | undefined {
  if (message.role !== "assistant" || !isObject(value)) return undefined;
  if (!Array.isArray(own(value, "tool_calls"))) return undefined;
  const ids = message.parts.flatMap((part) =>
    part.type === "tool-call" ? [part.id] : []
  );
  return { ids: new Set(ids), left: new Set(ids) };
}

/** What is still to be answered after `message`. */
export function follow(
  open: Open | undefined,
  message: Message,
  value: unknown,
  index: number,
): Open | undefined {
  if (message.role !== "tool" || isFunction(value)) {
    if (open !== undefined) demandAnswers(open);
    return openedBy(message, value);
  }
  if (open === undefined) {
    throw complaint(
      "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.", // its spelling
      `messages.[${index}].role`,
    );
  }
  const [result] = message.parts;
  const id = result?.type === "tool-result" ? result.id : "";
  if (!open.ids.has(id)) {
    throw complaint(
      `Invalid parameter: 'tool_call_id' of '${
        shown(id)
      }' not found in 'tool_calls' of previous message.`,
      `messages.[${index}].tool_call_id`,
    );
  }
  open.left.delete(id);
  return open;
}

/** Throws {@linkcode BadRequest} if calls have no result. */
export function demandAnswers({ left }: Open): void {
  if (left.size === 0) return;
  throw complaint(
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
      `The following tool_call_ids did not have response messages: ${
        [...left].map(shown).join(", ")
      }`,
    "messages",
  );
}

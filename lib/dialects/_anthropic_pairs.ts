/**
 * That every tool use in messages to Anthropic has its result in the next message of the user,
 * and every result its use. Messages of one role in a row are one to the provider, and here.
 *
 * @module
 */

import { IDS_SHOWN_MAX } from "../core/limits.ts";
import type { Message } from "../core/turn.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import { refuse } from "./_anthropic_fields.ts";
import { shown } from "./_shown.ts";

/** What the assistant used, and what became of it. */
interface Uses {
  /** The message with the last of them. */
  at: number;
  readonly ids: Set<string>;
  readonly answered: Set<string>;
  /** Whether the user has spoken since. */
  heard: boolean;
  /** Whether it was anything but results: none may follow. */
  closed: boolean;
}

/** Refuses tools and results that do not go together, in messages that are right by themselves. */
export function checkPairs(
  messages: readonly unknown[],
  roles: readonly Message["role"][],
): void {
  let uses: Uses | undefined;
  for (const [index, role] of roles.entries()) {
    if (role === "system") continue; // may stand between the two
    if (uses !== undefined && role === "assistant" && uses.heard) {
      demandResults(uses);
      uses = undefined;
    }
    if (uses !== undefined && role === "user") uses.heard = true;
    const message = messages[index];
    const content = isObject(message) ? own(message, "content") : undefined;
    if (!Array.isArray(content)) {
      if (uses !== undefined && content !== null) uses.closed = uses.heard;
      continue;
    }
    if (role === "assistant") uses = used(uses, content, index);
    else takeResults(uses, content, index);
  }
  if (uses !== undefined) demandResults(uses);
}

/** The uses so far and those of `content`; undefined while there are none. */
function used(
  before: Uses | undefined,
  content: readonly JsonObject[],
  index: number,
): Uses | undefined {
  let uses = before;
  for (const block of content) {
    const type = own(block, "type");
    if (type === "tool_result") {
      refuse(
        `messages.${index}`,
        "`tool_result` blocks can only be in `user` messages",
      );
    }
    if (type !== "tool_use") continue;
    uses ??= {
      at: index,
      ids: new Set(),
      answered: new Set(),
      heard: false,
      closed: false,
    };
    const id = String(own(block, "id"));
    if (uses.ids.has(id)) refuse("messages", "`tool_use` ids must be unique");
    uses.ids.add(id);
    uses.at = index;
  }
  return uses;
}

function takeResults(
  uses: Uses | undefined,
  content: readonly JsonObject[],
  index: number,
): void {
  for (const [position, block] of content.entries()) {
    const type = own(block, "type");
    if (type === "tool_use") {
      refuse(
        `messages.${index}`,
        "`tool_use` blocks can only be in `assistant` messages",
      );
    }
    if (type !== "tool_result") {
      if (uses !== undefined) uses.closed = true;
      continue;
    }
    const field = `messages.${index}.content.${position}`;
    takeResult(uses, String(own(block, "tool_use_id")), field);
  }
}

function takeResult(uses: Uses | undefined, id: string, field: string): void {
  if (uses === undefined || !uses.ids.has(id)) {
    refuse(
      field,
      `unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${
        shown(id)
      }. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
    );
  }
  if (uses.answered.has(id)) {
    refuse(
      field,
      `each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${
        shown(id)
      }`,
    );
  }
  if (uses.closed) demandResults(uses);
  uses.answered.add(id);
}

function demandResults({ at, ids, answered }: Uses): void {
  const left = [...ids].filter((id) => !answered.has(id));
  if (left.length === 0) return;
  refuse(
    `messages.${at}`,
    `\`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${
      left.slice(0, IDS_SHOWN_MAX).map(shown).join(", ")
    }. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
  );
}

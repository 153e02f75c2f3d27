/**
 * What a template may name.
 *
 * @module
 */

import { textOf } from "../core/turn.ts";
import { SECRET_HEADERS } from "../wire/headers.ts";
import type { Context } from "./context.ts";
import type { Captures } from "./pattern.ts";

/** The names of a template's scope with their values, but for `choice`; `before` counts the rule's earlier answers. */
export function scopeOf(
  context: Context,
  { captures, before, epochMs }: {
    readonly captures: Captures;
    readonly before: number;
    readonly epochMs: number;
  },
): Record<string, unknown> {
  const { turn, headers, body, session } = context;
  return {
    ...captures,
    captures,
    prompt: context.prompt.text,
    system: context.system ?? "",
    tool_result: context.toolResults.join("\n"),
    model: turn.model,
    messages: turn.messages.map((message) => ({
      role: message.role,
      text: textOf(message),
    })),
    headers: visible(headers),
    body,
    counter: before + 1,
    session,
    now: new Date(epochMs).toISOString(),
  };
}

function visible(headers: Headers): Record<string, string> {
  const shown = Object.create(null) as Record<string, string>;
  for (const [name, value] of headers) {
    if (!SECRET_HEADERS.has(name)) shown[name] = value;
  }
  return shown;
}

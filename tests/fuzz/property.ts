/**
 * What holds for every answer, whatever was asked.
 *
 * @module
 */

import { type EndpointPath, ENDPOINTS } from "./bodies.ts";
import type { Complaint } from "./case.ts";

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Words that only an engine or a stack trace says. */
export const ENGINE_TEXT =
  /SyntaxError|TypeError|RangeError|ReferenceError|Unexpected (token|end|non-whitespace)|is not (a function|iterable|defined)|Cannot (read propert|convert|destructure)|undefined is not|JSON Parse error|Maximum call stack|in JSON at position|\[object \w+\]|file:\/\/|\/lib\/|\.[tj]s:\d+|node_modules|<!doctype|<html/i;

/** What is wrong with the answer of a chat endpoint or of a count of tokens; undefined when nothing is. */
export function complaintAbout(
  path: string,
  { status, type, text }: Reply,
): Complaint | undefined {
  if (status >= 200 && status < 300) return success(type, text);
  if (status < 400 || status >= 500) {
    return {
      kind: `status ${status}`,
      message: `Status ${status}: ${excerpt(text)}`,
    };
  }
  if (type.split(";")[0] !== "application/json") {
    return {
      kind: "refusal's type",
      message: `A ${status} of type ${type}: ${excerpt(text)}`,
    };
  }
  const message = messageOf(path, text);
  if (message === undefined) {
    return {
      kind: "envelope",
      message: `Not the dialect's envelope: ${excerpt(text)}`,
    };
  }
  if (message.trim() === "") {
    return { kind: "no message", message: `A ${status} without a message` };
  }
  if (!ENGINE_TEXT.test(message)) return undefined;
  return {
    kind: "engine text",
    message: `An engine speaks: ${excerpt(message)}`,
  };
}

/** The message of the dialect's error envelope; undefined when it is not that envelope. */
function messageOf(path: string, text: string): string | undefined {
  const body = parsed(text);
  const { error } = body ?? {};
  if (typeof error?.message !== "string" || typeof error.type !== "string") {
    return undefined;
  }
  const anthropic = ENDPOINTS[path as EndpointPath] === "anthropic";
  const right = anthropic
    ? body?.type === "error" && typeof body.request_id === "string"
    : "param" in error && "code" in error && !("type" in (body ?? {}));
  return right ? error.message : undefined;
}

function success(type: string, text: string): Complaint | undefined {
  const [essence] = type.split(";");
  const sound = essence === "text/event-stream"
    ? text.endsWith("\n\n") && text.slice(0, -2).split("\n\n").every(isEvent)
    : essence === "application/json" && parsed(text) !== undefined;
  return sound ? undefined : {
    kind: "broken reply",
    message: `Not what ${type} is: ${excerpt(text)}`,
  };
}

function isEvent(block: string): boolean {
  const [, data] = /^(?:event: [a-z_]+\n)?data: ([^\r\n]*)$/.exec(block) ?? [];
  return data === "[DONE]" ||
    (data !== undefined && parsed(data) !== undefined);
}

// deno-lint-ignore no-explicit-any
function parsed(text: string): Record<string, any> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}

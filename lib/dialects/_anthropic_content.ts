/**
 * The content of messages to Anthropic: a string or blocks, of which the ones a mock has no use
 * for are passed over.
 *
 * @module
 */

import { type Message, type Part, textOf } from "../core/turn.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import { refuse, refuseTag, stringAt } from "./_anthropic_fields.ts";
import { mediaOf } from "./_anthropic_media.ts";
import { checkBlock } from "./_anthropic_unread.ts";

/** Every block there is in a message, beta ones too. */
const IN_MESSAGES: ReadonlySet<string> = new Set([
  "advisor_tool_result",
  "bash_code_execution_tool_result",
  "code_execution_tool_result",
  "compaction",
  "container_upload",
  "document",
  "fallback",
  "image",
  "mcp_tool_listing",
  "mcp_tool_result",
  "mcp_tool_use",
  "redacted_thinking",
  "search_result",
  "server_tool_use",
  "text",
  "text_editor_code_execution_tool_result",
  "thinking",
  "tool_addition",
  "tool_removal",
  "tool_result",
  "tool_search_tool_result",
  "tool_use",
  "web_fetch_tool_result",
  "web_search_tool_result",
]);

/** Those that a tool's result may have. */
const IN_RESULTS: ReadonlySet<string> = new Set([
  "browser_state",
  "document",
  "image",
  "search_result",
  "text",
  "tool_reference",
]);

/** Those that system text may have. */
const IN_SYSTEM: ReadonlySet<string> = new Set(["text"]);

/** Content of a message as a string or as blocks. */
export function contentOf(value: unknown, path: string): readonly Part[] {
  // None at all is for the conversation to judge: the last message may have none.
  if (typeof value === "string" && value !== "") checkText(value, IN_MESSAGES);
  return partsOf(value, path, IN_MESSAGES);
}

/** System text as a string or as blocks. */
export function systemTextOf(value: unknown): readonly Part[] {
  return partsOf(value, "system", IN_SYSTEM);
}

function partsOf(
  value: unknown,
  path: string,
  known: ReadonlySet<string>,
): readonly Part[] {
  if (typeof value === "string") return [{ type: "text", text: value }];
  if (!Array.isArray(value)) refuse(path, "Input should be a valid array");
  const parts: Part[] = [];
  for (const [index, block] of value.entries()) {
    const part = partOf(block, `${path}.${index}`, known);
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

/** Refuses what 2026-10-21 no longer takes: documents from the assistant, citations from the user. */
export function checkModern(
  role: string,
  content: unknown,
  path: string,
): void {
  if (!Array.isArray(content)) return;
  for (const [index, block] of content.entries()) {
    if (!isObject(block)) continue;
    const type = own(block, "type");
    if (role === "assistant" && type === "document") {
      refuse(
        `${path}.${index}`,
        "Input tag 'document' is not permitted in assistant messages",
      );
    }
    if (typeof type !== "string") continue;
    const place = `${path}.${index}.${type}`;
    if (role === "user") refuseCitations(block, place);
    if (type === "search_result") refuseCitationsIn(block, place);
  }
}

/** Those of an answer, that is: those of a document say whether there are to be some. */
function refuseCitations(block: JsonObject, path: string): void {
  const citations = own(block, "citations");
  if (Array.isArray(citations) && citations.length > 0) {
    refuse(`${path}.citations`, "Extra inputs are not permitted");
  }
}

function refuseCitationsIn(block: JsonObject, path: string): void {
  const content = own(block, "content");
  if (!Array.isArray(content)) return;
  for (const [index, text] of content.entries()) {
    if (isObject(text)) refuseCitations(text, `${path}.content.${index}`);
  }
}

/** One block; the provider puts the block's type into the path of what is inside it. */
function partOf(
  block: unknown,
  path: string,
  known: ReadonlySet<string>,
): Part | undefined {
  if (!isObject(block)) refuse(path, "Input should be an object");
  const type = stringAt(block, "type", path);
  if (!known.has(type)) refuseTag(path, type, known);
  switch (type) {
    case "text":
      return { type, text: textAt(block, path, known) };
    case "image":
    case "document":
      return mediaOf(block, type, path);
    case "container_upload":
      stringAt(block, "file_id", `${path}.${type}`);
      // It goes to a container, and not to the model.
      return { type: "media", mediaType: "application/*", tokens: 0 };
    case "tool_use":
      return toolCallOf(block, `${path}.tool_use`);
    case "tool_result":
      return toolResultOf(block, `${path}.tool_result`);
    default: // thoughts, search results, server tools: nothing that rules could match
      checkBlock(type, block, path);
      return undefined;
  }
}

function textAt(
  block: JsonObject,
  path: string,
  known: ReadonlySet<string>,
): string {
  const text = stringAt(block, "text", `${path}.text`);
  checkText(text, known);
  return text;
}

/** Demands text that says something; tools may have nothing to say. */
function checkText(text: string, known: ReadonlySet<string>): void {
  if (known === IN_RESULTS || /\S/.test(text)) return;
  refuse(
    known === IN_SYSTEM ? "system" : "messages",
    text === ""
      ? "text content blocks must be non-empty"
      : "text content blocks must contain non-whitespace text",
  );
}

/** Refuses white space at the end of what an answer is to begin with: the assistant's, said last. */
export function checkEnding(
  message: unknown,
  role: Message["role"] | undefined,
): void {
  if (role !== "assistant" || !isObject(message)) return;
  const content = own(message, "content");
  const last = Array.isArray(content) ? content.at(-1) : undefined;
  const text = isObject(last) && own(last, "type") === "text"
    ? own(last, "text")
    : content;
  if (typeof text !== "string" || !/\s/.test(text.at(-1) ?? "")) return;
  refuse(
    "messages",
    "final assistant content cannot end with trailing whitespace",
  );
}

const CALL_ID = /^[a-zA-Z0-9_-]+$/;

function toolCallOf(block: JsonObject, path: string): Part {
  const input = own(block, "input") ?? {};
  if (!isObject(input)) refuse(`${path}.input`, "Input should be an object");
  const id = stringAt(block, "id", path);
  if (!CALL_ID.test(id)) {
    refuse(`${path}.id`, `String should match pattern '${CALL_ID.source}'`);
  }
  return {
    type: "tool-call",
    id,
    name: stringAt(block, "name", path),
    input: JSON.stringify(input),
  };
}

function toolResultOf(block: JsonObject, path: string): Part {
  const content = own(block, "content") ?? [];
  const parts = partsOf(content, `${path}.content`, IN_RESULTS);
  const id = stringAt(block, "tool_use_id", path);
  const text = textOf({ role: "tool", parts });
  const tokens = parts.reduce(
    (sum, part) => sum + (part.type === "media" ? part.tokens ?? 0 : 0),
    0,
  );
  return { type: "tool-result", id, text, ...(tokens > 0 && { tokens }) };
}

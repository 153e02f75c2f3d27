/**
 * The content of messages to Anthropic: a string or blocks, of which the ones a mock has no use
 * for are passed over.
 *
 * @module
 */

import { type Part, textOf } from "../core/turn.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import { refuse, stringAt } from "./_anthropic_fields.ts";

/** Content as a string or as blocks. */
export function contentOf(value: unknown, path: string): readonly Part[] {
  if (typeof value === "string") return [{ type: "text", text: value }];
  if (!Array.isArray(value)) refuse(path, "Input should be a valid array");
  return value.flatMap((block, index) => partsOf(block, `${path}.${index}`));
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
    const citations = own(block, "citations");
    if (role === "assistant" && type === "document") {
      refuse(
        `${path}.${index}`,
        "Input tag 'document' is not permitted in assistant messages",
      );
    }
    if (role === "user" && Array.isArray(citations) && citations.length > 0) {
      refuse(
        `${path}.${index}.${type}.citations`,
        "Extra inputs are not permitted",
      );
    }
  }
}

/** One block; the provider puts the block's type into the path of what is inside it. */
function partsOf(block: unknown, path: string): readonly Part[] {
  if (!isObject(block)) refuse(path, "Input should be an object");
  const type = stringAt(block, "type", path);
  switch (type) {
    case "text":
      return [{ type, text: stringAt(block, "text", `${path}.text`) }];
    case "image":
    case "document":
      return [{ type: "media", mediaType: mediaTypeOf(block) ?? type }];
    case "tool_use":
      return [toolCallOf(block, `${path}.tool_use`)];
    case "tool_result":
      return [toolResultOf(block, `${path}.tool_result`)];
    default: // thinking, search results, server tools, and whatever is added next
      return [];
  }
}

function mediaTypeOf(block: JsonObject): string | undefined {
  const source = own(block, "source");
  const type = isObject(source) ? own(source, "media_type") : undefined;
  return typeof type === "string" ? type : undefined;
}

function toolCallOf(block: JsonObject, path: string): Part {
  const input = own(block, "input") ?? {};
  if (!isObject(input)) refuse(`${path}.input`, "Input should be an object");
  return {
    type: "tool-call",
    id: stringAt(block, "id", path),
    name: stringAt(block, "name", path),
    input: JSON.stringify(input),
  };
}

function toolResultOf(block: JsonObject, path: string): Part {
  const content = own(block, "content") ?? [];
  const parts = contentOf(content, `${path}.content`);
  const id = stringAt(block, "tool_use_id", path);
  return { type: "tool-result", id, text: textOf({ role: "tool", parts }) };
}

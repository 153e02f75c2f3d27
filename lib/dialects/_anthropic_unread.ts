/**
 * Blocks of messages to Anthropic that mean nothing to a mock, which are judged all the same: what
 * clients send back of an answer, and what servers found.
 *
 * @module
 */

import { isObject, type JsonObject, own } from "../wire/json.ts";
import { refuse, REQUIRED, stringAt } from "./_anthropic_fields.ts";

/** Judges a block of this type at `path`; throws {@linkcode BadRequest}. */
type Check = (block: JsonObject, path: string) => void;

const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ["thinking", strings("signature", "thinking")],
  ["redacted_thinking", strings("data")],
  ["search_result", checkSearchResult],
  ["server_tool_use", checkUse],
  ["mcp_tool_use", checkUse],
  ["mcp_tool_result", strings("tool_use_id")], // may have found nothing
]);

/** Throws {@linkcode BadRequest} if the provider does not take a `block` of this `type`. */
export function checkBlock(
  type: string,
  block: JsonObject,
  path: string,
): void {
  const check = CHECKS.get(type) ??
    (type.endsWith("_tool_result") ? checkResult : undefined);
  check?.(block, `${path}.${type}`);
}

function strings(...keys: readonly string[]): Check {
  return (block, path) => {
    for (const key of keys) stringAt(block, key, path);
  };
}

function checkSearchResult(block: JsonObject, path: string): void {
  strings("source", "title")(block, path);
  const content = listAt(block, "content", path);
  for (const [index, text] of content.entries()) {
    const place = `${path}.content.${index}`;
    if (!isObject(text)) refuse(place, "Input should be an object");
    if (own(text, "type") !== "text") {
      refuse(`${place}.type`, "Input should be 'text'");
    }
    stringAt(text, "text", place);
  }
}

function checkUse(block: JsonObject, path: string): void {
  strings("id", "name")(block, path);
  const input = own(block, "input");
  if (input === undefined) refuse(`${path}.input`, REQUIRED);
  if (!isObject(input)) refuse(`${path}.input`, "Input should be an object");
}

/** What a server's tool found: blocks, or one that tells of an error. */
function checkResult(block: JsonObject, path: string): void {
  stringAt(block, "tool_use_id", path);
  if (own(block, "content") === undefined) refuse(`${path}.content`, REQUIRED);
}

function listAt(
  block: JsonObject,
  key: string,
  path: string,
): readonly unknown[] {
  const list = own(block, key);
  if (list === undefined) refuse(`${path}.${key}`, REQUIRED);
  if (!Array.isArray(list)) {
    refuse(`${path}.${key}`, "Input should be a valid array");
  }
  return list;
}

/**
 * What requests to Anthropic ask of its prompt cache: how each `cache_control` is written, and
 * how many there may be. Nothing is cached here.
 *
 * @module
 */

import { isObject, type JsonObject, own } from "../wire/json.ts";
import { refuse, refuseBare, refuseTag } from "./_anthropic_fields.ts";

const MARKS_MAX = 4;
const TYPES = ["ephemeral"];

/** Judges a `cache_control` at `path`. Throws {@linkcode BadRequest}. */
export function checkCacheControl(value: unknown, path: string): void {
  if (!isObject(value)) refuse(path, "Input should be an object");
  const type = own(value, "type");
  if (typeof type !== "string" || !TYPES.includes(type)) {
    refuseTag(path, type, TYPES);
  }
  const ttl = own(value, "ttl") ?? undefined;
  if (ttl === undefined || ttl === "5m" || ttl === "1h") return;
  refuse(`${path}.${type}.ttl`, "Input should be '5m' or '1h'");
}

/** Judges all of them in a `body` that is right otherwise: its own one is one of them. */
export function checkCaching(body: JsonObject): void {
  const count = marked(body, "") +
    markedIn(own(body, "tools"), "tools", "custom") +
    markedIn(own(body, "system"), "system") +
    markedInMessages(own(body, "messages"));
  if (count <= MARKS_MAX) return;
  refuseBare(
    "cache_control",
    `A maximum of ${MARKS_MAX} blocks with cache_control may be provided. Found ${count}.`,
  );
}

function markedInMessages(messages: unknown): number {
  if (!Array.isArray(messages)) return 0;
  let count = 0;
  for (const [index, message] of messages.entries()) {
    const content = isObject(message) ? own(message, "content") : undefined;
    if (!Array.isArray(content)) continue;
    const path = `messages.${index}.content`;
    count += markedIn(content, path, "");
    for (const [index, block] of content.entries()) {
      if (!isObject(block) || own(block, "type") !== "tool_result") continue;
      const place = `${path}.${index}.tool_result.content`;
      count += markedIn(own(block, "content"), place, "");
    }
  }
  return count;
}

/** How many of `list` are marked. The provider puts the type of each into its path, or `untyped` where it has none; nothing where that is left out. */
function markedIn(list: unknown, path: string, untyped?: string): number {
  if (!Array.isArray(list)) return 0;
  let count = 0;
  for (const [index, each] of list.entries()) {
    if (!isObject(each) || !Object.hasOwn(each, "cache_control")) continue;
    const type = untyped === undefined
      ? ""
      : `.${own(each, "type") ?? untyped}`;
    count += marked(each, `${path}.${index}${type}.`);
  }
  return count;
}

function marked(object: JsonObject, path: string): number {
  const control = own(object, "cache_control") ?? undefined;
  if (control === undefined) return 0;
  checkCacheControl(control, `${path}cache_control`);
  return 1;
}

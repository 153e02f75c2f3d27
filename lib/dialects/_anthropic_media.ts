/**
 * Images and documents in messages to Anthropic, by their media types.
 *
 * @module
 */

import type { Part } from "../core/turn.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import { imageSize } from "../wire/media.ts";
import { documentTokens, imageTokens } from "./_anthropic_counting.ts";
import { refuse, refuseTag, REQUIRED, stringAt } from "./_anthropic_fields.ts";

/** Where an image or a document comes from: the fields it needs, and the media types it may have. */
interface Source {
  readonly fields: readonly string[];
  readonly mediaTypes?: readonly string[];
}

const IMAGES: ReadonlyMap<string, Source> = new Map<string, Source>([
  ["base64", {
    fields: ["data"],
    mediaTypes: ["image/jpeg", "image/png", "image/gif", "image/webp"],
  }],
  ["file", { fields: ["file_id"] }],
  ["url", { fields: ["url"] }],
]);

const DOCUMENTS: ReadonlyMap<string, Source> = new Map<string, Source>([
  ["base64", { fields: ["data"], mediaTypes: ["application/pdf"] }],
  ["content", { fields: [] }],
  ["file", { fields: ["file_id"] }],
  ["text", { fields: ["data"], mediaTypes: ["text/plain"] }],
  ["url", { fields: ["url"] }],
]);

/** What a document is that does not say so itself. */
const DOCUMENT_TYPES: ReadonlyMap<string, string> = new Map([
  ["content", "text/plain"],
  ["file", "application/*"],
  ["url", "application/pdf"], // the provider takes no others
]);

/** An image or a document at `path`: its media type, a pattern where it does not tell, and what it counts as. */
export function mediaOf(
  block: JsonObject,
  type: "image" | "document",
  path: string,
): Part {
  const mediaType = mediaTypeOf(block, type, path);
  const source = own(block, "source") as JsonObject;
  const data = own(source, "data");
  const known = typeof data === "string" ? data : undefined;
  if (type === "image") {
    const tokens = imageTokens(known === undefined ? known : imageSize(known));
    return { type: "media", mediaType, tokens };
  }
  if (mediaType !== "text/plain") {
    return { type: "media", mediaType, tokens: documentTokens(known) };
  }
  const words = known ?? contentWords(own(source, "content"));
  return { type: "media", mediaType, tokens: 0, words };
}

/** The words of a document in blocks. */
function contentWords(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  const texts = content.map((block) => isObject(block) && own(block, "text"));
  return texts.filter((text) => typeof text === "string").join("\n");
}

function mediaTypeOf(
  block: JsonObject,
  type: "image" | "document",
  path: string,
): string {
  const known = type === "image" ? IMAGES : DOCUMENTS;
  const place = `${path}.${type}.source`;
  const source = own(block, "source");
  if (source === undefined) refuse(place, REQUIRED);
  if (!isObject(source)) refuse(place, "Input should be an object");
  const kind = stringAt(source, "type", place);
  const wanted = known.get(kind);
  if (wanted === undefined) refuseTag(place, kind, known.keys());
  for (const key of wanted.fields) stringAt(source, key, `${place}.${kind}`);
  if (wanted.mediaTypes !== undefined) {
    return oneOf(source, wanted.mediaTypes, `${place}.${kind}`);
  }
  if (type === "image") return "image/*";
  return DOCUMENT_TYPES.get(kind) ?? "application/*";
}

function oneOf(
  source: JsonObject,
  mediaTypes: readonly string[],
  path: string,
): string {
  const mediaType = stringAt(source, "media_type", path);
  if (mediaTypes.includes(mediaType)) return mediaType;
  const names = mediaTypes.map((it) => `'${it}'`);
  const last = names.pop();
  const list = names.length === 0 ? last : `${names.join(", ")} or ${last}`;
  refuse(`${path}.media_type`, `Input should be ${list}`);
}

/**
 * How OpenAI counts a question: the overhead of messages, tools as declarations, images by their
 * tiles.
 *
 * The overhead of messages is exact, as OpenAI's cookbook has it for GPT-4, GPT-4o and GPT-3.5.
 * Tools and images are counted as is publicly known of these models; newer ones differ.
 *
 * @module
 */

import { type Counting, textOf, type Tool, type Turn } from "../core/turn.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import { byteLength, type ImageSize, soundSeconds } from "../wire/media.ts";

/** How OpenAI counts. */
export const openaiCounting: Counting = {
  question: 3,
  message: { system: 4, user: 4, assistant: 4, tool: 4 },
  name: 1,
  call: 3,
  media: 765,
  tools: toolsTold,
};

// Tools ──────────────────────────────────────────────────────────────────────

/** Around the declarations; less where they join a system message. */
const TOOLS_TOKENS = 9;
const TOOLS_TOKENS_AFTER_SYSTEM = 5;

function toolsTold(turn: Turn): ReturnType<Counting["tools"]> {
  const { tools, toolChoice, messages } = turn;
  const texts = [declarations(tools)];
  const system = messages.find(({ role }) => role === "system");
  let tokens = system === undefined
    ? TOOLS_TOKENS
    : TOOLS_TOKENS_AFTER_SYSTEM + newlineTokens(textOf(system));
  if (toolChoice === "none") tokens += 1;
  else if (tools.some(({ name }) => name === toolChoice)) {
    texts.push(toolChoice ?? "");
    tokens += 4;
  }
  return { texts, tokens };
}

/** A newline ends the system message then: a token, unless it joins a mark. */
function newlineTokens(text: string): number {
  return /[\p{L}\p{N}]$/u.test(text) ? 1 : 0;
}

/** Tools as the model reads them: types of TypeScript. */
function declarations(tools: readonly Tool[]): string {
  const lines = ["namespace functions {", ""];
  for (const { name, description, schema } of tools) {
    if (description !== "") lines.push(`// ${description}`);
    const fields = fieldsOf(schema, 0);
    if (fields === "") lines.push(`type ${name} = () => any;`);
    else lines.push(`type ${name} = (_: {`, fields, "}) => any;");
    lines.push("");
  }
  lines.push("} // namespace functions");
  return lines.join("\n");
}

/** The properties of an object, a line each. */
function fieldsOf(schema: unknown, depth: number): string {
  const properties = isObject(schema) ? own(schema, "properties") : undefined;
  if (!isObject(schema) || !isObject(properties)) return "";
  const required = listOf(schema, "required");
  const indent = " ".repeat(depth);
  const lines: string[] = [];
  for (const [name, value] of Object.entries(properties)) {
    const about = isObject(value) ? own(value, "description") : undefined;
    if (typeof about === "string" && depth < 2) {
      lines.push(`${indent}// ${about}`);
    }
    const mark = required.includes(name) ? "" : "?";
    lines.push(`${indent}${name}${mark}: ${typeOf(value, depth)},`);
  }
  return lines.join("\n");
}

function typeOf(schema: unknown, depth: number): string {
  if (!isObject(schema)) return "any";
  const values = listOf(schema, "enum");
  if (values.length > 0) return joined(values.map((it) => JSON.stringify(it)));
  const options = listOf(schema, "anyOf");
  if (options.length > 0) return joined(options.map((it) => typeOf(it, depth)));
  const type = own(schema, "type");
  if (Array.isArray(type)) {
    return joined(type.map((it) => typeOf({ ...schema, type: it }, depth)));
  }
  switch (type) {
    case "string":
    case "number":
    case "boolean":
    case "null":
      return type;
    case "integer":
      return "number";
    case "array":
      return `${typeOf(own(schema, "items"), depth)}[]`;
    case "object": {
      const fields = fieldsOf(schema, depth + 2);
      return `{\n${fields}\n${" ".repeat(depth)}}`;
    }
  }
  return "any";
}

function joined(types: readonly string[]): string {
  return types.join(" | ");
}

function listOf(schema: JsonObject, key: string): readonly unknown[] {
  const value = own(schema, key);
  return Array.isArray(value) ? value : [];
}

// What is no text ────────────────────────────────────────────────────────────

const IMAGE_TOKENS = 85;
const TILE_TOKENS = 170;
const TILE_PX = 512;
const LONG_PX_MAX = 2_048;
const SHORT_PX_MAX = 768;

/** What an image is taken for of which the size is not known. */
const UNKNOWN: ImageSize = { width: 1_024, height: 1_024 };

/** Tokens of an image: one small view, and tiles of it unless `detail` is low. */
export function imageTokens(
  detail: unknown,
  { width, height }: ImageSize = UNKNOWN,
): number {
  if (detail === "low") return IMAGE_TOKENS;
  const fit = Math.min(1, LONG_PX_MAX / Math.max(width, height));
  const scale = fit *
    Math.min(1, SHORT_PX_MAX / (fit * Math.min(width, height)));
  const tiles = (length: number) =>
    Math.max(1, Math.ceil(Math.round(length * scale) / TILE_PX));
  return IMAGE_TOKENS + TILE_TOKENS * tiles(width) * tiles(height);
}

/** Ten tokens a second; MP3 is taken to be of 128 kbit/s. */
export function soundTokens(base64: string): number {
  const seconds = soundSeconds(base64, 16_000);
  return Math.max(1, Math.ceil(10 * seconds));
}

/** A file: a page for each 50 kB, each as text and as an image. */
export function fileTokens(base64 = ""): number {
  const pages = Math.max(1, Math.ceil(byteLength(base64) / 50_000));
  return pages * (IMAGE_TOKENS + 4 * TILE_TOKENS + 500);
}

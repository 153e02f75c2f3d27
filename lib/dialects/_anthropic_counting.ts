/**
 * How Anthropic counts a question: the overhead of messages, what is told to the model of tools,
 * images by their area.
 *
 * Claude's vocabulary is nobody else's to know, so that the words themselves are always
 * estimated. The rest follows the documentation: 346 tokens tell Claude 4 how to use tools, 313
 * where it must, and an image is a token for 750 of its pixels. The overhead of messages is
 * fitted to the examples of its page on token counting.
 *
 * @module
 */

import type { Counting, Tool, Turn } from "../core/turn.ts";
import { byteLength, type ImageSize } from "../wire/media.ts";

/** How Anthropic counts. */
export const anthropicCounting: Counting = {
  question: 3,
  message: { system: 0, user: 4, assistant: 4, tool: 4 },
  name: 1,
  call: 3,
  media: 1_500,
  tools: toolsTold,
};

const TOOLS_TOKENS = 346;
const TOOLS_TOKENS_FORCED = 313;

/** Choices that leave it to the model. */
const FREE: ReadonlySet<string | undefined> = new Set([
  undefined,
  "auto",
  "none",
]);

function toolsTold({ tools, toolChoice }: Turn): ReturnType<Counting["tools"]> {
  return {
    texts: tools.map(toolTold),
    tokens: FREE.has(toolChoice) ? TOOLS_TOKENS : TOOLS_TOKENS_FORCED,
  };
}

function toolTold({ name, description, schema }: Tool): string {
  return [name, description, JSON.stringify(schema) ?? ""].join("\n");
}

const LONG_PX_MAX = 1_568;
const PIXELS_A_TOKEN = 750;
const IMAGE_TOKENS_MAX = 1_600;

/** What an image is taken for of which the size is not known. */
const UNKNOWN: ImageSize = { width: 1_024, height: 1_024 };

/** Tokens of an image, made as small as the model takes it. */
export function imageTokens(
  { width, height }: ImageSize = UNKNOWN,
): number {
  const scale = Math.min(1, LONG_PX_MAX / Math.max(width, height));
  const pixels = width * scale * (height * scale);
  return Math.min(IMAGE_TOKENS_MAX, Math.ceil(pixels / PIXELS_A_TOKEN));
}

/** Tokens of a page of a PDF: its text, and its image. */
const PAGE_TOKENS = 2_000;

/** A PDF: a page for each 50 kB. */
export function documentTokens(base64 = ""): number {
  return PAGE_TOKENS * Math.max(1, Math.ceil(byteLength(base64) / 50_000));
}

/**
 * Tokens of a question, as usage tells them.
 *
 * @module
 */

import { TOKENS_CHARS_MAX, TOKENS_TEXTS_MAX } from "../core/limits.ts";
import type { Tokenizer } from "../core/tokens.ts";
import type { Part, Turn } from "../core/turn.ts";

/** Tokens of the question, as usage tells them: text, names and schemas, and a few for each message. */
export function promptTokens(turn: Turn, tokenizer: Tokenizer): number {
  let tokens = 0;
  for (const message of turn.messages) {
    tokens += 3;
    for (const part of message.parts) tokens += partTokens(part, tokenizer);
  }
  for (const { name, description, schema } of turn.tools) {
    tokens += 5 + tokenizer.count(name) + tokenizer.count(description) +
      tokenizer.count(JSON.stringify(schema) ?? "");
  }
  return tokens + 3;
}

function partTokens(part: Part, tokenizer: Tokenizer): number {
  switch (part.type) {
    case "text":
    case "tool-result":
      return tokensOf(part.text, tokenizer);
    case "tool-call":
      return tokenizer.count(part.name) + tokenizer.count(part.input);
    case "media":
      return MEDIA_TOKENS;
  }
}

/** Tokens of a text; those of texts that come with every request, as instructions do, are remembered. */
function tokensOf(text: string, tokenizer: Tokenizer): number {
  if (text.length < REMEMBERED_CHARS_MIN || text.length > TOKENS_CHARS_MAX) {
    return tokenizer.count(text);
  }
  const counted = countedBy(tokenizer);
  const known = counted.get(text);
  if (known !== undefined) return known;
  if (counted.size >= TOKENS_TEXTS_MAX) counted.clear();
  const tokens = tokenizer.count(text);
  counted.set(text, tokens);
  return tokens;
}

/** What was counted, by who counted it. */
const memories = new WeakMap<Tokenizer, Map<string, number>>();

function countedBy(tokenizer: Tokenizer): Map<string, number> {
  const known = memories.get(tokenizer);
  if (known !== undefined) return known;
  const counted = new Map<string, number>();
  memories.set(tokenizer, counted);
  return counted;
}

/** Shorter ones are counted as fast as they are looked up. */
const REMEMBERED_CHARS_MIN = 48;

/** A small image at low detail. */
const MEDIA_TOKENS = 85;

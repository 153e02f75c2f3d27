/**
 * Tokens of a question, as usage tells them.
 *
 * @module
 */

import { TOKENS_CHARS_MAX, TOKENS_TEXTS_MAX } from "../core/limits.ts";
import type { Tokenizer } from "../core/tokens.ts";
import {
  type Counting,
  isUsers,
  type Message,
  type Part,
  type Turn,
} from "../core/turn.ts";

/** Tokens of the question, as usage tells them: its words, and what its provider counts besides. */
export function promptTokens(turn: Turn, tokenizer: Tokenizer): number {
  const { messages, tools, counting = PLAIN } = turn;
  let tokens = counting.question;
  for (const message of messages) {
    tokens += messageTokens(message, counting, tokenizer);
  }
  tokens += thoughtTokens(messages, tokenizer);
  return tools.length === 0
    ? tokens
    : tokens + toolTokens(turn, counting, tokenizer);
}

function messageTokens(
  { role, parts, name, unseen }: Message,
  counting: Counting,
  tokenizer: Tokenizer,
): number {
  let tokens = counting.message[role];
  for (const part of parts) tokens += partTokens(part, counting, tokenizer);
  if (name !== undefined) tokens += counting.name + tokenizer.count(name);
  if (unseen !== undefined) tokens += tokensOf(unseen, tokenizer);
  return tokens;
}

function partTokens(
  part: Part,
  counting: Counting,
  tokenizer: Tokenizer,
): number {
  switch (part.type) {
    case "text":
      return tokensOf(part.text, tokenizer);
    case "tool-result":
      return tokensOf(part.text, tokenizer) + (part.tokens ?? 0);
    case "tool-call":
      return counting.call + tokenizer.count(part.name) +
        tokenizer.count(part.input);
    case "media": {
      const { tokens = counting.media, words = "" } = part;
      return tokens + tokensOf(words, tokenizer);
    }
  }
}

/** Thoughts are given back to the model while tools are used for one answer, and forgotten with the next question. */
function thoughtTokens(
  messages: readonly Message[],
  tokenizer: Tokenizer,
): number {
  let tokens = 0;
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at];
    if (message === undefined || isUsers(message)) break;
    tokens += tokenizer.count(message.thoughts ?? "");
  }
  return tokens;
}

function toolTokens(
  turn: Turn,
  counting: Counting,
  tokenizer: Tokenizer,
): number {
  const told = counting.tools(turn);
  return told.texts.reduce(
    (sum, text) => sum + tokensOf(text, tokenizer),
    told.tokens,
  );
}

/** What is counted where a dialect says nothing. */
const PLAIN: Counting = {
  question: 3,
  message: { system: 4, user: 4, assistant: 4, tool: 4 },
  name: 1,
  call: 3,
  media: 85,
  tools: ({ tools }) => ({
    texts: tools.map(({ name, description, schema }) =>
      JSON.stringify({ name, description, schema })
    ),
    tokens: 0,
  }),
};

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

/**
 * Tokens of a question, as usage tells them.
 *
 * @module
 */

import {
  TOKENS_CHARS_MAX,
  TOKENS_EXACT_CHARS_MAX,
  TOKENS_TEXTS_MAX,
} from "../core/limits.ts";
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
  const counter = new Counter(tokenizer);
  let tokens = counting.question;
  for (const message of messages) {
    tokens += messageTokens(message, counting, counter);
  }
  tokens += thoughtTokens(messages, counter);
  return tools.length === 0
    ? tokens
    : tokens + toolTokens(turn, counting, counter);
}

/** Counts the texts of one question, the first of them exactly: many cost no more than a long one. */
class Counter {
  readonly #tokenizer: Tokenizer;
  #exactChars = TOKENS_EXACT_CHARS_MAX;

  /** Counts by `tokenizer`. */
  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
  }

  /** Tokens of a text. */
  count(text: string): number {
    const exactChars = this.#exactChars;
    this.#exactChars = Math.max(0, exactChars - text.length);
    return this.#tokenizer.count(text, exactChars);
  }

  /** The same of one that may come with every request, as instructions do: it is remembered. */
  again(text: string): number {
    if (text.length > this.#exactChars) return this.count(text);
    this.#exactChars -= text.length;
    return tokensOf(text, this.#tokenizer);
  }
}

function messageTokens(
  { role, parts, name, unseen }: Message,
  counting: Counting,
  counter: Counter,
): number {
  let tokens = counting.message[role];
  for (const part of parts) tokens += partTokens(part, counting, counter);
  if (name !== undefined) tokens += counting.name + counter.count(name);
  if (unseen !== undefined) tokens += counter.again(unseen);
  return tokens;
}

function partTokens(
  part: Part,
  counting: Counting,
  counter: Counter,
): number {
  switch (part.type) {
    case "text":
      return counter.again(part.text);
    case "tool-result":
      return counter.again(part.text) + (part.tokens ?? 0);
    case "tool-call":
      return counting.call + counter.count(part.name) +
        counter.count(part.input);
    case "media": {
      const { tokens = counting.media, words = "" } = part;
      return tokens + counter.again(words);
    }
  }
}

/** Thoughts are given back to the model while tools are used for one answer, and forgotten with the next question. */
function thoughtTokens(
  messages: readonly Message[],
  counter: Counter,
): number {
  let tokens = 0;
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at];
    if (message === undefined || isUsers(message)) break;
    tokens += counter.count(message.thoughts ?? "");
  }
  return tokens;
}

function toolTokens(
  turn: Turn,
  counting: Counting,
  counter: Counter,
): number {
  const told = counting.tools(turn);
  return told.texts.reduce(
    (sum, text) => sum + counter.again(text),
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

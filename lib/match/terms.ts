/**
 * The terms on which a request takes an answer: texts before which it ends, and how many tokens
 * it may have at most. What lies beyond them is never said.
 *
 * Texts are looked for first, and tokens counted in what is left. So the text wins that begins
 * within the limit, and an answer of exactly as many tokens as are asked for is whole.
 *
 * @module
 */

import { STOP_STEPS_MAX } from "../core/limits.ts";
import {
  BadRequest,
  type Block,
  type Choice,
  type Finish,
  isThought,
  piecesOf,
} from "../core/reply.ts";
import type { Tokenizer } from "../core/tokens.ts";
import type { Wishes } from "../core/turn.ts";
import { countBlocks, tokensOf } from "./blocks.ts";
import { beginning, beginningUpTo } from "./pieces.ts";

/** What a request allows. */
export type Terms = Pick<Wishes, "maxTokens" | "stop">;

/** A choice, and its tokens. */
export interface Counted {
  /** What is said. */
  readonly choice: Choice;
  /** Tokens of all of it. */
  readonly output: number;
  /** Of those, what was thought. */
  readonly reasoning: number;
}

/** What the terms leave of `all`: the same object where that is everything. Throws {@linkcode BadRequest}. */
export function withinTerms(
  all: Counted,
  { stop, maxTokens }: Terms,
  tokenizer: Tokenizer,
): Counted {
  const said = stop === undefined ? all : untilStop(all, stop, tokenizer);
  return maxTokens === undefined || said.output <= maxTokens
    ? said
    : upTo(maxTokens, said, tokenizer);
}

// Texts ───────────────────────────────────────────────────────────────────────

/** Each block is searched by itself: a text that begins in one and ends in the next is not found. */
function untilStop(
  all: Counted,
  stop: readonly string[],
  tokenizer: Tokenizer,
): Counted {
  const { blocks } = all.choice;
  for (const [index, block] of blocks.entries()) {
    const found = isSaid(block) ? firstOf(stop, block) : undefined;
    if (found === undefined) continue;
    const part = untilCharacter(block, found.at, all.choice);
    const left = blocks.slice(0, index);
    const finish = { type: "stop-string", matched: found.matched } as const;
    const choice = { blocks: part ? [...left, part] : left, finish };
    return { choice, ...countBlocks(choice.blocks, tokenizer) };
  }
  return all;
}

/** Thoughts and arguments are not said: a model may write there what it likes. */
function isSaid({ type }: Block): boolean {
  return type === "text" || type === "refusal";
}

/** The text of `stop` that begins first in `block`; the shorter where two begin together. */
function firstOf(
  stop: readonly string[],
  block: Block,
): { readonly at: number; readonly matched: string } | undefined {
  const text = searched(stop, block);
  if (text === undefined) return undefined;
  refuseLongSearch(stop, text);
  let at = -1;
  let matched = "";
  for (const wanted of stop) {
    const found = placeOf(wanted, text);
    if (found < 0 || (at >= 0 && found > at)) continue;
    if (found === at && wanted.length >= matched.length) continue;
    at = found;
    matched = wanted;
  }
  return at < 0 ? undefined : { at, matched };
}

/** Where `wanted` begins in `text`, as characters: half a one is not found in a whole one. -1 for nowhere. */
function placeOf(wanted: string, text: string): number {
  let at = text.indexOf(wanted);
  while (
    at >= 0 && (isWithin(text, at) || isWithin(text, at + wanted.length))
  ) {
    at = text.indexOf(wanted, at + 1);
  }
  return at;
}

/** Whether `at` is in the middle of a character. */
function isWithin(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00 &&
    (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
}

/** The text to search; undefined where nothing can be found: random tokens are letters and digits. */
function searched(stop: readonly string[], block: Block): string | undefined {
  const pieces = piecesOf(block);
  if (pieces === undefined) return block.text;
  // Not the text of the block, which would be kept for as long as the block is.
  return stop.some((text) => ALPHANUMERIC.test(text))
    ? Array.from(pieces).join("")
    : undefined;
}

const ALPHANUMERIC = /^[A-Za-z0-9]+$/;

function refuseLongSearch(stop: readonly string[], { length }: string): void {
  let steps = 0;
  for (const text of stop) steps += text.length * length;
  if (steps <= STOP_STEPS_MAX) return;
  throw new BadRequest({
    limit: "STOP_STEPS_MAX",
    message:
      `To look for these ${stop.length} stop sequences in an answer of ${length} characters is more than this server does for a request. Send fewer of them, or shorter ones`,
  });
}

function untilCharacter(
  block: Block,
  end: number,
  { finish }: Choice,
): Block | undefined {
  if (end === 0 && finish.type !== "refusal") return undefined;
  const pieces = piecesOf(block);
  return pieces === undefined
    ? shortened(block, block.text.slice(0, end), finish)
    : beginningUpTo(pieces, end);
}

/** Who refuses at some providers says so in all its words, whatever ended them. */
function shortened(block: Block, text: string, { type }: Finish): Block {
  return block.type === "refusal" && type === "refusal"
    ? { ...block, text, whole: block.text }
    : { ...block, text };
}

// Tokens ──────────────────────────────────────────────────────────────────────

/** The first `max` tokens of what is more than that. All of them were made, so all of them count. */
function upTo(max: number, all: Counted, tokenizer: Tokenizer): Counted {
  const { blocks, finish } = all.choice;
  const kept: Block[] = [];
  let left = max;
  let reasoning = 0;
  for (const block of blocks) {
    const tokens = blocks.length === 1
      ? all.output // known of what is always said, without another look
      : tokensOf(block, tokenizer);
    const part = tokens <= left
      ? block
      : firstTokens(block, left, finish, tokenizer);
    if (part !== undefined) kept.push(part);
    const used = Math.min(tokens, left);
    if (isThought(block)) reasoning += used;
    left -= used;
    if (part !== block) break;
  }
  const choice: Choice = { blocks: kept, finish: { type: "length" } };
  return { choice, output: max, reasoning };
}

/** What the first `count` tokens of `block` are; undefined where they make nothing that can be said. */
function firstTokens(
  block: Block,
  count: number,
  finish: Finish,
  tokenizer: Tokenizer,
): Block | undefined {
  const pieces = piecesOf(block);
  if (count === 0 || block.type === "redacted") return undefined;
  if (pieces !== undefined) return beginning(pieces, count);
  // A call begins with its name, and half a name calls nothing.
  const name = block.type === "tool-call" ? tokenizer.count(block.name) : 0;
  if (name > count) return undefined;
  const text = tokenizer.first(block.text, count - name);
  // Tokens may be parts of a character, which are not told.
  return text === "" && name === 0 ? undefined : shortened(block, text, finish);
}

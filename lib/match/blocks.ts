/**
 * Scripted blocks as one request gets them: what it does not want is left out, the rest is
 * counted, and says why it ends.
 *
 * @module
 */

import {
  type Block,
  type Finish,
  isThought,
  piecesOf,
  redactedTokens,
} from "../core/reply.ts";
import type { Tokenizer } from "../core/tokens.ts";
import type { Turn } from "../core/turn.ts";
import type { BlockSpec } from "./rule.ts";

/** Token counts of blocks. */
export interface BlockTokens {
  /** All of them. */
  readonly output: number;
  /** Of those, what was thought. */
  readonly reasoning: number;
}

/**
 * The blocks that answer `turn`: no calls where it forbids them, only those of the tools that it
 * allows, one where it wants no more, no thoughts where it wants none. What is left of nothing is
 * an empty text.
 */
export function blocksFor(
  blocks: readonly BlockSpec[],
  { toolChoice, allowedTools, parallelToolCalls, reasoning }: Turn,
): readonly BlockSpec[] {
  let callsLeft = toolChoice === "none"
    ? 0
    : parallelToolCalls === false
    ? 1
    : Infinity;
  const said = blocks.filter((block) =>
    block.type === "tool-call"
      ? (allowedTools?.includes(block.name) ?? true) && callsLeft-- > 0
      : !isThought(block) || reasoning !== false
  );
  return said.length === 0 ? NOTHING : said;
}

const NOTHING: readonly BlockSpec[] = [{ type: "text", text: "" }];

/** Why an answer of `blocks` ends, unless its rule says so. */
export function finishOf(blocks: readonly BlockSpec[]): Finish {
  const has = (type: BlockSpec["type"]) =>
    blocks.some((block) => block.type === type);
  if (has("tool-call")) return { type: "tool-calls" };
  return { type: has("refusal") ? "refusal" : "stop" };
}

/** Counts the tokens of `blocks`. */
export function countBlocks(
  blocks: readonly Block[],
  tokenizer: Tokenizer,
): BlockTokens {
  let output = 0;
  let reasoning = 0;
  for (const block of blocks) {
    const tokens = tokensOf(block, tokenizer);
    output += tokens;
    if (isThought(block)) reasoning += tokens;
  }
  return { output, reasoning };
}

/** What was written once is said again and again, and counted once. */
const memories = new WeakMap<Tokenizer, WeakMap<Block, number>>();

/** Tokens of one block; a call is its name and its arguments, as it is in a question. */
export function tokensOf(block: Block, tokenizer: Tokenizer): number {
  const memory = memories.get(tokenizer) ?? new WeakMap<Block, number>();
  memories.set(tokenizer, memory);
  const known = memory.get(block);
  if (known !== undefined) return known;
  const tokens = countBlock(block, tokenizer);
  memory.set(block, tokens);
  return tokens;
}

function countBlock(block: Block, tokenizer: Tokenizer): number {
  switch (block.type) {
    case "tool-call":
      return tokenizer.count(block.name) + tokenizer.count(block.text);
    case "redacted":
      return redactedTokens(block);
    default:
      return piecesOf(block)?.count ?? tokenizer.count(block.text);
  }
}

/**
 * A reply told in steps: what a stream says, in order, before time or words enter.
 *
 * Steps nest: reply-start (block-start deltas? block-end)* reply-end. Encoders rely on it.
 *
 * @module
 */

import type { Plan } from "../core/plan.ts";
import {
  type Block,
  type BlockEvent,
  piecesOf,
  type Reply,
  type ReplyEvent,
} from "../core/reply.ts";
import { cut } from "./cut.ts";

/** One step: a structural event, or a run of deltas of one block. */
export type Step =
  | { readonly type: "event"; readonly event: ReplyEvent }
  | {
    readonly type: "deltas";
    readonly block: BlockEvent;
    readonly chunks: Iterable<string>;
  };

/** How text is cut into chunks. */
export type Cutting = Pick<Plan, "cut" | "tokenizer">;

/** Tells `reply`, its text cut as `how` says. */
export function* tell(reply: Reply, how: Cutting): Generator<Step> {
  yield { type: "event", event: { type: "reply-start" } };
  for (const [choice, { blocks }] of reply.choices.entries()) {
    for (const [index, block] of blocks.entries()) {
      const start = { type: "block-start", choice, index, block } as const;
      yield { type: "event", event: start };
      yield { type: "deltas", block: start, chunks: chunksOf(block, how) };
      yield { type: "event", event: { ...start, type: "block-end" } };
    }
  }
  yield { type: "event", event: { type: "reply-end" } };
}

/** The chunks of `block`: its own, or its text cut as `how` says. */
export function chunksOf(
  block: Block,
  { cut: how, tokenizer }: Cutting,
): Iterable<string> {
  // Arguments come in tokens from every provider, whatever text is cut into.
  const cutBy = block.type === "tool-call" ? "token" : how;
  return piecesOf(block) ?? cut(block.text, cutBy, tokenizer);
}

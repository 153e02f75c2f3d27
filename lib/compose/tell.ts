/**
 * A reply told in steps: what a stream says, in order, before time or words enter.
 *
 * Steps nest: reply-start (choice-start (block-start deltas? block-end)* choice-end)+ reply-end.
 * Encoders rely on it. Several choices are told side by side, each of them so nested: one says
 * what comes before its next chunk, and that chunk, then the next does. Between two rounds stands
 * a `round`.
 *
 * @module
 */

import type { Plan } from "../core/plan.ts";
import {
  type Block,
  type BlockEvent,
  type Choice,
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
  }
  | SideStep;

/** What there is only where several choices are told side by side. */
type SideStep =
  /** One delta of one of them; its block is the same object each time. */
  | {
    readonly type: "delta";
    readonly block: BlockEvent;
    readonly chunk: string;
  }
  /** All have said what they say at one time. */
  | { readonly type: "round" };

/** How text is cut into chunks. */
export type Cutting = Pick<Plan, "cut" | "tokenizer">;

/** Tells `reply`, its text cut as `how` says. */
export function* tell(reply: Reply, how: Cutting): Generator<Step> {
  const { choices } = reply;
  yield { type: "event", event: { type: "reply-start" } };
  if (choices.length === 1) yield* tellChoice(choices[0], 0, how);
  else yield* sideBySide(choices, how);
  yield { type: "event", event: { type: "reply-end" } };
}

function* tellChoice(
  { blocks }: Choice,
  choice: number,
  how: Cutting,
): Generator<Step> {
  yield { type: "event", event: { type: "choice-start", choice } };
  for (const [index, block] of blocks.entries()) {
    const start = { type: "block-start", choice, index, block } as const;
    yield { type: "event", event: start };
    yield { type: "deltas", block: start, chunks: chunksOf(block, how) };
    yield { type: "event", event: { ...start, type: "block-end" } };
  }
  yield { type: "event", event: { type: "choice-end", choice } };
}

/** In rounds, as recorded: in each, every choice that has not ended says one chunk, or its end. */
function* sideBySide(
  choices: Reply["choices"],
  how: Cutting,
): Generator<Step> {
  let open = choices.map((choice, index) =>
    singly(tellChoice(choice, index, how))
  );
  while (open.length > 0) {
    const others: typeof open = [];
    for (const steps of open) {
      if (yield* toDelta(steps)) others.push(steps);
    }
    yield { type: "round" };
    open = others;
  }
}

/** Tells what comes up to the next delta, and it; whether there was one. */
function* toDelta(steps: Generator<Step>): Generator<Step, boolean> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return false;
    yield value;
    if (value.type === "delta") return true;
  }
}

/** The same steps, each delta by itself. */
function* singly(steps: Iterable<Step>): Generator<Step> {
  for (const step of steps) {
    if (step.type !== "deltas") yield step;
    else {
      const { block } = step;
      for (const chunk of step.chunks) yield { type: "delta", block, chunk };
    }
  }
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

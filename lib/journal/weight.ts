/**
 * What a request costs while the journal holds it: an estimate, made when it is entered.
 *
 * Counted are the values a body was parsed to, since a few bytes of JSON may be many objects,
 * and the reply's words.
 *
 * @module
 */

import type { Plan } from "../core/plan.ts";
import { type Block, type Choice, piecesOf } from "../core/reply.ts";
import type { AskedRecord } from "./record.ts";

/** What the entry itself takes, with the headers of both directions. */
const ENTRY_BYTES = 4_096;

const OBJECT_BYTES = 48;
const SLOT_BYTES = 8;
const TEXT_BYTES = 16;

/** Estimated bytes of a request that is kept. */
export function weigh(asked: AskedRecord | undefined, body: unknown): number {
  if (asked === undefined) return ENTRY_BYTES + heapBytes(body);
  // Asked for the context only where it must be: it may be made again for it.
  const { plan } = asked;
  const bodyBytes = asked.bodyBytes ?? heapBytes(asked.context.body);
  const stream = asked.stream ?? asked.context.turn.stream;
  return ENTRY_BYTES + bodyBytes + replyBytes(plan, stream);
}

/** Estimated bytes of a parsed JSON value. Its depth is bounded by whoever parsed it. */
export function heapBytes(value: unknown): number {
  if (typeof value === "string") return TEXT_BYTES + value.length;
  if (typeof value !== "object" || value === null) return 0;
  let bytes = OBJECT_BYTES;
  if (Array.isArray(value)) {
    for (const item of value) bytes += SLOT_BYTES + heapBytes(item);
    return bytes;
  }
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    bytes += SLOT_BYTES + key.length + heapBytes(object[key]);
  }
  return bytes;
}

function replyBytes(plan: Plan | undefined, stream: boolean): number {
  if (plan?.outcome.type !== "reply") return 0;
  let bytes = 0;
  let last: Choice | undefined;
  for (const choice of plan.outcome.choices) {
    if (choice === last) continue; // the same is said again
    for (const block of choice.blocks) bytes += blockBytes(block, stream);
    last = choice;
  }
  return bytes;
}

/** A stream draws what comes in pieces as it goes, and keeps none of them. */
function blockBytes(block: Block, stream: boolean): number {
  return piecesOf(block) !== undefined && stream ? 0 : block.text.length;
}

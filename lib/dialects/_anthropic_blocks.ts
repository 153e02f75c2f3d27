/**
 * How Anthropic's Messages API says one content block: whole, as a stream opens it, and what a
 * stream then brings.
 *
 * @module
 */

import { ALPHABETS } from "../core/random.ts";
import {
  type Block,
  type Choice,
  isThought,
  REDACTED_CHARS,
  type RedactedBlock,
  type TextBlock,
  type ToolCallBlock,
} from "../core/reply.ts";
import { isObject, type JsonObject } from "../wire/json.ts";
import { parsePartialJson } from "../wire/partial_json.ts";
import { citationOf } from "./_anthropic_citations.ts";
import type { Stamp } from "./dialect.ts";

/** How the answers to one request are worded. */
export interface Wording {
  /** Whether it speaks 2026-10-21, whose SDKs take more keys for granted. */
  readonly modern: boolean;
  /** Whether thoughts come as their signature only. */
  readonly omitsThoughts: boolean;
  /** Whether calls have to come after thoughts, without which they could not be sent back. */
  readonly demandsThoughts: boolean;
}

/** The blocks that are content: the words of a refusal are told as why it ended. */
export function contentOf(
  choice: Choice,
  { demandsThoughts }: Pick<Wording, "demandsThoughts">,
): readonly Block[] {
  const { blocks } = choice;
  const content = isRefused(choice)
    ? blocks.filter(({ type }) => type !== "refusal")
    : blocks;
  const [first] = content;
  return demandsThoughts && first !== undefined && !isThought(first) &&
      content.some(({ type }) => type === "tool-call")
    ? [UNTOLD, ...content]
    : content;
}

/** Thoughts that nobody wrote: a signature alone. */
export const UNTOLD: Block = { type: "reasoning", text: "" };

/** Whether it ends in a refusal, or in a part of one. */
export function isRefused({ blocks, finish: { type } }: Choice): boolean {
  return type === "refusal" || type === "content-filter" ||
    blocks.some((block) => block.type === "refusal" && block.whole);
}

/** One content block. Calls that were `cut` short are as much as can be read of them. */
export function blockOf(
  block: Block,
  cut: boolean,
  wording: Wording,
  stamp: Stamp,
): JsonObject {
  switch (block.type) {
    case "tool-call":
      return toolUse(block, inputOf(block.text, cut), wording, stamp);
    case "reasoning": {
      const thinking = wording.omitsThoughts ? "" : block.text.toWellFormed();
      return { type: "thinking", thinking, signature: signature(stamp) };
    }
    case "redacted":
      return redacted(block, stamp);
    case "refusal":
      return textOf({ type: "text", text: block.text }, wording, stamp);
    case "text":
      return textOf(block, wording, stamp);
  }
}

/** A content block as a stream opens it: all but what its deltas bring. */
export function openBlockOf(
  block: Block,
  wording: Wording,
  stamp: Stamp,
): JsonObject {
  switch (block.type) {
    case "tool-call":
      return toolUse(block, {}, wording, stamp);
    case "reasoning":
      return { type: "thinking", thinking: "", signature: "" };
    case "redacted":
      return redacted(block, stamp);
    default: {
      const open = { type: "text", text: "" } as const;
      return isCited(block)
        ? { citations: [], ...open }
        : textOf(open, wording, stamp);
    }
  }
}

/** Whether nothing of `block` is said in deltas. */
export function isSilent(block: Block, { omitsThoughts }: Wording): boolean {
  return block.type === "redacted" || (isThought(block) && omitsThoughts) ||
    (block.type === "tool-call" && block.text === "{}");
}

/** The delta of `block` that brings `text`. */
export function deltaOf({ type }: Block, text: string): JsonObject {
  switch (type) {
    case "tool-call":
      return { type: "input_json_delta", partial_json: text };
    case "reasoning":
      return { type: "thinking_delta", thinking: text };
    default:
      return { type: "text_delta", text };
  }
}

/** What comes before the words: an empty piece of arguments, also where there are none; citations. */
export function firstDeltasOf(
  block: Block,
  wording: Wording,
  stamp: Stamp,
): readonly JsonObject[] {
  if (block.type === "tool-call") return [deltaOf(block, "")];
  if (!isCited(block)) return NONE;
  return block.citations.map((citation) => ({
    type: "citations_delta",
    citation: citationOf(citation, wording.modern, stamp),
  }));
}

/** What comes after the words: thoughts end with their signature. */
export function lastDeltasOf(
  block: Block,
  stamp: Stamp,
): readonly JsonObject[] {
  if (block.type !== "reasoning") return NONE;
  return [{ type: "signature_delta", signature: signature(stamp) }];
}

const NONE: readonly JsonObject[] = [];

function isCited(
  block: Block,
): block is TextBlock & Required<Pick<TextBlock, "citations">> {
  return block.type === "text" && block.citations !== undefined;
}

function textOf(
  block: TextBlock,
  { modern }: Wording,
  stamp: Stamp,
): JsonObject {
  const text = { type: "text", text: block.text.toWellFormed() };
  if (isCited(block)) {
    const citations = block.citations.map((each) =>
      citationOf(each, modern, stamp)
    );
    return { citations, ...text };
  }
  return modern ? { citations: null, ...text } : text;
}

function redacted({ data }: RedactedBlock, stamp: Stamp): JsonObject {
  const drawn = data?.toWellFormed() ??
    `EqoB${stamp.text(REDACTED_CHARS - 4, BASE64)}`;
  return { type: "redacted_thinking", data: drawn };
}

/** What proves that thoughts are the provider's own. */
function signature(stamp: Stamp): string {
  return `EqoB${stamp.text(328, BASE64)}`;
}

const BASE64 = `${ALPHABETS.alphanumeric}+/`;

function toolUse(
  { id, name }: ToolCallBlock,
  input: unknown,
  { modern }: Wording,
  stamp: Stamp,
): JsonObject {
  return {
    type: "tool_use",
    id: id ?? `toolu_01${stamp.text(22, ALPHABETS.base58)}`,
    name: name.toWellFormed(),
    input,
    ...(modern ? { caller: { type: "direct" } } : {}),
  };
}

/** Arguments as the object they are, or as what there is of it: text that is none has no words here. */
function inputOf(text: string, cut: boolean): unknown {
  const input = cut ? parsePartialJson(text) : parsed(text);
  return isObject(input) ? input : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * How the answers to one OpenAI request are worded, as far as the request decides that.
 *
 * @module
 */

import type { Finish, ToolCallBlock } from "../core/reply.ts";
import type { Turn } from "../core/turn.ts";
import { type JsonObject, own } from "../wire/json.ts";
import { hasNoFingerprint, leavesOutLogprobs } from "./_openai_reasoners.ts";
import { isNamed } from "./_openai_tool_choice.ts";

/** How answers are worded. */
export interface Manner {
  /** Whether tools were offered as functions of old: a call is a `function_call` then. */
  readonly legacy: boolean;
  /** Whether one was demanded by name: to call it is no reason to end then. */
  readonly forced: boolean;
  /** The tools that take free text: calls of them are of the type `custom`. */
  readonly custom: ReadonlySet<string>;
  /** The service tier that was used. */
  readonly tier: string;
  /** Whether the model leaves out `logprobs` where there are none to tell. */
  readonly leavesOutLogprobs: boolean;
  /** Whether the model tells no fingerprint. */
  readonly hasNoFingerprint: boolean;
  /** How many alternatives of each token are wanted; undefined where its likelihood is not wanted either. */
  readonly top: number | undefined;
}

/** What nearly every request gets. */
const USUAL: Manner = {
  legacy: false,
  forced: false,
  custom: new Set(),
  tier: "default",
  leavesOutLogprobs: false,
  hasNoFingerprint: false,
  top: undefined,
};

/** How the answer to `turn` is worded; `body` is what it was read from. */
export function mannerOf(
  { model, tools, toolChoice, logprobs }: Turn,
  body: JsonObject,
  legacy: boolean,
): Manner {
  const forced = isNamed(toolChoice);
  const tier = tierOf(own(body, "service_tier"));
  const terse = leavesOutLogprobs(model);
  const custom = tools.filter(({ kind }) => kind === "text");
  const usual = !legacy && !forced && !terse && custom.length === 0 &&
    tier === USUAL.tier && logprobs === undefined;
  if (usual) return USUAL;
  const names = new Set(custom.map(({ name }) => name));
  return {
    legacy,
    forced,
    custom: names,
    tier,
    leavesOutLogprobs: terse,
    hasNoFingerprint: hasNoFingerprint(model),
    top: logprobs?.top,
  };
}

/** The tier that is used where `asked` is asked for. */
function tierOf(asked: unknown): string {
  return typeof asked === "string" && asked !== "auto" ? asked : USUAL.tier;
}

/** Whether `call` is one of a tool that takes free text. */
export function isCustom({ name }: ToolCallBlock, { custom }: Manner): boolean {
  return custom.size > 0 && custom.has(name);
}

/** The provider's word for why generation ended. */
export function finishReason(
  finish: Finish,
  { legacy, forced }: Pick<Manner, "legacy" | "forced">,
): string {
  switch (finish.type) {
    case "stop":
    case "stop-string":
    case "refusal":
    case "pause":
      return "stop";
    case "length":
    case "context-window":
      return "length";
    case "tool-calls":
      return forced ? "stop" : legacy ? "function_call" : "tool_calls";
    case "content-filter":
      return "content_filter";
  }
}

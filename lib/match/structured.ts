/**
 * Whether an answer has the form that was asked for: JSON, content valid for a schema, calls of
 * offered tools with valid arguments. It is served as it was written in any case; this is for
 * whoever reads the journal, and costs nothing before.
 *
 * @module
 */

import { VIOLATIONS_MAX } from "../core/limits.ts";
import {
  callsOf,
  type Choice,
  type Failure,
  piecesOf,
  type Reply,
  type ToolCallBlock,
} from "../core/reply.ts";
import type { Turn } from "../core/turn.ts";
import { isObject } from "../wire/json.ts";
import { violationsOf } from "./schema_judge.ts";

/**
 * What of the answer to `turn` is not as it was asked for, a line each: `$.city: is missing` in
 * the content, `get_weather() $.city: is missing` in a call. A refusal by the server has no form.
 */
export function violationsIn(
  outcome: Reply | Failure,
  turn: Turn,
): readonly string[] {
  if (outcome.type === "failure") return NONE;
  const { choices } = outcome;
  const found = choices.flatMap((choice, at) =>
    inChoice(choice, turn).map((line) =>
      choices.length === 1 ? line : `choice ${at}: ${line}`
    )
  );
  return found.slice(0, VIOLATIONS_MAX);
}

const NONE: readonly string[] = [];

/** What was cut short, or broken off, is not expected to be whole. */
const WHOLE: ReadonlySet<Choice["finish"]["type"]> = new Set([
  "stop",
  "tool-calls",
]);

function inChoice(choice: Choice, turn: Turn): readonly string[] {
  if (!WHOLE.has(choice.finish.type)) return NONE;
  const calls = callsOf(choice.blocks);
  const found = calls.flatMap((call) => inCall(call, turn));
  // Whoever calls tools, or refuses, gives the answer later or never.
  const isAnswer = calls.length === 0 &&
    !choice.blocks.some(({ type }) => type === "refusal");
  return isAnswer ? [...found, ...inContent(choice, turn)] : found;
}

function inContent(
  { blocks }: Choice,
  { responseFormat, responseSchema }: Turn,
): readonly string[] {
  if (responseFormat === undefined || responseFormat === "text") return NONE;
  const texts = blocks.filter(({ type }) => type === "text");
  const random = texts.some((block) => piecesOf(block) !== undefined);
  const value = random ? undefined : parsed(texts.map(({ text }) => text));
  if (value === undefined) return ["$: is no JSON"];
  if (responseFormat === "json_schema") {
    return violationsOf(value, responseSchema ?? true);
  }
  return isObject(value) ? NONE : ["$: must be an object"];
}

function inCall(
  { name, text }: ToolCallBlock,
  { tools }: Turn,
): readonly string[] {
  const tool = tools.find((each) => each.name === name);
  if (tool === undefined) return [`${name}(): no such tool is offered`];
  if (tool.kind !== undefined) return NONE;
  const value = parsed([text]);
  if (value === undefined) return [`${name}() $: is no JSON`];
  const found = isObject(value)
    ? violationsOf(value, tool.schema)
    : ["$: must be an object"];
  return found.map((line) => `${name}() ${line}`);
}

/** What `texts` say together as JSON; undefined if that is none. */
function parsed(texts: readonly string[]): unknown {
  try {
    return JSON.parse(texts.join(""));
  } catch {
    return undefined;
  }
}

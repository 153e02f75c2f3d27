/**
 * What a model might answer that nobody scripted: a call of a tool that is offered, a value for
 * the form that is asked for, or a few words. All of it is drawn from the seed.
 *
 * Tools that have answered are not called again, so agent loops end.
 *
 * @module
 */

import { mixSeed, Random } from "../core/random.ts";
import { endsInToolResult, type Tool, type Turn } from "../core/turn.ts";
import { isObject } from "../wire/json.ts";
import { answerText, pick, resultText, sentence } from "./auto_words.ts";
import { valueFor } from "./auto_value.ts";
import type { BlockSpec } from "./rule.ts";

/** The blocks that answer `turn`. */
export function autoBlocks(turn: Turn, seed: number): readonly BlockSpec[] {
  const random = new Random(mixSeed(seed, "auto", 0));
  const tools = callable(turn);
  if (tools.length > 0 && !endsInToolResult(turn)) {
    return [callOf(pick(tools, random), turn, seed, random)];
  }
  return [{ type: "text", text: contentFor(turn, seed, random) }];
}

/** The tools that may be called. Those of the provider run where nobody sees them called. */
function callable(
  { tools, toolChoice = "auto", allowedTools }: Turn,
): readonly Tool[] {
  if (toolChoice === "none") return [];
  const ours = tools.filter(({ kind }) => kind !== "provider");
  const allowed = allowedTools === undefined
    ? ours
    : ours.filter(({ name }) => allowedTools.includes(name));
  return MODES.has(toolChoice)
    ? allowed
    : allowed.filter(({ name }) => name === toolChoice);
}

const MODES: ReadonlySet<string> = new Set(["auto", "required"]);

function callOf(
  { name, schema, kind }: Tool,
  { choices }: Turn,
  seed: number,
  random: Random,
): BlockSpec {
  const text = kind === "text"
    ? sentence(random)
    : JSON.stringify(argumentsFor(schema, seed, choices));
  return { type: "tool-call", name, text };
}

/** Arguments are an object, even of a schema that takes none. */
function argumentsFor(
  schema: unknown,
  seed: number,
  choices: number | undefined,
): object {
  if (schema === undefined) return {};
  const value = valueFor(schema, seed, { type: "object", choices });
  return isObject(value) ? value : {};
}

/** What is said where nothing is called, in the form that is asked for. */
function contentFor(turn: Turn, seed: number, random: Random): string {
  switch (turn.responseFormat) {
    case "json_schema":
      return JSON.stringify(valueFor(turn.responseSchema ?? {}, seed, turn));
    case "json_object":
      return JSON.stringify({ answer: answerText(random) });
    default:
      return endsInToolResult(turn) ? resultText(random) : answerText(random);
  }
}

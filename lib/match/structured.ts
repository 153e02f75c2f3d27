/**
 * Whether an answer has the form that was asked for: JSON, content valid for a schema, calls of
 * offered tools with valid arguments. It is served as it was written in any case; this is for
 * whoever reads the journal, and costs nothing before.
 *
 * @module
 */

import { SCHEMA_STEPS_MAX, VIOLATIONS_MAX } from "../core/limits.ts";
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
import { SchemaBook } from "./schema.ts";
import { Judge } from "./schema_judge.ts";
import { Patterns } from "./schema_patterns.ts";
import { Steps } from "./steps.ts";

/**
 * What of the answer to `turn` is not as it was asked for, a line each: `$.city: is missing` in
 * the content, `get_weather() $.city: is missing` in a call. A refusal by the server has no form.
 */
export function violationsIn(
  outcome: Reply | Failure,
  turn: Turn,
): readonly string[] {
  if (outcome.type === "failure") return NONE;
  const before = known.get(turn);
  if (before?.outcome === outcome) return before.found;
  const found = judged(outcome, turn);
  const chars = found.reduce((sum, line) => sum + line.length, 0);
  if (chars <= KEPT_CHARS_MAX) known.set(turn, { outcome, found });
  return found;
}

/** What was found: each reader of the journal asks again. */
const known = new WeakMap<
  Turn,
  { readonly outcome: Reply; readonly found: readonly string[] }
>();

/** Longer findings are no part of what the journal weighs, and are not kept. */
const KEPT_CHARS_MAX = 4_000;

function judged({ choices }: Reply, turn: Turn): readonly string[] {
  const court = new Court();
  const found: string[] = [];
  for (const [at, choice] of choices.entries()) {
    if (found.length >= VIOLATIONS_MAX || court.isTired) break;
    const told = choices.length === 1 ? "" : `choice ${at}: `;
    for (const line of inChoice(choice, turn, court)) found.push(told + line);
  }
  if (!court.isTired) return found.slice(0, VIOLATIONS_MAX);
  return [...found.slice(0, VIOLATIONS_MAX - 1), UNJUDGED];
}

const UNJUDGED =
  `the rest was not judged: that takes more than ${SCHEMA_STEPS_MAX} steps`;

/** Judges all parts of one answer, which share what that may take. */
class Court {
  readonly #steps = new Steps(SCHEMA_STEPS_MAX);
  readonly #patterns = new Patterns();
  readonly #books = new Map<unknown, SchemaBook>();

  /** Whether not everything could be judged. */
  get isTired(): boolean {
    return this.#steps.left < 0;
  }

  violations(value: unknown, schema: unknown): readonly string[] {
    let book = this.#books.get(schema);
    if (book === undefined) {
      this.#books.set(schema, book = new SchemaBook(schema));
    }
    const judge = new Judge(book, this.#steps, this.#patterns);
    return judge.violations(value, schema);
  }
}

const NONE: readonly string[] = [];

/** What was cut short, or broken off, is not expected to be whole. */
const WHOLE: ReadonlySet<Choice["finish"]["type"]> = new Set([
  "stop",
  "tool-calls",
]);

function inChoice(
  choice: Choice,
  turn: Turn,
  court: Court,
): readonly string[] {
  if (!WHOLE.has(choice.finish.type)) return NONE;
  const calls = callsOf(choice.blocks);
  const found = calls.flatMap((call) => inCall(call, turn, court));
  // Whoever calls tools, or refuses, gives the answer later or never.
  const isAnswer = calls.length === 0 &&
    !choice.blocks.some(({ type }) => type === "refusal");
  return isAnswer ? [...found, ...inContent(choice, turn, court)] : found;
}

function inContent(
  { blocks }: Choice,
  { responseFormat, responseSchema }: Turn,
  court: Court,
): readonly string[] {
  if (responseFormat === undefined || responseFormat === "text") return NONE;
  const texts = blocks.filter(({ type }) => type === "text");
  const random = texts.some((block) => piecesOf(block) !== undefined);
  const value = random ? undefined : parsed(texts.map(({ text }) => text));
  if (value === undefined) return ["$: is no JSON"];
  if (responseFormat === "json_schema") {
    return court.violations(value, responseSchema ?? true);
  }
  return isObject(value) ? NONE : ["$: must be an object"];
}

function inCall(
  { name, text }: ToolCallBlock,
  { tools }: Turn,
  court: Court,
): readonly string[] {
  const tool = tools.find((each) => each.name === name);
  if (tool === undefined) return [`${name}(): no such tool is offered`];
  if (tool.kind !== undefined) return NONE;
  const value = parsed([text]);
  if (value === undefined) return [`${name}() $: is no JSON`];
  const found = isObject(value)
    ? court.violations(value, tool.schema)
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

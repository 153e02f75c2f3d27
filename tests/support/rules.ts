/**
 * Rules and questions for tests of the matcher, without a file.
 *
 * @module
 */

import type { Part, Turn } from "../../lib/core/turn.ts";
import { type Circumstances, Context } from "../../lib/match/context.ts";
import { isFault, readPattern } from "../../lib/match/pattern.ts";
import type { Pattern } from "../../lib/match/pattern.ts";
import type { Condition, Content, RuleSpec } from "../../lib/match/rule.ts";

/** A rule that answers its own name. */
export function rule(
  name: string,
  when: Partial<Record<Condition["field"], string | Pattern>> = {},
  more: Partial<RuleSpec> = {},
): RuleSpec {
  const conditions = Object.entries(when).map(([field, wanted]): Condition => ({
    field: field as Condition["field"],
    pattern: typeof wanted === "string" ? pattern(wanted) : wanted,
  }));
  return {
    name,
    place: `test.yml:${name.length}`,
    when: conditions,
    replies: [reply({ type: "text", text: name })],
    onEnd: "repeat",
    ...more,
  };
}

/** A reply of `content`. */
export function reply(content: Content): RuleSpec["replies"][0] {
  return { place: "test.yml:2", content };
}

/** A pattern as it is written. */
export function pattern(text: string): Pattern {
  const read = readPattern(text);
  if (isFault(read)) throw new TypeError(read.message);
  return read;
}

/** What a user asks with `prompt` as the last word. */
export function asks(
  prompt: string,
  more: Partial<Turn> = {},
  circumstances: Partial<Circumstances> = {},
): Context {
  const turn: Turn = {
    model: "gpt-4o",
    stream: false,
    messages: [{ role: "user", parts: [text(prompt)] }],
    tools: [],
    ...more,
  };
  return new Context(turn, {
    headers: new Headers(),
    body: {},
    dialect: "openai_chat",
    session: "",
    ...circumstances,
  });
}

/** A piece of text. */
export function text(text: string): Part {
  return { type: "text", text };
}

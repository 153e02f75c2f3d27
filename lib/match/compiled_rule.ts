/**
 * One rule, ready to be tried.
 *
 * @module
 */

import type { Context } from "./context.ts";
import { hintOf } from "./hints.ts";
import { type Captures, compilePattern } from "./pattern.ts";
import type { Condition, ReplySpec, RuleSpec } from "./rule.ts";
import { subjectsOf } from "./subjects.ts";

/** A rule as it is used: one from a file, or one that a program gave, which may hold functions. */
export interface Rule extends RuleSpec {
  /** A condition of a program's own, besides `when`. */
  readonly holds?: (context: Context) => boolean;
}

/** One condition, ready: what it caught, or undefined where it does not hold. */
export type Test = (context: Context) => Captures | undefined;

/** A rule with its predicates. */
export interface Compiled {
  /** The rule. */
  readonly rule: Rule;
  /** One for each of its conditions. */
  readonly tests: readonly Test[];
  /** What the prompt must hold for it to match; undefined where it may be anything. */
  readonly hint: readonly number[] | undefined;
  /** Whether it answers no conversation that ends in a tool's result. */
  readonly standsBack: boolean;
}

/** Makes predicates of the conditions of `rule`. */
export function compile(rule: Rule): Compiled {
  return {
    rule,
    tests: rule.when.map(testOf),
    hint: hintOfRule(rule),
    standsBack: standsBack(rule),
  };
}

/**
 * Whether a rule leaves conversations that end in a tool's result to others: one that does not
 * name the result, and either names the prompt or ends in calling tools. So agent loops end.
 */
export function standsBack(
  { when, replies }: Pick<RuleSpec, "when"> & {
    readonly replies: readonly ReplySpec[];
  },
): boolean {
  const names = (field: Condition["field"]) =>
    when.some((condition) => condition.field === field);
  return !names("tool_result") && (names("prompt") || callsTools(replies));
}

/** Whether the last of several replies calls tools: those before it may, since they come to an end. */
function callsTools(replies: readonly ReplySpec[]): boolean {
  const content = replies.at(-1)?.content;
  return content?.type === "blocks" &&
    content.blocks.some(({ type }) => type === "tool-call");
}

function hintOfRule({ when }: Rule): readonly number[] | undefined {
  const prompt = when.find(({ field }) => field === "prompt");
  return prompt && hintOf(prompt.pattern);
}

function testOf({ field, key = "", pattern }: Condition): Test {
  const compiled = compilePattern(pattern);
  if (field === "prompt") return (context) => compiled.match(context.prompt);
  return (context) => compiled.matchAny(subjectsOf(field, key, context));
}

/** Whether a rule may answer at all: the state is its own, and it does not stand back. */
export function applies(
  { rule, standsBack }: Compiled,
  { endsInToolResult }: Context,
  state: string,
): boolean {
  if (rule.requires !== undefined && rule.requires !== state) return false;
  return !endsInToolResult || !standsBack;
}

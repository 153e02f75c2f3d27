/**
 * One rule, ready to be tried.
 *
 * @module
 */

import type { Context } from "./context.ts";
import { hintOf } from "./hints.ts";
import { type Captures, compilePattern } from "./pattern.ts";
import type { Condition, RuleSpec } from "./rule.ts";
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
  /** Whether it says what tools' results must be. */
  readonly namesToolResult: boolean;
  /** Whether it says what the prompt must be. */
  readonly namesPrompt: boolean;
}

/** Makes predicates of the conditions of `rule`. */
export function compile(rule: Rule): Compiled {
  const names = (field: Condition["field"]) =>
    rule.when.some((condition) => condition.field === field);
  return {
    rule,
    tests: rule.when.map(testOf),
    hint: hintOfRule(rule),
    namesToolResult: names("tool_result"),
    namesPrompt: names("prompt"),
  };
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

/**
 * Whether a rule may answer at all: its state, and, at the end of a tool's run, only what names
 * the result or is not about the prompt. So agent loops end.
 */
export function applies(
  { rule, namesToolResult, namesPrompt }: Compiled,
  { endsInToolResult }: Context,
  state: string,
): boolean {
  if (rule.requires !== undefined && rule.requires !== state) return false;
  return !endsInToolResult || namesToolResult || !namesPrompt;
}

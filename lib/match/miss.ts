/**
 * Why a rule does not match, in words: the first condition that fails, what it found, what it
 * wants. Values of headers, keys and body fields are secrets, and never told.
 *
 * @module
 */

import { PATTERN_SHOWN_CHARS_MAX } from "../core/limits.ts";
import { applies, type Compiled } from "./compiled_rule.ts";
import type { Context } from "./context.ts";
import { normalise } from "./normalise.ts";
import { pairBit } from "./pairs.ts";
import { describePattern, type Pattern, type Subject } from "./pattern.ts";
import type { Condition } from "./rule.ts";
import { subjectsOf } from "./subjects.ts";

/** A rule that does not match. */
export interface Miss {
  /** Its name, or its place where it has none. */
  readonly rule: string;
  /** Where it stands. */
  readonly place: string;
  /** What fails first: `model is "gpt-4o", wants "claude-*"`. */
  readonly because: string;
  /** How many of its conditions hold. */
  readonly held: number;
  /** How many do not. */
  readonly failed: number;
  /** How much of what it wants the prompt to be is in the prompt, from 0 to 1. */
  readonly alike: number;
}

/** Why a rule does not match; undefined when it does. */
export function explainMiss(
  compiled: Compiled,
  context: Context,
  state: string,
): Miss | undefined {
  const { rule, tests } = compiled;
  const failing = rule.when.filter((_, at) =>
    tests[at]?.(context) === undefined
  );
  const reasons = [
    ...failing.map((condition) => because(condition, context)),
    ...inapplicable(compiled, context, state),
  ];
  if (reasons.length === 0 && rule.holds?.(context) === false) {
    reasons.push("its function says no");
  }
  const [first] = reasons;
  if (first === undefined) return undefined;
  const held = rule.when.length - failing.length;
  const { name, place } = rule;
  const alike = Math.max(0, ...failing.map(likeness(context)));
  const failed = reasons.length;
  return { rule: name, place, because: first, held, failed, alike };
}

/** `rule "weather" (responses.yml:12): model is "gpt-4o", wants "claude-*"`. */
export function missText({ rule, place, because }: Miss): string {
  return rule === place
    ? `rule at ${place}: ${because}`
    : `rule "${rule}" (${place}): ${because}`;
}

/**
 * The `count` misses that came nearest: fewest conditions failed, then most held, then the
 * prompt most like the wanted one, then file order.
 */
export function nearest(misses: readonly Miss[], count: number): Miss[] {
  return misses.toSorted((a, b) =>
    a.failed - b.failed || b.held - a.held || b.alike - a.alike
  ).slice(0, count);
}

/** How much of what a condition wants the prompt to be is in it, by pairs of characters: slips of the fingers change few. */
function likeness({ prompt }: Context): (condition: Condition) => number {
  return ({ field, pattern }) =>
    field === "prompt" ? shareOf(pattern, prompt) : 0;
}

function shareOf(pattern: Pattern, prompt: Subject): number {
  if (pattern.type === "any") {
    return Math.max(0, ...pattern.of.map((each) => shareOf(each, prompt)));
  }
  if (pattern.type === "not") return 0;
  const wanted = normalise(
    pattern.type === "regex"
      ? pattern.source
      : pattern.type === "glob"
      ? pattern.text.replaceAll("*", " ")
      : pattern.text,
  ).slice(0, PATTERN_SHOWN_CHARS_MAX);
  let found = 0;
  for (let at = 1; at < wanted.length; at++) {
    const bit = pairBit(wanted.charCodeAt(at - 1), wanted.charCodeAt(at));
    if (prompt.pairs.hold([bit])) found++;
  }
  return found / Math.max(1, wanted.length - 1);
}

function inapplicable(
  compiled: Compiled,
  context: Context,
  state: string,
): string[] {
  if (applies(compiled, context, state)) return [];
  const { requires } = compiled.rule;
  if (requires !== undefined && requires !== state) {
    return [`state is "${state}", wants "${requires}"`];
  }
  return ["the conversation ends in a tool result, which it does not name"];
}

/** What one condition found and wants. */
function because({ field, key, pattern }: Condition, context: Context): string {
  const wants = describePattern(pattern);
  switch (field) {
    case "header":
      return secret(`header "${key}"`, field, key, context);
    case "body":
      return secret(`body ${key}`, field, key, context);
    case "key":
      return secret("API key", field, key, context);
    default:
      return `${field} ${found(field, context)}, wants ${wants}`;
  }
}

function secret(
  name: string,
  field: Condition["field"],
  key: string | undefined,
  context: Context,
): string {
  const absent = subjectsOf(field, key ?? "", context).length === 0;
  return absent ? `${name} is absent` : `${name} is not as wanted`;
}

function found(field: Condition["field"], context: Context): string {
  const texts = subjectsOf(field, "", context).map(String);
  if (texts.length === 0) return "is absent";
  const shown = texts.slice(0, 3).map(quoted).join(", ");
  return texts.length === 1
    ? `is ${shown}`
    : `are ${shown}${texts.length > 3 ? " …" : ""}`;
}

function quoted(text: string): string {
  const cut = text.length > PATTERN_SHOWN_CHARS_MAX
    ? `${text.slice(0, PATTERN_SHOWN_CHARS_MAX)}…`
    : text;
  return JSON.stringify(cut.toWellFormed());
}

/**
 * Patterns of a stranger's schema, tried without danger: what can run away, is too long, or is
 * no expression at all is not tried.
 *
 * @module
 */

import {
  REGEX_SLOW_INPUT_CHARS_MAX,
  SCHEMA_PATTERN_CHARS_MAX,
  SCHEMA_PATTERN_TEXT_CHARS_MAX,
  SCHEMA_PATTERNS_KEPT_MAX,
} from "../core/limits.ts";
import { RegexFault } from "./regex_tree.ts";
import { runaway } from "./runaway.ts";

/** Expressions by their source; undefined for those that are not to be tried. */
const kept = new Map<string, RegExp | undefined>();

/** Whether `text` matches `source`; undefined where that is not tried. */
export function matches(source: string, text: string): boolean | undefined {
  if (text.length > SCHEMA_PATTERN_TEXT_CHARS_MAX) return undefined;
  return safeRegExp(source)?.test(text);
}

/** The expression that `source` is; undefined where it is none, or may run away. */
export function safeRegExp(source: string): RegExp | undefined {
  if (source.length > SCHEMA_PATTERN_CHARS_MAX) return undefined;
  if (kept.has(source)) return kept.get(source);
  if (kept.size >= SCHEMA_PATTERNS_KEPT_MAX) kept.clear();
  const expression = read(source);
  kept.set(source, expression);
  return expression;
}

function read(source: string): RegExp | undefined {
  const expression = compiled(source, "u") ?? compiled(source, "");
  if (expression === undefined) return undefined;
  try {
    // By longer texts than it will see: what is slow there is quick on them.
    const { flags } = expression;
    const danger = runaway(source, flags, REGEX_SLOW_INPUT_CHARS_MAX);
    return danger === undefined ? expression : undefined;
  } catch (error) {
    if (error instanceof RegexFault) return undefined;
    throw error;
  }
}

function compiled(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}

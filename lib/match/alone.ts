/**
 * Which rules need one process: what they answer depends on what was answered before, and
 * several processes on one port do not know that of each other.
 *
 * @module
 */

import type { ReplySpec, RuleSpec } from "./rule.ts";

/** The first rule that depends on what was answered before, and how; undefined where none does. */
export function needsOneProcess(
  rules: readonly RuleSpec[],
): { readonly rule: RuleSpec; readonly why: string } | undefined {
  for (const rule of rules) {
    const why = reasonOf(rule);
    if (why !== undefined) return { rule, why };
  }
  return undefined;
}

function reasonOf(
  { replies, onEnd, requires, sets }: RuleSpec,
): string | undefined {
  if (requires !== undefined || sets !== undefined) return "a state";
  if (replies.length > 1 || onEnd === "error") return "replies in turn";
  return replies.some(counts) ? "a counter in its template" : undefined;
}

/** Whether a template says how often its rule answered. */
function counts({ content }: ReplySpec): boolean {
  return content.type === "template" &&
    /\{[{%][^}]*\bcounter\b/.test(content.source);
}

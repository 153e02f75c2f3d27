/**
 * Rules as JSON: what they want and answer, where they stand, how often they answered.
 *
 * Values of headers, keys and body fields are secrets in rules as well.
 *
 * @module
 */

import { COVERAGE_SHOWN_MAX, SUMMARY_CHARS_MAX } from "../core/limits.ts";
import { wantsOf } from "../journal/criteria.ts";
import { redacted, redactor } from "../journal/redact.ts";
import type { Rule } from "../match/compiled_rule.ts";
import type { BlockSpec, ReplySpec } from "../match/rule.ts";
import type { AdminParts } from "./route.ts";

/** Every rule that a request in `session` would meet, in the order in which they are tried. */
export function listRules(
  { sessions, config, coverage }: AdminParts,
  session: string | undefined,
): unknown {
  const own = session ? sessions.get(session)?.overlay.rules ?? [] : [];
  const shared = sessions.of("").overlay.rules;
  const all = [
    ...own.map((rule) => ({ rule, from: "session" })),
    ...shared.map((rule) => ({ rule, from: "run time" })),
    ...config().rules.map((rule) => ({ rule, from: "file" })),
  ];
  const shown = all.slice(0, COVERAGE_SHOWN_MAX).map(({ rule, from }) => ({
    name: rule.name,
    place: rule.place,
    from,
    ...ruleView(rule),
    hits: coverage.hits(rule.name),
  }));
  const more = all.length - shown.length;
  return redacted({
    rules: shown,
    more: more === 0 ? undefined : more,
    session: session || undefined,
  }, redactor(undefined));
}

function ruleView(rule: Rule): Readonly<Record<string, unknown>> {
  const { when, replies, onEnd, requires, sets, holds } = rule;
  return {
    when: [...when.map(wantsOf), ...holds ? ["its function says yes"] : []],
    replies: replies.map(replyView),
    on_end: replies.length > 1 ? onEnd : undefined,
    state: requires ?? sets ? { requires, sets } : undefined,
  };
}

function replyView({ content }: ReplySpec): unknown {
  switch (content.type) {
    case "text":
      return { text: shortened(content.text) };
    case "template":
      return { template: shortened(content.source) };
    case "blocks":
      return { blocks: content.blocks.map(blockView) };
    case "echo":
      return { echo: true };
    case "auto":
      return { auto: true };
    case "tokens":
      return { tokens: { count: content.count, length: content.length } };
    case "error": {
      const { kind, status, message } = content.failure;
      return { error: { kind, status, message } };
    }
    case "computed":
      return { computed: true };
  }
}

/** A block as a file would say it: arguments as the text they are sent as, citations as how many there are. */
function blockView(block: BlockSpec): unknown {
  const text = shortened(block.text);
  switch (block.type) {
    case "tool-call":
      return {
        tool_call: { name: block.name, arguments: text, id: block.id },
      };
    case "redacted":
      return { redacted_reasoning: block.data ? shortened(block.data) : true };
    case "text":
      return { text, citations: block.citations?.length };
    case "reasoning":
      return { reasoning: text };
    case "refusal":
      return { refusal: text, category: block.category };
  }
}

function shortened(text: string): string {
  return text.length > SUMMARY_CHARS_MAX
    ? `${text.slice(0, SUMMARY_CHARS_MAX).toWellFormed()}…`
    : text;
}

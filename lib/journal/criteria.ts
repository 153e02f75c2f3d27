/**
 * What can be asked of a request in the journal: whether it holds, what it wants in words, and
 * what differs where it does not hold.
 *
 * Filters of `query.ts` and verifications are made of these. Values of headers, keys and body
 * fields are never printed.
 *
 * @module
 */

import { PATTERN_SHOWN_CHARS_MAX } from "../core/limits.ts";
import { BadRequest, piecesOf } from "../core/reply.ts";
import { textOf } from "../core/turn.ts";
import { compile } from "../match/compiled_rule.ts";
import { explainMiss } from "../match/miss.ts";
import {
  compilePattern,
  describePattern,
  isFault,
  type Pattern,
  readPattern,
} from "../match/pattern.ts";
import { type Condition, type RuleSpec, STATE_START } from "../match/rule.ts";
import { pathOf } from "../wire/route.ts";
import type { Entry } from "./journal.ts";
import { redactor } from "./redact.ts";
import { type Ended, endedOf, ENDINGS } from "./view.ts";

/** Something that can be asked of a request. */
export interface Criterion {
  /** What is wanted: `model "gpt-*"`. */
  readonly wants: string;
  /** Whether it holds. */
  holds(entry: Entry): boolean;
  /** What differs, where it does not hold: `model is "gpt-4o", wants "claude-*"`. */
  differs(entry: Entry): string;
  /** From 0 to 1: how much what was found is like what is wanted, where it does not hold. */
  alike?(entry: Entry): number;
}

// Of a rule's `when` ──────────────────────────────────────────────────────────

/**
 * Whether a condition of a rule's `when` holds of a question to a model. It is compared, no
 * more: also where a rule would not apply because the conversation ends in a tool's result.
 */
export function conditionHolds(condition: Condition): Criterion {
  const compiled = compile({ ...BARE, when: [condition] });
  const [test] = compiled.tests;
  return {
    wants: wantsOf(condition),
    holds: ({ asked }) =>
      asked?.plan !== undefined && test?.(asked.context) !== undefined,
    differs: ({ asked, error }) => {
      if (asked === undefined) {
        return `it could not be read: ${error ?? "it asks no model"}`;
      }
      if (asked.plan === undefined) return "it only counts tokens";
      return explainMiss(compiled, asked.context, STATE_START)?.because ?? "";
    },
    alike: ({ asked }) =>
      asked?.plan === undefined
        ? 0
        : explainMiss(compiled, asked.context, STATE_START)?.alike ?? 0,
  };
}

const BARE: RuleSpec = {
  name: "when",
  place: "when",
  when: [],
  replies: [{ place: "when", content: { type: "text", text: "" } }],
  onEnd: "repeat",
};

/** What a condition wants, in words: `model "gpt-*"`. */
export function wantsOf({ field, key, pattern }: Condition): string {
  switch (field) {
    case "header":
      return `header "${key}" as wanted`;
    case "body":
      return `body ${key} as wanted`;
    case "key":
      return "the API key wanted";
    default:
      return `${field} ${describePattern(pattern)}`;
  }
}

// Of everything else ──────────────────────────────────────────────────────────

/** What may be asked by name, each with how its value is read. They throw {@linkcode BadRequest}. */
export const CRITERIA = {
  session: (value: string) => plain("session", value, ({ session }) => session),
  dialect: (value: string) => plain("dialect", value, ({ dialect }) => dialect),
  method: (value: string) =>
    plain("method", value.toUpperCase(), ({ method }) => method),
  path: (value: string) => matching("path", value, ({ url }) => pathOf(url)),
  model: (value: string) =>
    matching("model", value, ({ asked }) => asked?.context.turn.model),
  rule: (value: string) => matching("rule", value, ruleOf),
  status: statusIs,
  ended: endedIs,
  unmatched: unmatchedIs,
  text: textIs,
} as const;

/** One of {@linkcode CRITERIA}. */
export type CriterionName = keyof typeof CRITERIA;

/** The criterion `name` with its value as text. Throws {@linkcode BadRequest}. */
export function criterion(name: CriterionName, value: string): Criterion {
  return CRITERIA[name](value);
}

/** Whether nothing scripted matched, so that the default answered or strictness refused. */
export function isUnmatched({ asked }: Entry): boolean {
  const type = asked?.plan?.source.type;
  return type === "default" || type === "none";
}

/** The name of the rule that answered. */
function ruleOf({ asked }: Entry): string | undefined {
  const source = asked?.plan?.source;
  return source?.type === "rule" ? source.name : undefined;
}

function plain(
  name: string,
  wanted: string,
  of: (entry: Entry) => string | undefined,
): Criterion {
  const shown = JSON.stringify(wanted);
  return {
    wants: `${name} ${shown}`,
    holds: (entry) => (of(entry) ?? "") === wanted,
    differs: (entry) => `${name} ${is(of(entry))}, wants ${shown}`,
  };
}

function matching(
  name: string,
  value: string,
  of: (entry: Entry) => string | undefined,
): Criterion {
  const pattern = patternOf(name, value);
  const compiled = compilePattern(pattern);
  const shown = describePattern(pattern);
  return {
    wants: `${name} ${shown}`,
    holds: (entry) => compiled.match(of(entry)) !== undefined,
    differs: (entry) => `${name} ${is(of(entry))}, wants ${shown}`,
  };
}

function patternOf(name: string, value: string): Pattern {
  const pattern = readPattern(value);
  if (!isFault(pattern)) return pattern;
  throw badValue(name, `${pattern.message}. ${pattern.remedy}`);
}

function statusIs(value: string): Criterion {
  const wanted = value.toLowerCase();
  if (!/^[1-5](\d\d|xx)$/.test(wanted)) {
    throw badValue("status", "expected a status such as 200, or 4xx");
  }
  const [first = ""] = wanted;
  const holds = ({ status }: Entry) =>
    wanted.endsWith("xx")
      ? String(status).startsWith(first)
      : String(status) === wanted;
  return {
    wants: `status ${wanted}`,
    holds,
    differs: ({ status }) => `status is ${status}, wants ${wanted}`,
  };
}

const ENDED: readonly Ended[] = ["open", ...Object.values(ENDINGS)];

function endedIs(value: string): Criterion {
  if (!ENDED.some((each) => each === value)) {
    throw badValue("ended", `expected one of ${ENDED.join(", ")}`);
  }
  return {
    wants: `ended ${value}`,
    holds: (entry) => endedOf(entry) === value,
    differs: (entry) => `ended is ${endedOf(entry)}, wants ${value}`,
  };
}

function unmatchedIs(value: string): Criterion {
  if (value !== "true" && value !== "false") {
    throw badValue("unmatched", "expected true or false");
  }
  const wanted = value === "true";
  const words = (unmatched: boolean) =>
    unmatched ? "nothing matched" : "something matched";
  return {
    wants: words(wanted),
    holds: (entry) => isUnmatched(entry) === wanted,
    differs: (entry) => `${words(isUnmatched(entry))}, wants the contrary`,
  };
}

function textIs(value: string): Criterion {
  const wanted = value.toLowerCase();
  const shown = is(value).slice("is ".length);
  return {
    wants: `text ${shown}`,
    holds: (entry) =>
      textsOf(entry).some((text) => text.toLowerCase().includes(wanted)),
    differs: () => `${shown} is nowhere in its messages and its reply`,
  };
}

/** What was said to the model, and by it; but for random tokens, which say nothing. */
function textsOf({ asked }: Entry): readonly string[] {
  if (asked === undefined) return [];
  const said = asked.context.turn.messages.flatMap((message) => [
    textOf(message),
    ...message.parts.map((part) =>
      part.type === "tool-result"
        ? part.text
        : part.type === "tool-call"
        ? part.input
        : ""
    ),
  ]);
  const outcome = asked.plan?.outcome;
  if (outcome?.type === "failure") return [...said, outcome.message];
  const replies = outcome?.choices.flatMap(({ blocks }) => blocks) ?? [];
  const words = replies.filter((block) => piecesOf(block) === undefined)
    .map(({ text }) => text);
  return [...said, ...words];
}

const redact = redactor(undefined);

/** What was found, in words. */
function is(found: string | undefined): string {
  if (found === undefined || found === "") return "is absent";
  const cut = found.length > PATTERN_SHOWN_CHARS_MAX
    ? `${found.slice(0, PATTERN_SHOWN_CHARS_MAX)}…`
    : found;
  return `is ${JSON.stringify(redact(cut.toWellFormed()))}`;
}

function badValue(field: string, message: string): BadRequest {
  return new BadRequest({ message: `${field}: ${message}`, field });
}

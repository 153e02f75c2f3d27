/**
 * From the question to the plan: a rule's reply, the scripted answer, the default, or random
 * tokens.
 *
 * @module
 */

import type { Plan, Source } from "../core/plan.ts";
import { BadRequest, type Failure } from "../core/reply.ts";
import { MISSES_SHOWN_MAX } from "../core/limits.ts";
import { refuse } from "./admission.ts";
import type { Context } from "./context.ts";
import { missText, nearest } from "./miss.ts";
import { type Asked, planFailure, planText, planTokensAsked } from "./plans.ts";
import { planReply, replyAfter } from "./replies.ts";
import type { Answer, Config } from "./rule.ts";
import { bookOf, type Hit, type RuleBook } from "./rulebook.ts";
import type { Session } from "./sessions.ts";

/** A question with everything that may decide its answer. */
export interface Question extends Asked {
  /** Who asks: counters and state are its own. */
  readonly session: Session;
  /** The books tried before the file's rules. */
  readonly overlays: readonly RuleBook[];
  /** The rule that `X-Mock-Rule` demands. */
  readonly forced: string | undefined;
  /** When the request arrived, in milliseconds since the epoch. */
  readonly epochMs: number;
  /** Whether a model's window must hold the longest answer that is asked for, besides the prompt. */
  readonly windowHoldsAnswer?: boolean | undefined;
}

/**
 * Decides the answer, and counts it in the session. A promise only where a reply has to be
 * waited for: a template's first use, a program's function. Throws {@linkcode BadRequest}.
 */
export function choose(
  question: Question,
  config: Config,
): Plan | Promise<Plan> {
  const { context: { turn }, tokensAsked, forced } = question;
  const refused = refuse(question, config);
  if (refused !== undefined) {
    return planFailure(question, refused.source, refused.failure);
  }
  const random = turn.messages.length === 0 && forced === undefined ||
    tokensAsked?.count !== undefined || tokensAsked?.length !== undefined;
  if (random) return planTokensAsked(question, TOKENS);
  const hit = find(question, config);
  if (hit !== undefined) return byRule(hit, question, config);
  const answer = scripted(question.context, config);
  if (answer !== undefined) {
    return sayWritten("response", answer, question, config);
  }
  if (config.settings.strict) {
    return planFailure(question, NONE, unmatched(question, config));
  }
  return sayWritten("default", config.fallback, question, config);
}

function sayWritten(
  type: Source["type"],
  answer: Answer,
  question: Question,
  config: Config,
): Plan {
  return planText(question, sourceOf(type, answer), answer, config, answer);
}

/** The books in the order in which they are asked. */
export function booksOf(
  { overlays }: Pick<Question, "overlays">,
  config: Pick<Config, "rules">,
): readonly RuleBook[] {
  const file = bookOf(config.rules);
  return overlays.length === 0 ? [file] : [...overlays, file];
}

/** Why nothing matched: one line for each of the nearest rules. */
export function explainUnmatched(
  question: Pick<Question, "overlays" | "context"> & { readonly state: string },
  config: Pick<Config, "rules">,
): readonly string[] {
  const misses = booksOf(question, config).flatMap((book) =>
    book.explain(question.context, question.state)
  );
  return nearest(misses, MISSES_SHOWN_MAX).map(missText);
}

function find(question: Question, config: Config): Hit | undefined {
  const { context, session, forced } = question;
  if (forced !== undefined) return demanded(forced, question, config);
  if (question.overlays.length === 0 && config.rules.length === 0) {
    return undefined;
  }
  for (const book of booksOf(question, config)) {
    const hit = book.find(context, session.state);
    if (hit !== undefined) return hit;
  }
  return undefined;
}

function demanded(name: string, question: Question, config: Config): Hit {
  for (const book of booksOf(question, config)) {
    const rule = book.named(name);
    if (rule === undefined) continue;
    return { rule, captures: book.capturesOf(rule, question.context) };
  }
  const shown = JSON.stringify(name.slice(0, 100).toWellFormed());
  throw new BadRequest({
    message:
      `X-Mock-Rule: there is no rule ${shown}. GET /_mock/rules lists those there are`,
    field: "X-Mock-Rule",
  });
}

function byRule(
  { rule, captures }: Hit,
  question: Question,
  config: Config,
): Plan | Promise<Plan> {
  const source: Source = { type: "rule", name: rule.name, place: rule.place };
  const before = question.session.hit(rule);
  const reply = replyAfter(before, rule);
  if (reply === undefined) {
    return planFailure(question, source, exhausted(rule.name, rule.place));
  }
  const { epochMs } = question;
  const use = { rule, captures, before, source, epochMs };
  return planReply(reply, use, question, config);
}

/** No scripted answer follows a tool's result: the loop of an agent would never end. */
function scripted(context: Context, config: Config): Answer | undefined {
  if (context.endsInToolResult) return undefined;
  const { prompt } = context;
  return config.exact.get(prompt.text) ??
    (config.normalised.size === 0
      ? undefined
      : config.normalised.get(prompt.folded));
}

/** What chose, by the answer it gives: the same for every request. */
const sources = new WeakMap<Answer, Source>();

function sourceOf(type: Source["type"], answer: Answer): Source {
  const known = sources.get(answer);
  if (known?.type === type) return known;
  const source = { type, name: answer.prompt, place: answer.place };
  sources.set(answer, source);
  return source;
}

const TOKENS: Source = {
  type: "tokens",
  name: "random tokens",
  place: "random tokens",
};
const NONE: Source = {
  type: "none",
  name: "settings.strict",
  place: "settings.strict",
};
function unmatched(question: Question, config: Config): Failure {
  const { state } = question.session;
  const reasons = explainUnmatched({ ...question, state }, config);
  const message = "No rule and no response matches this request" +
    (reasons.length === 0 ? "" : `. Nearest: ${reasons.join("; ")}`);
  return { type: "failure", kind: "no-match", message };
}

function exhausted(name: string, place: string): Failure {
  const rule = name === place
    ? `The rule at ${place}`
    : `Rule "${name}" (${place})`;
  return {
    type: "failure",
    kind: "no-match",
    message: `${rule} has given all its replies, and its on_end is error`,
  };
}

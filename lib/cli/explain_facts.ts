/**
 * An explanation as JSON for other programs.
 *
 * @module
 */

import type { Plan, Spread } from "../core/plan.ts";
import { callsOf, piecesOf, type Reply, wordsOf } from "../core/reply.ts";
import type { Cue } from "../core/score.ts";
import type { Explanation, Timeline } from "../explain.ts";

/** An explanation as JSON, ending in a line break; what is absent is left out. */
export function explanationJson(explanation: Explanation): string {
  const { context, plan, refusal, misses, timeline } = explanation;
  const facts = {
    scripted: isScripted(explanation),
    dialect: explanation.dialect,
    dialect_guessed: explanation.guessed,
    route: explanation.route,
    state: explanation.state,
    turn: context?.turn,
    refusal,
    answered_by: plan?.source,
    captures: explanation.captures,
    misses: misses.map(({ rule, place, because, held, failed }) => ({
      rule,
      place,
      because,
      conditions_held: held,
      conditions_failed: failed,
    })),
    plan: plan && planFacts(plan),
    timeline: timelineFacts(timeline),
  };
  return `${JSON.stringify(facts, null, 2)}\n`;
}

function planFacts({ outcome, pace, cut, seed, headers }: Plan): object {
  const how = { seed, headers };
  if (outcome.type === "failure") {
    const { kind, message } = outcome;
    return { error: { kind, message }, ...how };
  }
  const { input, output } = outcome.usage;
  const tokens = randomTokensOf(outcome);
  return {
    model: outcome.model,
    ...(tokens > 0 ? { random_tokens: tokens } : { text: textOf(outcome) }),
    ...saidFacts(outcome),
    finish: outcome.choices[0].finish.type,
    usage: { input, output },
    pace: {
      first_ms: spreadFacts(pace.firstMs),
      unit_ms: spreadFacts(pace.unitMs),
      unit: pace.unit,
    },
    cut,
    ...how,
  };
}

/** Thoughts and calls, where there are any. */
function saidFacts(reply: Reply): object {
  const reasoning = thoughtsOf(reply);
  const calls = callsOf(reply.choices[0].blocks);
  return {
    ...(reasoning !== "" && { reasoning }),
    ...(calls.length > 0 && {
      calls: calls.map(({ name, text, id }) => ({ name, arguments: text, id })),
    }),
  };
}

function spreadFacts(spread: Spread): number | { min: number; max: number } {
  return spread.type === "fixed"
    ? tidy(spread.ms)
    : { min: tidy(spread.minMs), max: tidy(spread.maxMs) };
}

function timelineFacts({ first, last, ...sum }: Timeline): object {
  const moment = ({ atMs, text, deltas }: Cue) => ({
    at_ms: tidy(atMs),
    deltas,
    text,
  });
  return {
    status: sum.status,
    writes: sum.writes,
    deltas: sum.deltas,
    chars: sum.chars,
    total_ms: tidy(sum.totalMs),
    first: first.map(moment),
    last: last && moment(last),
  };
}

/** Whether something the author wrote would answer: a rule, a response, or tokens that were asked for. */
export function isScripted({ plan }: Explanation): boolean {
  return ["rule", "response", "tokens"].includes(plan?.source.type ?? "");
}

/** The words of a reply; empty where random tokens are said instead. */
export function textOf({ choices }: Reply): string {
  return wordsOf(choices[0].blocks);
}

/** What a reply thinks before it speaks. */
export function thoughtsOf({ choices }: Reply): string {
  return choices[0].blocks.map((block) =>
    block.type === "reasoning" ? block.text : ""
  ).join("");
}

/** How many random tokens a reply says. */
export function randomTokensOf({ choices }: Reply): number {
  return choices[0].blocks.reduce(
    (sum, block) => sum + (piecesOf(block)?.count ?? 0),
    0,
  );
}

/** Milliseconds to the microsecond. */
export function tidy(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

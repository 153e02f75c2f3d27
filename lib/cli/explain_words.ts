/**
 * An explanation for people: who is asked, what answers, why nothing else does, and when what is sent.
 *
 * @module
 */

import { nearName } from "../config/near.ts";
import type { Pace, Plan, Spread } from "../core/plan.ts";
import { callsOf, type Failure, type Reply } from "../core/reply.ts";
import type { Cue } from "../core/score.ts";
import type { Explanation } from "../explain.ts";
import { missText, nearest } from "../match/miss.ts";
import type { Config } from "../match/rule.ts";
import { randomTokensOf, textOf, thoughtsOf, tidy } from "./explain_facts.ts";
import { plural } from "./count.ts";
import { visible } from "./render.ts";

/** How many rules that do not match are told; the nearest. */
const MISSES = 10;

/** Longest text that is shown of an answer or of a write. */
const SHOWN = 60;

/** Longest end that is shown of a write. */
const ENDING = 100;

/** Longest list of prompts that is searched for one alike. */
const ALIKE = 1_000;

/** An explanation in lines. */
export function explanationText(
  explanation: Explanation,
  config: Config,
): string {
  return [
    requestRows(explanation),
    answerRows(explanation, config),
    planRows(explanation),
    timelineRows(explanation),
  ].map(table).filter(Boolean).join("\n");
}

/** What a row is about, and its lines. */
type Row = readonly [string, ...string[]];

function table(rows: readonly Row[]): string {
  return rows.flatMap(([name, ...lines]) =>
    lines.map((line, at) =>
      `${(at === 0 ? name : "").padEnd(13)}${visible(line)}`.trimEnd() + "\n"
    )
  ).join("");
}

function requestRows(explanation: Explanation): Row[] {
  const { dialect, guessed, route, context, state } = explanation;
  const asked = `${route}, ${dialect}${
    guessed ? " (guessed; --dialect says which)" : ""
  }`;
  if (context === undefined) return [["request", asked]];
  const { turn, turnNumber, session, prompt } = context;
  const facts = [
    `model ${quoted(turn.model)}`,
    turn.stream ? "streamed" : "whole",
    plural(turn.messages.length, "message"),
    `turn ${turnNumber}`,
    turn.tools.length === 0
      ? ""
      : `tools ${turn.tools.map(({ name }) => name).join(", ")}`,
    session === "" ? "" : `session ${quoted(session)}`,
    `state ${state}`,
  ];
  return [
    ["request", asked, facts.filter(Boolean).join(", ")],
    context.endsInToolResult
      ? ["tool result", ...context.toolResults.map(quoted)]
      : ["prompt", quoted(prompt.text)],
  ];
}

function answerRows(explanation: Explanation, config: Config): Row[] {
  const { plan, refusal, captures } = explanation;
  if (plan === undefined) {
    return [["refused", refusal ?? ""]];
  }
  const caught = Object.entries(captures).map(([name, text]) =>
    `${name} = ${quoted(text)}`
  );
  return [
    ["answered by", answeredBy(plan, config)],
    ["captures", ...caught],
    ["not by", ...missLines(explanation), ...alike(explanation, config)],
  ];
}

function answeredBy({ source }: Plan, config: Config): string {
  const { type, name, place } = source;
  switch (type) {
    case "rule": {
      const rule = config.rules.find((each) => each.name === name);
      const replies = rule?.replies.length ?? 1;
      return (name === place
        ? `rule at ${place}`
        : `rule ${quoted(name)} (${place})`) +
        (replies > 1 ? `, the first of ${replies} replies` : "");
    }
    case "response":
      return `response ${quoted(name)} (${place})`;
    case "default":
      return `the default (${place}): no rule and no response matches`;
    case "none":
      return "nobody: no rule and no response matches, and settings.strict is on";
    case "tokens":
      return "random tokens: the request's headers ask for them";
    case "setting":
      return place;
  }
}

function missLines({ misses }: Explanation): string[] {
  const shown = new Set(nearest(misses, MISSES));
  const hidden = misses.length - shown.size;
  return [
    ...misses.filter((miss) => shown.has(miss)).map(missText),
    ...(hidden > 0
      ? [`… and ${plural(hidden, "rule")} that are further off`]
      : []),
  ];
}

/** The response with a prompt so like this one that it was probably meant. */
function alike({ plan, context }: Explanation, { exact }: Config): string[] {
  if (plan?.source.type !== "default" && plan?.source.type !== "none") {
    return [];
  }
  const asked = context?.prompt.text ?? "";
  if (exact.size > ALIKE || asked.length > 4 * SHOWN) return [];
  const answer = exact.get(nearName(asked, [...exact.keys()]) ?? "");
  return answer === undefined ? [] : [
    `response ${
      quoted(answer.prompt)
    } (${answer.place}): prompt is not the same`,
  ];
}

function planRows({ plan, timeline, seed }: Explanation): Row[] {
  const status: Row = ["status", String(timeline.status)];
  if (plan === undefined) return [status];
  const { outcome, pace, cut } = plan;
  const seeded: Row = ["seed", String(seed)];
  if (outcome.type === "failure") {
    return [status, ["error", failureText(outcome)], seeded];
  }
  const { input, output } = outcome.usage;
  return [
    status,
    ...saidRows(outcome),
    ["finish", outcome.choices[0].finish.type],
    ["usage", `${plural(input, "token")} in, ${output} out`],
    ["pace", paceText(pace)],
    [
      "cut",
      typeof cut === "string" ? cut : plural(cut.characters, "character"),
    ],
    seeded,
  ];
}

/** Where the provider has words of its own, the timeline shows how they begin. */
function failureText({ kind, message }: Failure): string {
  return message || `${kind.replaceAll("-", " ")}, in the provider's own words`;
}

/** Thoughts and calls only where there are any; words unless something else is said. */
function saidRows(reply: Reply): Row[] {
  const thoughts = thoughtsOf(reply);
  const calls = callsOf(reply.choices[0].blocks).map(({ name, text }) =>
    `${name} ${shortened(text)}`
  );
  const [first, ...others] = calls;
  const isSilent = first !== undefined && textOf(reply) === "";
  return [
    ...thoughts === "" ? [] : [["reasoning", quoted(thoughts)] as const],
    ...isSilent ? [] : [["text", saidText(reply)] as const],
    ...first === undefined ? [] : [["calls", first, ...others] as const],
  ];
}

function saidText(reply: Reply): string {
  const tokens = randomTokensOf(reply);
  return tokens > 0 ? plural(tokens, "random token") : quoted(textOf(reply));
}

/** `300 ms to the first chunk, then 20 to 30 ms a token`. */
function paceText({ firstMs, unitMs, unit }: Pace): string {
  const parts = [
    isZero(firstMs) ? "" : `${spreadText(firstMs)} to the first chunk`,
    isZero(unitMs) ? "" : `${spreadText(unitMs)} a ${unit}`,
  ].filter(Boolean);
  return parts.length === 0 ? "at once" : parts.join(", then ");
}

function isZero(spread: Spread): boolean {
  return spread.type === "fixed" && spread.ms === 0;
}

function spreadText(spread: Spread): string {
  return spread.type === "fixed"
    ? milliseconds(spread.ms)
    : `${tidy(spread.minMs)} to ${milliseconds(spread.maxMs)}`;
}

function timelineRows(explanation: Explanation): Row[] {
  const { timeline: { first, last, ...sum }, context, plan } = explanation;
  const streamed = context?.turn.stream === true &&
    plan?.outcome.type === "reply";
  // What a stream says stands at the end of its frames; all of them begin alike.
  const show = streamed ? ending : shortened;
  const between = sum.writes - first.length - (last === undefined ? 0 : 1);
  const total = [
    plural(sum.writes, "write"),
    plural(sum.deltas, "delta"),
    plural(sum.chars, "character"),
  ];
  return [[
    "timeline",
    ...first.map((cue) => momentText(cue, show)),
    ...(between > 0 ? [`… ${plural(between, "write")} between`] : []),
    ...(last === undefined ? [] : [momentText(last, show)]),
    `${total.join(", ")} in ${milliseconds(sum.totalMs)}`,
  ]];
}

function momentText(
  { atMs, text, deltas }: Cue,
  show: (text: string) => string,
): string {
  const at = milliseconds(atMs).padStart(11);
  return `${at}  ${plural(deltas, "delta").padEnd(9)}  ${show(text.trim())}`;
}

function milliseconds(ms: number): string {
  return `${tidy(ms)} ms`;
}

function quoted(text: string): string {
  return JSON.stringify(shortened(text));
}

function ending(text: string): string {
  return text.length > ENDING ? `…${text.slice(-ENDING).toWellFormed()}` : text;
}

function shortened(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN).toWellFormed()}…` : text;
}

/**
 * A request of the journal as JSON: in short for lists, in full for whoever asks for one.
 *
 * Everything shown passes the redaction of `redact.ts`.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import { SENT_SHOWN_CHARS_MAX, SUMMARY_CHARS_MAX } from "../core/limits.ts";
import type { Plan } from "../core/plan.ts";
import { callsOf, type Failure, type Reply, sampleOf } from "../core/reply.ts";
import type { Message, Turn } from "../core/turn.ts";
import { violationsIn } from "../match/structured.ts";
import { keysOf } from "../wire/headers.ts";
import { pathOf } from "../wire/route.ts";
import type { Entry, Performed } from "./journal.ts";
import {
  type Redact,
  REDACTED,
  redacted,
  redactor,
  shownHeaders,
  shownQuery,
} from "./redact.ts";
import { type Sent, sentOf } from "./sent.ts";

/** A JSON object in the making; what is undefined is left out of it. */
export type View = Readonly<Record<string, unknown>>;

/** How an answer ended, in the journal's words. */
export const ENDINGS = {
  "complete": "complete",
  "client left": "client_left",
  "stopped": "drained",
  "broken": "broken",
} as const satisfies Readonly<Record<Performed["ended"], Ended>>;

/** How an answer ended; `open` while it is given. */
export type Ended = "open" | "complete" | "client_left" | "drained" | "broken";

/** How the answer to `entry` ended. */
export function endedOf({ performed }: Pick<Entry, "performed">): Ended {
  return performed === undefined ? "open" : ENDINGS[performed.ended];
}

/** `entry` in short. */
export function summaryOf(entry: Entry): View {
  return clean(summary(entry, entry.performed), redactorOf(entry));
}

/** `entry` in full. */
export async function detailOf(entry: Entry, clock: Clock): Promise<View> {
  const redact = redactorOf(entry);
  const { asked, performed } = entry;
  const sent = await sentOf(entry, clock);
  return clean({
    ...summary(entry, performed),
    route: entry.route,
    headers: shownHeaders(entry.headers),
    body: asked === undefined ? entry.body : asked.context.body,
    turn: asked && turnView(asked.context.turn),
    misses: asked?.misses(),
    plan: asked?.plan && planView(asked.plan),
    response_headers: entry.responseHeaders,
    ...performed && { frames: sent.frames, bytes: sent.bytes },
    scheduled: { first_ms: tidy(sent.firstMs), last_ms: tidy(sent.lastMs) },
    ...performed && sentView(sent, entry, redact),
  }, redact);
}

function summary(entry: Entry, performed: Performed | undefined): View {
  const { asked, url } = entry;
  const plan = asked?.plan;
  return {
    id: String(entry.number),
    time: new Date(entry.arrivedEpochMs).toISOString(),
    session: given(entry.session),
    dialect: entry.dialect,
    method: entry.method,
    path: pathOf(url),
    query: given(shownQuery(url)),
    model: asked && given(asked.context.turn.model),
    stream: asked?.context.turn.stream,
    prompt: asked && shortened(asked.context.prompt.text),
    answered_by: plan?.source,
    status: entry.status,
    error: errorOf(entry),
    ...outcomeView(plan?.outcome),
    violations: violationsView(asked),
    read_ms: tidy(entry.readMs),
    ...performanceView(performed),
    ended: endedOf({ performed }),
  };
}

/** Why a request was refused, in the words its client was told. */
export function errorOf({ error, asked }: Entry): string | undefined {
  const outcome = asked?.plan?.outcome;
  return error ?? (outcome?.type === "failure" ? outcome.message : undefined);
}

function outcomeView(outcome: Reply | Failure | undefined): View {
  if (outcome?.type !== "reply") return {};
  const { input, inputCached, output, outputReasoning } = outcome.usage;
  return {
    usage: {
      input,
      input_cached: inputCached,
      output,
      output_reasoning: outputReasoning,
    },
    finish: outcome.choices[0].finish.type,
    ...callsView(outcome),
  };
}

/** What of the answer is not as it was asked for; nothing where all is. */
function violationsView(
  asked: Entry["asked"],
): readonly string[] | undefined {
  if (asked?.plan === undefined) return undefined;
  const found = violationsIn(asked.plan.outcome, asked.context.turn);
  return found.length === 0 ? undefined : found;
}

/** The tools that are called; nothing where none is. */
function callsView({ choices: [{ blocks }] }: Reply): View {
  const calls = callsOf(blocks);
  if (calls.length === 0) return {};
  return {
    calls: calls.map(({ name, text }) => ({
      name,
      arguments: shortened(text),
    })),
  };
}

function performanceView(performed: Performed | undefined): View {
  if (performed === undefined) return {};
  const { firstMs, totalMs, deltas, lateMs, reanchoredMs } = performed;
  return {
    deltas,
    real: { first_ms: tidy(firstMs), last_ms: tidy(totalMs) },
    late_ms: tidy(lateMs),
    reanchored_ms: reanchoredMs === 0 ? undefined : tidy(reanchoredMs),
  };
}

/** A key that was said and then cut into deltas is in no single one of them. */
function sentView(sent: Sent, { asked }: Entry, redact: Redact): View {
  const outcome = asked?.plan?.outcome;
  const secret = outcome?.type === "reply" && sent.frames > 1 &&
    outcome.choices.some(({ blocks }) =>
      blocks.map(sampleOf).some((text) => redact(text) !== text)
    );
  return {
    sent: secret ? REDACTED : sent.text,
    sent_cut: sent.text.length >= SENT_SHOWN_CHARS_MAX || undefined,
  };
}

function planView({ seed, pace, cut }: Plan): View {
  return { seed, pace: snakeKeys(pace), cut };
}

function turnView(turn: Turn): View {
  return {
    model: turn.model,
    stream: turn.stream,
    messages: turn.messages.map(messageView),
    tools: turn.tools.length === 0 ? undefined : turn.tools,
    tool_choice: turn.toolChoice,
    response_format: turn.responseFormat,
  };
}

function messageView({ role, parts }: Message): View {
  return { role, parts: parts.map((part) => snakeKeys(part)) };
}

/** The properties of our own `data` in the spelling of the configuration: `firstMs` is `first_ms`. */
export function snakeKeys(data: object): View {
  const entries = Object.entries(data).map(([name, value]): [
    string,
    unknown,
  ] => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? snakeKeys(value)
      : value,
  ]);
  return Object.fromEntries(entries);
}

/** Takes keys out of texts about `entry`, its own ones too. */
export function redactorOf({ headers }: Entry): Redact {
  const [first, ...others] = keysOf(headers).map(redactor);
  if (first === undefined) return redactor(undefined);
  return (text) => others.reduce((left, redact) => redact(left), first(text));
}

function clean(view: View, redact: Redact): View {
  return redacted(view, redact) as View;
}

function given(text: string): string | undefined {
  return text === "" ? undefined : text;
}

function shortened(text: string): string {
  return text.length > SUMMARY_CHARS_MAX
    ? `${text.slice(0, SUMMARY_CHARS_MAX).toWellFormed()}…`
    : text;
}

/** Milliseconds to the microsecond. */
function tidy(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

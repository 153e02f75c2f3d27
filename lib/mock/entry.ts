/**
 * A request in the journal as a test sees it.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import type { Source } from "../core/plan.ts";
import { callsOf, type Reply, type Usage, wordsOf } from "../core/reply.ts";
import type { Message, Tool } from "../core/turn.ts";
import { isUnmatched } from "../journal/criteria.ts";
import type { Entry } from "../journal/journal.ts";
import { REDACTED, shownHeaders } from "../journal/redact.ts";
import { sentOf } from "../journal/sent.ts";
import { type Ended, endedOf, errorOf } from "../journal/view.ts";
import type { Context } from "../match/context.ts";
import { violationsIn } from "../match/structured.ts";
import { headerText } from "../wire/headers.ts";
import { pathOf } from "../wire/route.ts";

/** One request, and what became of it: as it is now, and not as it will be. */
export interface RequestEntry {
  /** Requests are counted from 1. */
  readonly id: string;
  /** When it arrived. */
  readonly time: Date;
  /** Its session; empty when there is none. */
  readonly session: string;
  /** The API asked: `openai_chat`, `anthropic_messages`. */
  readonly dialect: string;
  /** HTTP method. */
  readonly method: string;
  /** The path, without the query. */
  readonly path: string;
  /** Request headers by name in small letters; secrets are only told to be there. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it was parsed; undefined if it could not be. */
  readonly body: unknown;
  /** Text of the last user message. */
  readonly prompt: string;
  /** All system text; undefined when there is none. */
  readonly system: string | undefined;
  /** The model's name as the client wrote it. */
  readonly model: string;
  /** Whether a stream was asked for. */
  readonly stream: boolean;
  /** How many user messages there were. */
  readonly turn: number;
  /** The conversation, oldest first. */
  readonly messages: readonly Message[];
  /** The tools that were offered. */
  readonly tools: readonly Tool[];
  /** Texts of the tool results that ended the conversation. */
  readonly toolResults: readonly string[];
  /** What answered: a rule, a response, the default … ; undefined where nothing was asked of a model. */
  readonly answeredBy: Source | undefined;
  /** Whether nothing scripted matched, so that the default answered or strictness refused. */
  readonly unmatched: boolean;
  /** Why the nearest rules did not match, where nothing did. */
  readonly misses: readonly string[];
  /** HTTP status of the answer. */
  readonly status: number;
  /** Response headers. */
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** Why it was refused, in the words its client was told. */
  readonly error: string | undefined;
  /** The words of the reply, all of them, though the client may have left before. */
  readonly text: string;
  /** The tools that the reply calls, their arguments as JSON. */
  readonly toolCalls: readonly CalledTool[];
  /** What of the reply is not as it was asked for: `$.city: is missing`; nothing where all is. */
  readonly violations: readonly string[];
  /** Why the reply ends. */
  readonly finish: string | undefined;
  /** Token counts as the client was told them. */
  readonly usage: Usage | undefined;
  /** Seed of the answer. */
  readonly seed: number | undefined;
  /** Content deltas of a stream that were handed over; undefined while they are. */
  readonly deltas: number | undefined;
  /** How the answer ended; `open` while it is given. */
  readonly ended: Ended;
  /** When the first bytes were handed over, in milliseconds after the request was read. */
  readonly firstMs: number | undefined;
  /** When the last ones were, or when the client left. */
  readonly totalMs: number | undefined;
  /** The text of the bytes that were handed over. */
  sent(): Promise<string>;
}

/** A tool that a reply calls. */
export interface CalledTool {
  /** Its name. */
  readonly name: string;
  /** Its arguments as JSON. */
  readonly arguments: string;
}

/** `entry` as it is now. */
export function requestEntry(entry: Entry, clock: Clock): RequestEntry {
  const { asked, performed } = entry;
  const plan = asked?.plan;
  const reply = plan?.outcome.type === "reply" ? plan.outcome : undefined;
  return {
    id: String(entry.number),
    time: new Date(entry.arrivedEpochMs),
    session: entry.session,
    dialect: entry.dialect ?? "",
    method: entry.method,
    path: pathOf(entry.url),
    headers: headersOf(entry.headers),
    body: asked === undefined ? entry.body : asked.context.body,
    ...askedOf(asked?.context),
    answeredBy: plan?.source,
    unmatched: isUnmatched(entry),
    misses: isUnmatched(entry) ? asked?.misses() ?? [] : [],
    status: entry.status,
    responseHeaders: entry.responseHeaders,
    error: errorOf(entry),
    ...saidOf(reply),
    violations: reply === undefined || asked === undefined
      ? []
      : violationsIn(reply, asked.context.turn),
    seed: plan?.seed,
    deltas: performed?.deltas,
    ended: endedOf(entry),
    firstMs: performed?.firstMs,
    totalMs: performed?.totalMs,
    sent: async () => (await sentOf(entry, clock)).text,
  };
}

function askedOf(context: Context | undefined) {
  const { model = "", stream = false, messages = [], tools = [] } =
    context?.turn ?? {};
  return {
    prompt: context?.prompt.text ?? "",
    system: context?.system,
    model,
    stream,
    turn: context?.turnNumber ?? 0,
    messages,
    tools,
    toolResults: context?.toolResults ?? [],
  };
}

/** The text of many random tokens is made only for whoever reads it. */
function saidOf(reply: Reply | undefined) {
  const blocks = reply?.choices[0].blocks ?? [];
  return {
    get text() {
      return wordsOf(blocks, ({ text }) => text);
    },
    toolCalls: callsOf(blocks).map(({ name, text }) => ({
      name,
      arguments: text,
    })),
    finish: reply?.choices[0].finish.type,
    usage: reply?.usage,
  };
}

/** Names of headers that may hold a secret, besides those that are known to. */
const SECRET = /key|token|secret|passw|auth|cookie|signature|credential/;

/** A test may look at headers of its own, which a journal that others read leaves out. */
function headersOf(headers: Headers): Record<string, string> {
  const shown = shownHeaders(headers);
  for (const [name, value] of headers) {
    shown[name] ??= SECRET.test(name) ? REDACTED : headerText(value);
  }
  return shown;
}

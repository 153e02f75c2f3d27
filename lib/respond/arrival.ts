/**
 * What comes in and what goes out again: a request on its way, and a score with what is told of
 * it.
 *
 * @module
 */

import type { Wording } from "../compose/compose.ts";
import type { Exchange } from "../core/exchange.ts";
import type { Usage } from "../core/reply.ts";
import type { Score } from "../core/score.ts";
import type { Turn } from "../core/turn.ts";
import { type Dialect, UNSPENT } from "../dialects/dialect.ts";
import type { AskedRecord } from "../journal/record.ts";
import { Context } from "../match/context.ts";
import type { Quotas } from "../match/quotas.ts";
import type { Config } from "../match/rule.ts";
import type { RuleBook } from "../match/rulebook.ts";
import type { Session } from "../match/sessions.ts";
import { keyOf } from "../wire/headers.ts";

/** One request on its way. */
export interface Arrival {
  /** The request. */
  readonly request: Request;
  /** Its path, as it is routed. */
  readonly path: string;
  /** The configuration in force when it came; a reload cannot be seen by it. */
  readonly config: Config;
  /** When it came, on the clock's scale. */
  readonly arrivedMs: number;
  /** When it came, in milliseconds since the epoch. */
  readonly epochMs: number;
  /** Who asks. */
  readonly session: Session;
  /** Rules given at run time, in the order in which they are tried. */
  readonly overlays: readonly RuleBook[];
  /** What keys have used of their quotas. */
  readonly quotas: Quotas;
  /** Its headers as the journal keeps them; undefined where none does. */
  readonly packed: string | undefined;
  /** Whether headers may ask for something of mockllm's own. */
  readonly asks: boolean;
  /** The line of the route table that was found. */
  route?: string;
  /** Seed of all that is drawn for its answer. */
  seed: number;
  /** What was read of its body: parsed, or the text that cannot be. */
  body?: unknown;
}

/** A score, and what the exchange and the journal tell of it. */
export interface Scored {
  /** Tells it from a {@linkcode Fed}. */
  readonly type?: undefined;
  /** What is performed. */
  readonly score: Score;
  /** What only the answering knew. */
  readonly told: Readonly<Told>;
  /** What is known of a request that could be decoded. */
  readonly asked?: AskedRecord;
}

/** What only the answering knows of an exchange. */
export type Told = {
  -readonly [
    Key in
      | "dialect"
      | "stream"
      | "answeredBy"
      | "unmatched"
      | "misses"
      | "seed"
      | "model"
      | "usage"
      | "error"
  ]?: Exchange[Key];
};

/** A stream of `/_mock`: no reply, and no score. */
export interface Fed {
  /** Tells it from a {@linkcode Scored}. */
  readonly type: "feed";
  /** HTTP status. */
  readonly status: number;
  /** Response headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** What is said as time goes on. */
  readonly stream: ReadableStream<Uint8Array>;
}

/** Who words the answer to a request, and for whom. */
export function wording(
  { epochMs, config }: Arrival,
  dialect: Dialect,
): Wording {
  return {
    dialect,
    epochMs,
    fullHeaders: config.settings.fullHeaders,
    ...UNSPENT,
  };
}

/** The same where a model was asked: `usage` is counted, and told with what the key used before. */
export function spending(
  { epochMs, arrivedMs, config, quotas, request: { headers } }: Arrival,
  dialect: Dialect,
  usage: Usage | undefined,
): Wording {
  const { requests, input, output, tokens } = quotas.spend(
    dialect.quota,
    keyOf(headers, dialect.keyHeader) ?? "",
    arrivedMs,
    usage?.input ?? 0,
    usage?.output ?? 0,
  );
  return {
    dialect,
    epochMs,
    fullHeaders: config.settings.fullHeaders,
    spentRequests: requests,
    spentInput: input,
    spentOutput: output,
    spentTokens: tokens,
  };
}

/** What rules may look at in a request whose question is `turn`. */
export function contextOf(
  turn: Turn,
  { request: { headers }, session }: Arrival,
  { name, keyHeader }: Dialect,
  body: unknown,
): Context {
  return new Context(turn, {
    headers,
    body,
    dialect: name,
    keyHeader,
    session: session.name,
  });
}

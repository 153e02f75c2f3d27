/**
 * What a provider API is to mockllm: a file that says what was asked, how an answer is said
 * whole, how in pieces, and how it is refused.
 *
 * A dialect knows shapes. It knows no time, no chance and no rules: ids and dates come in
 * through the {@linkcode Stamp}, so a golden holds still.
 *
 * @module
 */

import type { Model } from "../core/model.ts";
import type { Quota } from "../core/quota.ts";
import type { BlockEvent, Failure, Reply, ReplyEvent } from "../core/reply.ts";
import type { Turn } from "../core/turn.ts";
import type { KeyHeader } from "../wire/headers.ts";

/** One provider API. */
export interface Dialect {
  /** Its name in configuration, log and metrics: `openai_chat`. */
  readonly name: string;
  /** What it answers. */
  readonly endpoints: readonly Endpoint[];
  /** What its clients read from their environment; the first says where the API is. */
  readonly clients?: readonly ClientVariable[];
  /** What tells a body of its requests from those of others, where no path does. */
  readonly signs?: Signs;
  /** What each key may use in a minute, as its headers tell. */
  readonly quota: Quota;
  /** The header whose key wins where several bring one; a bearer token unless it says so. */
  readonly keyHeader?: KeyHeader;
  /** Whether a model's window must hold the longest answer that is asked for, besides the prompt. */
  readonly windowHoldsAnswer?: boolean;
  /** Whether a request to a path shared or unknown is likely meant for this dialect. */
  claims(headers: Headers, path: string): boolean;
  /** Headers that the provider itself puts on every answer: a record made for the caller to add to. */
  headers(facts: Facts, stamp: Stamp): Record<string, string>;
  /** Headers of the provider's infrastructure, sent only with `settings.headers: full`. */
  edgeHeaders(stamp: Stamp): Record<string, string>;
  /** Words a refusal as the provider does; `headers` are those that {@linkcode Dialect.headers} made for it. */
  refuse(failure: Failure, headers: Readonly<Record<string, string>>): Refusal;
}

/** A variable of the environment that clients read. */
export interface ClientVariable {
  /** Its name. */
  readonly name: string;
  /** What sends them to the server at `url`, which takes `key`; undefined where it must not be set. */
  value(url: string, key: string): string | undefined;
}

/** A key for clients that will not start without one. It must look like nobody's. */
export const MOCK_KEY = "mock-key";

/** What a request body of one dialect may have, and those of others hardly. */
export interface Signs {
  /** Keys of the body. */
  readonly keys: readonly string[];
  /** Keys of each offered tool. */
  readonly toolKeys: readonly string[];
  /** Roles of messages. */
  readonly roles: readonly string[];
  /** Names of models. */
  readonly model: RegExp;
}

/** One route of a {@linkcode Dialect}: `POST /v1/messages`, or `GET /v1/models/:id`. */
export type Endpoint =
  | ChatEndpoint
  | CountEndpoint
  | CatalogEndpoint;

/** A conversation to be answered. */
export interface ChatEndpoint {
  /** Tells the kinds of endpoint apart. */
  readonly type: "chat";
  /** Method and path. */
  readonly route: string;
  /** What was asked. Throws {@linkcode BadRequest}, naming the field, and nothing else. */
  decode(inbound: Inbound): Asked;
}

/** A conversation whose tokens are to be counted. */
export interface CountEndpoint {
  /** Tells the kinds of endpoint apart. */
  readonly type: "count";
  /** Method and path. */
  readonly route: string;
  /** What is to be counted. Throws {@linkcode BadRequest}, naming the field, and nothing else. */
  decode(inbound: Inbound): Turn;
  /** The body that tells the count. */
  words(tokens: number): string;
}

/** The models there are, or one of them: `:id` takes the rest of the path, slashes too. */
export interface CatalogEndpoint {
  /** Tells the kinds of endpoint apart. */
  readonly type: "catalog";
  /** Method and path. */
  readonly route: string;
  /** The body that is asked for; throws {@linkcode BadRequest} when there is none. */
  list(asked: CatalogAsked): string;
}

/** What is asked of a catalog. */
export interface CatalogAsked {
  /** The models there are. */
  readonly models: readonly Model[];
  /** Name of the one that is asked for; undefined where all of them are. */
  readonly id: string | undefined;
  /** Request headers. */
  readonly headers: Headers;
  /** The query of the URL. */
  readonly query: URLSearchParams;
}

/** A request once its route is known and its body read. */
export interface Inbound {
  /** Request headers. */
  readonly headers: Headers;
  /** The parsed body; an empty object when there was none. Read it by own properties only. */
  readonly body: unknown;
  /**
   * A token stream was asked for by headers or by an empty body: nothing in the body is
   * required then, and `stream` defaults to true when there are no messages.
   */
  readonly tokensAsked: boolean;
}

/** What was asked, and who can answer it in the asker's own dialect. */
export interface Asked {
  /** The neutral question. */
  readonly turn: Turn;
  /** Bound to this request, so dialect-only wishes never leak into {@linkcode Turn}. */
  readonly encoder: Encoder;
}

/** Words one reply. Pure: same reply and stamp, same words. */
export interface Encoder {
  /** The body of a whole reply, laid out as the provider does. */
  whole(reply: Reply, stamp: Stamp): string;
  /** Content type of a stream. */
  readonly streamType: string;
  /** A fresh voice for one streamed reply. */
  voice(reply: Reply, stamp: Stamp): Voice;
}

/**
 * Tells one reply in pieces. Every piece is text ready for the wire, framing included, and may
 * hold any number of frames, or none.
 */
export interface Voice {
  /** Words one structural step. */
  say(event: ReplyEvent): string;
  /**
   * Words the deltas of one block: everything but the delta is made once here, so that each
   * delta costs one `JSON.stringify` of its text and a concatenation. Asked for once a block,
   * between its start and its end; those of several choices interleave.
   */
  deltas(block: BlockEvent): (delta: string) => string;
  /** Words a failure in the middle of the stream, which ends after it. */
  fail(failure: Failure): string;
}

/** Identity and birth of one response: handed in, never made up, drawn from the plan's seed. */
export interface Stamp {
  /** `length` random characters out of `alphabet` (alphanumeric unless given). */
  text(length: number, alphabet?: string): string;
  /** `length` random hexadecimal digits. */
  hex(length: number): string;
  /** A random whole number from 0 to `bound` - 1. */
  below(bound: number): number;
  /** The tokens of `text`, as a stream that is cut by tokens tells them. */
  tokens(text: string): Iterable<string>;
  /** When the request arrived, in milliseconds since the epoch. */
  readonly epochMs: number;
  /** The seed that the request itself names for what is said, if it does. */
  readonly drawSeed?: number | undefined;
}

/** What a key has used of its quotas and is not there again, the present answer included. */
export interface Spent {
  /** Requests. */
  readonly spentRequests: number;
  /** Tokens of prompts. */
  readonly spentInput: number;
  /** Tokens of answers. */
  readonly spentOutput: number;
  /** Tokens of both. */
  readonly spentTokens: number;
}

/** Nothing used. */
export const UNSPENT: Spent = {
  spentRequests: 0,
  spentInput: 0,
  spentOutput: 0,
  spentTokens: 0,
};

/** What response headers tell of. */
export interface Facts extends Spent {
  /** Whether a model was asked: quotas are told only then. */
  readonly metered: boolean;
  /** Whether the answer is a stream. */
  readonly stream: boolean;
  /** Time to the first byte, in milliseconds. */
  readonly firstMs: number;
  /** What is refused, if the request is. */
  readonly failure?: Failure | undefined;
}

/** A refusal as the provider words it. */
export interface Refusal {
  /** HTTP status. */
  readonly status: number;
  /** The body: JSON, unless {@linkcode Refusal.type} says otherwise. */
  readonly body: string;
  /** Its content type, where it is not JSON: something in front of the provider answers. */
  readonly type?: string;
}

/** Which quota a refusal says is used up, if it says so of one. */
export function exhaustedBy(
  { kind }: Failure,
): "requests" | "tokens" | undefined {
  if (kind === "rate-limit") return "requests";
  return kind === "token-rate-limit" ? "tokens" : undefined;
}

/** After how many milliseconds its headers tell the client to try again; undefined where they do not. */
export function retryMsOf({ headers = {} }: Failure): number | undefined {
  const { "retry-after-ms": ms, "retry-after": seconds } = headers;
  const told = ms === undefined ? Number(seconds) * 1_000 : Number(ms);
  return Number.isFinite(told) && told >= 0 ? told : undefined;
}

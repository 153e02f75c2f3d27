/**
 * The whole server as one function: a request is routed, answered by a score, and the score
 * performed.
 *
 * @module
 */

import type { Clock } from "./core/clock.ts";
import type { Exchange } from "./core/exchange.ts";
import type { Connection, Handler } from "./core/handler.ts";
import { mixSeed } from "./core/random.ts";
import { BadRequest, type Failure } from "./core/reply.ts";
import type { Score } from "./core/score.ts";
import type { OpenEntry } from "./journal/journal.ts";
import { mayAsk, readSeed, readSession } from "./match/request_headers.ts";
import { RuleBook } from "./match/rulebook.ts";
import { type Session, Sessions } from "./match/sessions.ts";
import { OpenStreams, type Performed, play, type Stage } from "./play/play.ts";
import { type Arrival, type Fed, Responder, type Scored } from "./responder.ts";
import {
  type Entry,
  likelyDialect,
  pick,
  tableOf,
  type TableParts,
} from "./table.ts";
import type { Page } from "./site/page.ts";
import { drain } from "./wire/body.ts";
import {
  type Access,
  checkAdmin,
  checkHost,
  checkUrl,
  corsHeaders,
  isAdmin,
  LOOPBACK_ONLY,
  preflightHeaders,
} from "./wire/guard.ts";
import { packHeaders } from "./wire/headers.ts";
import { type Found, pathOf, type Routes, unrouted } from "./wire/route.ts";

export { type Access, OpenStreams };

/** What an app is made of. */
export interface AppParts extends TableParts {
  /** Times what is no reply: how long bodies take to arrive, how long work takes, `/_mock`'s signs of life. `clock` unless given. */
  readonly realClock?: Clock;
  /** Seed of everything drawn at random. */
  readonly seed: number;
  /** Who may do what besides loopback; nobody unless given. */
  readonly access?: Access;
  /** What is remembered of sessions; begun anew unless given. */
  readonly sessions?: Sessions;
  /** Where open streams are entered, for whoever stops the server. */
  readonly streams?: OpenStreams;
  /** Told of every finished request. */
  onExchange?(exchange: Exchange): void;
  /** Told of every request that met a limit. */
  onLimit?(failure: Failure): void;
  /** Told of a defect of mockllm itself, which the client only sees as a provider's 500. */
  onDefect?(error: unknown): void;
}

/** Makes the whole server. */
export function createApp(parts: AppParts): Handler {
  const app = new App(parts);
  return (request, connection) => app.handle(request, connection);
}

class App {
  #parts: AppParts;
  #access: Access;
  #responder: Responder;
  #table: Routes<Entry>;
  #sessions: Sessions;

  constructor(parts: AppParts) {
    this.#parts = parts;
    this.#access = parts.access ?? LOOPBACK_ONLY;
    this.#sessions = parts.sessions ?? new Sessions();
    const clock = parts.realClock ?? parts.clock;
    this.#responder = new Responder({ ...parts, clock });
    this.#table = tableOf({ ...parts, clock }, this.#sessions);
  }

  /** One promise at most, as `#chat` gives it: each that is wrapped around it costs as much as routing. */
  handle(
    request: Request,
    connection: Connection,
  ): Response | Promise<Response> {
    const arrival = this.#arrive(request);
    const { path } = arrival;
    const found = this.#table.find(request.method, path);
    const entry = found.type === "found"
      ? pick(found.entries, request.headers, path)
      : undefined;
    if (entry !== undefined) {
      arrival.route = entry.route;
      connection.routed?.(entry.route);
    }
    const give = (answer: Scored | Fed) =>
      this.#give(arrival, connection, answer);
    const refuse = (error: unknown) =>
      give(this.#refusal(arrival, entry, error));
    try {
      this.#admit(arrival, connection, entry);
      const answering = this.#answer(arrival, found, entry);
      return answering instanceof Promise
        ? answering.then(give, refuse)
        : give(answering);
    } catch (error) {
      return refuse(error);
    }
  }

  #arrive(request: Request): Arrival {
    const { clock } = this.#parts;
    const path = pathOf(request.url);
    // Who asks about sessions is not in one, nor in the journal.
    const admin = isAdmin(path);
    const { journal } = this.#parts;
    const packed = admin || journal === undefined
      ? undefined
      : packHeaders(request.headers);
    const asks = packed === undefined || mayAsk(packed);
    const name = admin || !asks ? "" : readSession(request.headers);
    const session = this.#sessions.of(name);
    return {
      request,
      path,
      config: this.#parts.config(),
      arrivedMs: clock.now(),
      epochMs: clock.epochMs(),
      session,
      overlays: this.#overlays(session),
      quotas: this.#sessions.quotas,
      packed,
      asks,
      seed: 0,
      body: undefined,
    };
  }

  /** Never throws: what cannot be played is a defect, and refused. */
  #give(
    arrival: Arrival,
    connection: Connection,
    answer: Scored | Fed,
  ): Response | Promise<Response> {
    if (answer.type === "feed") return this.#feed(arrival, connection, answer);
    const broken = (error: unknown) => {
      const { request: { headers }, path } = arrival;
      const dialect = likelyDialect(headers, path);
      const refusal = this.#responder.refusal(arrival, dialect, false, error);
      return this.#play(arrival, connection, refusal);
    };
    try {
      const playing = this.#play(arrival, connection, answer);
      return playing instanceof Promise ? playing.catch(broken) : playing;
    } catch (error) {
      return broken(error);
    }
  }

  /** A stream of `/_mock`, which is no reply: it goes on for as long as somebody listens. */
  #feed(
    { request, path }: Arrival,
    connection: Connection,
    { status, headers, stream }: Fed,
  ): Response {
    connection.keepOpen();
    const cors = corsHeaders(request.headers, path, this.#access);
    return new Response(stream, { status, headers: { ...headers, ...cors } });
  }

  /** Time begins once the request has been read: a slow upload must not make the reply burst. */
  #play(
    arrival: Arrival,
    connection: Connection,
    answer: Scored,
  ): Response | Promise<Response> {
    const beganMs = this.#parts.clock.now();
    const entry = this.#enter(arrival, answer, beganMs);
    arrival.body = undefined; // a long reply must not hold it
    const score = this.#shared(arrival, answer.score);
    return play(
      score,
      new Showing(this.#parts, arrival, connection, answer, beganMs, entry),
    );
  }

  /** Counts the answer and enters the request in the journal, unless it is one about the server itself. */
  #enter(
    {
      request,
      route,
      path,
      session,
      epochMs,
      arrivedMs,
      packed,
      body,
    }: Arrival,
    { score, told: { dialect, error }, asked }: Scored,
    beganMs: number,
  ): OpenEntry | undefined {
    if (dialect === undefined || isAdmin(path)) return undefined;
    if (asked?.plan) this.#parts.coverage?.count(asked.plan.source);
    return this.#parts.journal?.open({
      arrivedEpochMs: epochMs,
      method: request.method,
      url: request.url,
      route,
      headers: packed ?? request.headers,
      session: session.name,
      dialect,
      readMs: beganMs - arrivedMs,
      score,
      asked,
      body: asked === undefined ? body : undefined,
      error,
    });
  }

  /** The score, with what a browser must be told before a page may read it. */
  #shared({ request, path }: Arrival, score: Score): Score {
    const cors = corsHeaders(request.headers, path, this.#access);
    if (cors === undefined) return score;
    return { ...score, headers: { ...score.headers, ...cors } };
  }

  /** What goes wrong is refused in the words of the dialect that was meant. */
  #refusal(
    arrival: Arrival,
    entry: Entry | undefined,
    error: unknown,
  ): Scored | Fed {
    const { request: { headers }, path } = arrival;
    if (isAdmin(path)) return this.#responder.adminRefusal(error);
    const dialect = entry?.dialect ?? likelyDialect(headers, path);
    const metered = entry?.endpoint?.type === "chat";
    return this.#responder.refusal(arrival, dialect, metered, error);
  }

  /** Throws {@linkcode BadRequest} for what may not be asked, whatever it is. */
  #admit(
    arrival: Arrival,
    connection: Connection,
    entry: Entry | undefined,
  ): void {
    const { request, path } = arrival;
    const admin = isAdmin(path);
    if (entry?.page === undefined && !admin) this.#seed(arrival);
    checkUrl(request.url);
    checkHost(request.headers);
    if (admin) checkAdmin(request, connection.peer, this.#access);
  }

  /** The answer, if there is one. */
  #answer(
    arrival: Arrival,
    found: Found<Entry>,
    entry: Entry | undefined,
  ): Scored | Fed | Promise<Scored | Fed> {
    if (found.type !== "found" || entry === undefined) {
      return this.#unrouted(arrival, found);
    }
    const { parameter } = found;
    if (entry.admin !== undefined) {
      return this.#responder.admin(arrival, entry.admin, parameter);
    }
    if (entry.page !== undefined) return this.#page(entry.page);
    const { dialect, endpoint } = entry;
    return this.#responder.endpoint(arrival, dialect, endpoint, parameter);
  }

  async #page(page: Page): Promise<Scored> {
    return this.#responder.page(await page.answer());
  }

  /** OPTIONS is told the methods of the path; anything else is refused, its body read so that the connection stays usable. */
  async #unrouted(arrival: Arrival, found: Found<Entry>): Promise<Scored> {
    const { request, path } = arrival;
    await drain(request, this.#responder.bodyOptions(arrival));
    if (isAdmin(path) && this.#parts.admin === undefined) {
      const message = "/_mock is switched off (--no-admin)";
      throw new BadRequest({ status: 404, message });
    }
    if (request.method !== "OPTIONS" || found.type !== "wrong-method") {
      throw unrouted(request.method, path, found);
    }
    const methods = [...found.allowed, "OPTIONS"];
    return this.#responder.empty({
      allow: methods.join(", "),
      ...preflightHeaders(request.headers, methods),
    });
  }

  /** Rules given at run time: the session's own, then everybody's. */
  #overlays({ name, overlay }: Session): readonly RuleBook[] {
    const shared = this.#sessions.of("").overlay;
    if (name === "" || overlay === RuleBook.EMPTY) {
      return shared === RuleBook.EMPTY ? NO_BOOKS : [shared];
    }
    return [overlay, shared];
  }

  /** Gives the answer its seed: the one asked for, else one of the process, the session and its ordinal. */
  #seed(arrival: Arrival): void {
    const { session } = arrival;
    const ordinal = session.nextOrdinal();
    arrival.seed = mixSeed(this.#parts.seed, session.name, ordinal);
    if (!arrival.asks) return;
    arrival.seed = readSeed(arrival.request.headers) ?? arrival.seed;
  }
}

const NO_BOOKS: readonly RuleBook[] = [];

/** One answer being given. */
class Showing implements Stage {
  readonly clock: Clock;
  readonly realClock: Clock | undefined;
  readonly streams: OpenStreams | undefined;
  readonly beganMs: number;
  readonly #parts: AppParts;
  readonly #arrival: Arrival;
  readonly #connection: Connection;
  readonly #answer: Scored;
  readonly #entry: OpenEntry | undefined;
  #kept = false;

  constructor(
    parts: AppParts,
    arrival: Arrival,
    connection: Connection,
    answer: Scored,
    beganMs: number,
    entry: OpenEntry | undefined,
  ) {
    this.clock = parts.clock;
    this.realClock = parts.realClock;
    this.streams = parts.streams;
    this.beganMs = beganMs;
    this.#parts = parts;
    this.#arrival = arrival;
    this.#connection = connection;
    this.#answer = answer;
    this.#entry = entry;
  }

  keepOpen(): void {
    this.#kept = true;
    this.#connection.keepOpen();
  }

  onEnd(performed: Performed): void {
    if (this.#kept) this.#connection.release();
    this.#entry?.end(performed);
    this.#parts.onExchange?.(
      exchange(this.#arrival, this.#answer, performed, this.beganMs),
    );
  }

  onDefect(error: unknown): void {
    this.#parts.onDefect?.(error);
  }
}

/** Written out property by property: spreading costs more than all the rest of it. */
function exchange(
  { arrivedMs, epochMs, request, path, route }: Arrival,
  { score, told }: Scored,
  performed: Performed,
  beganMs: number,
): Exchange {
  const readMs = beganMs - arrivedMs;
  const exchange: Writable<Exchange> = {
    arrivedEpochMs: epochMs,
    method: request.method,
    path,
    status: score.status,
    firstMs: readMs + performed.firstMs,
    totalMs: readMs + performed.totalMs,
    deltas: performed.deltas,
    lateMs: performed.lateMs,
    ended: performed.ended,
    reanchoredMs: performed.reanchoredMs,
    sentChars: performed.sentChars,
  };
  const { dialect, model, stream, answeredBy, unmatched, misses } = told;
  const { seed, usage, error } = told;
  if (route !== undefined) exchange.route = route;
  if (dialect !== undefined) exchange.dialect = dialect;
  if (model !== undefined) exchange.model = model;
  if (stream !== undefined) exchange.stream = stream;
  if (answeredBy !== undefined) exchange.answeredBy = answeredBy;
  if (unmatched !== undefined) exchange.unmatched = unmatched;
  if (misses !== undefined) exchange.misses = misses;
  if (seed !== undefined) exchange.seed = seed;
  if (usage !== undefined) exchange.usage = usage;
  if (error !== undefined) exchange.error = error;
  return exchange;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

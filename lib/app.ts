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
import type { Failure } from "./core/reply.ts";
import type { Score } from "./core/score.ts";
import type { OpenEntry } from "./journal/journal.ts";
import { readSeed, readSession } from "./match/request_headers.ts";
import { RuleBook } from "./match/rulebook.ts";
import { type Session, Sessions } from "./match/sessions.ts";
import { OpenStreams, type Performed, play } from "./play/play.ts";
import { type Arrival, type Fed, Responder, type Scored } from "./responder.ts";
import {
  type Entry,
  likelyDialect,
  pick,
  tableOf,
  type TableParts,
} from "./table.ts";
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
import { type Found, pathOf, type Routes, unrouted } from "./wire/route.ts";

export { type Access, OpenStreams };

/** What an app is made of. */
export interface AppParts extends TableParts {
  /** Times what is no reply: how long bodies take to arrive, `/_mock`'s signs of life. `clock` unless given. */
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

  async handle(request: Request, connection: Connection): Promise<Response> {
    const { clock } = this.#parts;
    const path = pathOf(request.url);
    // Who asks about sessions is not in one.
    const name = isAdmin(path) ? "" : readSession(request.headers);
    const session = this.#sessions.of(name);
    const arrival: Arrival = {
      request,
      path,
      config: this.#parts.config(),
      arrivedMs: clock.now(),
      epochMs: clock.epochMs(),
      session,
      overlays: this.#overlays(session),
      seed: 0,
    };
    const answer = await this.#answer(arrival, connection);
    if (answer.type === "feed") return this.#feed(arrival, connection, answer);
    try {
      return await this.#play(arrival, connection, answer);
    } catch (error) {
      const dialect = likelyDialect(request.headers, path);
      const refusal = this.#responder.refusal(arrival, dialect, false, error);
      return await this.#play(arrival, connection, refusal);
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
  async #play(
    arrival: Arrival,
    connection: Connection,
    answer: Scored,
  ): Promise<Response> {
    const { clock, streams } = this.#parts;
    const beganMs = clock.now();
    const entry = this.#enter(arrival, answer, beganMs);
    let kept = false;
    return await play(this.#shared(arrival, answer.score), {
      clock,
      beganMs,
      ...(streams && { streams }),
      keepOpen: () => {
        kept = true;
        connection.keepOpen();
      },
      onEnd: (performed) => {
        if (kept) connection.release();
        entry?.end(performed);
        this.#parts.onExchange?.(exchange(arrival, answer, performed, beganMs));
      },
      onDefect: (error) => this.#parts.onDefect?.(error),
    });
  }

  /** Counts the answer and enters the request in the journal, unless it is one about the server itself. */
  #enter(
    { request, route, path, session, epochMs, arrivedMs }: Arrival,
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
      headers: request.headers,
      session: session.name,
      dialect,
      readMs: beganMs - arrivedMs,
      score,
      asked,
      error,
    });
  }

  /** The score, with what a browser must be told before a page may read it. */
  #shared({ request, path }: Arrival, score: Score): Score {
    const cors = corsHeaders(request.headers, path, this.#access);
    if (cors === undefined) return score;
    return { ...score, headers: { ...score.headers, ...cors } };
  }

  /** Never throws: what goes wrong is refused in the words of the dialect that was meant. */
  async #answer(
    arrival: Arrival,
    connection: Connection,
  ): Promise<Scored | Fed> {
    const { request, path } = arrival;
    const found = this.#table.find(request.method, path);
    const entry = found.type === "found"
      ? pick(found.entries, request.headers, path)
      : undefined;
    const dialect = entry?.dialect ?? likelyDialect(request.headers, path);
    if (entry !== undefined) {
      arrival.route = entry.route;
      connection.routed?.(entry.route);
    }
    try {
      if (entry?.page === undefined && !isAdmin(path)) this.#seed(arrival);
      checkUrl(request.url);
      checkHost(request.headers);
      if (isAdmin(path)) checkAdmin(request, connection.peer, this.#access);
      if (found.type !== "found" || entry === undefined) {
        return await this.#unrouted(arrival, found);
      }
      if (entry.admin !== undefined) {
        return await this.#responder.admin(
          arrival,
          entry.admin,
          found.parameter,
        );
      }
      if (entry.page !== undefined) {
        return this.#responder.page(await entry.page.answer());
      }
      return await this.#responder.endpoint(
        arrival,
        dialect,
        entry.endpoint,
        found.parameter,
      );
    } catch (error) {
      if (isAdmin(path)) return this.#responder.adminRefusal(error);
      const metered = entry?.endpoint?.type === "chat";
      return this.#responder.refusal(arrival, dialect, metered, error);
    }
  }

  /** OPTIONS is told the methods of the path; anything else is refused, its body read so that the connection stays usable. */
  async #unrouted(arrival: Arrival, found: Found<Entry>): Promise<Scored> {
    const { request, path } = arrival;
    await drain(request, this.#responder.bodyOptions(arrival));
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
    arrival.seed = readSeed(arrival.request.headers) ?? arrival.seed;
  }
}

const NO_BOOKS: readonly RuleBook[] = [];

function exchange(
  arrival: Arrival,
  { score, told }: Scored,
  performed: Performed,
  beganMs: number,
): Exchange {
  const readMs = beganMs - arrival.arrivedMs;
  return {
    arrivedEpochMs: arrival.epochMs,
    method: arrival.request.method,
    path: arrival.path,
    ...(arrival.route !== undefined && { route: arrival.route }),
    status: score.status,
    ...told,
    ...performed,
    firstMs: readMs + performed.firstMs,
    totalMs: readMs + performed.totalMs,
  };
}

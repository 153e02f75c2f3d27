/**
 * What answers each kind of endpoint: from a routed request to a score.
 *
 * Reads the body, has the dialect decode it, the matcher choose and the composer write down.
 * Refusals come out of here as scores too.
 *
 * @module
 */

import {
  type AdminAnswer,
  type AdminRoute,
  askOf,
  bodyText,
  defectAnswer,
  refusalOf,
} from "./admin/admin.ts";
import { KeptQuestion } from "./asked.ts";
import {
  compose,
  composeBody,
  composeRefusal,
  single,
  type Wording,
} from "./compose/compose.ts";
import type { Clock } from "./core/clock.ts";
import type { Exchange } from "./core/exchange.ts";
import type { Plan } from "./core/plan.ts";
import { BadRequest, type Failure } from "./core/reply.ts";
import type { Score } from "./core/score.ts";
import type { Turn } from "./core/turn.ts";
import type {
  CatalogEndpoint,
  ChatEndpoint,
  CountEndpoint,
  Dialect,
  Endpoint,
  Model,
} from "./dialects/dialect.ts";
import type { AskedRecord } from "./journal/record.ts";
import { choose } from "./match/choose.ts";
import { Context } from "./match/context.ts";
import { inputTokens } from "./match/plans.ts";
import {
  readModelId,
  readPace,
  readRule,
  readTokensAsked,
  TOKEN_DEFAULTS,
  type TokensAsked,
} from "./match/request_headers.ts";
import type { Config } from "./match/rule.ts";
import type { RuleBook } from "./match/rulebook.ts";
import type { Session } from "./match/sessions.ts";
import type { PageAnswer } from "./site/page.ts";
import { type BodyOptions, EMPTY, readJson, withBytes } from "./wire/body.ts";
import { decodeText, parseText } from "./wire/parse.ts";

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

/** What {@linkcode Responder} needs. */
export interface ResponderParts {
  /** Time, for bodies that trickle in. */
  readonly clock: Clock;
  /** Told of every request that met a limit. */
  onLimit?(failure: Failure): void;
  /** Told of a defect of mockllm itself. */
  onDefect?(error: unknown): void;
}

/** Answers endpoints. */
export class Responder {
  #parts: ResponderParts;

  /** Answers with what `parts` give. */
  constructor(parts: ResponderParts) {
    this.#parts = parts;
  }

  /** Answers a request to `endpoint`. Throws {@linkcode BadRequest}. */
  endpoint(
    arrival: Arrival,
    dialect: Dialect,
    endpoint: Endpoint,
    parameter: string | undefined,
  ): Scored | Promise<Scored> {
    switch (endpoint.type) {
      case "chat":
        return this.#chat(arrival, dialect, endpoint);
      case "count":
        return this.#count(arrival, dialect, endpoint);
      case "catalog":
        return catalog(arrival, dialect, endpoint, parameter);
    }
  }

  /** Answers with a page. */
  page({ status, type, body, headers }: PageAnswer): Scored {
    const all = { "content-type": type, ...headers };
    return { score: { status, headers: all, cues: single(body) }, told: {} };
  }

  /** Answers a request to `/_mock`. */
  async admin(
    { request }: Arrival,
    route: AdminRoute,
    parameter: string | undefined,
  ): Promise<Scored | Fed> {
    const ask = askOf(request, parameter, this.#parts.clock);
    return said(await route.answer(ask));
  }

  /** Refuses a request to `/_mock`: in no provider's words. */
  adminRefusal(error: unknown): Scored | Fed {
    const refusal = refusalOf(error);
    if (refusal === undefined) this.#parts.onDefect?.(error);
    return said(refusal ?? defectAnswer());
  }

  /** Answers with nothing but headers. */
  empty(headers: Readonly<Record<string, string>>): Scored {
    return { score: { status: 204, headers, cues: [] }, told: {} };
  }

  /** Refuses a request for whatever was thrown; `metered` tells whether a model was asked. */
  refusal(
    arrival: Arrival,
    dialect: Dialect,
    metered: boolean,
    error: unknown,
  ): Scored {
    const failure = error instanceof BadRequest
      ? error.failure
      : this.#defect(error);
    if (failure.limit !== undefined) this.#parts.onLimit?.(failure);
    const plan = { seed: arrival.seed, metered };
    return {
      score: composeRefusal(failure, plan, wording(arrival, dialect)),
      told: { dialect: dialect.name, error: failure.message },
    };
  }

  /** The limits of request bodies. */
  bodyOptions({ config }: Arrival): BodyOptions {
    return { bytesMax: config.settings.bodyBytesMax, clock: this.#parts.clock };
  }

  #chat(
    arrival: Arrival,
    dialect: Dialect,
    endpoint: ChatEndpoint,
  ): Promise<Scored> {
    const { request: { headers }, asks } = arrival;
    const wishes = asks ? readTokensAsked(headers) : undefined;
    const modelId = asks ? readModelId(headers) : undefined;
    const asked = { dialect, endpoint, wishes, modelId };
    return withBytes(
      arrival.request,
      this.bodyOptions(arrival),
      (bytes) => answerChat(arrival, asked, bytes),
    );
  }

  async #count(
    arrival: Arrival,
    dialect: Dialect,
    endpoint: CountEndpoint,
  ): Promise<Scored> {
    const { headers } = arrival.request;
    const body = await this.#body(arrival);
    const inbound = { headers, body: body ?? {}, tokensAsked: false };
    const turn = endpoint.decode(inbound);
    const text = endpoint.words(inputTokens(turn));
    const { seed } = arrival;
    const words = wording(arrival, dialect);
    const again = () => composeBody(text, seed, words);
    const context = contextOf(turn, arrival, dialect, body);
    return {
      score: again(),
      told: { dialect: dialect.name, model: turn.model },
      asked: { context, misses: () => [], again },
    };
  }

  /** The parsed body; undefined when there is none. */
  async #body(arrival: Arrival): Promise<unknown> {
    const body = await readJson(arrival.request, this.bodyOptions(arrival));
    return arrival.body = body === EMPTY ? undefined : body;
  }

  #defect(error: unknown): Failure {
    this.#parts.onDefect?.(error);
    const message = "The server had an error while processing your request";
    return { type: "failure", kind: "internal", message };
  }
}

/** What was known of a question before its body came. */
interface ChatAsked {
  readonly dialect: Dialect;
  readonly endpoint: ChatEndpoint;
  readonly wishes: TokensAsked | undefined;
  readonly modelId: string | undefined;
}

/** A promise only where a reply has to be waited for. Throws {@linkcode BadRequest}. */
function answerChat(
  arrival: Arrival,
  { dialect, endpoint, wishes, modelId }: ChatAsked,
  bytes: Uint8Array,
): Scored | Promise<Scored> {
  const { request: { headers }, asks, config, session, overlays } = arrival;
  const text = bytes.length === 0 ? undefined : decodeText(bytes);
  arrival.body = text;
  const body = text === undefined ? undefined : parseText(text);
  arrival.body = body;
  const tokensAsked = body === undefined || wishes !== undefined;
  const inbound = { headers, body: body ?? {}, tokensAsked };
  const { turn, encoder } = endpoint.decode(inbound);
  const { state } = session; // before the answer changes it
  const choosing = choose({
    context: contextOf(turn, arrival, dialect, body),
    modelId,
    tokensAsked: wishes,
    paceAsked: asks ? readPace(headers) : undefined,
    forced: asks ? readRule(headers) : undefined,
    session,
    overlays,
    seed: arrival.seed,
    epochMs: arrival.epochMs,
  }, config);
  const score = (plan: Plan): Scored => {
    const words = wording(arrival, dialect);
    const asked = new KeptQuestion(
      arrival.packed ?? headers,
      {
        endpoint,
        text,
        tokensAsked,
        session: session.name,
        state,
        overlays,
        rules: config.rules,
      },
      plan,
      turn.stream,
      text === undefined ? 0 : heldBytes(text, bytes),
      words,
    );
    return {
      score: compose(plan, encoder, turn.stream, words),
      told: tell(dialect, turn, plan, asked),
      asked,
    };
  };
  return choosing instanceof Promise ? choosing.then(score) : score(choosing);
}

/** What `/_mock` says, as it goes over the wire. */
function said(answer: AdminAnswer): Scored | Fed {
  const { status } = answer;
  if ("stream" in answer) {
    const headers = { ...FRESH, "content-type": answer.type };
    return { type: "feed", status, headers, stream: answer.stream };
  }
  const headers = {
    ...FRESH,
    "content-type": "application/json",
    ...answer.headers,
  };
  const cues = single(bodyText(answer));
  return { score: { status, headers, cues }, told: {} };
}

const FRESH = { "cache-control": "no-store" };

function contextOf(
  turn: Turn,
  { request: { headers }, session }: Arrival,
  { name }: Dialect,
  body: unknown,
): Context {
  return new Context(turn, {
    headers,
    body,
    dialect: name,
    session: session.name,
  });
}

/** What `text` takes: engines keep two bytes a character as soon as one needs them. */
function heldBytes(text: string, { length }: Uint8Array): number {
  return text.length === length ? length : 2 * text.length;
}

function catalog(
  arrival: Arrival,
  dialect: Dialect,
  endpoint: CatalogEndpoint,
  id: string | undefined,
): Scored {
  const body = endpoint.list(
    models(arrival.config),
    id,
    arrival.request.headers,
  );
  return {
    score: composeBody(body, arrival.seed, wording(arrival, dialect)),
    told: { dialect: dialect.name },
  };
}

/** What catalogs list: the mock's own model, and the configured ones. */
function models(config: Config): Model[] {
  const own = {
    id: TOKEN_DEFAULTS.model,
    description:
      "Answers from your rules, or with random tokens at the speed asked for",
  };
  return [
    own,
    ...config.models.filter((id) => id !== own.id).map((id) => ({ id })),
  ];
}

function wording({ epochMs, config }: Arrival, dialect: Dialect): Wording {
  return { dialect, epochMs, fullHeaders: config.settings.fullHeaders };
}

function tell(
  dialect: Dialect,
  turn: Turn,
  { outcome, source, seed }: Plan,
  asked: AskedRecord,
): Told {
  const unmatched = source.type === "default" || source.type === "none";
  const answered = outcome.type === "reply";
  const told: Told = {
    dialect: dialect.name,
    stream: turn.stream,
    answeredBy: source.type === "rule" ? source.name : source.place,
    unmatched,
    seed,
    model: answered ? outcome.model : turn.model,
  };
  if (answered) told.usage = outcome.usage;
  else told.error = outcome.message;
  if (unmatched) told.misses = () => asked.misses();
  return told;
}

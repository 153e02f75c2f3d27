/**
 * What answers each kind of endpoint: from a routed request to a score.
 *
 * Refusals come out of here as scores too.
 *
 * @module
 */

import {
  type AdminRoute,
  askOf,
  defectAnswer,
  refusalOf,
} from "./admin/admin.ts";
import { composeRefusal, single } from "./compose/compose.ts";
import type { Clock } from "./core/clock.ts";
import { BadRequest, type Failure } from "./core/reply.ts";
import type { Dialect, Endpoint } from "./dialects/dialect.ts";
import { said } from "./respond/admin.ts";
import { catalog, count } from "./respond/about.ts";
import {
  type Arrival,
  type Fed,
  type Scored,
  spending,
  wording,
} from "./respond/arrival.ts";
import { chat } from "./respond/chat.ts";
import type { PageAnswer } from "./site/page.ts";
import type { BodyOptions } from "./wire/body.ts";

export type { Arrival, Fed, Scored };

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
        return chat(arrival, dialect, endpoint, this.bodyOptions(arrival));
      case "count":
        return count(arrival, dialect, endpoint, this.bodyOptions(arrival));
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
    const words = metered
      ? spending(arrival, dialect, undefined)
      : wording(arrival, dialect);
    return {
      score: composeRefusal(failure, plan, words),
      told: { dialect: dialect.name, error: failure.message },
    };
  }

  /** The limits of request bodies. */
  bodyOptions({ config }: Arrival): BodyOptions {
    return { bytesMax: config.settings.bodyBytesMax, clock: this.#parts.clock };
  }

  #defect(error: unknown): Failure {
    this.#parts.onDefect?.(error);
    const message = "The server had an error while processing your request";
    return { type: "failure", kind: "internal", message };
  }
}

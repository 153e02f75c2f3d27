/**
 * One request of the journal: references to what the pipeline made anyway.
 *
 * @module
 */

import type { Performed, Score } from "../core/score.ts";
import { packHeaders, unpackHeaders } from "../wire/headers.ts";
import type { AskedRecord, Record } from "./record.ts";
import { weigh } from "./weight.ts";

export type { Performed };

/** A request in the journal. */
export interface Entry extends Omit<Record, "score" | "headers"> {
  /** Request headers, secrets included. */
  readonly headers: Headers;
  /** Its number: requests are counted from 1, and no number is given twice. */
  readonly number: number;
  /** HTTP status of the answer. */
  readonly status: number;
  /** Response headers. */
  readonly responseHeaders: Readonly<{ [name: string]: string }>;
  /** How the answer went; undefined while it is given. */
  readonly performed: Performed | undefined;
  /** The score once more from its beginning. */
  again(): Score;
}

/** A request whose answer is being given. */
export interface OpenEntry {
  /** Notes how it went. */
  end(performed: Performed): void;
}

/** Told of every request as its answer begins, and as it ends. */
export type Listener = (type: "open" | "end", entry: Entry) => void;

/** An entry, and what ends it. */
export class Kept implements Entry, OpenEntry {
  readonly number: number;
  readonly arrivedEpochMs: number;
  readonly method: string;
  readonly url: string;
  readonly route: string | undefined;
  readonly session: string;
  readonly dialect: string | undefined;
  readonly readMs: number;
  readonly asked: AskedRecord | undefined;
  readonly error: string | undefined;
  readonly body: unknown;
  readonly status: number;
  readonly bytes: number;
  performed: Performed | undefined;
  readonly #listeners: ReadonlySet<Listener>;
  readonly #headers: string;
  /** Only where it cannot be made again: it holds the text of a whole reply. */
  readonly #score: Score | undefined;

  constructor(
    number: number,
    record: Record,
    listeners: ReadonlySet<Listener>,
  ) {
    const { score, asked } = record;
    this.number = number;
    this.arrivedEpochMs = record.arrivedEpochMs;
    this.method = record.method;
    this.url = record.url;
    this.route = record.route;
    this.session = record.session;
    this.dialect = record.dialect;
    this.readMs = record.readMs;
    this.asked = asked;
    this.error = record.error;
    this.body = record.body;
    this.status = score.status;
    this.bytes = weigh(asked, record.body);
    this.performed = undefined;
    this.#listeners = listeners;
    this.#headers = typeof record.headers === "string"
      ? record.headers
      : packHeaders(record.headers);
    this.#score = asked === undefined ? score : undefined;
  }

  get headers(): Headers {
    return unpackHeaders(this.#headers);
  }

  /** Made again as well: a dozen texts that hardly anybody looks at. */
  get responseHeaders(): Score["headers"] {
    return this.again().headers;
  }

  again(): Score {
    return this.asked?.again() ?? this.#score ?? NOTHING;
  }

  end(performed: Performed): void {
    this.performed = performed;
    if (this.#listeners.size > 0) tell(this.#listeners, "end", this);
  }
}

const NOTHING: Score = { status: 204, headers: {}, cues: [] };

/** Tells every one of `listeners`. */
export function tell(
  listeners: ReadonlySet<Listener>,
  type: "open" | "end",
  entry: Entry,
): void {
  for (const listener of listeners) listener(type, entry);
}

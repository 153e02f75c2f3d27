/**
 * What was asked and what became of it: the last requests, bounded by their number and by the
 * memory they take.
 *
 * Entering a request keeps references to what the pipeline made anyway, in a ring; whatever is
 * shown of it is made by `view.ts` when somebody looks.
 *
 * @module
 */

import { JOURNAL_BYTES_MAX, JOURNAL_ENTRIES_MAX } from "../core/limits.ts";
import type { Score } from "../core/score.ts";
import type { AskedRecord, Record } from "./record.ts";
import { weigh } from "./weight.ts";

/** How a performance went, as `lib/play` tells it. Times are in milliseconds after it began. */
export interface Performed {
  /** When the first bytes were handed over. */
  readonly firstMs: number;
  /** When the last ones were, or when the client left. */
  readonly totalMs: number;
  /** Content deltas handed over. */
  readonly deltas: number;
  /** How it ended. */
  readonly ended: "complete" | "client left" | "stopped" | "broken";
  /** How far it was moved back after a standstill of the machine. */
  readonly reanchoredMs: number;
  /** How late the latest of its writes was. */
  readonly lateMs: number;
  /** How much text was handed over, in UTF-16 code units. */
  readonly sentChars: number;
}

/** A request in the journal. */
export interface Entry extends Omit<Record, "score"> {
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

/** How much a {@linkcode Journal} holds. */
export interface JournalBounds {
  /** How many requests. */
  readonly entriesMax: number;
  /** How much memory they may take, estimated. */
  readonly bytesMax: number;
}

const BOUNDS: JournalBounds = {
  entriesMax: JOURNAL_ENTRIES_MAX,
  bytesMax: JOURNAL_BYTES_MAX,
};

/** The last requests, oldest first. */
export class Journal {
  readonly #bounds: JournalBounds;
  readonly #listeners = new Set<Listener>();
  /** A ring: `#size` entries from `#first` on. */
  #ring: (Kept | undefined)[];
  #first = 0;
  #size = 0;
  #bytes = 0;
  #given = 0;
  #dropped = 0;

  /** An empty journal. */
  constructor(bounds: JournalBounds = BOUNDS) {
    this.#bounds = bounds;
    this.#ring = new Array(bounds.entriesMax);
  }

  /** How many requests it holds. */
  get size(): number {
    return this.#size;
  }

  /** What they take in memory, estimated. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many were forgotten because there were too many, or too large ones. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Number of the request entered last; 0 when there was none. */
  get last(): number {
    return this.#given;
  }

  /** Enters a request whose answer begins. */
  open(record: Record): OpenEntry {
    const entry = new Kept(++this.#given, record, this.#listeners);
    if (this.#size === this.#bounds.entriesMax) this.#drop();
    this.#add(entry);
    while (this.#bytes > this.#bounds.bytesMax && this.#size > 1) this.#drop();
    if (this.#listeners.size > 0) tell(this.#listeners, "open", entry);
    return entry;
  }

  /** All of them, oldest first. */
  entries(): readonly Entry[] {
    return this.#kept();
  }

  /** The one with `number`. */
  get(number: number): Entry | undefined {
    return this.#kept().find((entry) => entry.number === number);
  }

  /** Forgets all, or those of one session; gives how many that were. Numbers go on. */
  clear(session?: string): number {
    const all = this.#kept();
    const others = session === undefined
      ? []
      : all.filter((entry) => entry.session !== session);
    this.#ring = new Array(this.#bounds.entriesMax);
    this.#first = this.#size = this.#bytes = 0;
    for (const entry of others) this.#add(entry);
    if (session === undefined) this.#dropped = 0;
    return all.length - others.length;
  }

  /** Has `listener` told of all that happens from now on; gives what ends that. */
  subscribe(listener: Listener): () => void {
    const own: Listener = (type, entry) => listener(type, entry);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  #add(entry: Kept): void {
    this.#ring[(this.#first + this.#size) % this.#ring.length] = entry;
    this.#size++;
    this.#bytes += entry.bytes;
  }

  #drop(): void {
    const oldest = this.#ring[this.#first];
    this.#ring[this.#first] = undefined;
    this.#first = (this.#first + 1) % this.#ring.length;
    this.#size--;
    this.#bytes -= oldest?.bytes ?? 0;
    this.#dropped++;
  }

  #kept(): Kept[] {
    const kept: Kept[] = [];
    for (let at = 0; at < this.#size; at++) {
      const entry = this.#ring[(this.#first + at) % this.#ring.length];
      if (entry !== undefined) kept.push(entry);
    }
    return kept;
  }
}

/** An entry, and what ends it. */
class Kept implements Entry, OpenEntry {
  readonly number: number;
  readonly arrivedEpochMs: number;
  readonly method: string;
  readonly url: string;
  readonly route: string | undefined;
  readonly headers: Headers;
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
    this.headers = record.headers;
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
    this.#score = asked === undefined ? score : undefined;
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

function tell(
  listeners: ReadonlySet<Listener>,
  type: "open" | "end",
  entry: Entry,
): void {
  for (const listener of listeners) listener(type, entry);
}

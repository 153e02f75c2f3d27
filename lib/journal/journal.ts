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
import {
  type Entry,
  Kept,
  type Listener,
  type OpenEntry,
  tell,
} from "./entry.ts";
import type { Record } from "./record.ts";

export type { Entry, Listener, OpenEntry, Performed } from "./entry.ts";

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

/**
 * `GET /_mock/requests/stream`: requests as they begin and end, as server-sent events.
 *
 * A reader that is slow loses events and is told how many; one that left costs nothing.
 *
 * @module
 */

import type { Timer } from "../core/deadlines.ts";
import {
  ADMIN_EVENTS_WAITING_MAX,
  ADMIN_KEEP_ALIVE_MS,
  ADMIN_STREAMS_MAX,
} from "../core/limits.ts";
import type { Filter } from "../journal/query.ts";
import { summaryOf } from "../journal/view.ts";
import { sse, SSE_TYPE, sseComment } from "../wire/framing.ts";
import { safeJson } from "./ask.ts";
import {
  type AdminAnswer,
  AdminError,
  type AdminParts,
  type Stoppable,
} from "./route.ts";

/** What streams need of the parts. */
export type FeedParts = Pick<AdminParts, "journal" | "clock" | "streams">;

/** The streams that are open, of which there can only be so many. */
export class Feed {
  readonly #parts: FeedParts;
  readonly #open = new Set<Stoppable>();

  /** Streams of what `parts` tell. */
  constructor(parts: FeedParts) {
    this.#parts = parts;
  }

  /** A stream of the requests that `filter` keeps. */
  answer(filter: Filter): AdminAnswer {
    if (this.#open.size >= ADMIN_STREAMS_MAX) {
      throw new AdminError(
        503,
        `${ADMIN_STREAMS_MAX} streams of requests are open already. Close one of them`,
      );
    }
    const source = new FeedSource(this.#parts, filter, this.#open);
    const stream = new ReadableStream(source, { highWaterMark: 0 });
    return { status: 200, type: SSE_TYPE, stream };
  }
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

const encoder = new TextEncoder();

/** One stream. It is open once somebody reads it: who never does may never leave either. */
class FeedSource implements UnderlyingDefaultSource<Uint8Array>, Stoppable {
  readonly #parts: FeedParts;
  readonly #filter: Filter;
  readonly #open: Set<Stoppable>;
  readonly #timer: Timer;
  #leave: (() => void) | undefined;
  #waiting: string[] = [];
  #lost = 0;
  /** Who waits for the next event; undefined while there is no hurry. */
  #reader: Controller | undefined;
  #controller: Controller | undefined;

  constructor(parts: FeedParts, filter: Filter, open: Set<Stoppable>) {
    this.#parts = parts;
    this.#filter = filter;
    this.#open = open;
    this.#timer = parts.clock.timer(() => this.#keepAlive());
  }

  pull(controller: Controller): void {
    this.#controller = controller;
    this.#reader = controller;
    if (this.#leave === undefined) this.#begin();
    else this.#flush();
  }

  cancel(): void {
    this.#end();
  }

  stop(): void {
    const controller = this.#controller;
    this.#end();
    controller?.close();
  }

  #begin(): void {
    this.#open.add(this);
    this.#parts.streams?.add(this);
    this.#leave = this.#parts.journal.subscribe((type, entry) => {
      if (!this.#filter(entry)) return;
      this.#enter(sse(safeJson(summaryOf(entry)), type));
    });
    this.#write(sseComment("every request as it begins and as it ends"));
  }

  #end(): void {
    this.#leave?.();
    this.#timer.clear();
    this.#open.delete(this);
    this.#parts.streams?.delete(this);
    this.#controller = this.#reader = undefined;
    this.#waiting = [];
  }

  #enter(event: string): void {
    this.#waiting.push(event);
    if (this.#waiting.length > ADMIN_EVENTS_WAITING_MAX) {
      this.#waiting.shift();
      this.#lost++;
    }
    this.#flush();
  }

  #flush(): void {
    if (this.#reader === undefined || this.#waiting.length === 0) return;
    const told = this.#lost === 0
      ? ""
      : sse(JSON.stringify({ count: this.#lost }), "dropped");
    const text = told + this.#waiting.join("");
    this.#waiting = [];
    this.#lost = 0;
    this.#write(text);
  }

  #keepAlive(): void {
    if (this.#reader === undefined) this.#rest();
    else this.#write(sseComment("keep-alive"));
  }

  #write(text: string): void {
    const reader = this.#reader;
    this.#reader = undefined; // first, since a reader may pull from within `enqueue`
    this.#rest();
    reader?.enqueue(encoder.encode(text));
  }

  #rest(): void {
    const { clock } = this.#parts;
    this.#timer.set(clock.now() + ADMIN_KEEP_ALIVE_MS);
  }
}

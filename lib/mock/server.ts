/**
 * The server of a mock: it answers until it is closed, in process and on ports.
 *
 * @module
 */

import manifest from "../../deno.json" with { type: "json" };
import { createApp } from "../app.ts";
import { until } from "../core/clock.ts";
import type { Handler } from "../core/handler.ts";
import { Journal } from "../journal/journal.ts";
import { endedOf } from "../journal/view.ts";
import { Coverage } from "../match/coverage.ts";
import type { Config } from "../match/rule.ts";
import { Sessions } from "../match/sessions.ts";
import { OpenStreams, type Stoppable } from "../play/play.ts";
import { type ListenOptions, listenWith, type MockListener } from "./listen.ts";
import type { MockOptions } from "./options.ts";
import { Overlays } from "./overlay.ts";
import { clockAt, type MockClock, QuietClock } from "./time.ts";

/** Answers as the mock. */
export class Server {
  /** Time of replies. */
  readonly clock: MockClock;
  /** What was asked. */
  readonly journal: Journal = new Journal();
  /** Counters and states. */
  readonly sessions: Sessions = new Sessions();
  /** Rules added. */
  readonly overlays: Overlays;
  /** Answers a request; rejects once the mock is closed. */
  readonly handler: Handler;
  readonly #realClock: MockClock;
  readonly #app: Handler;
  readonly #streams = new MockStreams();
  readonly #listeners = new Set<MockListener>();
  readonly #defects: unknown[] = [];
  #answering = 0;
  #changed: PromiseWithResolvers<void> | undefined;
  #closing: Promise<void> | undefined;

  /** Answers from `config`. */
  constructor(config: Config, options: MockOptions) {
    const { speed = 1, clock } = options;
    const seed = seedOf(options.seed ?? config.settings.seed ?? 1);
    this.clock = clockAt(speed, clock);
    this.#realClock = new QuietClock(clock);
    this.overlays = new Overlays(config, this.sessions);
    this.handler = (...asked) => this.#answer(asked);
    this.#app = createApp({
      clock: this.clock,
      realClock: this.#realClock,
      config: () => config,
      seed,
      version: manifest.version,
      sessions: this.sessions,
      journal: this.journal,
      coverage: new Coverage(),
      streams: this.#streams,
      admin: { streams: this.#streams },
      onDefect: (error) => this.#defects.push(error),
    });
    this.journal.subscribe((type) => type === "end" && this.#change());
  }

  /** Listens on a port. */
  async listen(options: ListenOptions): Promise<MockListener> {
    if (this.#closing !== undefined) throw closedError();
    const listener = await listenWith(
      this.handler,
      options,
      this.#realClock,
      (closed) => this.#listeners.delete(closed),
    );
    this.#listeners.add(listener);
    return listener;
  }

  /** Resolves when no reply is being given any more. */
  async idle(): Promise<void> {
    while (this.#isBusy()) {
      this.#changed ??= Promise.withResolvers();
      await this.#changed.promise;
    }
  }

  /** Ends what is open. Rejects if mockllm itself went wrong on the way. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #answer(asked: Parameters<Handler>): Promise<Response> {
    if (this.#closing !== undefined) throw closedError();
    this.#answering++;
    try {
      await this.overlays.looking;
      return await this.#app(...asked);
    } finally {
      this.#answering--;
      this.#change();
    }
  }

  #isBusy(): boolean {
    return this.#answering > 0 ||
      this.journal.entries().some((entry) => endedOf(entry) === "open");
  }

  #change(): void {
    this.#changed?.resolve();
    this.#changed = undefined;
  }

  /** Replies that have not begun are made to begin, since only then they can be ended. */
  async #close(): Promise<void> {
    this.#streams.close();
    for (let turn = 0; this.#answering > 0 && turn < TURNS_MAX; turn++) {
      this.clock.rush();
      await until(this.#realClock, this.#realClock.now() + 1);
    }
    this.clock.close();
    await Promise.all([...this.#listeners].map((each) => each.close()));
    this.#realClock.close();
    if (this.#defects.length === 0) return;
    throw new AggregateError(
      this.#defects,
      `mockllm itself went wrong: ${String(this.#defects[0])}`,
    );
  }
}

/** How many turns of the event loop a reply may take to begin when its mock is closed. */
const TURNS_MAX = 500;

/** Streams of a mock: once it is closed, they end as soon as somebody reads them. */
class MockStreams extends OpenStreams {
  #closed = false;

  override add(stream: Stoppable): void {
    super.add(stream);
    if (this.#closed) queueMicrotask(() => stream.stop());
  }

  close(): void {
    this.#closed = true;
    this.stop();
  }
}

/** `seed`, if it is one. Throws `RangeError`. */
function seedOf(seed: number): number {
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new RangeError(
    `seed must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, not ${seed}`,
  );
}

function closedError(): Error {
  return new TypeError("The mock is closed");
}

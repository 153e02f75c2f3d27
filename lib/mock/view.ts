/**
 * What a test has of a mock: all of its sessions, or one.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import type { Entry, Journal } from "../journal/journal.ts";
import type { Sessions } from "../match/sessions.ts";
import { type RequestEntry, requestEntry } from "./entry.ts";
import { type Expected, expectOrder, expectRequests } from "./expect.ts";
import type { Fetch } from "./fetch.ts";
import type { Overlays } from "./overlay.ts";
import { callerPlace } from "./place.ts";
import type { MockRule, MockWhen } from "./rule_types.ts";
import { fetchIn, SESSION_HEADER } from "./session.ts";

/** What a test has of a mock, or of one session of it. */
export interface MockView {
  /** Answers in process: hand it to any SDK as its `fetch`. The host of the URL does not matter. */
  readonly fetch: Fetch;
  /** The requests so far, oldest first, as they are now. */
  readonly requests: readonly RequestEntry[];
  /** Adds rules, tried in order, before all others; those of the same name are replaced. Throws {@linkcode MockError}. */
  use(...rules: readonly MockRule[]): void;
  /** The requests that match `when`; throws {@linkcode ExpectationError} if they are not as many as expected, at least one. */
  expect(when: MockWhen, expected?: Expected): readonly RequestEntry[];
  /** Throws {@linkcode ExpectationError} unless requests came in this order, others in between or not. */
  expectInOrder(whens: readonly MockWhen[]): void;
  /** Back to how it was made: rules added since, counters, states and requests are forgotten. */
  reset(): void;
}

/** One session: its requests, counters, states and rules are its own. */
export interface MockSession extends MockView {
  /** Its name. */
  readonly name: string;
  /** The headers that tell a client's session, for clients that do not use its `fetch`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a {@linkcode View} looks at. */
export interface ViewParts {
  /** Time. */
  readonly clock: Clock;
  /** What was asked. */
  readonly journal: Journal;
  /** Counters and states. */
  readonly sessions: Sessions;
  /** Rules added. */
  readonly overlays: Overlays;
}

/** All sessions, or one. */
export class View implements MockView {
  readonly fetch: Fetch;
  readonly #parts: ViewParts;
  readonly #session: string | undefined;

  /** What belongs to `session`; everything, if undefined. */
  constructor(parts: ViewParts, session: string | undefined, fetch: Fetch) {
    this.#parts = parts;
    this.#session = session;
    this.fetch = fetch;
  }

  get requests(): readonly RequestEntry[] {
    const { journal } = this.#parts;
    return this.#shown(
      journal.entries().filter(({ session }) =>
        this.#session === undefined || session === this.#session
      ),
    );
  }

  use(...rules: readonly MockRule[]): void {
    const place = callerPlace() ?? "use()";
    this.#parts.overlays.add(rules, place, this.#session ?? "");
  }

  expect(when: MockWhen, expected: Expected = {}): readonly RequestEntry[] {
    const { journal } = this.#parts;
    return this.#shown(expectRequests(when, expected, journal, this.#session));
  }

  expectInOrder(whens: readonly MockWhen[]): void {
    expectOrder(whens, this.#parts.journal, this.#session);
  }

  reset(): void {
    const { sessions, overlays, journal } = this.#parts;
    const name = this.#session;
    for (const each of name === undefined ? sessions : [sessions.of(name)]) {
      overlays.clear(each.name);
      each.resetCounters();
    }
    journal.clear(name);
  }

  #shown(entries: readonly Entry[]): readonly RequestEntry[] {
    return entries.map((entry) => requestEntry(entry, this.#parts.clock));
  }
}

/** One session. */
export class SessionView extends View implements MockSession {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;

  /** The session `name` of whatever answers `fetch`. */
  constructor(parts: ViewParts, name: string, fetch: Fetch) {
    super(parts, name, fetchIn(name, fetch));
    this.name = name;
    this.headers = { [SESSION_HEADER]: name };
  }
}

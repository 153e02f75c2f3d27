/**
 * What the server remembers of each session: how many requests it made, its scenario state,
 * how often each rule answered it, and rules that were given to it alone.
 *
 * @module
 */

import { SESSIONS_MAX } from "../core/limits.ts";
import { Quotas } from "./quotas.ts";
import { RuleBook } from "./rulebook.ts";
import { type RuleSpec, STATE_START } from "./rule.ts";

/** One session. Requests without `X-Mock-Session` share the one without a name. */
export class Session {
  /** What `X-Mock-Session` says; empty for the shared one. */
  readonly name: string;
  /** Its scenario state. */
  state: string = STATE_START;
  /** Rules given at run time, tried before those of everybody. */
  overlay: RuleBook = RuleBook.EMPTY;
  #requests = 0;
  #hits = new Map<string, number>();
  /** Of rules without a name: their places move when a file is edited, and others come there. */
  #hitsUnnamed = new WeakMap<RuleSpec, number>();

  /** A session that has asked nothing yet. */
  constructor(name: string) {
    this.name = name;
  }

  /** Counts a request; gives how many there were before it. */
  nextOrdinal(): number {
    return this.#requests++;
  }

  /** How often `rule` has answered. */
  hits(rule: RuleSpec): number {
    const hits = isNamed(rule)
      ? this.#hits.get(rule.name)
      : this.#hitsUnnamed.get(rule);
    return hits ?? 0;
  }

  /** Notes that `rule` answers; gives how often it had before. */
  hit(rule: RuleSpec): number {
    const before = this.hits(rule);
    if (isNamed(rule)) this.#hits.set(rule.name, before + 1);
    else this.#hitsUnnamed.set(rule, before + 1);
    if (rule.sets !== undefined) this.state = rule.sets;
    return before;
  }

  /** Forgets how often the rules called `names` answered: given anew, they begin anew. */
  forget(names: ReadonlySet<string>): void {
    for (const name of this.#hits.keys()) {
      if (names.has(name)) this.#hits.delete(name);
    }
  }

  /** Forgets counters and state. */
  resetCounters(): void {
    this.#hits.clear();
    this.#hitsUnnamed = new WeakMap();
    this.#requests = 0;
    this.state = STATE_START;
  }
}

function isNamed({ name, place }: RuleSpec): boolean {
  return name !== place;
}

/** All sessions, bounded: the one that has been quiet longest is forgotten. */
export class Sessions {
  /** What the keys of all of them have used. */
  readonly quotas: Quotas = new Quotas();
  readonly #shared = new Session("");
  readonly #byName = new Map<string, Session>();

  /** The session `name`, begun if there is none. */
  of(name: string): Session {
    if (name === "") return this.#shared;
    const known = this.#byName.get(name);
    const session = known ?? new Session(name);
    if (known !== undefined) this.#byName.delete(name);
    this.#byName.set(name, session);
    if (this.#byName.size > SESSIONS_MAX) this.#forgetOldest();
    return session;
  }

  /** The session `name`, if there is one. */
  get(name: string): Session | undefined {
    return name === "" ? this.#shared : this.#byName.get(name);
  }

  /** Every session, the one without a name first. */
  *[Symbol.iterator](): Generator<Session> {
    yield this.#shared;
    yield* this.#byName.values();
  }

  /** Those with rules of their own are missed most: of the oldest, one without goes first. */
  #forgetOldest(): void {
    let looked = 0;
    for (const [name, { overlay }] of this.#byName) {
      if (overlay === RuleBook.EMPTY || ++looked === SPARED_MAX) {
        this.#byName.delete(name);
        return;
      }
    }
  }
}

/** How many sessions with rules are passed over before one of them is forgotten. */
const SPARED_MAX = 1_000;

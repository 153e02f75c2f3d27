/**
 * How many requests each session has made: what makes the ids of two equal requests differ.
 *
 * @module
 */

import { SESSIONS_MAX } from "../core/limits.ts";

/** Counts requests by session; forgets the session that has been quiet longest. */
export class Ordinals {
  #shared = 0;
  #bySession = new Map<string, number>();

  /** The ordinal of this request in `session`; those without one count together. */
  next(session: string): number {
    if (session === "") return this.#shared++;
    const ordinal = this.#bySession.get(session) ?? 0;
    this.#bySession.delete(session);
    this.#bySession.set(session, ordinal + 1);
    if (this.#bySession.size > SESSIONS_MAX) this.#forgetOldest();
    return ordinal;
  }

  #forgetOldest(): void {
    for (const oldest of this.#bySession.keys()) {
      this.#bySession.delete(oldest);
      return;
    }
  }
}

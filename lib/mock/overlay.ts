/**
 * Rules that a program adds while a mock runs, tried before all others.
 *
 * @module
 */

import { OVERLAY_RULES_MAX } from "../core/limits.ts";
import { BadRequest } from "../core/reply.ts";
import type { Rule } from "../match/compiled_rule.ts";
import type { Config } from "../match/rule.ts";
import { RuleBook } from "../match/rulebook.ts";
import type { Sessions } from "../match/sessions.ts";
import type { MockError } from "./errors.ts";
import { readRules } from "./rules.ts";
import type { MockRule } from "./rule_types.ts";

/** The rules of all sessions. */
export class Overlays {
  readonly #config: Config;
  readonly #sessions: Sessions;
  readonly #placesUsed = new Map<string, number>();
  readonly #looking = new Set<Promise<unknown>>();

  /** Rules on top of those of `config`. */
  constructor(config: Config, sessions: Sessions) {
    this.#config = config;
    this.#sessions = sessions;
  }

  /** Resolves once all rules were looked at; undefined when they were. */
  get looking(): Promise<unknown> | undefined {
    return this.#looking.size === 0 ? undefined : Promise.all(this.#looking);
  }

  /** Puts `given`, written at `place`, before the rules of `session`; those of the same names go. Throws `MockError`. */
  add(given: readonly MockRule[], place: string, session: string): void {
    if (given.length === 0) return;
    const { rules, later } = readRules(
      given,
      "use()",
      this.#config,
      () => this.#numbered(place),
    );
    const names = new Set(rules.map(({ name }) => name));
    const of = this.#sessions.of(session);
    const kept = of.overlay.rules.filter(({ name }) => !names.has(name));
    if (rules.length + kept.length > OVERLAY_RULES_MAX) {
      throw new RangeError(
        `A mock takes ${OVERLAY_RULES_MAX} rules from use(). Give it those that stay when it is made`,
      );
    }
    const all = later === undefined ? rules : this.#watched(rules, later);
    of.overlay = new RuleBook([...all, ...kept]);
    this.#forget(names, session);
  }

  /** Takes back what was added to `session`. */
  clear(session: string): void {
    const of = this.#sessions.get(session);
    if (of !== undefined) of.overlay = RuleBook.EMPTY;
  }

  /** Rules given anew begin anew; those of everybody, in each session. */
  #forget(names: ReadonlySet<string>, session: string): void {
    const all = session === "" ? this.#sessions : [this.#sessions.of(session)];
    for (const each of all) each.forget(names);
  }

  /** A line may be run again, and hold several rules. */
  #numbered(place: string): string {
    const used = (this.#placesUsed.get(place) ?? 0) + 1;
    this.#placesUsed.set(place, used);
    return used === 1 ? place : `${place} (${used})`;
  }

  /** Templates are looked at when they can be: until then requests wait, and whoever meets a bad one is told. */
  #watched(
    rules: readonly Rule[],
    later: Promise<MockError | undefined>,
  ): readonly Rule[] {
    let error: MockError | undefined;
    const looking = later.then((found) => {
      error = found;
      this.#looking.delete(looking);
    });
    this.#looking.add(looking);
    return rules.map((rule) => ({
      ...rule,
      holds: (context) => {
        if (rule.holds?.(context) === false) return false;
        if (error === undefined) return true;
        throw new BadRequest({ kind: "broken-rule", message: error.message });
      },
    }));
  }
}

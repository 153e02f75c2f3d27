/**
 * Which rules and responses have been of use, and which never were.
 *
 * Counts by name, so that a reload forgets nothing; what there is to be hit is asked of the
 * configuration in force when somebody reads.
 *
 * @module
 */

import { COVERAGE_NAMES_MAX } from "../core/limits.ts";
import type { Source } from "../core/plan.ts";
import type { Config, RuleSpec } from "./rule.ts";

/** How often one rule or response answered. */
export interface Used {
  /** Name of the rule, or prompt of the response. */
  readonly name: string;
  /** Where it stands: `responses.yml:12`. */
  readonly place: string;
  /** How many answers it gave. */
  readonly hits: number;
}

/** What answered how often. */
export interface CoverageReport {
  /** Every rule, in the order in which they are tried. */
  readonly rules: readonly Used[];
  /** Every response, in order of the files. */
  readonly responses: readonly Used[];
  /** How often nothing scripted matched: the default answered, or strictness refused. */
  readonly unmatched: number;
  /** How often random tokens were asked for by headers. */
  readonly tokens: number;
  /** Answers of rules and responses beyond those that are counted by name. */
  readonly uncounted: number;
}

/** Counts what answers. */
export class Coverage {
  readonly #namesMax: number;
  readonly #rules = new Map<string, number>();
  readonly #responses = new Map<string, number>();
  #unmatched = 0;
  #tokens = 0;
  #uncounted = 0;

  /** Nothing has answered yet. */
  constructor(namesMax: number = COVERAGE_NAMES_MAX) {
    this.#namesMax = namesMax;
  }

  /** How often nothing scripted matched. */
  get unmatched(): number {
    return this.#unmatched;
  }

  /** Counts an answer. */
  count({ type, name }: Source): void {
    switch (type) {
      case "rule":
        return this.#increment(this.#rules, name);
      case "response":
        return this.#increment(this.#responses, name);
      case "default":
      case "none":
        this.#unmatched++;
        return;
      case "tokens":
        this.#tokens++;
    }
  }

  /** How often the rule called `name` answered. */
  hits(name: string): number {
    return this.#rules.get(name) ?? 0;
  }

  /** Begins anew. */
  reset(): void {
    this.#rules.clear();
    this.#responses.clear();
    this.#unmatched = this.#tokens = this.#uncounted = 0;
  }

  /** What answered how often, of `more` rules given at run time and all that `config` holds. */
  report(config: Config, more: readonly RuleSpec[] = []): CoverageReport {
    const rules = [...more, ...config.rules];
    return {
      rules: rules.map(({ name, place }) => ({
        name,
        place,
        hits: this.hits(name),
      })),
      responses: [...config.exact.values()].map(({ prompt, place }) => ({
        name: prompt,
        place,
        hits: this.#responses.get(prompt) ?? 0,
      })),
      unmatched: this.#unmatched,
      tokens: this.#tokens,
      uncounted: this.#uncounted,
    };
  }

  #increment(counts: Map<string, number>, name: string): void {
    const before = counts.get(name);
    if (before === undefined && counts.size >= this.#namesMax) {
      this.#uncounted++;
    } else counts.set(name, (before ?? 0) + 1);
  }
}

/** Those that never answered. */
export function unused(all: readonly Used[]): readonly Used[] {
  return all.filter(({ hits }) => hits === 0);
}

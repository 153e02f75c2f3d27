/**
 * What one answer that nobody wrote may cost: values, texts, and work of all kinds. It knows
 * nothing of schemas but that they are judged by.
 *
 * @module
 */

import {
  AUTO_CHARS_MAX,
  AUTO_STEPS_MAX,
  AUTO_VALUES_MAX,
  SCHEMA_STEPS_MAX,
} from "../core/limits.ts";
import type { SchemaBook } from "./schema.ts";
import { Judge } from "./schema_judge.ts";
import { Patterns } from "./schema_patterns.ts";
import { Steps } from "./steps.ts";

/** What all attempts at one answer together may spend. */
export class Purse {
  #values: number;
  #schemas: number;
  #chars: number;
  /** What may still be done. */
  readonly steps: Steps;
  /** The patterns that were tried. */
  readonly patterns = new Patterns();

  /** One of so many parts of what there is. */
  constructor(parts: number) {
    this.#values = AUTO_VALUES_MAX / parts;
    this.#schemas = SCHEMAS_MAX / parts;
    this.#chars = AUTO_CHARS_MAX / parts;
    this.steps = new Steps(AUTO_STEPS_MAX / parts);
  }

  /** Whether nothing more can be made. */
  get isEmpty(): boolean {
    return this.#values <= 0 || this.#schemas <= 0 || this.#chars <= 0 ||
      this.steps.left <= 0;
  }

  /** What a judge says that may use what steps there are. */
  judged<Result>(book: SchemaBook, ask: (judge: Judge) => Result): Result {
    const most = Math.min(this.steps.left, SCHEMA_STEPS_MAX);
    const steps = new Steps(most);
    const result = ask(new Judge(book, steps, this.patterns));
    this.steps.take(most - steps.left);
    return result;
  }

  /** Pays for a value. */
  value(): void {
    this.#values--;
  }

  /** Pays for a look at a schema, which takes `steps`; says whether there is more. */
  schema(steps: number): boolean {
    const affords = this.steps.take(steps);
    return --this.#schemas > 0 && affords;
  }

  /** Pays for a text; what of it could be paid for. */
  text(text: string): string {
    const kept = text.slice(0, Math.max(0, this.#chars)).toWellFormed();
    this.#chars -= text.length;
    return kept;
  }
}

/** Looks at a schema cost less than values, and there are more of them. */
const SCHEMAS_MAX = 4 * AUTO_VALUES_MAX;

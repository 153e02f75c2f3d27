/**
 * An account of work: whoever works on what a stranger sent pays for each step, and stops when
 * nothing is left. It knows nothing of what is done.
 *
 * @module
 */

/** So many steps of work. */
export class Steps {
  #left: number;

  /** An account of `count` steps. */
  constructor(count: number) {
    this.#left = count;
  }

  /** How many are left; below 0 when they were not enough. */
  get left(): number {
    return this.#left;
  }

  /** Takes `count` of them; false where there are not enough. */
  take(count = 1): boolean {
    this.#left -= count;
    return this.#left >= 0;
  }
}

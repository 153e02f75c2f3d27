/**
 * Work on many requests, or on a long one, that leaves others their turn: replies that are
 * being paced must not wait until somebody's question about the journal is answered, or until
 * somebody has a hundred answers.
 *
 * The work is a generator that yields wherever it may rest.
 *
 * @module
 */

import { type Clock, until } from "./clock.ts";
import { RECOUNT_MS_MAX } from "./limits.ts";

/** Work that can rest. */
export type Work<T> = Generator<void, T>;

/** Does `work` to its end; lets others have their turn each {@linkcode RECOUNT_MS_MAX}. */
export async function atLeisure<T>(work: Work<T>, clock: Clock): Promise<T> {
  let sinceMs = clock.now();
  for (let step = work.next();; step = work.next()) {
    if (step.done === true) return step.value;
    if (clock.now() - sinceMs < RECOUNT_MS_MAX) continue;
    await until(clock, clock.now() + 1); // others first
    sinceMs = clock.now();
  }
}

/** Does `work` to its end, now. */
export function atOnce<T>(work: Work<T>): T {
  for (let step = work.next();; step = work.next()) {
    if (step.done === true) return step.value;
  }
}

/** What `change` makes of each of `items`; rests after each. */
export function* eachOf<Item, T>(
  items: Iterable<Item>,
  change: (item: Item) => T,
): Work<T[]> {
  const changed: T[] = [];
  for (const item of items) {
    changed.push(change(item));
    yield;
  }
  return changed;
}

/** Those of `items` that pass `test`; rests after each. */
export function* thoseOf<Item>(
  items: Iterable<Item>,
  test: (item: Item) => boolean,
): Work<Item[]> {
  const passed: Item[] = [];
  for (const item of items) {
    if (test(item)) passed.push(item);
    yield;
  }
  return passed;
}

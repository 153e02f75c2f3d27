/**
 * Waiting for something, but not for ever.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";

/** Whether `work` ended within `graceMs`. A rejection counts as an end. */
export function endedWithin(
  work: Promise<unknown>,
  graceMs: number,
  clock: Clock,
): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = clock.timer(() => resolve(false));
    timer.set(clock.now() + graceMs);
    const end = () => {
      timer.clear();
      resolve(true);
    };
    work.then(end, end);
  });
}

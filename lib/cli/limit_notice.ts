/**
 * Tells the operator that requests meet a limit: each limit once a minute, however many do.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import { LIMIT_NOTICE_MS_MIN } from "../core/limits.ts";
import type { Failure } from "../core/reply.ts";
import type { Log } from "./log.ts";

/** What to call for every request that met a limit. */
export function limitTeller(
  clock: Clock,
  log: Pick<Log, "say">,
): (failure: Failure) => void {
  const toldMs = new Map<string, number>();
  return ({ limit = "", message }) => {
    const nowMs = clock.now();
    if (nowMs - (toldMs.get(limit) ?? -Infinity) < LIMIT_NOTICE_MS_MIN) return;
    toldMs.set(limit, nowMs);
    log.say({
      type: "warning",
      message:
        `Refused a request: ${message} (${limit}). Others like it are not told for a minute`,
    });
  };
}

/**
 * Tells the operator that requests meet a limit: each limit once a minute, however many
 * requests do, in however many processes. Workers leave the telling to their parent.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import { LIMIT_NOTICE_MS_MIN, LIMIT_PASS_ON_MS_MIN } from "../core/limits.ts";
import type { Failure } from "../core/reply.ts";
import type { Output } from "./io.ts";
import type { Log } from "./log.ts";

/** What is told of a refusal. */
export type Met = Pick<Failure, "limit" | "message">;

/** What to call for every request that met a limit. */
export type LimitTeller = (met: Met) => void;

/** Says it in `log`. */
export function limitTeller(
  clock: Clock,
  log: Pick<Log, "say">,
): LimitTeller {
  return seldom(
    clock,
    LIMIT_NOTICE_MS_MIN,
    ({ limit = "", message }) =>
      log.say({
        type: "warning",
        message:
          `Refused a request: ${message} (${limit}). Others like it are not told for a minute`,
      }),
  );
}

const MARK = "limit ";

/** Passes it on to the parent of a worker, as a line of what the worker writes. */
export function limitPasser(
  clock: Clock,
  out: Pick<Output, "write">,
): LimitTeller {
  return seldom(
    clock,
    LIMIT_PASS_ON_MS_MIN,
    ({ limit = "", message }) =>
      out.write(`${MARK}${JSON.stringify({ limit, message })}\n`),
  );
}

/** What a line passes on, if it is one of {@linkcode limitPasser}. */
export function passedOn(line: string): Met | undefined {
  return line.startsWith(MARK)
    ? JSON.parse(line.slice(MARK.length)) as Met
    : undefined;
}

/** Does `tell` for each limit at most once in `everyMs`. */
function seldom(clock: Clock, everyMs: number, tell: LimitTeller): LimitTeller {
  const toldMs = new Map<string, number>();
  return (met) => {
    const { limit = "" } = met;
    const nowMs = clock.now();
    if (nowMs - (toldMs.get(limit) ?? -Infinity) < everyMs) return;
    toldMs.set(limit, nowMs);
    tell(met);
  };
}

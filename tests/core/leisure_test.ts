import assert from "node:assert/strict";
import type { Clock } from "../../lib/core/clock.ts";
import { RECOUNT_MS_MAX } from "../../lib/core/limits.ts";
import { atLeisure, atOnce, eachOf, thoseOf } from "../../lib/core/leisure.ts";

/** A clock on which each look takes `stepMs`, and what counts the rests taken on it. */
function busyClock(stepMs: number): { clock: Clock; rests(): number } {
  let nowMs = 0;
  let rests = 0;
  const timer = (ring: (lateMs: number) => void) => ({
    set() {
      rests++;
      queueMicrotask(() => ring(0));
    },
    clear() {},
  });
  const clock = { now: () => nowMs += stepMs, epochMs: () => 0, timer };
  return { clock, rests: () => rests };
}

Deno.test("atLeisure(): rests each RECOUNT_MS_MAX, and not before", async () => {
  for (const [stepMs, rests] of [[RECOUNT_MS_MAX, 5], [0.1, 0]] as const) {
    const busy = busyClock(stepMs);
    const work = eachOf([1, 2, 3, 4, 5], (each) => each * 2);
    assert.deepEqual(await atLeisure(work, busy.clock), [2, 4, 6, 8, 10]);
    assert.equal(busy.rests(), rests);
  }
});

Deno.test("atLeisure(): rejects with what the work throws", async () => {
  const work = eachOf([1], () => {
    throw new TypeError("no");
  });
  await assert.rejects(atLeisure(work, busyClock(1).clock), TypeError);
});

Deno.test("atOnce(): does the same without a rest", () => {
  assert.deepEqual(atOnce(thoseOf([1, 2, 3], (each) => each !== 2)), [1, 3]);
});

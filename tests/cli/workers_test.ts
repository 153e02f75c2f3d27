import assert from "node:assert/strict";
import { restartWaitMs } from "../../lib/cli/workers.ts";
import { RESTART_MS_MAX, RESTART_MS_MIN } from "../../lib/core/limits.ts";

Deno.test("a worker that does not get ready is started again after ever longer waits, up to the limit", () => {
  const waits: number[] = [];
  while (waits.length < 12) waits.push(restartWaitMs(false, waits.at(-1)));
  assert.equal(waits[0], RESTART_MS_MIN);
  assert.equal(waits.at(-1), RESTART_MS_MAX);
  for (const [index, waitMs] of waits.slice(1).entries()) {
    assert.equal(waitMs, Math.min(2 * (waits[index] ?? 0), RESTART_MS_MAX));
  }
});

Deno.test("a worker that was ready is started again after the shortest wait, whatever came before", () => {
  for (const lastMs of [undefined, RESTART_MS_MIN, RESTART_MS_MAX]) {
    assert.equal(restartWaitMs(true, lastMs), RESTART_MS_MIN);
  }
});

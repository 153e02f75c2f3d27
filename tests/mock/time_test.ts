import assert from "node:assert/strict";
import { until } from "../../lib/core/clock.ts";
import { clockAt, QuietClock } from "../../lib/mock/time.ts";
import { ManualClock } from "../support/manual_clock.ts";

Deno.test("at a speed, time and deadlines go so many times as fast", async () => {
  const inner = new ManualClock();
  await inner.advance(500);
  const clock = clockAt(10, inner);
  const began = clock.now();
  let rangAt = 0;
  clock.timer(() => rangAt = inner.now()).set(began + 1_000);
  await inner.advance(599);
  assert.equal(rangAt, 0);
  await inner.advance(600);
  assert.equal(rangAt, 600);
  assert.equal(clock.now() - began, 1_000);
});

Deno.test("where nobody waits, deadlines come in order, each at its time, one after the other", async () => {
  const clock = clockAt(Infinity);
  const rang: number[][] = [];
  const waits = [3_600_000, 10, 1_000].map((ms) =>
    until(clock, ms).then(() => rang.push([ms, clock.now()]))
  );
  await Promise.all(waits);
  assert.deepEqual(rang, [[10, 10], [1_000, 1_000], [3_600_000, 3_600_000]]);
  clock.close();
});

Deno.test("where nobody waits, a cleared deadline does not ring", async () => {
  const clock = clockAt(Infinity);
  let rang = false;
  const timer = clock.timer(() => rang = true);
  timer.set(10);
  timer.clear();
  await until(clock, 20);
  assert.equal(rang, false);
  clock.close();
});

Deno.test("a quiet clock leaves nothing behind when its last deadline is cleared or has rung", async () => {
  const clock = new QuietClock();
  const timer = clock.timer(() => {});
  timer.set(clock.now() + 3_600_000);
  await until(clock, clock.now() + 1);
  timer.clear(); // the sanitizer sees whatever is left
});

Deno.test("a clock that is closed rings whatever waits, and nothing afterwards", async () => {
  for (const clock of [clockAt(1), clockAt(3), clockAt(Infinity)]) {
    let rang = 0;
    const timer = clock.timer(() => rang++);
    timer.set(clock.now() + 3_600_000);
    clock.close();
    assert.equal(rang, 1);
    timer.set(clock.now());
    await Promise.resolve();
    assert.equal(rang, 1);
  }
});

import assert from "node:assert/strict";
import { SystemClock, until } from "../../lib/core/clock.ts";

Deno.test("SystemClock wakes for the earliest deadline first, and never early by more than a millisecond", async () => {
  const clock = new SystemClock();
  const startMs = clock.now();
  const order: string[] = [];
  const wait = async (name: string, ms: number) => {
    await until(clock, startMs + ms);
    assert.ok(clock.now() - startMs >= ms - 1, `${name} came early`);
    order.push(name);
  };
  await Promise.all([wait("third", 30), wait("first", 5), wait("second", 15)]);
  clock.close();
  assert.deepEqual(order, ["first", "second", "third"]);
});

Deno.test("SystemClock rings a deadline set from inside a ring", async () => {
  const clock = new SystemClock();
  let left = 3;
  await new Promise<void>((resolve) => {
    const timer = clock.timer(() =>
      --left === 0 ? resolve() : timer.set(clock.now() + 2)
    );
    timer.set(clock.now());
  });
  clock.close();
  assert.equal(left, 0);
});

Deno.test("SystemClock does not ring a cleared deadline", async () => {
  const clock = new SystemClock();
  const timer = clock.timer(() => assert.fail("a cleared timer rang"));
  timer.set(clock.now() + 1);
  timer.clear();
  await until(clock, clock.now() + 10);
  clock.close();
});

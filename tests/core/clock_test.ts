import assert from "node:assert/strict";
import { SystemClock, until } from "../../lib/core/clock.ts";
import { EARLY_MS_MAX, SLEEP_MS_MAX } from "../../lib/core/limits.ts";

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

/** A system whose time and timers the test moves. */
interface Still {
  nowMs: number;
  /** How long the one timer sleeps; undefined when none is set. */
  sleepMs: number | undefined;
  /** Lets the timer ring. */
  wake(): void;
}

function onStill(body: (still: Still, clock: SystemClock) => void): void {
  const { setTimeout, clearTimeout } = globalThis;
  let ring = () => {};
  const still: Still = { nowMs: 0, sleepMs: undefined, wake: () => ring() };
  Object.defineProperty(performance, "now", {
    value: () => still.nowMs,
    configurable: true,
  });
  const fake = (act: () => void, ms: number) => {
    still.sleepMs = ms;
    ring = () => {
      still.sleepMs = undefined;
      act();
    };
    return 1;
  };
  try {
    globalThis.setTimeout = fake as unknown as typeof setTimeout;
    globalThis.clearTimeout = () => still.sleepMs = undefined;
    body(still, new SystemClock());
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout });
    Reflect.deleteProperty(performance, "now");
  }
}

Deno.test("SystemClock rings early what is due as soon as the limit says, and nothing later", () =>
  onStill((still, clock) => {
    const rung: number[] = [];
    const due = [100, 100 + EARLY_MS_MAX, 100 + EARLY_MS_MAX + 0.01];
    for (const atMs of due) clock.timer(() => rung.push(atMs)).set(atMs);
    still.nowMs = 100;
    still.wake();
    assert.deepEqual(rung, due.slice(0, 2));
    still.nowMs = 101;
    still.wake();
    assert.deepEqual(rung, due);
  }));

Deno.test("SystemClock sleeps no longer than the limit at a time, and rings in the end", () =>
  onStill((still, clock) => {
    let rung = 0;
    clock.timer(() => rung++).set(2.5 * SLEEP_MS_MAX);
    const slept: (number | undefined)[] = [];
    while (rung === 0) {
      slept.push(still.sleepMs);
      still.nowMs += still.sleepMs ?? assert.fail("nobody will wake it");
      still.wake();
    }
    assert.deepEqual(slept.slice(0, 2), [SLEEP_MS_MAX, SLEEP_MS_MAX]);
    assert.equal(
      slept.reduce<number>((sum, ms = 0) => sum + ms, 0),
      still.nowMs,
    );
    assert.ok(Math.abs(still.nowMs - 2.5 * SLEEP_MS_MAX) <= 1);
  }));

Deno.test("SystemClock sleeps once for what is no longer away than the limit", () =>
  onStill((still, clock) => {
    clock.timer(() => {}).set(SLEEP_MS_MAX);
    assert.ok(SLEEP_MS_MAX - (still.sleepMs ?? 0) <= 1);
  }));

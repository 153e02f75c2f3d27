import assert from "node:assert/strict";
import { endedWithin } from "../../lib/runtime/grace.ts";
import { ManualClock } from "../support/manual_clock.ts";

Deno.test("endedWithin() waits as long as it is told, and no longer", async () => {
  const clock = new ManualClock();
  const ended: (boolean | string)[] = [];
  const never = new Promise(() => {});
  void endedWithin(never, 500, clock).then((each) => ended.push(each));
  await clock.advance(499);
  assert.deepEqual(ended, []);
  await clock.advance(500);
  assert.deepEqual(ended, [false]);
});

Deno.test("endedWithin() takes an end in time for one, a rejection too, and leaves no timer", async () => {
  const clock = new ManualClock();
  assert.equal(await endedWithin(Promise.resolve(), 500, clock), true);
  assert.equal(
    await endedWithin(Promise.reject(new Error()), 500, clock),
    true,
  );
  assert.equal(clock.nextMs, Infinity);
});

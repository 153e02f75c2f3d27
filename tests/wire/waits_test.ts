import assert from "node:assert/strict";
import { Waits } from "../../lib/wire/waits.ts";
import { ManualClock } from "../support/manual_clock.ts";

Deno.test("waits are over in the order in which they began, each at its time", async () => {
  const clock = new ManualClock();
  const waits = new Waits(clock, 100);
  const over: string[] = [];
  const wait = (name: string) =>
    waits.begin(() => over.push(`${name} ${clock.now()}`));
  wait("a");
  await clock.advance(30);
  wait("b");
  await clock.advance(60);
  wait("c");
  await clock.advance(1_000);
  assert.deepEqual(over, ["a 100", "b 130", "c 160"]);
});

Deno.test("a wait that was ended is never over, and those after it are on time", async () => {
  const clock = new ManualClock();
  const waits = new Waits(clock, 100);
  const over: number[] = [];
  const ended = waits.begin(() => assert.fail("it was ended"));
  await clock.advance(40);
  waits.begin(() => over.push(clock.now()));
  assert.equal(waits.end(ended), true);
  await clock.advance(1_000);
  assert.deepEqual(over, [140]);
});

Deno.test("ending a wait that is over tells so", async () => {
  const clock = new ManualClock();
  const waits = new Waits(clock, 100);
  const wait = waits.begin(() => {});
  await clock.advance(100);
  assert.equal(waits.end(wait), false);
});

Deno.test("where nobody waits, no timer is set", () => {
  const clock = new ManualClock();
  const waits = new Waits(clock, 100);
  waits.end(waits.begin(() => {}));
  assert.equal(clock.nextMs, Infinity);
});

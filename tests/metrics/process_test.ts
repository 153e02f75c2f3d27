/** What the process tells of itself. */

import assert from "node:assert/strict";
import { processReadings } from "../../lib/metrics/process.ts";
import { ManualClock } from "../support/manual_clock.ts";

function read(name: string, clock = new ManualClock()): number {
  const reading = processReadings(clock).find((each) => each.name === name);
  return reading?.value() ?? NaN;
}

Deno.test("memory and time on the processor are those of this process", () => {
  assert.ok(read("process_resident_memory_bytes") > 10_000_000);
  assert.ok(read("process_cpu_seconds_total") > 0.01);
  assert.ok(read("process_cpu_seconds_total") < 100_000);
});

Deno.test("the start of the process does not move with time", async () => {
  const clock = new ManualClock();
  const startSeconds = (clock.epochMs() - clock.now()) / 1_000;
  await clock.advance(5_000);
  assert.equal(read("process_start_time_seconds", clock), startSeconds);
});

/**
 * What the process tells of itself, under the names that every Prometheus client gives it.
 *
 * @module
 */

import process from "node:process";
import type { Clock } from "../core/clock.ts";
import type { Reading } from "./family.ts";

/** When it began, its memory, its time on the processor. */
export function processReadings(clock: Clock): readonly Reading[] {
  const startSeconds = (clock.epochMs() - clock.now()) / 1_000;
  return [
    {
      name: "process_start_time_seconds",
      help: "Start of the process, in seconds since the epoch.",
      type: "gauge",
      value: () => startSeconds,
    },
    {
      name: "process_resident_memory_bytes",
      help: "Resident memory, in bytes.",
      type: "gauge",
      value: () => process.memoryUsage().rss,
    },
    {
      name: "process_cpu_seconds_total",
      help: "User and system time on the processor, in seconds.",
      type: "counter",
      value: cpuSeconds,
    },
  ];
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

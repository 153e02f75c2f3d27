/**
 * How long a reload of 2 MB keeps the serving thread at work at a stretch, in time of the
 * processor: what a stream waits for at most, and a figure that does not move with who else
 * uses the machine. Linux only. `deno run -A tests/soak/stall.ts`; bundled, on Bun too.
 *
 * @module
 */

import {
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { READ_CONFIG, readAside } from "../../lib/cli/read.ts";
import { readerAside } from "../../lib/config/aside.ts";
import { openLive } from "../../lib/config/live.ts";
import { SystemClock } from "../../lib/core/clock.ts";
import { detectRuntime } from "../../lib/runtime/detect.ts";

const CHARS = 2_000_000;
const RELOADS = 20;
/** The first ones meet code that is not compiled yet. */
const WARM_UP = 4;

async function measure(): Promise<void> {
  const clock = new SystemClock();
  const runtime = detectRuntime(clock);
  const folder = mkdtempSync(join(tmpdir(), "mockllm-stall-"));
  const file = join(folder, "r.yml");
  writeFileSync(file, textOf(0));
  let loaded = () => {};
  await openLive({
    sources: [file],
    clock,
    watch: runtime.watch,
    report: () => loaded(),
    read: readerAside(
      (input, signal) => runtime.aside([READ_CONFIG], input, signal),
      clock,
    ),
  });
  const stretches = new Stretches();
  const longest: number[] = [];
  for (let reload = 1; reload <= RELOADS; reload++) {
    writeFileSync(`${file}.new`, textOf(reload));
    await pause(200);
    stretches.longestMs = 0;
    const seen = new Promise<void>((resolve) => loaded = resolve);
    renameSync(`${file}.new`, file);
    await seen;
    await pause(50);
    if (reload > WARM_UP) longest.push(stretches.longestMs);
  }
  rmSync(folder, { recursive: true });
  longest.sort((a, b) => a - b);
  const [median, most] = [longest[longest.length >> 1], longest.at(-1)];
  console.log(
    `${runtime.name}: at work at a stretch beside a reload of 2 MB, ` +
      `median ${median?.toFixed(1)} ms, most ${most?.toFixed(1)} ms`,
  );
}

/** Looks at the thread's own time between any two turns of its event loop. */
class Stretches {
  longestMs = 0;
  #lastMs = threadMs();

  constructor() {
    this.#turn();
  }

  #turn = (): void => {
    const nowMs = threadMs();
    this.longestMs = Math.max(this.longestMs, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    setTimeout(this.#turn, 0);
  };
}

/** What this thread has used of the processor. */
function threadMs(): number {
  const path = `/proc/self/task/${process.pid}/schedstat`;
  return Number(readFileSync(path, "latin1").split(" ")[0]) / 1e6;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function textOf(generation: number): string {
  const line = (i: number) =>
    `  "filler ${i}?": "${"and so on ".repeat(8)}${generation}"\n`;
  const count = Math.ceil(CHARS / line(10_000).length);
  return `responses:\n${
    Array.from({ length: count }, (_, i) => line(i)).join("")
  }`;
}

// The process that reads is this very program, started again.
if (process.argv.includes(READ_CONFIG)) process.exit(await readAside());
await measure();
process.exit(0);

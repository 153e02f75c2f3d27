/**
 * Row c18: a configuration file under fire. Runs by itself as well:
 * `deno run -A tests/soak/reload.ts [WRITES]`.
 *
 * @module
 */

import {
  type Child,
  launchServer,
  type Program,
  PROGRAMS,
  temporaryFolder,
} from "../support/process.ts";
import { play } from "../support/lateness.ts";
import { atOnce, fileOf, seen, storm } from "../support/reloads.ts";
import type { Figure, Row } from "./row.ts";

const WRITES = 1_000;
const LARGE_CHARS = 2_000_000;
const RELOADS = 8;
const STREAM_MS = 1_500;

/** 4 MiB over which the YAML library runs out of memory. */
const PATHOLOGICAL = "]".repeat(4 * 1024 * 1024);

/** Reloads under fire. */
export const RELOAD: readonly Row[] = [{
  id: "reload",
  fault: "a configuration file written in every state of brokenness",
  measure: (program) => measure(program, WRITES),
}];

if (import.meta.main) {
  for (const program of PROGRAMS) {
    console.log(program.name);
    const figures = await measure(program, Number(Deno.args[0] ?? WRITES));
    for (const { what, value, unit } of figures) {
      console.log(
        `  ${what.padEnd(44)} ${Math.round(value * 10) / 10} ${unit}`,
      );
    }
  }
}

async function measure(program: Program, writes: number): Promise<Figure[]> {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/responses.yml`;
  await Deno.writeTextFile(file, fileOf(0));
  await using server = await launchServer(program, ["-q", "-r", file]);
  const { requests, failed, mixed, visibleMs } = await storm({
    url: server.url,
    file,
    writes,
  });
  return [
    { what: "writes", value: writes, unit: "" },
    { what: "requests meanwhile", value: requests, unit: "", least: writes },
    { what: "failed", value: failed, unit: "", most: 0 },
    { what: "of no one generation", value: mixed, unit: "", most: 0 },
    { what: "last edit seen after", value: visibleMs, unit: "ms", most: 500 },
    ...await large(server, file),
  ];
}

/** Streams on time beside reloads of a large file, of a pathological one, and of none. */
async function large(server: Child, file: string): Promise<Figure[]> {
  await atOnce(file, fileOf(1, LARGE_CHARS));
  await seen(server.url, 1);
  const seenMs: number[] = [];
  const late = async (textOf?: (round: number) => string) => {
    const rounds: number[] = [];
    for (let round = 2; round < 2 + RELOADS; round++) {
      const text = textOf?.(round); // made before, for it takes time
      const { lateness } = await play(server.url, STREAM_MS);
      if (text !== undefined) await atOnce(file, text);
      if (textOf === good) seenMs.push(await seen(server.url, round));
      rounds.push(...await lateness);
    }
    return rounds.sort((a, b) => a - b);
  };
  const good = (round: number) => fileOf(round, LARGE_CHARS);
  const idle = await late();
  const busy = await late(good);
  const hostile = await late((round) => PATHOLOGICAL + round);
  seenMs.sort((a, b) => a - b);
  return [
    ...figures("lateness, no reload", idle),
    ...figures("lateness, reload of 2 MB", busy, 20),
    ...figures("lateness, 4 MiB of brackets", hostile, 20),
    {
      what: "2 MB edit seen after, median",
      value: seenMs[seenMs.length >> 1] ?? Infinity,
      unit: "ms",
      most: 500,
    },
    {
      what: "2 MB edit seen after, worst",
      value: seenMs.at(-1) ?? Infinity,
      unit: "ms",
    },
  ];
}

function figures(
  what: string,
  sorted: readonly number[],
  most?: number,
): Figure[] {
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Infinity;
  const worst = sorted.at(-1) ?? Infinity;
  const bound = most !== undefined && { most };
  return [
    { what: `${what}, p99`, value: p99, unit: "ms", ...bound },
    { what: `${what}, most`, value: worst, unit: "ms", ...bound },
  ];
}

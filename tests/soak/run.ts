/**
 * `deno task soak [ROW …]`: measures faults that take long, on both programs, and prints each
 * figure beside the number to reach. Exits with 1 when one was missed. Linux only.
 *
 * @module
 */

import { PROGRAMS } from "../support/process.ts";
import { BODIES } from "./bodies.ts";
import { CONNECTIONS } from "./connections.ts";
import { JOURNAL } from "./journal.ts";
import { READERS } from "./readers.ts";
import { RELOAD } from "./reload.ts";
import { type Figure, isReached, type Row } from "./row.ts";
import { SIGNALS } from "./signals.ts";

const ROWS: readonly Row[] = [
  ...READERS,
  ...CONNECTIONS,
  ...BODIES,
  ...SIGNALS,
  ...RELOAD,
  ...JOURNAL,
];

if (import.meta.main) Deno.exit(await soak(Deno.args) ? 0 : 1);

/** Whether every figure was reached. */
async function soak(ids: readonly string[]): Promise<boolean> {
  const unknown = ids.find((id) => !ROWS.some((row) => row.id === id));
  if (unknown !== undefined) {
    throw new Error(
      `No row ${unknown}. There are: ${ROWS.map(({ id }) => id).join(", ")}`,
    );
  }
  let reached = true;
  for (const row of ROWS) {
    if (ids.length > 0 && !ids.includes(row.id)) continue;
    console.log(`\n${row.id}: ${row.fault}`);
    for (const program of PROGRAMS) {
      const figures = await row.measure(program).catch(failed);
      for (const figure of figures) console.log(line(program.name, figure));
      reached &&= figures.every(isReached);
    }
  }
  return reached;
}

function failed(error: unknown): Figure[] {
  console.log(error);
  return [{ what: "failed", value: 1, unit: "", most: 0 }];
}

function line(program: string, figure: Figure): string {
  const { what, value, unit, most, least } = figure;
  const bounds = most !== undefined && most === least ? [`= ${most}`] : [
    ...most === undefined ? [] : [`≤ ${most}`],
    ...least === undefined ? [] : [`≥ ${least}`],
  ];
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(1);
  const verdict = isReached(figure) ? "" : "  MISSED";
  return `  ${program.padEnd(14)}  ${what.padEnd(40)}  ${
    `${shown} ${unit}`.padEnd(12)
  }  ${bounds.join(", ")}${verdict}`;
}

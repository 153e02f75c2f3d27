/**
 * One row of the list of faults, as something to run.
 *
 * @module
 */

import {
  type Child,
  type LaunchOptions,
  launchServer,
  type Program,
} from "../support/process.ts";

/** A figure, and what it should be. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What it should not exceed. */
  readonly most?: number;
  /** What it should reach. */
  readonly least?: number;
}

/** One fault, and how it is measured. */
export interface Row {
  readonly id: string;
  readonly fault: string;
  measure(program: Program): Promise<Figure[]>;
}

/** Whether a figure is as it should be. */
export function isReached({ value, most, least }: Figure): boolean {
  return value <= (most ?? Infinity) && value >= (least ?? -Infinity);
}

/** Measures on a server that is warm: what a first request costs for good is no growth. */
export async function onServer(
  program: Program,
  measure: (server: Child) => Promise<Figure[]>,
  args: readonly string[] = [],
  options: LaunchOptions = {},
): Promise<Figure[]> {
  await using server = await launchServer(
    program,
    ["--quiet", ...args],
    options,
  );
  for (let left = 200; left > 0; left--) {
    await (await fetch(`${server.url}/health`)).text();
  }
  for (let left = 100; left > 0; left--) await warm(server.url);
  return await measure(server);
}

async function warm(url: string): Promise<void> {
  const messages = [{ role: "user", content: "hello" }];
  const body = JSON.stringify({ model: "m", messages, stream: true });
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    body,
  });
  await response.text();
}

/** Does `act` for 0 to `count` - 1, `atOnce` at a time. */
export async function each<T>(
  count: number,
  atOnce: number,
  act: (index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const work = async () => {
    while (next < count) {
      const index = next++;
      results[index] = await act(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, work));
  return results;
}

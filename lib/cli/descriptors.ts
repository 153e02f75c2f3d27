/**
 * How many connections this process may hold: each takes a file descriptor.
 *
 * @module
 */

import { readFileSync } from "node:fs";

/** Fewer than this are soon used up by a load test. */
export const DESCRIPTORS_WANTED = 4_096;

/** The most descriptors this process may open, as both runtimes raise the soft limit; undefined where Linux does not tell. */
export function descriptorsMax(
  limitsFile: string = "/proc/self/limits",
): number | undefined {
  try {
    const [, hard] =
      /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync(limitsFile, "utf8")) ??
        [];
    return hard === undefined ? undefined : Number(hard);
  } catch {
    return undefined;
  }
}

/**
 * The command by which a server starts this program again to read a file for it. No word for
 * people: help does not list it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { readdirSync } from "node:fs";
import { setPriority } from "node:os";
import process from "node:process";

/** Its name. */
export const READ_CONFIG = "internal-read-config";

/** Somewhat behind the server, and whoever else is at work. */
const NICENESS = 5;

/** Reads the files on standard input; writes what came of them on standard output. */
export async function readAside(): Promise<number> {
  stepBack();
  // A broken file makes thousands of errors, and their stacks would take most of the time.
  Error.stackTraceLimit = 0;
  const { serveAside } = await import("../config/aside.ts");
  for await (const bytes of serveAside(input())) await write(bytes);
  return 0;
}

/** On Linux, a priority is a thread's: those that collect garbage would stay where they are. */
function stepBack(): void {
  try {
    for (const thread of threads()) setPriority(thread, NICENESS);
  } catch {
    // Not everywhere allowed, and nothing depends on it.
  }
}

function threads(): number[] {
  try {
    return readdirSync("/proc/self/task").map(Number);
  } catch {
    return [process.pid];
  }
}

async function input(): Promise<Uint8Array> {
  return Buffer.concat(await Array.fromAsync<Uint8Array>(process.stdin));
}

function write(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => process.stdout.write(bytes, () => resolve()));
}

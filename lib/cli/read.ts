/**
 * The command by which a server starts this program again to read a file for it. No word for
 * people: help does not list it.
 *
 * @module
 */

import { setPriority } from "node:os";
import process from "node:process";
import type { Io } from "./io.ts";

/** Its name. */
export const READ_CONFIG = "internal-read-config";

/** Somewhat behind the server, and whoever else is at work. */
const NICENESS = 5;

/** Reads what stands on standard input as the text of `file`; writes what came of it. */
export async function readAside(file: string, io: Io): Promise<number> {
  stepBack();
  // A broken file makes thousands of errors, and their stacks would take most of the time.
  Error.stackTraceLimit = 0;
  const { serveAside } = await import("../config/aside.ts");
  for await (const line of serveAside(input(), file)) {
    io.out.write(`${line}\n`);
  }
  return 0;
}

function stepBack(): void {
  try {
    setPriority(NICENESS);
  } catch {
    // Not everywhere allowed, and nothing depends on it.
  }
}

async function input(): Promise<string> {
  const parts: string[] = [];
  process.stdin.setEncoding("utf8");
  for await (const part of process.stdin) parts.push(String(part));
  return parts.join("");
}

/**
 * The command by which a server starts this program again to read a file for it. No word for
 * people: help does not list it.
 *
 * @module
 */

import process from "node:process";
import type { Io } from "./io.ts";

/** Its name. */
export const READ_CONFIG = "internal-read-config";

/** Reads what stands on standard input as the text of `file`; writes what came of it. */
export async function readAside(file: string, io: Io): Promise<number> {
  // A broken file makes thousands of errors, and their stacks would take most of the time.
  Error.stackTraceLimit = 0;
  const { serveAside } = await import("../config/aside.ts");
  for await (const line of serveAside(input(), file)) {
    io.out.write(`${line}\n`);
  }
  return 0;
}

async function input(): Promise<string> {
  const parts: string[] = [];
  process.stdin.setEncoding("utf8");
  for await (const part of process.stdin) parts.push(String(part));
  return parts.join("");
}

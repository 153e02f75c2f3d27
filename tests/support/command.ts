/**
 * The command line in process: what a command says, and its exit code.
 *
 * @module
 */

import type { Io, Output } from "../../lib/cli/io.ts";
import { run } from "../../lib/cli/run.ts";

/** What a command said. */
export interface Said {
  /** Its exit code. */
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
}

/** Runs `argv` where nobody looks and nothing is set. */
export async function say(...argv: string[]): Promise<Said> {
  const said = { out: "", err: "" };
  const output = (name: "out" | "err"): Output => ({
    terminal: false,
    color: false,
    full: false,
    write: (text) => said[name] += text,
    flush: () => Promise.resolve(),
  });
  const io: Io = { out: output("out"), err: output("err"), env: {} };
  return { code: await run(argv, io), ...said };
}

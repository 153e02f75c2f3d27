/**
 * The end of a server's life: what came of it is told, and decides the exit code.
 *
 * @module
 */

import { writeFile } from "node:fs/promises";
import type { Log } from "./log.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { type Demands, failuresOf, outcomeFacts } from "./outcome_words.ts";
import type { Server } from "./serve.ts";

/** How an end is told. */
export interface Ending {
  /** The exit code so far; a failure of our own changes 0 only. */
  readonly code: number;
  /** What counts as a failure, and the file that a report goes to. */
  readonly demands: Demands & { readonly report?: string | undefined };
  /** Whether only failures are worth a word. */
  readonly quiet: boolean;
}

/** Tells what came of `server`, which has stopped; resolves to the exit code. */
export async function conclude(
  server: Server,
  { code, demands, quiet }: Ending,
  log: Log,
): Promise<number> {
  const outcome = outcomeOf(server);
  const failures = failuresOf(outcome, demands);
  const exitCode = code === 0 && failures.length > 0 ? 1 : code;
  if (!quiet || failures.length > 0) {
    log.say({ type: "outcome", outcome, failures, exitCode });
  }
  const { report } = demands;
  if (report === undefined) return exitCode;
  const written = await write(report, outcome, failures, exitCode, log);
  return exitCode === 0 && !written ? 1 : exitCode;
}

async function write(
  file: string,
  outcome: Outcome,
  failures: readonly string[],
  exitCode: number,
  log: Log,
): Promise<boolean> {
  const facts = outcomeFacts(outcome, failures, exitCode);
  try {
    await writeFile(file, `${JSON.stringify(facts, null, 2)}\n`);
    return true;
  } catch (error) {
    const reason = error instanceof Error && "code" in error
      ? String(error.code)
      : "unknown reason";
    log.say({
      type: "error",
      message:
        `The report cannot be written to ${file} (${reason}). Name a file in a folder that exists and may be written to`,
    });
    return false;
  }
}

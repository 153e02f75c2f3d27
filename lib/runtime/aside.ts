/**
 * Work in a process of its own: this very program, started again for one piece of it. Bytes go
 * in, bytes come out.
 *
 * A process and not a worker thread: it can be killed whatever it does, its memory goes back to
 * the system, and running out of it harms nobody else.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";

/** What to run, and on what. */
export interface AsideOptions {
  /** The program and its arguments; empty when none may be started. */
  readonly command: readonly string[];
  /** What it is given to read, once that is known. */
  readonly input: Promise<readonly Uint8Array[]>;
  /** Kills it. */
  readonly signal: AbortSignal;
}

/**
 * What it writes, piece by piece, as long as it lives. Never throws: one that cannot be
 * started, or is killed, says no more.
 */
export async function* runAside(
  { command: [command, ...args], input, signal }: AsideOptions,
): AsyncGenerator<Uint8Array> {
  if (command === undefined || signal.aborted) return;
  const child = start(command, args);
  if (child === undefined) return;
  const ended = endOf(child);
  const kill = () => void child.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  try {
    void input.then((parts) => give(child, parts));
    for await (const piece of child.stdout ?? []) yield piece as Uint8Array;
  } catch {
    // It could not be started, or was killed: either way it says no more.
  } finally {
    signal.removeEventListener("abort", kill);
    kill();
    await ended;
  }
}

function start(
  command: string,
  args: readonly string[],
): ChildProcess | undefined {
  try {
    // What it has to say to people is not for our terminal.
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"] });
    child.on("error", () => child.stdout?.destroy()); // there is no such program
    child.stdin?.on("error", () => {}); // it ended before it had read all
    return child;
  } catch {
    return undefined; // no descriptor or no process is to be had
  }
}

function give({ stdin }: ChildProcess, parts: readonly Uint8Array[]): void {
  for (const bytes of parts) stdin?.write(bytes);
  stdin?.end();
}

/** Resolves when it is no more, or never was. */
function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on("exit", () => resolve());
    child.on("error", () => resolve());
  });
}

/**
 * Another program, run in our place: it has our terminal, gets our signals, and its end is ours.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import process from "node:process";
import type { Io } from "./io.ts";

/** How a program ended. */
export interface ChildEnd {
  /** Its exit code as a shell tells it: 128 and the number of the signal that killed it, 127 where there is none. */
  readonly code: number;
  /** Why it could not be run. */
  readonly refusal?: string;
}

/** Signals that are handed on. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

type Relayed = typeof SIGNALS[number];

/** Runs a command line with the environment `env`, to its end. */
export async function runChild(
  [command = "", ...args]: readonly string[],
  env: Io["env"],
): Promise<ChildEnd> {
  // Before it lives: one that says it is ready may be signalled at once.
  using signals = new SignalRelay();
  try {
    const child = spawn(command, args, { stdio: "inherit", env: defined(env) });
    signals.handTo(child);
    return await endOf(command, child);
  } catch (error) {
    return refusalOf(command, error);
  }
}

/** Hands our signals to another process, those too that came before it was there. */
class SignalRelay implements Disposable {
  readonly #early: Relayed[] = [];
  readonly #listeners = SIGNALS.map((signal) =>
    [signal, () => this.#take(signal)] as const
  );
  #child: ChildProcess | undefined;

  constructor() {
    for (const [signal, listener] of this.#listeners) {
      process.on(signal, listener);
    }
  }

  handTo(child: ChildProcess): void {
    this.#child = child;
    for (const signal of this.#early) send(signal, child);
  }

  [Symbol.dispose](): void {
    for (const [signal, listener] of this.#listeners) {
      process.off(signal, listener);
    }
  }

  /** A terminal has signalled the whole group already, and many programs take a second Ctrl-C as "at once". */
  #take(signal: Relayed): void {
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    if (this.#child === undefined) this.#early.push(signal);
    else send(signal, this.#child);
  }
}

/** Not by the child's own `kill`: on Deno its exit is then put down to the signal, whatever it made of it. */
function send(signal: Relayed, { pid, exitCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended just now.
  }
}

function endOf(command: string, child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(refusalOf(command, error)));
    child.on("exit", (code, signal) => resolve({ code: codeOf(code, signal) }));
  });
}

function codeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

function refusalOf(command: string, error: unknown): ChildEnd {
  const reason = error instanceof Error && "code" in error
    ? String(error.code)
    : "";
  const shown = JSON.stringify(command);
  if (reason === "ENOENT") {
    return {
      code: 127,
      refusal: `There is no program ${shown}. ${remedyOf(command)}`,
    };
  }
  return {
    code: 126,
    refusal: `${shown} cannot be run${
      reason === "" ? "" : ` (${reason})`
    }. Make it executable, or name the program that runs it: mockllm exec -- sh ${command}`,
  };
}

function remedyOf(command: string): string {
  return /\s/.test(command)
    ? `Give its words one by one, or to a shell: mockllm exec -- sh -c ${
      JSON.stringify(command)
    }`
    : "Look at its spelling, and whether PATH leads to it";
}

function defined(env: Io["env"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] =>
      entry[1] !== undefined
    ),
  );
}

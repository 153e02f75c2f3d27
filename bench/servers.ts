/**
 * The processes of a benchmark: started, waited for, looked at from outside, ended.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A server under measurement. */
export interface Server {
  /** What the tables call it. */
  readonly name: string;
  /** Where it listens, on the loopback address. */
  readonly port: number;
  /** From the start of the process to the first 200, in milliseconds. */
  readonly startMs: number;
  /** Processor time used so far, in milliseconds, all threads. */
  cpuMs(): Promise<number>;
  /** Memory in use, in MiB. */
  memoryMiB(): Promise<number>;
  /** Ends it. */
  stop(): void;
}

/** Starts `command`, in which `{port}` stands for the port, and waits until `/health` is 200. */
export async function startServer(
  name: string,
  command: readonly string[],
): Promise<Server> {
  const port = await freePort();
  const [program = "", ...args] = command.map((word) =>
    word.replace("{port}", String(port))
  );
  const beganMs = performance.now();
  const child = spawn(program, args, {
    stdio: "ignore",
  });
  const startMs = await untilHealthy(name, port, child) - beganMs;
  return {
    name,
    port,
    startMs,
    cpuMs: () => cpuMs(child),
    memoryMiB: () => memoryMiB(child),
    stop: () => void child.kill("SIGKILL"),
  };
}

async function untilHealthy(
  name: string,
  port: number,
  child: ChildProcess,
): Promise<number> {
  for (const endMs = performance.now() + 20_000; performance.now() < endMs;) {
    if (child.exitCode !== null) break;
    try {
      const response = await fetch(`http://127.0.0.1:${port}/health`);
      await response.body?.cancel();
      if (response.ok) return performance.now();
    } catch {
      await sleep(1); // not listening yet
    }
  }
  child.kill("SIGKILL");
  throw new Error(`Cannot start "${name}": it does not answer at /health`);
}

/** Linux counts in hundredths of a second: measure over seconds. */
async function cpuMs({ pid }: ChildProcess): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function memoryMiB({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" ? address?.port ?? 0 : 0;
      server.close(() => resolve(port));
    });
  });
}

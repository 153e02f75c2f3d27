/**
 * What a process costs, as Linux tells it, and how fast it answers meanwhile.
 *
 * @module
 */

import { SystemClock, until } from "../../lib/core/clock.ts";
import { Socket } from "../support/socket.ts";

/** Clock ticks a second in `/proc/PID/stat`. */
const TICKS = 100;

/** Resident memory of `pid`, in MiB. */
export function rssMb(pid: number): number {
  const [, kb = "0"] =
    /VmRSS:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`)) ?? [];
  return Number(kb) / 1024;
}

/** Open file descriptors of `pid`. */
export function descriptors(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
}

/** Processor time that `pid` has used, in seconds. */
export function cpuSeconds(pid: number): number {
  const fields =
    Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** The share of one processor that `pid` uses during `ms`, in percent. */
export async function cpuPercent(pid: number, ms: number): Promise<number> {
  const [before, beganMs] = [cpuSeconds(pid), performance.now()];
  await pause(ms);
  return (cpuSeconds(pid) - before) / (performance.now() - beganMs) * 1e5;
}

const clock = new SystemClock();

/** Soaks may wait; tests do not. */
export function pause(ms: number): Promise<void> {
  return until(clock, clock.now() + ms);
}

/** Watches a server until disposed of: the most memory, and every latency of `/health`. */
export class Watch {
  readonly #pid: number;
  readonly #url: string;
  readonly #before: number;
  readonly #latencies: number[] = [];
  #most = 0;
  #over = false;
  readonly #watching: Promise<void>;

  /** Begins. */
  constructor({ pid, url }: { readonly pid: number; readonly url: string }) {
    this.#pid = pid;
    this.#url = url;
    this.#before = rssMb(pid);
    this.#watching = this.#watch();
  }

  /** How far memory went above what it was at first, in MiB. */
  get grownMb(): number {
    this.#look();
    return this.#most - this.#before;
  }

  /** The latency that `share` of all probes kept below, in milliseconds. */
  latencyMs(share: number): number {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    return sorted[
      Math.min(sorted.length - 1, Math.floor(sorted.length * share))
    ] ?? Infinity;
  }

  /** Ends the watch. */
  async stop(): Promise<void> {
    this.#over = true;
    await this.#watching;
  }

  async #watch(): Promise<void> {
    while (!this.#over) {
      this.#latencies.push(await latencyMs(this.#url));
      this.#look();
      await pause(50);
    }
  }

  #look(): void {
    this.#most = Math.max(this.#most, rssMb(this.#pid));
  }
}

/** How long `/health` takes on a new connection; Infinity when it fails. */
export async function latencyMs(url: string): Promise<number> {
  const beganMs = performance.now();
  try {
    using socket = await Socket.open(url);
    await socket.send(
      "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    const { status } = await socket.reply();
    return status === 200 ? performance.now() - beganMs : Infinity;
  } catch {
    return Infinity;
  }
}

/** The most memory while `act` runs, above what it was before, in MiB; looks every 10 ms. */
export async function growthMb(
  pid: number,
  act: () => Promise<void>,
): Promise<number> {
  const before = rssMb(pid);
  let most = before;
  const looking = setInterval(() => most = Math.max(most, rssMb(pid)), 10);
  try {
    await act();
  } finally {
    clearInterval(looking);
  }
  return Math.max(most, rssMb(pid)) - before;
}

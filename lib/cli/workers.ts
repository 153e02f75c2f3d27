/**
 * Several processes on one port, and the parent that keeps them alive.
 *
 * The first worker picks the port and speaks for all. The kernel spreads connections.
 *
 * @module
 */

import { RESTART_MS_MAX, RESTART_MS_MIN } from "../core/limits.ts";
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { type Clock, until } from "../core/clock.ts";
import { drawSeed } from "../core/random.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { START_FLAGS, type StartValues, variableOf } from "./flags.ts";
import type { Io } from "./io.ts";
import { type LimitTeller, limitTeller, passedOn } from "./limit_notice.ts";
import type { Log } from "./log.ts";
import { onStopSignals, type Order } from "./signals.ts";

/** What tells one worker from the others. */
export interface Worker {
  /** 0 for the first, which reports reloads. */
  readonly index: number;
  /** How many there are. */
  readonly count: number;
  /** Seed of all of them, unless somebody chose one. */
  readonly seed?: number;
  /** How many workers were started before it: a restarted one must not repeat ids. */
  readonly started: number;
  /** Whether it tells people what happens to the server as a whole. */
  readonly speaks: boolean;
}

/** A server without workers. */
export const ALONE: Worker = {
  index: 0,
  count: 1,
  started: 0,
  speaks: true,
};

/** Tells a child that it is a worker, and which. */
const VARIABLE = "MOCKLLM_INTERNAL_WORKER";

/** The worker that this process is; undefined when it is none. */
export function readWorker(env: Io["env"]): Worker | undefined {
  const text = env[VARIABLE];
  return text === undefined ? undefined : JSON.parse(text) as Worker;
}

/** What the parent works with. */
export interface SupervisorParts {
  /** The world. */
  readonly io: Io;
  /** Where it talks. */
  readonly log: Log;
  /** Time. */
  readonly clock: Clock;
  /** The runtime, which knows how to start this program again. */
  readonly runtime: Runtime;
}

/** Runs `values.workers` processes until stopped; resolves to the exit code. */
export async function supervise(
  values: StartValues,
  parts: SupervisorParts,
): Promise<number> {
  await probe(values, parts.runtime);
  return await new Supervisor(values, parts).run();
}

/** Workers share their port with anyone; so see first whether it is somebody else's. */
async function probe(
  { host, port }: StartValues,
  runtime: Runtime,
): Promise<void> {
  if (port === 0) return;
  const options = { host, port, sharedPort: false };
  const listener = await runtime.serve(
    () => new Response(null, { status: 503 }),
    options,
  );
  await listener.stop(0);
}

/**
 * How long to wait before a worker that ended is started again: ever longer for one that does
 * not get ready. `lastMs` is what was waited the last time.
 */
export function restartWaitMs(
  ready: boolean,
  lastMs: number | undefined,
): number {
  return ready || lastMs === undefined
    ? RESTART_MS_MIN
    : Math.min(2 * lastMs, RESTART_MS_MAX);
}

class Supervisor {
  readonly #values: StartValues;
  readonly #parts: SupervisorParts;
  readonly #children = new Map<number, ChildProcess>();
  readonly #seed = drawSeed();
  readonly #tellLimit: LimitTeller;
  #port: number;
  #started = 0;
  #stopping = false;

  constructor(values: StartValues, parts: SupervisorParts) {
    this.#values = values;
    this.#parts = parts;
    this.#tellLimit = limitTeller(parts.clock, parts.log);
    this.#port = values.port;
  }

  async run(): Promise<number> {
    onStopSignals(() => this.#stop(), (code) => this.#force(code));
    process.on("SIGHUP", () => this.#order("reload"));
    const first = this.#start(0, true);
    const url = await first.url;
    // It has said itself what is wrong.
    if (url === undefined) return this.#stopping ? 0 : await first.exit;
    this.#port = Number(new URL(url).port || 80);
    const starts = [first];
    while (starts.length < this.#values.workers) {
      starts.push(this.#start(starts.length, false));
    }
    const kept = Promise.all(
      starts.map((start, index) => this.#keep(index, start)),
    );
    const urls = await Promise.all(starts.map((start) => start.url));
    if (!urls.includes(undefined) && !this.#parts.io.out.terminal) {
      this.#parts.io.out.write(`${url}\n`);
    }
    await kept;
    return 0;
  }

  /** Has worker `index` run until all are to stop. */
  async #keep(index: number, running: Start): Promise<void> {
    let waitMs: number | undefined;
    for (
      let start = running;
      !this.#stopping;
      start = this.#start(index, false)
    ) {
      const { url, exit } = start;
      const ready = await url !== undefined;
      await exit;
      if (this.#stopping) return;
      waitMs = restartWaitMs(ready, waitMs);
      this.#parts.log.say({
        type: "warning",
        message: `Worker ${index + 1} ended. Starting it again`,
      });
      await until(this.#parts.clock, this.#parts.clock.now() + waitMs);
      if (this.#stopping) return;
    }
  }

  #start(index: number, speaks: boolean): Start {
    const [command = "", ...args] = this.#parts.runtime.selfCommand();
    const worker: Worker = {
      index,
      count: this.#values.workers,
      seed: this.#seed,
      started: this.#started++,
      speaks,
    };
    const child = spawn(command, [...args, "start", ...this.#arguments()], {
      env: {
        ...this.#parts.io.env,
        ...this.#variables(),
        [VARIABLE]: JSON.stringify(worker),
      },
      stdio: ["pipe", "pipe", "inherit"],
    });
    child.stdin.on("error", () => {}); // it died while being told something
    this.#children.set(index, child);
    return { url: urlOf(child, this.#tellLimit), exit: exitOf(child) };
  }

  /** Files by their names as they are: in a variable, commas would part them. */
  #arguments(): string[] {
    return this.#values.responses.map((each) => `--responses=${each}`);
  }

  /** The parent's own values as variables, which others cannot read as they can a command line; the port is the one in use. */
  #variables(): Record<string, string> {
    const values = { ...this.#values, port: this.#port, responses: "" };
    const names = Object.keys(START_FLAGS) as (keyof StartValues)[];
    return Object.fromEntries(
      names.map((name) => [variableOf(name), String(values[name] ?? "")]),
    );
  }

  #stop(): void {
    this.#stopping = true;
    this.#order("stop");
  }

  #order(order: Order): void {
    for (const child of this.#children.values()) {
      child.stdin?.write(`${order}\n`);
    }
  }

  #force(code: number): never {
    for (const child of this.#children.values()) child.kill("SIGKILL");
    process.exit(code);
  }
}

/** A worker on its way. */
interface Start {
  /** What it listens on; undefined when it ended before. */
  readonly url: Promise<string | undefined>;
  /** Its exit code. */
  readonly exit: Promise<number>;
}

/** What it says: its URL, then which limits requests meet. */
function urlOf(
  { stdout }: ChildProcess,
  tellLimit: LimitTeller,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = "";
    stdout?.setEncoding("utf8");
    stdout?.on("data", (part: string) => {
      const lines = (text + part).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) {
        const met = passedOn(line);
        if (met === undefined) resolve(line);
        else tellLimit(met);
      }
    });
    stdout?.on("end", () => resolve(undefined));
  });
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.on("exit", (code) => resolve(code ?? 1));
    child.on("error", () => resolve(1));
  });
}

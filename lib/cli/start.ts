/**
 * `mockllm start`: has a server listen, says so, and goes on until told to stop.
 *
 * @module
 */

import process from "node:process";
import { SystemClock } from "../core/clock.ts";
import { detectRuntime } from "../runtime/detect.ts";
import { bare, isLoopback } from "./address.ts";
import type { StartValues } from "./flags.ts";
import { conclude } from "./conclude.ts";
import { DESCRIPTORS_WANTED, descriptorsMax } from "./descriptors.ts";
import type { Io } from "./io.ts";
import { limitPasser } from "./limit_notice.ts";
import { Log, type LogForm } from "./log.ts";
import { UsageError } from "./parse.ts";
import { refuse } from "./refuse.ts";
import { accessOf, Server, type ServerParts, surviveDefects } from "./serve.ts";
import { untilStopped } from "./signals.ts";
import { version } from "./version.ts";
import { ALONE, readWorker, supervise } from "./workers.ts";

/** Serves until stopped; resolves to the exit code. */
export async function start(given: StartValues, io: Io): Promise<number> {
  const values = { ...given, host: bare(given.host) };
  accessOf(values); // what cannot be is said before anything else
  checkAlone(values);
  const clock = new SystemClock();
  const log = new Log({
    output: io.err,
    clock,
    form: values.log as LogForm,
  });
  const runtime = detectRuntime(clock);
  const worker = readWorker(io.env);
  try {
    if (values.workers > 1 && worker === undefined && canShare(log)) {
      return await supervise(values, { io, log, clock, runtime });
    }
    const parts = { values, io, log, clock, runtime, worker: worker ?? ALONE };
    return await serve(parts);
  } catch (error) {
    return refuse(error, values, log);
  } finally {
    log.flush();
  }
}

/** What is counted by one process says nothing of the others. */
function checkAlone(values: StartValues): void {
  if (values.workers === 1) return;
  const wanting = COUNTING.find((name) => values[name]);
  if (wanting === undefined) return;
  throw new UsageError(
    `--${wanting} needs a single process, since workers do not share their counts. Leave out --workers, or --${wanting}`,
  );
}

const COUNTING = ["fail-on-unmatched", "fail-on-unused", "report"] as const;

function canShare(log: Log): boolean {
  if (process.platform === "linux") return true;
  log.say({
    type: "warning",
    message:
      "--workers needs Linux, where processes can share a port. Serving from one process",
  });
  return false;
}

interface Parts extends ServerParts {
  readonly values: StartValues;
  readonly io: Io;
}

/** Has one process serve until it is told to stop. */
async function serve(parts: Parts): Promise<number> {
  using server = new Server({
    ...parts,
    ...(parts.worker !== ALONE &&
      { onLimit: limitPasser(parts.clock, parts.io.out) }),
  });
  await server.listen();
  surviveDefects(parts.log);
  const stopped = untilStopped({
    worker: parts.worker !== ALONE,
    reload: () => server.reload(),
  });
  announce(server, parts); // whoever reads this may send a signal at once
  await stopped;
  await drain(server, parts);
  const { values, log } = parts;
  const quiet = !values["fail-on-unmatched"] && !values["fail-on-unused"];
  return await conclude(server, { code: 0, demands: values, quiet }, log);
}

/** The URL for whoever reads the output; the first screen for people, once for all workers. */
function announce(
  server: Server,
  { values, io, log, runtime, worker }: Parts,
): void {
  const { url, config, followed, seed, seedDrawn } = server;
  if (!io.out.terminal || worker !== ALONE) io.out.write(`${url}\n`);
  if (!worker.speaks) return;
  log.say({
    type: "started",
    version,
    runtime: `${runtime.name} ${runtime.version}`,
    url,
    source: config.source,
    followed,
    rules: config.rules.length,
    responses: config.exact.size,
    journal: worker === ALONE && !values["no-admin"],
    seed,
    seedDrawn,
    workers: worker.count,
  });
  warn(values, log);
}

function warn({ host }: StartValues, log: Log): void {
  const descriptors = descriptorsMax() ?? Infinity;
  if (!isLoopback(host)) {
    log.say({
      type: "warning",
      message:
        `${host} is not a loopback address: other machines can reach this server`,
    });
  }
  if (descriptors < DESCRIPTORS_WANTED) {
    log.say({
      type: "warning",
      message:
        `Only ${descriptors} connections at a time: raise the limit with ulimit -n`,
    });
  }
}

async function drain(
  server: Server,
  { values, log, worker }: Parts,
): Promise<void> {
  const seconds = values["drain-timeout"];
  if (worker.speaks) {
    log.say({
      type: "note",
      message:
        `Stopping: open replies may take ${seconds} s. Signal again to stop at once`,
    });
  }
  if (!await server.stop(seconds * 1_000)) {
    log.say({
      type: "warning",
      message: `Some replies were cut: they were still open after ${seconds} s`,
    });
  }
}

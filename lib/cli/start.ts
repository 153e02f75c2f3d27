/**
 * `mockllm start`: opens the answers, listens, says so, and goes on until told to stop.
 *
 * @module
 */

import process from "node:process";
import { type Access, createApp, OpenStreams } from "../app.ts";
import { ConfigError, type Report } from "../config/live.ts";
import { SystemClock } from "../core/clock.ts";
import { FAREWELL_MS_MAX } from "../core/limits.ts";
import { drawSeed, mixSeed } from "../core/random.ts";
import { Journal } from "../journal/journal.ts";
import { Coverage } from "../match/coverage.ts";
import { Sessions } from "../match/sessions.ts";
import { Metrics, metricsPage } from "../metrics/metrics.ts";
import { processReadings } from "../metrics/process.ts";
import { detectRuntime } from "../runtime/detect.ts";
import { type Listener, PortError, type Runtime } from "../runtime/runtime.ts";
import type { StartValues } from "./args.ts";
import { DESCRIPTORS_WANTED, descriptorsMax } from "./descriptors.ts";
import type { Io } from "./io.ts";
import { limitTeller } from "./limit_notice.ts";
import { Log, type LogForm } from "./log.ts";
import { UsageError } from "./parse.ts";
import { untilStopped } from "./signals.ts";
import { openSource, type Source } from "./source.ts";
import { version } from "./version.ts";
import { ALONE, readWorker, supervise, type Worker } from "./workers.ts";

/** Serves until stopped; resolves to the exit code. */
export async function start(given: StartValues, io: Io): Promise<number> {
  const values = { ...given, host: bare(given.host) };
  accessOf(values); // what cannot be is said before anything else
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
    return await new Server({
      values,
      io,
      log,
      clock,
      runtime,
      worker: worker ?? ALONE,
    }).run();
  } catch (error) {
    return refuse(error, values, log);
  } finally {
    log.flush();
  }
}

function canShare(log: Log): boolean {
  if (process.platform === "linux") return true;
  log.say({
    type: "warning",
    message:
      "--workers needs Linux, where processes can share a port. Serving from one process",
  });
  return false;
}

/** Says why it cannot start, in a line or two and without a stack. */
function refuse(error: unknown, { host, port }: StartValues, log: Log): number {
  if (error instanceof ConfigError) {
    log.say({ type: "refused", problems: error.problems, more: error.more });
    return 1;
  }
  if (!(error instanceof PortError)) throw error;
  log.say({
    type: "error",
    message: `Cannot listen on ${authority(host, port)}: ${
      REMEDIES[error.reason]
    }`,
  });
  return 2;
}

const REMEDIES: Readonly<Record<PortError["reason"], string>> = {
  "in use": "the port is in use. Stop what uses it, or try --port 0",
  "not allowed": "this user may not take that port. Try one above 1023",
  "no such address": "this machine has no such address. Try --host 127.0.0.1",
};

/** What a {@linkcode Server} is made of. */
interface ServerParts {
  readonly values: StartValues;
  readonly io: Io;
  readonly log: Log;
  readonly clock: SystemClock;
  readonly runtime: Runtime;
  readonly worker: Worker;
}

/** One serving process. */
class Server {
  readonly #parts: ServerParts;
  readonly #streams = new OpenStreams();
  readonly #metrics: Metrics;
  readonly #sessions = new Sessions();
  readonly #journal = new Journal();
  readonly #coverage = new Coverage();

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#metrics = new Metrics({
      clock: parts.clock,
      version,
      runtime: parts.runtime,
      openStreams: () => this.#streams.size,
      readings: processReadings(parts.clock),
      ...(parts.worker !== ALONE &&
        { labels: { worker: String(parts.worker.index + 1) } }),
    });
  }

  async run(): Promise<number> {
    const { values, clock, runtime, worker, log } = this.#parts;
    const report = (report: Report) => {
      this.#metrics.reloaded(report.type === "loaded");
      if (worker.index === 0) log.say(report);
    };
    const source = await openSource({
      file: values.responses,
      poll: values.poll,
      clock,
      runtime,
      report,
    });
    using live = source.live;
    const seed = values.seed ?? live.current().settings.seed ?? worker.seed ??
      drawSeed();
    const listener = await this.#listen(source, seed);
    this.#surviveDefects();
    const stopped = untilStopped({
      worker: worker !== ALONE,
      reload: () => void live.reload(),
    });
    this.#announce(source, listener, seed); // whoever reads this may send a signal at once
    await stopped;
    return await this.#drain(listener);
  }

  #listen({ live }: Source, seed: number): Promise<Listener> {
    const { values, clock, runtime, log, worker } = this.#parts;
    const app = createApp({
      clock,
      // Each worker counts its own requests: the same seed would give two of them the same ids.
      seed: worker.started === 0
        ? seed
        : mixSeed(seed, "worker", worker.started),
      version,
      config: () => live.current(),
      configError: () => live.error(),
      access: accessOf(values),
      streams: this.#streams,
      onLimit: limitTeller(clock, log),
      onDefect: (error) => log.say({ type: "defect", error }),
      sessions: this.#sessions,
      journal: this.#journal,
      coverage: this.#coverage,
      pages: [metricsPage(this.#metrics)],
      onExchange: (exchange) => {
        this.#metrics.record(exchange);
        if (!values.quiet) log.exchange(exchange);
      },
    });
    return runtime.serve(app, {
      host: values.host,
      port: values.port,
      sharedPort: worker !== ALONE,
      onTrouble: (message) =>
        log.say({
          type: "warning",
          message: `Cannot accept connections for now: ${message}`,
        }),
    });
  }

  /** The URL for whoever reads the output; the first screen for people, once for all workers. */
  #announce(
    { live, followed }: Source,
    { port }: Listener,
    seed: number,
  ): void {
    const { values, io, log, runtime, worker } = this.#parts;
    const url = `http://${authority(reachable(values.host), port)}`;
    if (!io.out.terminal || worker !== ALONE) io.out.write(`${url}\n`);
    if (!worker.speaks) return;
    log.say({
      type: "started",
      version,
      runtime: `${runtime.name} ${runtime.version}`,
      url,
      source: live.current().source,
      followed,
      responses: live.current().exact.size,
      seed,
      seedDrawn: (values.seed ?? live.current().settings.seed) === undefined,
      workers: worker.count,
    });
    this.#warn();
  }

  #warn(): void {
    const { values: { host }, log } = this.#parts;
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

  async #drain(listener: Listener): Promise<number> {
    const { values, log, worker, clock } = this.#parts;
    const seconds = values["drain-timeout"];
    if (worker.speaks) {
      log.say({
        type: "note",
        message:
          `Stopping: open replies may take ${seconds} s. Signal again to stop at once`,
      });
    }
    let stopped = 0;
    clock.timer(() => {
      stopped = this.#streams.size;
      this.#streams.stop();
    }).set(clock.now() + seconds * 1_000);
    const ended = await listener.stop(seconds * 1_000 + FAREWELL_MS_MAX);
    if (!ended || stopped > 0) {
      log.say({
        type: "warning",
        message:
          `Some replies were cut: they were still open after ${seconds} s`,
      });
    }
    return 0;
  }

  /** A mock that dies in the middle of somebody's tests helps nobody: say it and go on. */
  #surviveDefects(): void {
    const say = (error: unknown) =>
      this.#parts.log.say({ type: "defect", error });
    process.on("uncaughtException", say);
    process.on("unhandledRejection", say);
  }
}

function accessOf(values: StartValues): Access {
  const token = values["admin-token"];
  return {
    corsOrigins: listOf(values.cors).map(originOf),
    allowedHosts: listOf(values["allowed-hosts"]).map((name) =>
      name.toLowerCase()
    ),
    ...(token && { adminToken: token }),
  };
}

/** An origin as browsers send it. */
function originOf(text: string): string {
  const origin = text.toLowerCase().replace(/\/$/, "");
  if (origin === "*" || /^https?:\/\/[^/]+$/.test(origin)) return origin;
  throw new UsageError(
    `--cors takes origins such as https://app.example, or *, not "${text}"`,
  );
}

function listOf(text: string | undefined): string[] {
  return (text ?? "").split(",").map((item) => item.trim()).filter(Boolean);
}

function authority(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** An address to use where `host` means all of them. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}

/** An address out of a URL: `[::1]` means `::1`. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d+){3}$/.test(host);
}

/**
 * One serving process, whoever wants it to serve: the answers, the port, what is remembered of
 * requests, and how it stops. Does not know why it is started, nor what is said about it.
 *
 * @module
 */

import process from "node:process";
import { type Access, type AppParts, createApp, OpenStreams } from "../app.ts";
import type { Report } from "../config/live.ts";
import type { SystemClock } from "../core/clock.ts";
import type { Handler } from "../core/handler.ts";
import type { Problem } from "../core/problem.ts";
import { FAREWELL_MS_MAX } from "../core/limits.ts";
import { drawSeed, mixSeed } from "../core/random.ts";
import { Journal } from "../journal/journal.ts";
import { Coverage } from "../match/coverage.ts";
import type { Config } from "../match/rule.ts";
import { Sessions } from "../match/sessions.ts";
import { loadTokenizer } from "../match/tokenizers.ts";
import { Metrics, metricsPage } from "../metrics/metrics.ts";
import { processReadings } from "../metrics/process.ts";
import type { Listener, Runtime } from "../runtime/runtime.ts";
import { authority, bare, reachable } from "./address.ts";
import type { StartValues } from "./flags.ts";
import { type LimitTeller, limitTeller } from "./limit_notice.ts";
import type { Log } from "./log.ts";
import { Tally } from "./outcome.ts";
import { UsageError } from "./parse.ts";
import { openSource, type Source } from "./source.ts";
import { version } from "./version.ts";
import { ALONE, type Worker } from "./workers.ts";

/** What a server must be told. */
export type ServeValues =
  & Partial<Pick<StartValues, "no-admin">>
  & Pick<
    StartValues,
    | "responses"
    | "host"
    | "port"
    | "seed"
    | "quiet"
    | "poll"
    | "cors"
    | "allowed-hosts"
    | "admin-token"
  >;

/** What a {@linkcode Server} is made of. */
export interface ServerParts {
  /** What it was told. */
  readonly values: ServeValues;
  /** Where it talks. */
  readonly log: Log;
  /** Time. */
  readonly clock: SystemClock;
  /** The runtime, which listens and watches. */
  readonly runtime: Runtime;
  /** Which of several processes it is. */
  readonly worker: Worker;
  /** Told of every request that met a limit; left out: the log tells. */
  readonly onLimit?: LimitTeller;
}

/** One serving process. */
export class Server implements Disposable {
  /** What was asked, and what became of it. */
  readonly journal: Journal = new Journal();
  /** What answered how often. */
  readonly coverage: Coverage = new Coverage();
  /** How much was asked. */
  readonly tally: Tally = new Tally();
  readonly #parts: ServerParts;
  readonly #streams = new OpenStreams();
  readonly #sessions = new Sessions();
  /** Streams of `/_mock`: nobody waits for their end. */
  readonly #feeds = new OpenStreams();
  #problems: readonly Problem[] = [];
  readonly #metrics: Metrics;
  #source: Source | undefined;
  #listener: Listener | undefined;
  #seed = 0;

  /** A server that does not listen yet. */
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

  /** Opens the answers and listens. Rejects with `ConfigError` or `PortError`. */
  async listen(): Promise<void> {
    const { values, clock, runtime, worker } = this.#parts;
    const access = accessOf(values); // what cannot be is said before anything else
    this.#source = await openSource({
      sources: values.responses,
      poll: values.poll,
      clock,
      runtime,
      several: worker !== ALONE,
      report: (report) => this.#tell(report),
    });
    this.#seed = values.seed ?? this.config.settings.seed ?? worker.seed ??
      drawSeed();
    this.#listener = await this.#serve(this.#app(access));
    prepare(this.config);
  }

  /** The configuration in force. */
  get config(): Config {
    return this.#opened.live.current();
  }

  /** Whether the configuration comes from files, and follows them. */
  get followed(): boolean {
    return this.#opened.followed;
  }

  /** Seed of everything drawn at random. */
  get seed(): number {
    return this.#seed;
  }

  /** Whether nobody chose the seed. */
  get seedDrawn(): boolean {
    const { values } = this.#parts;
    return (values.seed ?? this.config.settings.seed) === undefined;
  }

  /** Where it listens, as others reach it. */
  get url(): string {
    const host = reachable(bare(this.#parts.values.host));
    return `http://${authority(host, this.#listener?.port ?? 0)}`;
  }

  /** Reads the files again. */
  reload(): void {
    void this.#opened.live.reload();
  }

  /**
   * Stops accepting, and lets open replies go on for `graceMs`; resolves to whether all of them
   * ended by themselves.
   */
  async stop(graceMs: number): Promise<boolean> {
    const { clock } = this.#parts;
    this.#feeds.stop();
    let cut = 0;
    clock.timer(() => {
      cut = this.#streams.size;
      this.#streams.stop();
    }).set(clock.now() + graceMs);
    const ended = await this.#listener?.stop(graceMs + FAREWELL_MS_MAX);
    return ended !== false && cut === 0;
  }

  /** Follows the files no longer. */
  [Symbol.dispose](): void {
    this.#source?.live[Symbol.dispose]();
  }

  get #opened(): Source {
    if (this.#source === undefined) throw new Error("The server is not open");
    return this.#source;
  }

  #tell(report: Report): void {
    const { worker, log } = this.#parts;
    this.#problems = report.type === "gone" ? [] : report.problems;
    if (report.type === "kept") this.#metrics.reloaded(false);
    if (report.type === "loaded" && !report.first) {
      this.#metrics.reloaded(true);
      prepare(report.config);
    }
    if (worker.index === 0) log.say(report);
  }

  #app(access: Access): Handler {
    const { values, clock, log, worker } = this.#parts;
    const { live } = this.#opened;
    return createApp({
      clock,
      // Each worker counts its own requests: the same seed would give two of them the same ids.
      seed: worker.started === 0
        ? this.#seed
        : mixSeed(this.#seed, "worker", worker.started),
      version,
      config: () => live.current(),
      configError: () => live.error(),
      access,
      streams: this.#streams,
      onLimit: this.#parts.onLimit ?? limitTeller(clock, log),
      onDefect: (error) => log.say({ type: "defect", error }),
      sessions: this.#sessions,
      ...(!values["no-admin"] &&
        { journal: this.journal, admin: this.#admin() }),
      coverage: this.coverage,
      pages: [metricsPage(this.#metrics)],
      onExchange: (exchange) => {
        this.#metrics.record(exchange);
        this.tally.count(exchange);
        if (!values.quiet) log.exchange(exchange);
      },
    });
  }

  #admin(): AdminNeeds {
    const { live } = this.#opened;
    const reload = async () => {
      await live.reload();
      return { ok: live.error() === undefined, problems: this.#problems };
    };
    return {
      streams: this.#feeds,
      ...(this.followed && { reload }),
      ...(this.#parts.worker !== ALONE && { shared: NOT_SHARED }),
    };
  }

  #serve(app: Handler): Promise<Listener> {
    const { values, runtime, log, worker } = this.#parts;
    return runtime.serve(app, {
      host: bare(values.host),
      port: values.port,
      sharedPort: worker !== ALONE,
      onTrouble: (message) =>
        log.say({
          type: "warning",
          message: `Cannot accept connections for now: ${message}`,
        }),
    });
  }
}

type AdminNeeds = NonNullable<AppParts["admin"]>;

const NOT_SHARED =
  "With --workers above 1 each process knows only its own requests. Start mockllm with --workers 1 for journal, verification, coverage, run-time rules and resets";

/** Loads what counts tokens before somebody has to wait for it. What fails, fails again for whoever asks. */
function prepare({ settings }: Config): void {
  loadTokenizer(settings.tokenizer).catch(() => {});
}

/** A mock that dies in the middle of somebody's tests helps nobody: defects are told, and it goes on. */
export function surviveDefects(log: Log): void {
  const say = (error: unknown) => log.say({ type: "defect", error });
  process.on("uncaughtException", say);
  process.on("unhandledRejection", say);
}

/** Who may do what besides loopback. Throws {@linkcode UsageError}. */
export function accessOf(
  values: Pick<StartValues, "cors" | "allowed-hosts" | "admin-token">,
): Access {
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

/**
 * What all exchanges add up to, for Prometheus.
 *
 * Recording is a few look-ups into small maps and additions; text is made when somebody asks.
 * Strangers choose models and paths, so both are bounded.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import type { Exchange } from "../core/exchange.ts";
import { Branch, OTHER, Room } from "./branch.ts";
import { ChatFamilies, DialectSeries } from "./chat.ts";
import { EXPOSITION_TYPE, type Labels } from "./exposition.ts";
import { type Reading, Registry } from "./family.ts";
import type { Counter } from "./histogram.ts";

export type { Reading };

/** What {@linkcode Metrics} tell besides exchanges. */
export interface MetricsParts {
  /** Time. */
  readonly clock: Clock;
  /** Version of mockllm. */
  readonly version: string;
  /** What it runs on, and which version of that. */
  readonly runtime: { readonly name: string; readonly version: string };
  /** How many streams are open. */
  openStreams(): number;
  /** Numbers that others keep. */
  readonly readings?: readonly Reading[];
  /** Labels of every sample: `{ worker: "2" }` where several processes share a port. */
  readonly labels?: Labels;
}

/** Adds exchanges up. */
export class Metrics {
  readonly #clock: Clock;
  readonly #registry: Registry;
  /** By route, dialect and status. */
  readonly #requests: Branch<Branch<Branch<Counter>>>;
  readonly #dialects: Branch<DialectSeries>;
  readonly #reloads: { readonly good: Counter; readonly bad: Counter };
  #lastReloadGood = true;
  #lastGoodReloadMs: number;

  /** Nothing happened yet. */
  constructor(parts: MetricsParts) {
    this.#clock = parts.clock;
    this.#lastGoodReloadMs = parts.clock.epochMs();
    const registry = new Registry(parts.labels ?? {});
    this.#registry = registry;
    this.#requests = requests(registry);
    this.#dialects = dialects(registry, () => parts.openStreams());
    this.#reloads = reloads(registry);
    this.#tellLastReload();
    tellBuild(registry, parts);
    for (const reading of parts.readings ?? []) registry.reading(reading);
  }

  /** Adds a finished request. */
  record(exchange: Exchange): void {
    const { route = OTHER, dialect = "", status } = exchange;
    this.#requests.at(route).at(dialect).at(status).add();
    // Told only where a model was asked.
    if (exchange.stream !== undefined) this.#dialects.at(dialect).add(exchange);
  }

  /** Notes that a changed configuration was read, and whether it is in force now. */
  reloaded(good: boolean): void {
    this.#reloads[good ? "good" : "bad"].add();
    this.#lastReloadGood = good;
    if (good) this.#lastGoodReloadMs = this.#clock.epochMs();
  }

  /** Everything, in Prometheus' text format. */
  text(): string {
    return this.#registry.text();
  }

  #tellLastReload(): void {
    this.#registry.reading({
      name: "mockllm_config_last_reload_successful",
      help: "Whether the last configuration read is in force.",
      type: "gauge",
      value: () => Number(this.#lastReloadGood),
    });
    this.#registry.reading({
      name: "mockllm_config_last_reload_success_timestamp_seconds",
      help: "When the configuration in force was read.",
      type: "gauge",
      value: () => this.#lastGoodReloadMs / 1_000,
    });
  }
}

/** The page that tells `metrics`. */
export function metricsPage(metrics: Metrics): MetricsPage {
  return {
    route: "GET /metrics",
    answer: () => ({
      status: 200,
      type: EXPOSITION_TYPE,
      body: metrics.text(),
      headers: { "cache-control": "no-store" },
    }),
  };
}

/** A page of the site, as this layer can say it. */
interface MetricsPage {
  readonly route: string;
  answer(): {
    readonly status: number;
    readonly type: string;
    readonly body: string;
    readonly headers: Readonly<Record<string, string>>;
  };
}

function requests(registry: Registry): Branch<Branch<Branch<Counter>>> {
  const family = registry.counter(
    "mockllm_requests_total",
    "Finished requests by dialect, route and status.",
  );
  return new Branch((route) =>
    new Branch((dialect) =>
      new Branch((status) =>
        family.with({ dialect, ...routeLabels(route), status })
      )
    )
  );
}

/** `POST /v1/messages` as labels. */
function routeLabels(line: string): Labels {
  const [method = OTHER, route = OTHER] = line.split(" ");
  return { method, route };
}

function dialects(
  registry: Registry,
  openStreams: () => number,
): Branch<DialectSeries> {
  const families = new ChatFamilies(registry);
  registry.reading({
    name: "mockllm_streams_open",
    help: "Streams being sent.",
    type: "gauge",
    value: openStreams,
  });
  const models = new Room(); // for all dialects together
  return new Branch((dialect) => new DialectSeries(families, dialect, models));
}

function reloads(registry: Registry): { good: Counter; bad: Counter } {
  const family = registry.counter(
    "mockllm_config_reloads_total",
    "Changed configurations that were read, by whether they came into force.",
  );
  return {
    good: family.with({ result: "success" }),
    bad: family.with({ result: "failure" }),
  };
}

function tellBuild(
  registry: Registry,
  { version, runtime }: MetricsParts,
): void {
  registry.reading({
    name: "mockllm_build_info",
    help: "What is running; always 1.",
    type: "gauge",
    value: () => 1,
  }, { version, runtime: runtime.name, runtime_version: runtime.version });
}

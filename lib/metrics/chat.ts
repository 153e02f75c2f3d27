/**
 * What answers of models add up to: by dialect, and by dialect and model.
 *
 * @module
 */

import type { Exchange } from "../core/exchange.ts";
import { Branch, type Room } from "./branch.ts";
import type { Family, Registry } from "./family.ts";
import {
  DURATION_BOUNDS,
  FIRST_TOKEN_BOUNDS,
  operationLabels,
  TOKEN_BOUNDS,
  USAGE_BOUNDS,
} from "./gen_ai.ts";
import type { Counter, Histogram } from "./histogram.ts";

/** Bounds of lateness, in seconds. */
const LATENESS_BOUNDS: readonly number[] = [
  ...[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
];

/** The metrics of answers, before they are told apart. */
export class ChatFamilies {
  /** Time a request took. */
  readonly duration: Family<Histogram>;
  /** Time to the first token of streams. */
  readonly firstToken: Family<Histogram>;
  /** Time for each token after it. */
  readonly perToken: Family<Histogram>;
  /** Tokens of a request. */
  readonly usage: Family<Histogram>;
  /** Requests that nothing scripted matched. */
  readonly unmatched: Family<Counter>;
  /** Streams by how they ended. */
  readonly streams: Family<Counter>;
  /** Content deltas. */
  readonly deltas: Family<Counter>;
  /** Time a stream took. */
  readonly streamed: Family<Histogram>;
  /** Time between its deltas. */
  readonly perDelta: Family<Histogram>;
  /** How late its latest write was. */
  readonly lateness: Family<Histogram>;
  /** Streams moved back after a standstill. */
  readonly reanchored: Family<Counter>;

  /** Declares them. */
  constructor(registry: Registry) {
    this.duration = registry.histogram(
      "gen_ai_server_request_duration_seconds",
      "Time from the arrival of a request to a model to the last byte of its answer.",
      DURATION_BOUNDS,
    );
    this.firstToken = registry.histogram(
      "gen_ai_server_time_to_first_token_seconds",
      "Time from the arrival of a request to the first token of its stream.",
      FIRST_TOKEN_BOUNDS,
    );
    this.perToken = registry.histogram(
      "gen_ai_server_time_per_output_token_seconds",
      "Mean time for each output token after the first, once for each complete stream.",
      TOKEN_BOUNDS,
    );
    this.usage = registry.histogram(
      "gen_ai_client_token_usage",
      "Input tokens of answered requests, and output tokens of complete answers.",
      USAGE_BOUNDS,
    );
    this.unmatched = registry.counter(
      "mockllm_requests_unmatched_total",
      "Requests to a model that nothing scripted matched.",
    );
    this.streams = registry.counter(
      "mockllm_streams_total",
      "Streams by how they ended.",
    );
    this.deltas = registry.counter(
      "mockllm_stream_deltas_total",
      "Content deltas sent in streams.",
    );
    this.streamed = registry.histogram(
      "mockllm_stream_duration_seconds",
      "Time from the arrival of a request to the end of its stream, however it ended.",
      DURATION_BOUNDS,
    );
    this.perDelta = registry.histogram(
      "mockllm_stream_delta_interval_seconds",
      "Mean time between content deltas, once for each complete stream.",
      TOKEN_BOUNDS,
    );
    this.lateness = registry.histogram(
      "mockllm_stream_lateness_seconds",
      "How late the latest write of a stream was.",
      LATENESS_BOUNDS,
    );
    this.reanchored = registry.counter(
      "mockllm_streams_reanchored_total",
      "Streams moved back after the machine stood still.",
    );
  }
}

/** What the answers of one dialect add up to. */
export class DialectSeries {
  readonly #models: Branch<ModelSeries>;
  readonly #unmatched: Counter;
  readonly #streams: Readonly<Record<Exchange["ended"], Counter>>;
  readonly #deltas: Counter;
  readonly #streamed: Histogram;
  readonly #perDelta: Histogram;
  readonly #lateness: Histogram;
  readonly #reanchored: Counter;

  /** Nothing yet; its models take their places in `room`. */
  constructor(families: ChatFamilies, dialect: string, room: Room) {
    const ended = (how: string) =>
      families.streams.with({ dialect, ended: snake(how) });
    this.#models = new Branch(
      (model) => new ModelSeries(families, dialect, model),
      room,
    );
    this.#unmatched = families.unmatched.with({ dialect });
    this.#streams = {
      "complete": ended("complete"),
      "client left": ended("client left"),
      "stopped": ended("stopped"),
      "broken": ended("broken"),
    };
    this.#deltas = families.deltas.with({ dialect });
    this.#streamed = families.streamed.with({ dialect });
    this.#perDelta = families.perDelta.with({ dialect });
    this.#lateness = families.lateness.with({ dialect });
    this.#reanchored = families.reanchored.with({ dialect });
  }

  /** Adds an answer. */
  add(exchange: Exchange): void {
    if (exchange.unmatched) this.#unmatched.add();
    const streamed = exchange.stream === true && exchange.status < 400;
    this.#models.at(exchange.model ?? "").add(exchange, streamed);
    if (streamed) this.#addStream(exchange);
  }

  #addStream(exchange: Exchange): void {
    const { ended, deltas, firstMs, totalMs, lateMs, reanchoredMs } = exchange;
    this.#streams[ended].add();
    this.#deltas.add(deltas);
    this.#streamed.observe(totalMs / 1_000);
    if (lateMs !== undefined) this.#lateness.observe(lateMs / 1_000);
    if (reanchoredMs > 0) this.#reanchored.add();
    if (ended === "complete" && deltas > 1) {
      this.#perDelta.observe((totalMs - firstMs) / deltas / 1_000);
    }
  }
}

/** What the answers of one model add up to. */
class ModelSeries {
  /** By what went wrong; empty when nothing did. */
  readonly #durations: Branch<Histogram>;
  readonly #firstToken: Histogram;
  readonly #perToken: Histogram;
  readonly #input: Histogram;
  readonly #output: Histogram;

  constructor(families: ChatFamilies, dialect: string, model: string) {
    const labels = {
      ...operationLabels(dialect),
      gen_ai_response_model: model,
    };
    const usage = (gen_ai_token_type: string) =>
      families.usage.with({ ...labels, gen_ai_token_type });
    this.#durations = new Branch((error) =>
      families.duration.with({ ...labels, error_type: snake(error) })
    );
    this.#firstToken = families.firstToken.with(labels);
    this.#perToken = families.perToken.with(labels);
    this.#input = usage("input");
    this.#output = usage("output");
  }

  add(exchange: Exchange, streamed: boolean): void {
    const { status, ended, usage, deltas, firstMs, totalMs } = exchange;
    const complete = ended === "complete";
    const error = status >= 400 ? status : complete ? "" : ended;
    this.#durations.at(error).observe(totalMs / 1_000);
    if (streamed && deltas > 0) this.#firstToken.observe(firstMs / 1_000);
    if (usage === undefined) return;
    this.#input.observe(usage.input);
    if (!complete) return; // it was never told how many there were
    this.#output.observe(usage.output);
    // The end of a stream is due one token's time after its last token.
    if (streamed && usage.output > 1) {
      this.#perToken.observe((totalMs - firstMs) / usage.output / 1_000);
    }
  }
}

function snake(words: string): string {
  return words.replaceAll(" ", "_");
}

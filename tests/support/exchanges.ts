/**
 * Finished requests, made up, and what they add up to.
 *
 * @module
 */

import type { Exchange } from "../../lib/core/exchange.ts";
import { Metrics } from "../../lib/metrics/metrics.ts";
import { ManualClock } from "./manual_clock.ts";
import { assertLawful } from "./prometheus.ts";

/** Metrics of nothing yet. */
export function metricsWith(
  parts: Partial<ConstructorParameters<typeof Metrics>[0]> = {},
): Metrics {
  return new Metrics({
    clock: new ManualClock(),
    version: "1.2.3",
    runtime: { name: "deno", version: "2.9.6" },
    openStreams: () => 0,
    ...parts,
  });
}

/** A regular answer of a model, and what differs. */
export function exchange(parts: Partial<Exchange> = {}): Exchange {
  return {
    arrivedEpochMs: 0,
    method: "POST",
    path: "/v1/chat/completions",
    route: "POST /v1/chat/completions",
    status: 200,
    dialect: "openai_chat",
    model: "gpt-4o",
    stream: false,
    usage: { input: 10, inputCached: 0, output: 5, outputReasoning: 0 },
    firstMs: 2,
    totalMs: 2,
    deltas: 0,
    ended: "complete",
    reanchoredMs: 0,
    sentChars: 0,
    ...parts,
  };
}

/** A stream of 20 deltas, 50 ms apart, the first after 300 ms. */
export function stream(parts: Partial<Exchange> = {}): Exchange {
  return exchange({
    stream: true,
    usage: { input: 10, inputCached: 0, output: 20, outputReasoning: 0 },
    firstMs: 300,
    totalMs: 1_300,
    deltas: 20,
    lateMs: 3,
    ...parts,
  });
}

/** The metrics after `exchanges`, lawful. */
export function after(...exchanges: readonly Exchange[]): string {
  const metrics = metricsWith();
  for (const each of exchanges) metrics.record(each);
  const text = metrics.text();
  assertLawful(text);
  return text;
}

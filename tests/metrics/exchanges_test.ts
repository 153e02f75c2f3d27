/** Exchanges as they come out of the server, added up. */

import assert from "node:assert/strict";
import { json, perform, testApp } from "../support/app.ts";
import { metricsWith } from "../support/exchanges.ts";
import { assertLawful, readSamples, valueOf } from "../support/prometheus.ts";

Deno.test("real exchanges add up", async () => {
  const app = testApp();
  const path = "/v1/chat/completions";
  const headers = { "x-token-count": "10", "x-tokens-per-second": "20" };
  await perform(app, path, { method: "POST", headers });
  await perform(app, path, json({ model: "m" }));
  await perform(app, "/nowhere", {});
  const text = metricsOf(app);
  assertLawful(text);
  assert.equal(valueOf(text, `${PER_TOKEN}_sum`), 0.05);
  assert.equal(valueOf(text, "mockllm_streams_total", ended), 1);
  assert.equal(valueOf(text, "mockllm_stream_lateness_seconds_count"), 1);
  const requests = readSamples(text)
    .filter(({ name }) => name === "mockllm_requests_total")
    .map(({ labels: { route, status }, value }) => [route, status, value]);
  assert.deepEqual(requests, [
    [path, "200", 1],
    [path, "400", 1],
    ["other", "404", 1],
  ]);
});

const PER_TOKEN = "gen_ai_server_time_per_output_token_seconds";
const ended = { ended: "complete" };

function metricsOf({ clock, exchanges }: ReturnType<typeof testApp>): string {
  const metrics = metricsWith({ clock });
  for (const exchange of exchanges) metrics.record(exchange);
  return metrics.text();
}

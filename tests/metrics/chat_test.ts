/** What answers of models add up to. */

import assert from "node:assert/strict";
import { after, exchange, stream } from "../support/exchanges.ts";
import { valueOf } from "../support/prometheus.ts";

// Streams ─────────────────────────────────────────────────────────────────────

Deno.test("a stream tells its first token, its pace, its length and its lateness", () => {
  const text = after(stream());
  const sum = (name: string) => valueOf(text, `${name}_sum`);
  assert.equal(sum("gen_ai_server_time_to_first_token_seconds"), 0.3);
  assert.equal(sum("gen_ai_server_time_per_output_token_seconds"), 0.05);
  assert.equal(sum("mockllm_stream_delta_interval_seconds"), 0.05);
  assert.equal(sum("mockllm_stream_duration_seconds"), 1.3);
  assert.equal(sum("mockllm_stream_lateness_seconds"), 0.003);
  assert.equal(valueOf(text, "mockllm_stream_deltas_total"), 20);
});

Deno.test("a delta may be more or less than a token", () => {
  const text = after(stream({ deltas: 100 }));
  const sum = (name: string) => valueOf(text, `${name}_sum`);
  assert.equal(sum("gen_ai_server_time_per_output_token_seconds"), 0.05);
  assert.equal(sum("mockllm_stream_delta_interval_seconds"), 0.01);
});

Deno.test("streams are counted by how they ended, and only complete ones tell a pace", () => {
  const text = after(
    stream(),
    stream({ ended: "client left", deltas: 3, totalMs: 450 }),
    stream({ ended: "stopped" }),
  );
  const count = (ended: string) =>
    valueOf(text, "mockllm_streams_total", { ended });
  assert.deepEqual(
    ["complete", "client_left", "stopped", "broken"].map(count),
    [1, 1, 1, 0],
  );
  const counted = (name: string) => valueOf(text, `${name}_count`);
  assert.equal(counted("mockllm_stream_duration_seconds"), 3);
  assert.equal(counted("gen_ai_server_time_to_first_token_seconds"), 3);
  assert.equal(counted("gen_ai_server_time_per_output_token_seconds"), 1);
  assert.equal(counted("mockllm_stream_delta_interval_seconds"), 1);
});

Deno.test("a stream without a token has no first one", () => {
  const text = after(stream({ ended: "client left", deltas: 0 }));
  assert.equal(
    valueOf(text, "gen_ai_server_time_to_first_token_seconds_count"),
    0,
  );
});

Deno.test("one token has no pace", () => {
  const usage = { input: 1, inputCached: 0, output: 1, outputReasoning: 0 };
  const text = after(stream({ usage, deltas: 1 }));
  const counted = (name: string) => valueOf(text, `${name}_count`);
  assert.equal(counted("gen_ai_server_time_per_output_token_seconds"), 0);
  assert.equal(counted("mockllm_stream_delta_interval_seconds"), 0);
});

Deno.test("a refused stream is none", () => {
  const text = after(stream({ status: 429, deltas: 0 }));
  for (const ended of ["complete", "client_left", "stopped", "broken"]) {
    assert.equal(valueOf(text, "mockllm_streams_total", { ended }), 0);
  }
  assert.equal(valueOf(text, "mockllm_stream_duration_seconds_count"), 0);
});

Deno.test("lateness that nobody measured is not told as none", () => {
  const { lateMs: _lateMs, ...unmeasured } = stream();
  const text = after(unmeasured);
  assert.equal(valueOf(text, "mockllm_stream_lateness_seconds_count"), 0);
});

Deno.test("a stream moved back after a standstill is counted", () => {
  const text = after(stream(), stream({ reanchoredMs: 4_000 }));
  assert.equal(valueOf(text, "mockllm_streams_reanchored_total"), 1);
});

// Tokens ──────────────────────────────────────────────────────────────────────

Deno.test("tokens are told in and out", () => {
  const text = after(exchange(), stream());
  const sum = (gen_ai_token_type: string) =>
    valueOf(text, "gen_ai_client_token_usage_sum", { gen_ai_token_type });
  assert.equal(sum("input"), 20);
  assert.equal(sum("output"), 25);
});

Deno.test("a stream that was left has told no output tokens", () => {
  const text = after(stream({ ended: "client left" }));
  const count = (gen_ai_token_type: string) =>
    valueOf(text, "gen_ai_client_token_usage_count", { gen_ai_token_type });
  assert.equal(count("input"), 1);
  assert.equal(count("output"), 0);
});

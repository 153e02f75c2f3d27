/** What exchanges add up to, as Prometheus' own tool and somebody else's parser read it. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { LABEL_CHARS_MAX, LABEL_VALUES_MAX } from "../../lib/core/limits.ts";
import { metricsPage } from "../../lib/metrics/metrics.ts";
import { processReadings } from "../../lib/metrics/process.ts";
import type { Page } from "../../lib/site/page.ts";
import { after, exchange, metricsWith, stream } from "../support/exchanges.ts";
import { ManualClock } from "../support/manual_clock.ts";
import {
  assertLawful,
  readFamilies,
  readSamples,
  valueOf,
} from "../support/prometheus.ts";

// Requests ────────────────────────────────────────────────────────────────────

Deno.test("requests are counted by dialect, route and status", () => {
  const text = after(
    exchange(),
    exchange(),
    exchange({ status: 429 }),
    exchange({ dialect: "anthropic_messages", route: "POST /v1/messages" }),
  );
  const labels = {
    dialect: "openai_chat",
    method: "POST",
    route: "/v1/chat/completions",
  };
  const count = (more: Record<string, string>) =>
    valueOf(text, "mockllm_requests_total", more);
  assert.equal(count({ ...labels, status: "200" }), 2);
  assert.equal(count({ ...labels, status: "429" }), 1);
  assert.equal(count({ dialect: "anthropic_messages" }), 1);
});

Deno.test("a page has no dialect, and an unknown path no name of its own", () => {
  const { dialect: _dialect, stream: _stream, ...page } = exchange();
  const { route: _route, ...lost } = exchange({ path: "/x", status: 404 });
  const text = after({ ...page, route: "GET /health" }, lost);
  const samples = readSamples(text).filter(({ name }) =>
    name === "mockllm_requests_total"
  );
  assert.deepEqual(samples.map(({ labels }) => labels), [
    { method: "GET", route: "/health", status: "200" },
    {
      dialect: "openai_chat",
      method: "other",
      route: "other",
      status: "404",
    },
  ]);
});

Deno.test("requests that nothing scripted matched are counted", () => {
  const text = after(exchange(), exchange({ unmatched: true }));
  assert.equal(valueOf(text, "mockllm_requests_unmatched_total"), 1);
});

Deno.test("a request takes its time, told by model and by what went wrong", () => {
  const text = after(
    exchange({ totalMs: 15 }),
    exchange({ status: 529 }),
    stream({ ended: "client left" }),
  );
  const name = "gen_ai_server_request_duration_seconds";
  const labels = {
    gen_ai_operation_name: "chat",
    gen_ai_provider_name: "openai",
    gen_ai_response_model: "gpt-4o",
  };
  const [good, bad, left] = readSamples(text).filter((sample) =>
    sample.name === `${name}_count`
  );
  assert.deepEqual(good?.labels, { ...labels, dialect: "openai_chat" });
  assert.equal(bad?.labels["error_type"], "529");
  assert.equal(left?.labels["error_type"], "client_left");
  const buckets = readSamples(text).filter((sample) =>
    sample.name === `${name}_bucket` && !("error_type" in sample.labels)
  );
  const reached = buckets.find(({ value }) => value === 1);
  assert.equal(reached?.labels["le"], "0.02");
});

Deno.test("what asks no model is a request and nothing else", () => {
  const { stream: _stream, ...count } = exchange();
  const text = after({ ...count, route: "POST /v1/messages/count_tokens" });
  assert.deepEqual(
    readSamples(text).filter(({ name }) => name.startsWith("gen_ai")),
    [],
  );
});

// The server ──────────────────────────────────────────────────────────────────

Deno.test("open streams and others' numbers are read when asked for", () => {
  let open = 0;
  const kept: { entries?: number } = {};
  const metrics = metricsWith({
    openStreams: () => open,
    readings: [{
      name: "x_entries",
      help: "Entries.",
      type: "gauge",
      value: () => kept.entries,
    }],
  });
  open = 7;
  assert.equal(valueOf(metrics.text(), "mockllm_streams_open"), 7);
  assert.doesNotMatch(metrics.text(), /x_entries/);
  kept.entries = 3;
  assert.equal(valueOf(metrics.text(), "x_entries"), 3);
});

Deno.test("reloads are counted, and the last one told", async () => {
  const clock = new ManualClock();
  const metrics = metricsWith({ clock });
  const told = () => ({
    success: valueOf(metrics.text(), "mockllm_config_reloads_total", {
      result: "success",
    }),
    failure: valueOf(metrics.text(), "mockllm_config_reloads_total", {
      result: "failure",
    }),
    last: valueOf(metrics.text(), "mockllm_config_last_reload_successful"),
    at: valueOf(
      metrics.text(),
      "mockllm_config_last_reload_success_timestamp_seconds",
    ) - clock.epochAtZeroMs / 1_000,
  });
  assert.deepEqual(told(), { success: 0, failure: 0, last: 1, at: 0 });
  await clock.advance(5_000);
  metrics.reloaded(true);
  assert.deepEqual(told(), { success: 1, failure: 0, last: 1, at: 5 });
  await clock.advance(8_000);
  metrics.reloaded(false);
  assert.deepEqual(told(), { success: 1, failure: 1, last: 0, at: 5 });
});

Deno.test("the build is told, and labels of the process stand on every sample", () => {
  const metrics = metricsWith({
    labels: { worker: "2" },
    readings: processReadings(new ManualClock()),
  });
  metrics.record(stream());
  const samples = readSamples(metrics.text());
  const build = samples.find(({ name }) => name === "mockllm_build_info");
  assert.deepEqual(build, {
    name: "mockllm_build_info",
    labels: {
      version: "1.2.3",
      runtime: "deno",
      runtime_version: "2.9.6",
      worker: "2",
    },
    value: 1,
  });
  assert.deepEqual(
    samples.filter(({ labels }) => labels["worker"] !== "2"),
    [],
  );
});

Deno.test("the page is Prometheus' text, and kept by no cache", async () => {
  const metrics = metricsWith();
  const page: Page = metricsPage(metrics);
  assert.equal(page.route, "GET /metrics");
  assert.deepEqual(await page.answer(), {
    status: 200,
    type: "text/plain; version=0.0.4; charset=utf-8",
    body: metrics.text(),
    headers: { "cache-control": "no-store" },
  });
});

// Laws ────────────────────────────────────────────────────────────────────────

const anyExchange = fc.record({
  status: fc.constantFrom(200, 400, 404, 429, 500),
  dialect: fc.constantFrom("openai_chat", "anthropic_messages"),
  route: fc.constantFrom("POST /v1/messages", "POST /v1/chat/completions"),
  model: fc.string({ unit: "binary" }),
  stream: fc.boolean(),
  unmatched: fc.boolean(),
  usage: fc.record({
    input: fc.nat(1e6),
    inputCached: fc.constant(0),
    output: fc.nat(1e6),
    outputReasoning: fc.constant(0),
  }),
  firstMs: fc.double({ min: 0, max: 1e4, noNaN: true }),
  totalMs: fc.double({ min: 1e4, max: 1e7, noNaN: true }),
  deltas: fc.nat(1e4),
  lateMs: fc.double({ min: 0, max: 1e4, noNaN: true }),
  ended: fc.constantFrom(
    "complete" as const,
    "client left" as const,
    "stopped" as const,
    "broken" as const,
  ),
}).map(exchange);

Deno.test("whatever happened, buckets never fall, +Inf is the count, and nothing is lost", () => {
  fc.assert(fc.property(fc.array(anyExchange), (exchanges) => {
    const text = after(...exchanges);
    const requests = samplesOf(text, "mockllm_requests_total");
    assert.equal(total(requests), exchanges.length);
    const durations = samplesOf(
      text,
      "gen_ai_server_request_duration_seconds_count",
    );
    assert.equal(total(durations), exchanges.length);
  }));
});

Deno.test("any model's name is told as it is, but for control characters and its end", () => {
  const printable = fc.string({
    unit: "grapheme",
    minLength: 1,
    maxLength: LABEL_CHARS_MAX,
  });
  fc.assert(fc.property(printable, (model) => {
    // deno-lint-ignore no-control-regex
    fc.pre(!/[\u0000-\u001f\u007f-\u009f]/.test(model));
    fc.pre(model.length <= LABEL_CHARS_MAX);
    const [sample] = samplesOf(
      after(exchange({ model })),
      "gen_ai_server_request_duration_seconds_count",
    );
    assert.equal(sample?.labels["gen_ai_response_model"], model);
  }));
});

Deno.test("10,000 models and paths make a bounded number of samples", () => {
  const metrics = metricsWith();
  for (let i = 0; i < 10_000; i++) {
    const dialect = i % 2 === 0 ? "openai_chat" : "anthropic_messages";
    const model = `model ${i} ${"x".repeat(i % 300)}`;
    const { route: _route, ...lost } = exchange({ path: `/${i}`, status: 404 });
    metrics.record(stream({ model, dialect }));
    metrics.record(lost);
    metrics.record(exchange({ route: `GET /made/up/${i}` }));
  }
  const text = metrics.text();
  assertLawful(text);
  const models = new Set(
    readSamples(text).map(({ labels }) => labels["gen_ai_response_model"]),
  );
  models.delete(undefined);
  assert.equal(models.size, LABEL_VALUES_MAX + 1);
  assert.ok(models.has("other"));
  assert.equal(total(samplesOf(text, "mockllm_requests_total")), 30_000);
  const lines = text.split("\n").length;
  assert.ok(lines < 11_000, `${lines} lines`);
});

// Prometheus' own judgement ───────────────────────────────────────────────────

Deno.test({
  name: "promtool finds no fault",
  ignore: !hasPromtool(), // skipped where Debian's package prometheus is not installed
  fn: async () => {
    const metrics = metricsWith({
      readings: processReadings(new ManualClock()),
    });
    metrics.record(stream({ model: 'a "quoted" \\ \n name 😀' }));
    metrics.record(exchange({ status: 500, unmatched: true }));
    metrics.reloaded(true);
    const child = new Deno.Command("promtool", {
      args: ["check", "metrics"],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const input = child.stdin.getWriter();
    await input.write(new TextEncoder().encode(metrics.text()));
    await input.close();
    const { code, stdout, stderr } = await child.output();
    const said = new TextDecoder().decode(stdout) +
      new TextDecoder().decode(stderr);
    assert.equal(said, "");
    assert.equal(code, 0);
  },
});

Deno.test("every metric is documented, and nothing else is", async () => {
  const docs = await Deno.readTextFile(
    new URL("../../docs/metrics.md", import.meta.url),
  );
  const documented = [...docs.matchAll(/^\| `([a-z_]+)` +\|/gm)]
    .map(([, name]) => name);
  const metrics = metricsWith({ readings: processReadings(new ManualClock()) });
  const told = readFamilies(metrics.text()).map(({ name }) => name);
  assert.deepEqual(documented.toSorted(), told.toSorted());
});

function hasPromtool(): boolean {
  try {
    return new Deno.Command("promtool", { args: ["--version"] })
      .outputSync().success;
  } catch {
    return false;
  }
}

function samplesOf(text: string, name: string) {
  return readSamples(text).filter((sample) => sample.name === name);
}

function total(samples: readonly { readonly value: number }[]): number {
  return samples.reduce((sum, { value }) => sum + value, 0);
}

/** Metrics of a server as people start it. */

import assert from "node:assert/strict";
import {
  ask,
  type Child,
  eventually,
  launchServer,
  post,
  temporaryFolder,
  testEach,
} from "../support/process.ts";
import { assertLawful, valueOf } from "../support/prometheus.ts";

const PATH = "/v1/chat/completions";

async function metricsOf({ url }: Child): Promise<string> {
  const response = await fetch(`${url}/metrics`);
  assert.equal(
    response.headers.get("content-type"),
    "text/plain; version=0.0.4; charset=utf-8",
  );
  return await response.text();
}

testEach("/metrics tells requests, streams and memory", async (program) => {
  await using server = await launchServer(program);
  await ask(server.url, "hello");
  const headers = { "x-token-count": "5", "x-tokens-per-second": "1000" };
  await (await post(`${server.url}${PATH}`, headers)).text();
  const text = await metricsOf(server);
  assertLawful(text);
  const requests = { route: PATH, method: "POST", status: "200" };
  assert.equal(valueOf(text, "mockllm_requests_total", requests), 2);
  const complete = { ended: "complete" };
  assert.equal(valueOf(text, "mockllm_streams_total", complete), 1);
  assert.equal(valueOf(text, "mockllm_stream_deltas_total"), 5);
  assert.equal(valueOf(text, "mockllm_streams_open"), 0);
  assert.equal(valueOf(text, "mockllm_build_info"), 1);
  assert.ok(valueOf(text, "process_resident_memory_bytes") > 10_000_000);
});

testEach(
  "/metrics tells reloads, and a broken file as long as it is broken",
  async (program) => {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/responses.yml`;
    await Deno.writeTextFile(file, `responses: {"hi": "one"}\n`);
    await using server = await launchServer(program, ["--responses", file]);
    const count = async (result: string) =>
      valueOf(await metricsOf(server), RELOADS, { result });
    assert.deepEqual([await count("success"), await count("failure")], [0, 0]);
    await Deno.writeTextFile(file, `responses: {"hi"\n`);
    const once = async (result: string) =>
      await count(result) === 1 ? true : undefined;
    await eventually(() => once("failure"), "the broken file");
    const broken = await metricsOf(server);
    assert.equal(valueOf(broken, "mockllm_config_last_reload_successful"), 0);
    await Deno.writeTextFile(file, `responses: {"hi": "two"}\n`);
    await eventually(() => once("success"), "the mended file");
    const mended = await metricsOf(server);
    assert.equal(valueOf(mended, "mockllm_config_last_reload_successful"), 1);
  },
);

const RELOADS = "mockllm_config_reloads_total";

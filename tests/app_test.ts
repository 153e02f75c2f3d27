import { IN_PROCESS } from "../lib/core/handler.ts";
import assert from "node:assert/strict";
import { createApp } from "../lib/app.ts";
import { json, perform, testApp, testConfig } from "./support/app.ts";
import { ManualClock } from "./support/manual_clock.ts";

const chat = "/v1/chat/completions";
const ask = { model: "gpt-4o", messages: [{ role: "user", content: "hi" }] };

Deno.test("createApp(): a POST without a body streams 100 tokens of 4 characters at 10 a second", async () => {
  for (const path of [chat, "/v1/messages"]) {
    const app = testApp();
    const { response, writes } = await perform(app, path, { method: "POST" });
    assert.equal(response.headers.get("x-actual-token-count"), "100");
    assert.equal(response.headers.get("x-actual-tokens-per-second"), "10.0");
    assert.equal(response.headers.get("x-actual-token-length"), "4");
    assert.deepEqual([
      writes.length,
      writes[0]?.atMs,
      writes[99]?.atMs,
      writes[100]?.atMs,
    ], [101, 0, 9_900, 10_000]);
    assert.match(writes[0]?.text ?? "", /"model":"mock-llm-model"/);
    assert.equal(app.exchanges[0]?.usage?.output, 100);
  }
});

Deno.test("createApp(): a body without messages is refused unless tokens are asked for", async () => {
  const app = testApp();
  assert.equal((await app.fetch(chat, json({ model: "m" }))).status, 400);
  assert.equal(
    (await app.fetch(chat, json({ model: "m" }, { "X-Model-Id": "x" }))).status,
    400,
  );
  const asked = await perform(app, chat, json({}, { "X-Token-Count": "2" }));
  assert.equal(
    asked.response.headers.get("content-type"),
    "text/event-stream; charset=utf-8",
  );
});

Deno.test("createApp(): X-Model-Id alone only renames", async () => {
  const app = testApp({ responses: { hi: "hello" } });
  const { text } = await perform(
    app,
    chat,
    json(ask, { "X-Model-Id": "renamed" }),
  );
  assert.equal(JSON.parse(text).model, "renamed");
  assert.equal(JSON.parse(text).choices[0].message.content, "hello");
});

Deno.test("createApp(): one process seed, and every request has ids of its own", async () => {
  const ids = async (seed: number) => {
    const app = testApp({ seed });
    const replies = [1, 2, 3].map(async () =>
      JSON.parse((await perform(app, chat, json(ask))).text).id
    );
    return await Promise.all(replies);
  };
  assert.deepEqual(await ids(5), await ids(5));
  assert.equal(new Set([...await ids(5), ...await ids(6)]).size, 6);
});

Deno.test("createApp(): a session counts its own requests, whatever others do meanwhile", async () => {
  const id = async (app: ReturnType<typeof testApp>, session: string) =>
    (await app.fetch(chat, json(ask, { "x-mock-session": session }))).headers
      .get("x-mock-seed");
  const alone = testApp();
  const crowded = testApp();
  for (let i = 0; i < 5; i++) await id(crowded, "other");
  assert.equal(await id(crowded, "mine"), await id(alone, "mine"));
  assert.notEqual(await id(alone, "mine"), await id(testApp(), "yours"));
});

Deno.test("createApp(): X-Mock-Seed is echoed, and a bad one refused by name", async () => {
  const app = testApp();
  const good = await app.fetch(chat, json(ask, { "x-mock-seed": "42" }));
  assert.equal(good.headers.get("x-mock-seed"), "42");
  const bad = await app.fetch(chat, json(ask, { "x-mock-seed": "-1" }));
  assert.equal(bad.status, 400);
  assert.match(await bad.text(), /X-Mock-Seed: expected a whole number/);
});

Deno.test("createApp(): /v1/models is OpenAI's, and Anthropic's when anthropic-version is sent", async () => {
  const app = testApp({ models: ["gpt-4o"] });
  const openai = await (await app.fetch("/v1/models")).json();
  assert.deepEqual(openai.data.map(({ id }: { id: string }) => id), [
    "mock-llm-model",
    "gpt-4o",
  ]);
  assert.equal(openai.data[0].owned_by, "mock-server");
  assert.equal(typeof openai.data[0].description, "string");
  const headers = { "anthropic-version": "2023-06-01" };
  const anthropic = await (await app.fetch("/v1/models", { headers })).json();
  assert.deepEqual(anthropic.data.map(({ type }: { type: string }) => type), [
    "model",
    "model",
  ]);
  assert.equal((await app.fetch("/v1/models/gpt-4o")).status, 200);
  assert.equal((await app.fetch("/v1/models/gpt-4o", { headers })).status, 200);
  assert.equal((await app.fetch("/v1/models/none")).status, 404);
});

Deno.test("createApp(): refusals come in the envelope of the dialect that was meant", async () => {
  const app = testApp();
  const openai = await (await app.fetch("/v2/nowhere")).json();
  assert.deepEqual(Object.keys(openai.error), [
    "message",
    "type",
    "param",
    "code",
  ]);
  const anthropic = await (await app.fetch("/messages/x", { method: "POST" }))
    .json();
  assert.equal(anthropic.error.type, "not_found_error");
  const versioned = await app.fetch("/nowhere", {
    headers: { "anthropic-version": "2023-06-01" },
  });
  assert.equal((await versioned.json()).type, "error");
});

Deno.test("createApp(): a wrong method is told the allowed ones", async () => {
  const refused = await testApp().fetch(chat, { method: "PUT", body: "x" });
  assert.deepEqual([refused.status, refused.headers.get("allow")], [
    405,
    "POST",
  ]);
});

Deno.test("createApp(): every refusal has its own request id", async () => {
  const app = testApp();
  const ids = [
    await app.fetch("/nowhere"),
    await app.fetch(chat),
    await app.fetch(chat, json("{")),
  ]
    .map(({ headers }) => headers.get("x-request-id"));
  assert.equal(new Set(ids).size, 3);
});

Deno.test("createApp(): a reload is not seen by a reply that has begun, and by the next one", async () => {
  const clock = new ManualClock();
  const slow = {
    firstMs: { type: "fixed", ms: 0 },
    unit: "chunk",
    unitMs: { type: "fixed", ms: 10 },
  } as const;
  let config = testConfig({
    responses: { hi: "before" },
    settings: { pace: slow },
  });
  const handle = createApp({
    clock,
    seed: 1,
    version: "0",
    config: () => config,
  });
  const say = async () =>
    await handle(
      new Request("http://mock" + chat, json({ ...ask, stream: true })),
      IN_PROCESS,
    );
  const begun = (await say()).text();
  config = testConfig({ responses: { hi: "after" } });
  const next = await (await say()).text();
  await clock.advance(1_000);
  const text = (stream: string) =>
    [...stream.matchAll(/"content":"(.)"/g)].map(([, char]) => char).join("");
  assert.deepEqual([text(await begun), text(next)], ["before", "after"]);
});

Deno.test("createApp() tells every exchange: what was asked, what answered, how it went", async () => {
  const app = testApp({
    responses: { hi: "hello" },
    settings: { cut: "whole" },
  });
  await perform(
    app,
    chat,
    json({ ...ask, stream: true }, { "x-mock-seed": "9" }),
  );
  await app.fetch("/nowhere");
  const [reply, refusal] = app.exchanges;
  assert.deepEqual(reply, {
    arrivedEpochMs: app.clock.epochAtZeroMs,
    method: "POST",
    path: chat,
    route: "POST /v1/chat/completions",
    status: 200,
    dialect: "openai_chat",
    stream: true,
    answeredBy: "test.yml:2",
    unmatched: false,
    seed: 9,
    model: "gpt-4o",
    usage: { input: 8, inputCached: 0, output: 1, outputReasoning: 0 },
    firstMs: 0,
    totalMs: 0,
    deltas: 1,
    ended: "complete",
    reanchoredMs: 0,
    lateMs: 0,
    sentChars: 921,
  });
  assert.match(
    refusal?.error ?? "",
    /^Invalid URL \(GET \/nowhere\)\. The nearest known paths: \//,
  );
});

Deno.test("createApp(): a client that leaves is told, and its stream holds nothing", async () => {
  const app = testApp();
  const response = await app.fetch(chat, { method: "POST" });
  const reader = response.body!.getReader();
  await reader.read();
  reader.read();
  await app.clock.advance(250);
  await reader.cancel();
  assert.deepEqual(app.exchanges.map(({ ended }) => ended), ["client left"]);
  assert.equal(app.clock.nextMs, Infinity);
});

Deno.test("createApp(): a defect of mockllm is the provider's 500, and its text stays inside", async () => {
  const defects: unknown[] = [];
  const broken = {
    ...testConfig({}),
    get fallback(): never {
      throw new Error("secret");
    },
  };
  const handle = createApp({
    clock: new ManualClock(),
    seed: 1,
    version: "0",
    config: () => broken,
    onDefect: (defect) => defects.push(defect),
  });
  const response = await handle(
    new Request("http://mock" + chat, json(ask)),
    IN_PROCESS,
  );
  assert.equal(response.status, 500);
  const { error } = await response.json();
  assert.deepEqual([error.type, error.message], [
    "server_error",
    "The server had an error while processing your request",
  ]);
  assert.match(String(defects[0]), /secret/);
});

Deno.test("createApp(): a preflight is told the methods of the path and the headers it asked for", async () => {
  const response = await testApp().fetch(chat, {
    method: "OPTIONS",
    headers: {
      origin: "http://localhost:3000",
      "access-control-request-headers": "x-token-count",
    },
  });
  assert.equal(response.status, 204);
  assert.equal(
    response.headers.get("access-control-allow-methods"),
    "POST, OPTIONS",
  );
  assert.equal(
    response.headers.get("access-control-allow-headers"),
    "x-token-count",
  );
  assert.equal(response.headers.get("allow"), "POST, OPTIONS");
  assert.equal(
    (await testApp().fetch("/nowhere", { method: "OPTIONS" })).status,
    404,
  );
});

Deno.test("createApp(): a page on loopback may read replies, streams and refusals", async () => {
  const headers = { origin: "http://localhost:3000" };
  for (
    const init of [
      json(ask, headers),
      json({ ...ask, stream: true }, headers),
      json("{", headers),
    ]
  ) {
    const { response } = await perform(testApp(), chat, init);
    assert.equal(
      response.headers.get("access-control-allow-origin"),
      "http://localhost:3000",
    );
  }
  const { response } = await perform(
    testApp(),
    chat,
    json(ask, { origin: "https://evil.example" }),
  );
  assert.equal(response.headers.get("access-control-allow-origin"), null);
});

Deno.test("createApp(): /_mock is guarded before it is routed", async () => {
  const app = testApp();
  assert.equal(
    (await app.fetch("http://localhost/_mock/requests")).status,
    404,
  );
  assert.equal(
    (await app.fetch("http://evil.example/_mock/requests")).status,
    403,
  );
  assert.equal(
    (await app.fetch("http://localhost/_mock/reset", { method: "POST" }))
      .status,
    415,
  );
});

Deno.test("createApp(): a limit that was met is told", async () => {
  const limits: (string | undefined)[] = [];
  const handle = createApp({
    clock: new ManualClock(),
    seed: 1,
    version: "0",
    config: () => testConfig({ settings: { bodyBytesMax: 10 } }),
    onLimit: ({ limit }) => limits.push(limit),
  });
  await handle(new Request("http://mock" + chat, json(ask)), IN_PROCESS);
  assert.deepEqual(limits, ["settings.max_body_bytes"]);
});

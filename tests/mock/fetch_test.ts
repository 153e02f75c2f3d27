import assert from "node:assert/strict";
import { createMock } from "../../main.ts";
import { deltas, post } from "./_ask.ts";

const ANSWER = "one two three four five six seven eight nine ten";
const OPTIONS = {
  rules: [
    { when: { prompt: "count" }, reply: ANSWER, pace: { itl: 1_000 } },
    { when: { prompt: "think" }, reply: ANSWER, pace: { ttft: "1h" } },
  ],
  responses: { hi: "Hello." },
};

Deno.test("fetch() takes paths, whole URLs of any host, URL objects and requests", async () => {
  await using mock = await createMock(OPTIONS);
  const url = "https://api.example.com/v1/models";
  const inputs = ["/v1/models", url, new URL(url), new Request(url)];
  for (const input of inputs) {
    const response = await mock.fetch(input);
    assert.equal(response.status, 200);
    assert.equal((await response.json()).data[0].id, "mock-llm-model");
  }
});

Deno.test("fetch() takes a request whole: method, headers, body; init goes before it", async () => {
  await using mock = await createMock(OPTIONS);
  const request = new Request("http://x/v1/chat/completions", {
    method: "POST",
    headers: { "x-mine": "1" },
    body: JSON.stringify({
      model: "gpt-4o",
      messages: [{ role: "user", content: "hi" }],
    }),
  });
  const response = await mock.fetch(request, { headers: { "x-mine": "2" } });
  const { choices } = await response.json();
  assert.equal(choices[0].message.content, "Hello.");
  assert.equal(mock.requests[0]?.headers["x-mine"], "2");
});

Deno.test("the response knows its URL", async () => {
  await using mock = await createMock(OPTIONS);
  const response = await mock.fetch("http://api.example.com/health");
  assert.equal(response.url, "http://api.example.com/health");
  await response.body?.cancel();
});

Deno.test("what fetch() gives has the same bytes as over a socket", async () => {
  const exchanges = [
    ["count", true],
    ["count", false],
    ["hi", true],
    ["hi", false],
    ["unknown", true],
  ] as const;
  const bytes: string[][] = [];
  for (const onSocket of [false, true]) {
    await using mock = await createMock({ ...OPTIONS, speed: Infinity });
    await using listener = await mock.listen();
    const fetcher = onSocket
      ? (path: string | URL | Request, init?: RequestInit) =>
        fetch(`${listener.url}${path}`, init)
      : mock.fetch;
    const got: string[] = [];
    for (const [prompt, stream] of exchanges) {
      const response = await post(fetcher, prompt, { stream });
      const type = response.headers.get("content-type");
      got.push(`${response.status} ${type}\n${await response.text()}`);
    }
    bytes.push(
      got.map((text) => text.replace(/"created": ?\d+/g, "")),
    );
  }
  assert.deepEqual(bytes[0], bytes[1]);
});

Deno.test("fetch() whose signal is aborted already rejects with its reason, and asks nothing", async () => {
  await using mock = await createMock(OPTIONS);
  const signal = AbortSignal.abort(new Error("mine"));
  await assert.rejects(mock.fetch("/health", { signal }), /^Error: mine/);
  const request = new Request("http://x/health", { signal });
  await assert.rejects(mock.fetch(request), /^Error: mine/);
  assert.equal(mock.requests.length, 0);
});

Deno.test("fetch() that is aborted while it waits rejects with an AbortError", async () => {
  await using mock = await createMock(OPTIONS);
  const abort = new AbortController();
  const { signal } = abort;
  const waiting = post(mock.fetch, "think", { stream: true, signal });
  queueMicrotask(() => abort.abort());
  await assert.rejects(waiting, { name: "AbortError" });
});

Deno.test("a stop button: aborted after three deltas, the request says so, within one", async () => {
  await using mock = await createMock({ ...OPTIONS, speed: Infinity });
  const abort = new AbortController();
  const { signal } = abort;
  const response = await post(mock.fetch, "count", { stream: true, signal });
  const seen: string[] = [];
  await assert.rejects(async () => {
    for await (const delta of deltas(response)) {
      seen.push(delta);
      if (seen.length === 3) abort.abort();
    }
  }, { name: "AbortError" });
  assert.deepEqual(seen, ["one", " two", " three"]);
  const [request] = mock.expect({ prompt: "count" }, { ended: "client_left" });
  const { deltas: told = -1 } = request ?? {};
  assert.ok(told >= 3 && told <= 4, `${told} deltas`);
});

Deno.test("who left before the first token is seen to have left when that was due", async () => {
  await using mock = await createMock({
    rules: [{ reply: ANSWER, pace: { ttft: 50, itl: 50 } }],
  });
  const abort = new AbortController();
  const { signal } = abort;
  const waiting = post(mock.fetch, "?", { stream: true, signal });
  queueMicrotask(() => abort.abort());
  await assert.rejects(waiting, { name: "AbortError" });
  await mock.idle();
  const [request] = mock.expect({}, { ended: "client_left" });
  assert.equal(request?.deltas, 0);
});

Deno.test("a stop button in real time: the request ends when its client leaves", async () => {
  await using mock = await createMock({
    rules: [{ reply: ANSWER, pace: { itl: 150 } }],
  });
  const abort = new AbortController();
  const { signal } = abort;
  const response = await post(mock.fetch, "?", { stream: true, signal });
  let seen = 0;
  await assert.rejects(async () => {
    for await (const _ of deltas(response)) if (++seen === 3) abort.abort();
  }, { name: "AbortError" });
  const [request] = mock.requests;
  assert.equal(request?.ended, "client_left");
  const { deltas: told = -1 } = request ?? {};
  assert.ok(told >= 3 && told <= 4, `${told} deltas`);
});

Deno.test("a reader that stops reading leaves too", async () => {
  await using mock = await createMock({ ...OPTIONS, speed: Infinity });
  const response = await post(mock.fetch, "count", { stream: true });
  for await (const _ of deltas(response)) break;
  assert.equal(mock.requests[0]?.ended, "client_left");
  assert.equal(mock.requests[0]?.deltas, 1);
});

Deno.test("a signal that nobody aborts changes nothing, and keeps no listener", async () => {
  await using mock = await createMock(OPTIONS);
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--;
    remove(...args);
  };
  const response = await post(mock.fetch, "hi", { stream: true, signal });
  assert.match(await response.text(), /\[DONE\]/);
  assert.equal(listeners, 0);
});

Deno.test("what was aborted after its end is not touched", async () => {
  await using mock = await createMock(OPTIONS);
  const abort = new AbortController();
  const { signal } = abort;
  const response = await post(mock.fetch, "hi", { signal });
  const text = await response.text();
  abort.abort();
  assert.match(text, /Hello/);
  assert.equal(mock.requests[0]?.ended, "complete");
});

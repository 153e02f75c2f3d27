import assert from "node:assert/strict";
import { createMock } from "../../main.ts";
import type { Fetch } from "../../lib/mock/fetch.ts";
import { eventually } from "../support/process.ts";
import { ask, deltas, post } from "./_ask.ts";

/** `fetch` to a server at `url`. */
function fetchAt(url: string): Fetch {
  return (path, init) => fetch(`${url}${path}`, init);
}

Deno.test("listen() takes a free port; its requests are those of the mock", async () => {
  await using mock = await createMock({ responses: { hi: "Hello." } });
  await using first = await mock.listen();
  await using second = await mock.listen();
  assert.notEqual(first.port, second.port);
  assert.equal(first.url, `http://127.0.0.1:${first.port}`);
  assert.equal(await ask(fetchAt(first.url), "hi"), "Hello.");
  assert.equal(await ask(fetchAt(second.url), "hi"), "Hello.");
  assert.equal(await ask(mock.fetch, "hi"), "Hello.");
  mock.expect({ prompt: "hi" }, { times: 3 });
});

Deno.test("a listener tells the environment of programs whose SDKs shall come here", async () => {
  await using mock = await createMock();
  await using server = await mock.listen();
  assert.equal(server.env.OPENAI_BASE_URL, `${server.url}/v1`);
  assert.equal(server.env.ANTHROPIC_BASE_URL, server.url);
  assert.ok(server.env.OPENAI_API_KEY);
});

Deno.test("/_mock answers on a port and in process: other languages see the same", async () => {
  await using mock = await createMock();
  await using server = await mock.listen();
  await ask(mock.fetch, "hi");
  for (const fetcher of [mock.fetch, fetchAt(server.url)]) {
    const response = await fetcher("/_mock/verify", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ when: { prompt: "hi" }, exactly: 1 }),
    });
    assert.deepEqual(await response.json(), { ok: true, count: 1 });
  }
});

Deno.test("rules that /_mock gives, and those of use(), are the same overlay", async () => {
  await using mock = await createMock();
  mock.use({ name: "a", reply: () => "from here" });
  const response = await mock.fetch("/_mock/rules", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ when: { prompt: "x" }, reply: "from there" }),
  });
  assert.equal(response.status, 201);
  await response.body?.cancel();
  assert.equal(await ask(mock.fetch, "x"), "from there");
  assert.equal(await ask(mock.fetch, "y"), "from here");
  const listed = await (await mock.fetch("/_mock/rules")).text();
  assert.match(listed, /"a"/);
});

Deno.test("a client on a socket that leaves is seen to leave", async () => {
  await using mock = await createMock({
    rules: [{ reply: "a b c d e f g h", pace: { itl: 100 } }],
  });
  await using server = await mock.listen();
  const abort = new AbortController();
  const { signal } = abort;
  const response = await post(fetchAt(server.url), "?", {
    stream: true,
    signal,
  });
  let seen = 0;
  await assert.rejects(async () => {
    for await (const _ of deltas(response)) if (++seen === 3) abort.abort();
  });
  await mock.idle();
  const [request] = mock.expect({}, { ended: "client_left" });
  const { deltas: told = -1 } = request ?? {};
  assert.ok(told >= 2 && told <= 5, `${told} deltas`);
});

Deno.test("a listener that is closed answers no more; the mock still does", async () => {
  await using mock = await createMock();
  const server = await mock.listen();
  await ask(fetchAt(server.url), "hi");
  await server.close();
  await server.close();
  await assert.rejects(ask(fetchAt(server.url), "hi"));
  await ask(mock.fetch, "hi");
});

Deno.test("close() of a mock closes its listeners and ends what they send", async () => {
  const mock = await createMock({
    rules: [{ reply: "a b c d", pace: { itl: "1h" } }],
  });
  const server = await mock.listen();
  const response = await post(fetchAt(server.url), "?", { stream: true });
  const reading = response.text();
  await eventually(() => mock.requests.length > 0 || undefined, "the request");
  await mock.close();
  assert.match(await reading, /"content":"a".*error/s);
});

Deno.test("a port that cannot be had is told with the way out", async () => {
  await using mock = await createMock();
  await using server = await mock.listen();
  await assert.rejects(
    mock.listen({ port: server.port }),
    /The mock cannot listen on 127\.0\.0\.1:\d+: in use\. Leave the port out/,
  );
});

// Under Deno's own node:http; tests/mock/bundle_test.ts runs the same adapter on Node.

import assert from "node:assert/strict";
import { SystemClock } from "../../lib/core/clock.ts";
import type { Handler } from "../../lib/core/handler.ts";
import { serveOnNode } from "../../lib/runtime/node.ts";
import { type Listener, PortError } from "../../lib/runtime/runtime.ts";
import { serve } from "../../lib/runtime/serve.ts";
import { eventually } from "../support/process.ts";

const ANYWHERE = { host: "127.0.0.1", port: 0 };

/** A test of what `handler` answers at a URL. */
function test(
  claim: string,
  handler: Handler,
  body: (url: string, listener: Listener) => Promise<void>,
): void {
  Deno.test(claim, async () => {
    const clock = new SystemClock();
    const listener = await serveOnNode(handler, ANYWHERE, clock);
    await body(`http://127.0.0.1:${listener.port}`, listener);
    await listener.stop(1_000);
    clock.close();
  });
}

test(
  "a request arrives whole: method, path, headers, body and peer",
  async (request, { peer }) =>
    Response.json({
      method: request.method,
      path: new URL(request.url).pathname + new URL(request.url).search,
      header: request.headers.get("x-mock-session"),
      body: await request.text(),
      peer,
    }),
  async (url) => {
    const response = await fetch(`${url}/v1/a%20b?c=d`, {
      method: "POST",
      body: "hé".repeat(100_000),
      headers: { "x-mock-session": "mine" },
    });
    assert.deepEqual(await response.json(), {
      method: "POST",
      path: "/v1/a%20b?c=d",
      header: "mine",
      body: "hé".repeat(100_000),
      peer: "127.0.0.1",
    });
  },
);

test(
  "a response goes out whole: status, headers, body",
  () => new Response("teapot", { status: 418, headers: { "x-a": "b" } }),
  async (url) => {
    const response = await fetch(url);
    assert.equal(response.status, 418);
    assert.equal(response.headers.get("x-a"), "b");
    assert.equal(await response.text(), "teapot");
  },
);

test(
  "a response without a body has none",
  () => new Response(null, { status: 204 }),
  async (url) => {
    const response = await fetch(url, { method: "OPTIONS" });
    assert.equal(response.status, 204);
    assert.equal(await response.text(), "");
  },
);

test("a handler that throws is answered for with plain JSON", () => {
  throw new Error("secret");
}, async (url) => {
  const response = await fetch(url);
  assert.equal(response.status, 500);
  assert.deepEqual(await response.json(), {
    error: { message: "Internal server error" },
  });
});

test(
  "what nobody read of a request keeps no answer back, nor the next request",
  () => new Response("enough"),
  async (url) => {
    for (let i = 0; i < 3; i++) {
      const body = "x".repeat(1_000_000);
      const response = await fetch(url, { method: "POST", body });
      assert.equal(await response.text(), "enough");
    }
  },
);

const left = Promise.withResolvers<void>();
let pulls = 0;

test(
  "a client that leaves cancels the body, and a slow one is not read ahead of",
  () => {
    const chunk = new Uint8Array(64 * 1_024);
    return new Response(
      new ReadableStream({
        pull(controller) {
          pulls++;
          controller.enqueue(chunk);
        },
        cancel: () => left.resolve(),
      }, { highWaterMark: 0 }),
    );
  },
  async (url) => {
    const abort = new AbortController();
    const response = await fetch(url, { signal: abort.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    const seen: number[] = [];
    await eventually(
      () => seen.push(pulls) > 20 && seen.at(-20) === pulls || undefined,
      "no more pulls",
    );
    assert.ok(pulls < 1_000, `${pulls} chunks for nobody`);
    abort.abort();
    await left.promise;
    await reader?.closed.catch(() => {});
  },
);

test(
  "a stream that is broken off breaks the connection off",
  () =>
    new Response(
      new ReadableStream({
        pull(controller) {
          if (pulls++ < 0) controller.enqueue(new Uint8Array(1));
          else controller.error(new Error("broken"));
        },
      }),
    ),
  async (url) => {
    await assert.rejects(async () => await (await fetch(url)).text());
  },
);

Deno.test("a port that cannot be had is a PortError that says why", async () => {
  const clock = new SystemClock();
  const handler = () => new Response();
  const first = await serveOnNode(handler, ANYWHERE, clock);
  const reason = (expected: PortError["reason"]) => (error: unknown) =>
    error instanceof PortError && error.reason === expected;
  await assert.rejects(
    serveOnNode(handler, { ...ANYWHERE, port: first.port }, clock),
    reason("in use"),
  );
  await assert.rejects(
    serveOnNode(handler, { ...ANYWHERE, host: "192.0.2.1" }, clock),
    reason("no such address"),
  );
  await first.stop(1_000);
  clock.close();
});

Deno.test("serve() listens on the runtime there is", async () => {
  const clock = new SystemClock();
  const handler: Handler = (_request, { peer = "?" }) => new Response(peer);
  const listener = await serve(handler, ANYWHERE, clock);
  const response = await fetch(`http://127.0.0.1:${listener.port}`);
  assert.equal(await response.text(), "127.0.0.1");
  assert.equal(await listener.stop(1_000), true);
  clock.close();
});

/** The journal of a whole server: what it says of requests is what happened to them. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { json } from "../support/app.ts";
import { type Administered, administered } from "../support/administered.ts";
import { settle } from "../support/manual_clock.ts";
import { rule } from "../support/rules.ts";

const CHAT = "/v1/chat/completions";
const MESSAGES = "/v1/messages";

function asks(prompt: string, more: object = {}) {
  return { model: "m", messages: [{ role: "user", content: prompt }], ...more };
}

/** Pace at which each character of a stream takes 100 ms. */
const SLOW = {
  firstMs: { type: "fixed", ms: 0 },
  unitMs: { type: "fixed", ms: 100 },
  unit: "character",
} as const;

/** The text of a response, while time goes on. */
async function readAll(server: Administered, response: Response) {
  let text: string | undefined;
  const reading = response.text().then((all) => text = all);
  for (let i = 0; text === undefined && i < 2_000; i++) {
    await settle();
    const { nextMs } = server.clock;
    if (nextMs < Infinity) await server.clock.advance(nextMs);
    else await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return await reading;
}

for (const path of [CHAT, MESSAGES]) {
  Deno.test(`the journal: what it says was sent on ${path} is what the client got, to the byte`, async () => {
    const text = fc.string({ unit: "binary", maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.boolean(),
        fc.boolean(),
        async (said, stream, slow) => {
          const settings = slow ? { pace: SLOW } : {};
          const server = administered({ unknown: said, settings });
          const asked = json(asks("x", { stream, max_tokens: 9_999 }));
          const asking = server.ask(path, asked);
          await settle();
          while (server.clock.nextMs < Infinity) {
            await server.clock.advance(server.clock.nextMs);
          }
          const got = await readAll(server, await asking);
          const view = await server.json("/_mock/requests/1");
          assert.equal(view.sent, got);
          assert.equal(view.bytes, new TextEncoder().encode(got).length);
          const events = got.split("\n\n").length - 1;
          assert.equal(view.frames, stream ? events : 1);
          assert.equal(view.ended, "complete");
          assert.equal(view.real.last_ms, view.scheduled.last_ms);
        },
      ),
      { numRuns: 40 },
    );
  });
}

Deno.test("the journal: a request is seen while it is answered", async () => {
  const server = administered({ settings: { pace: SLOW } });
  const response = await server.ask(CHAT, json(asks("x", { stream: true })));
  const { requests } = await server.json("/_mock/requests?ended=open");
  assert.equal(requests[0].ended, "open");
  await readAll(server, response);
  const { requests: none } = await server.json("/_mock/requests?ended=open");
  assert.deepEqual(none, []);
});

for (const path of [CHAT, MESSAGES]) {
  Deno.test(`the journal: a client of ${path} that left after 3 deltas left after 3 deltas`, async () => {
    const server = administered({
      unknown: "abcdefgh",
      settings: { pace: SLOW },
    });
    const body = asks("story", { stream: true, max_tokens: 99 });
    const response = await server.ask(path, json(body));
    const reader = response.body?.getReader();
    assert.ok(reader);
    let got = "";
    while (!got.includes('"c"')) {
      const reading = reader.read();
      await settle();
      if (server.clock.nextMs < Infinity) {
        await server.clock.advance(server.clock.nextMs);
      }
      got += new TextDecoder().decode((await reading).value);
    }
    await reader.cancel();
    const view = await server.json("/_mock/requests/1");
    assert.deepEqual([view.ended, view.deltas], ["client_left", 3]);
    assert.equal(view.sent, got);
    assert.ok(view.scheduled.last_ms > view.real.last_ms);
    const verdict = await server.json(
      "/_mock/verify",
      json({ when: { prompt: "story" }, ended: "client_left", exactly: 1 }),
    );
    assert.deepEqual(verdict, { ok: true, count: 1 });
  });
}

Deno.test("the journal: a stream that the server ended has its last words", async () => {
  const server = administered({
    unknown: "abcdefgh",
    settings: { pace: SLOW },
  });
  const response = await server.ask(CHAT, json(asks("x", { stream: true })));
  const reading = response.text();
  await server.clock.advance(250);
  server.streams.stop();
  const view = await server.json("/_mock/requests/1");
  assert.equal(view.ended, "drained");
  assert.equal(view.sent, await reading);
  assert.match(view.sent, /shutting down/);
});

Deno.test("the journal: refusals are there, with their reason, whatever was wrong", async () => {
  const server = administered();
  const unread = {
    method: "POST",
    body: "{",
    headers: { "content-type": "application/json" },
  };
  for (
    const [path, init] of [
      [CHAT, unread],
      [CHAT, json({ model: "m", messages: 1 })],
      ["/v1/chat/completion", json({})],
      [CHAT, { method: "DELETE" }],
      [CHAT, json(asks("x"), { "X-Token-Count": "many" })],
      [CHAT, json(asks("x"), { "X-Mock-Rule": "none" })],
    ] as const
  ) await (await server.ask(path, init)).body?.cancel();
  const { requests } = await server.json("/_mock/requests?status=4xx");
  assert.deepEqual(
    requests.map(({ status }: { status: number }) => status),
    [400, 400, 404, 405, 400, 400],
  );
  assert.ok(requests.every(({ error }: { error?: string }) => error));
  const view = await server.json("/_mock/requests/1");
  assert.match(view.sent, /"error"/);
});

Deno.test("the journal: says which rule answered, and why the others did not", async () => {
  const rules = [
    rule("claude", { model: "claude-*" }),
    rule("weather", { prompt: "*weather*" }),
  ];
  const server = administered({ rules });
  await (await server.ask(CHAT, json(asks("weather?")))).text();
  await (await server.ask(CHAT, json(asks("hello")))).text();
  const [first, second] = await Promise.all(
    [1, 2].map((id) => server.json(`/_mock/requests/${id}`)),
  );
  assert.deepEqual(first.answered_by, {
    type: "rule",
    name: "weather",
    place: "test.yml:7",
  });
  assert.deepEqual(first.misses, [
    'rule "claude" (test.yml:6): model is "m", wants "claude-*"',
  ]);
  assert.equal(second.answered_by.type, "default");
  assert.equal(second.misses.length, 2);
  const { requests } = await server.json("/_mock/requests?unmatched=true");
  assert.deepEqual(requests.map(({ id }: { id: string }) => id), ["2"]);
});

Deno.test("the journal: neither pages nor /_mock itself are in it", async () => {
  const server = administered();
  for (
    const path of ["/health", "/", "/_mock", "/_mock/none", "/_mock/config"]
  ) {
    await (await server.ask(path)).text();
  }
  const { requests } = await server.json("/_mock/requests");
  assert.deepEqual(requests, []);
});

Deno.test("the journal: a request made again with its seed is answered with the same bytes", async () => {
  const server = administered({ unknown: "hello" });
  await (await server.ask(CHAT, json(asks("x", { stream: true })))).text();
  const first = await server.json("/_mock/requests/1");
  const headers = { "X-Mock-Seed": String(first.plan.seed) };
  const again = json(asks("x", { stream: true }), headers);
  assert.equal(await (await server.ask(CHAT, again)).text(), first.sent);
});

Deno.test("the journal: a refused request has its body, parsed or, where that is impossible, as text", async () => {
  const server = administered({});
  for (const path of [CHAT, MESSAGES, `${MESSAGES}/count_tokens`]) {
    await (await server.ask(path, json({ model: 7, why: "wrong" }))).text();
    const { requests: [entry] } = await server.json("/_mock/requests?last=1");
    const view = await server.json(`/_mock/requests/${entry.id}`);
    assert.equal(view.status, 400);
    assert.deepEqual(view.body, { model: 7, why: "wrong" });
  }
  const broken = {
    method: "POST",
    body: '{"model": "m", "key": "sk-ant-abcdefgh',
  };
  await (await server.ask(CHAT, broken)).text();
  const { requests: [entry] } = await server.json("/_mock/requests?last=1");
  const view = await server.json(`/_mock/requests/${entry.id}`);
  assert.equal(view.body, '{"model": "m", "key": "[redacted]');
});

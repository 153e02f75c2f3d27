/** Rules given at run time, in a whole server. */

import assert from "node:assert/strict";
import { json, testConfig } from "../support/app.ts";
import { type Administered, administered } from "../support/administered.ts";
import { settle } from "../support/manual_clock.ts";
import { rule } from "../support/rules.ts";

const CHAT = "/v1/chat/completions";

function asks(prompt: string, more: object = {}) {
  return { model: "m", messages: [{ role: "user", content: prompt }], ...more };
}

/** What `server` answers in a session. */
async function answer(server: Administered, prompt: string, session = "") {
  const headers = session === "" ? {} : { "x-mock-session": session };
  const response = await server.ask(CHAT, json(asks(prompt), headers));
  const body = await response.json();
  return body.choices?.[0].message.content ?? body.error.message;
}

function give(server: Administered, rules: unknown, session?: string) {
  const query = session === undefined ? "" : `?session=${session}`;
  return server.json(`/_mock/rules${query}`, json(rules));
}

Deno.test("run-time rules: a session's own, then everybody's, then the file's", async () => {
  const server = administered({ rules: [rule("file")] });
  assert.equal(await answer(server, "x", "s"), "file");
  await give(server, { name: "all", reply: "all" });
  assert.equal(await answer(server, "x", "s"), "all");
  await give(server, { name: "own", reply: "own" }, "s");
  assert.equal(await answer(server, "x", "s"), "own");
  assert.equal(await answer(server, "x", "t"), "all");
  assert.equal(await answer(server, "x"), "all");
});

Deno.test("run-time rules: outlive a reload of the file", async () => {
  const server = administered({ rules: [rule("file")] });
  await give(server, { when: { prompt: "x" }, reply: "mine" });
  server.config = testConfig({ rules: [rule("reloaded")] });
  assert.equal(await answer(server, "x"), "mine");
  assert.equal(await answer(server, "y"), "reloaded");
});

Deno.test("run-time rules: a running reply keeps what it began with, and the journal does", async () => {
  const server = administered();
  await give(server, {
    name: "story",
    reply: "once upon a time",
    pace: { tokens_per_second: 1 },
  });
  const body = json(asks("x", { stream: true }));
  const response = await server.ask(CHAT, body);
  const reading = response.text();
  await server.clock.advance(1_000);
  await server.json("/_mock/rules", { method: "DELETE" });
  assert.equal(await answer(server, "x"), "I don't know.");
  while (server.clock.nextMs < Infinity) {
    await server.clock.advance(server.clock.nextMs);
  }
  assert.match(await reading, /once.*\n\n.*upon/);
  const view = await server.json("/_mock/requests/1");
  assert.equal(view.answered_by.name, "story");
  assert.equal(view.sent, await reading);
});

Deno.test("run-time rules: a sequence begins anew when it is given anew, or reset", async () => {
  const server = administered();
  const flaky = { name: "flaky", replies: ["one", "two"] };
  const both =
    async () => [await answer(server, "x"), await answer(server, "x")];
  await give(server, flaky);
  assert.deepEqual(await both(), ["one", "two"]);
  await give(server, flaky);
  assert.deepEqual(await both(), ["one", "two"]);
  await server.json("/_mock/reset", json({ counters: true }));
  assert.deepEqual(await both(), ["one", "two"]);
  await server.json("/_mock/reset", json({}));
  assert.equal(await answer(server, "x"), "I don't know.");
});

Deno.test("run-time rules: 100 tests side by side, each with its session and rules: none sees another's", async () => {
  const server = administered({ rules: [rule("file", { prompt: "file" })] });
  const test = async (at: number) => {
    const session = `test-${at}`;
    const mine = (n: number) => `${session} says ${n}`;
    await give(server, {
      name: "same name everywhere",
      when: { prompt: "who?" },
      replies: [mine(1), mine(2)],
      state: { sets: "asked" },
    }, session);
    await settle();
    for (const n of [1, 2, 2]) {
      assert.equal(await answer(server, "who?", session), mine(n));
      await settle();
    }
    assert.equal(await answer(server, "file", session), "file");
    const verify = { when: { prompt: "who?" }, exactly: 3 };
    const verdict = await server.json(
      `/_mock/verify?session=${session}`,
      json(verify),
    );
    assert.deepEqual(verdict, { ok: true, count: 3 });
    const { requests } = await server.json(
      `/_mock/requests?session=${session}`,
    );
    assert.equal(requests.length, 4);
    if (at % 2 === 0) await server.json("/_mock/reset", json({ session }));
  };
  await Promise.all(Array.from({ length: 100 }, (_, at) => test(at)));
  assert.equal(await answer(server, "who?"), "I don't know.");
  const { requests } = await server.json("/_mock/requests?limit=1000");
  assert.equal(requests.length, 50 * 4 + 1);
  assert.equal(await answer(server, "who?", "test-1"), "test-1 says 2");
  assert.equal(await answer(server, "who?", "test-2"), "I don't know.");
});

Deno.test("run-time rules: X-Mock-Rule demands one of them by its name", async () => {
  const server = administered();
  await give(server, [{
    name: "a",
    when: { prompt: "never" },
    reply: "forced",
  }]);
  const demanded = json(asks("x"), { "X-Mock-Rule": "a" });
  const response = await server.ask(CHAT, demanded);
  assert.equal(response.headers.get("x-mock-rule"), "a");
  assert.equal((await response.json()).choices[0].message.content, "forced");
});

Deno.test("run-time rules: they are counted in coverage beside those of the file", async () => {
  const server = administered({ rules: [rule("file")] });
  await give(server, [
    { name: "a", when: { prompt: "x" }, reply: "1" },
    { name: "b", when: { prompt: "y" }, reply: "2" },
  ]);
  await answer(server, "x");
  const { rules } = await server.json("/_mock/coverage");
  assert.deepEqual(rules.hits.map(({ name }: { name: string }) => name), ["a"]);
  assert.deepEqual(
    rules.never_hit.map(({ name }: { name: string }) => name),
    ["b", "file"],
  );
});

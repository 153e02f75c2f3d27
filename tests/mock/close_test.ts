import assert from "node:assert/strict";
import { createMock } from "../../main.ts";
import { ask, post } from "./_ask.ts";

const SLOW = { rules: [{ reply: "a b c d", pace: { itl: "1h" } }] };
const THINKING = { rules: [{ reply: "a b c d", pace: { ttft: "1h" } }] };

Deno.test("a mock that is idle needs no closing: it keeps no timer and no socket", async () => {
  const mock = await createMock({
    rules: [{ reply: "a b", pace: { itl: 1 } }],
  });
  await (await post(mock.fetch, "?", { stream: true })).text();
  await ask(mock.fetch, "?");
});

Deno.test("close() ends open streams with their last words", async () => {
  const mock = await createMock(SLOW);
  const response = await post(mock.fetch, "?", { stream: true });
  const reading = response.text();
  await mock.close();
  assert.match(await reading, /"content":"a".*error/s);
  assert.equal(mock.requests[0]?.ended, "drained");
});

Deno.test("close() begins what has not begun, and ends it", async () => {
  const mock = await createMock(THINKING);
  const asking = post(mock.fetch, "?", { stream: true });
  const whole = post(mock.fetch, "?");
  await Promise.resolve();
  await mock.close();
  assert.match(await (await asking).text(), /error|DONE/);
  assert.equal((await whole).status, 200);
  await mock.idle();
});

Deno.test("a closed mock answers nobody, and may be closed again", async () => {
  const mock = await createMock();
  await Promise.all([mock.close(), mock.close()]);
  await assert.rejects(ask(mock.fetch, "hi"), /The mock is closed/);
  await assert.rejects(mock.listen(), /The mock is closed/);
});

Deno.test("what was asked can still be looked at", async () => {
  const mock = await createMock();
  await ask(mock.fetch, "hi");
  await mock.close();
  mock.expect({ prompt: "hi" }, { times: 1 });
});

Deno.test("using disposes of a mock, waited for or not", async () => {
  const kept = [];
  {
    using mock = await createMock();
    await ask(mock.fetch, "hi");
    kept.push(mock);
  }
  {
    await using mock = await createMock();
    kept.push(mock);
  }
  for (const { fetch } of kept) await assert.rejects(ask(fetch, "hi"));
});

Deno.test("idle() resolves at once when nothing is open, else with the last end", async () => {
  await using mock = await createMock({
    rules: [{ reply: "a b", pace: { itl: 3 } }],
  });
  await mock.idle();
  const responses = await Promise.all(
    [1, 2, 3].map(() => post(mock.fetch, "?", { stream: true })),
  );
  const reading = responses.map((response) => response.text());
  await mock.idle();
  assert.ok(mock.requests.every(({ ended }) => ended === "complete"));
  await Promise.all(reading);
});

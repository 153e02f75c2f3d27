import assert from "node:assert/strict";
import { createMock, ExpectationError, type Mock } from "../../main.ts";
import { ask } from "./_ask.ts";

/** A mock that was asked three things. */
async function asked(): Promise<Mock> {
  const mock = await createMock({
    responses: { "the weather in Paris?": "Sunny." },
  });
  await ask(mock.fetch, "the weather in Paris?");
  await ask(mock.fetch, "the weather in Rome?", { model: "gpt-4o-mini" });
  await ask(mock.fetch, "thanks", {
    headers: { authorization: "Bearer sk-secret-12345678", "x-team": "red" },
  });
  return mock;
}

/** What is said of an expectation that fails. */
function failure(expectation: () => unknown): ExpectationError {
  try {
    expectation();
  } catch (error) {
    assert.ok(error instanceof ExpectationError, String(error));
    return error;
  }
  assert.fail("it held");
}

Deno.test("expect() gives the requests that match", async () => {
  await using mock = await asked();
  const found = mock.expect({ prompt: "*weather*" });
  assert.deepEqual(found.map(({ id }) => id), ["1", "2"]);
  mock.expect({ prompt: /thanks/i, header: { "x-team": "red" } });
  mock.expect({ body: { "$.model": "gpt-4o" } }, { times: 2 });
  mock.expect(({ model }) => model.endsWith("mini"), { times: 1 });
  mock.expect({}, { times: 3 });
});

Deno.test("expect() counts: times, atLeast, atMost; none is zero times", async () => {
  await using mock = await asked();
  mock.expect({ prompt: "*weather*" }, { times: 2 });
  mock.expect({ prompt: "*weather*" }, { atLeast: 1 });
  mock.expect({ prompt: "*weather*" }, { atMost: 2 });
  mock.expect({ prompt: "*weather*" }, { atLeast: 2, atMost: 3 });
  mock.expect({ prompt: "*snow*" }, { times: 0 });
  for (
    const wrong of [{ times: 1 }, { atLeast: 3 }, { atMost: 1 }, { times: 0 }]
  ) failure(() => mock.expect({ prompt: "*weather*" }, wrong));
});

Deno.test("expect() refuses counts that no requests can have, and what is no condition", async () => {
  await using mock = await asked();
  for (
    const [expected, message] of [
      [{ times: -1 }, /times must be a whole number of at least 0, not -1/],
      [{ atLeast: NaN }, /atLeast must be a whole number/],
      [{ atMost: 1.5 }, /atMost must be a whole number/],
      [{ times: 3, atLeast: 5 }, /times says it all/],
      [{ atLeast: 5, atMost: 3 }, /atLeast is 5, but atMost is 3/],
    ] as const
  ) assert.throws(() => mock.expect({}, expected), { message });
  for (const when of [undefined, null, "weather"]) {
    assert.throws(() => mock.expect(when as never), {
      name: "TypeError",
      message: /^expect\(\) wants conditions/,
    });
  }
});

Deno.test("expect() asks for what came of a request: its end, its status, its rule", async () => {
  await using mock = await asked();
  mock.use({ name: "busy", reply: { error: "rate_limit" } });
  await ask(mock.fetch, "again");
  mock.expect({}, { status: "2xx", ended: "complete", times: 3 });
  mock.expect({}, { status: 429, rule: "busy" });
  mock.expect({}, { unmatched: true, times: 2 });
  mock.expect({}, { text: "sunny" });
  failure(() => mock.expect({}, { ended: "client_left" }));
});

Deno.test("an expectation that fails says what was wanted, what there was, and what came nearest", async () => {
  await using mock = await asked();
  const { name, code, message, expected, actual } = failure(() =>
    mock.expect({ prompt: "*weather*", model: "claude-*" })
  );
  assert.equal(name, "AssertionError");
  assert.equal(code, "ERR_ASSERTION");
  assert.equal(expected, "at least 1");
  assert.equal(actual, "0");
  assert.equal(
    message,
    'Wanted at least 1 request with prompt "*weather*", model "claude-*", found 0 among 3. ' +
      'Nearest is request 2: model is "gpt-4o-mini", wants "claude-*"\n' +
      '  Request 1: model is "gpt-4o", wants "claude-*"\n' +
      '  Request 3: prompt is "thanks", wants "*weather*"; model is "gpt-4o", wants "claude-*"',
  );
});

Deno.test("an expectation of fewer says which requests there were", async () => {
  await using mock = await asked();
  const { message } = failure(() =>
    mock.expect({ prompt: "*weather*" }, { times: 0 })
  );
  assert.match(
    message,
    /^Wanted exactly 0 .* found 2 among 3\. They are 1, 2$/,
  );
});

Deno.test("an expectation tells no secrets", async () => {
  await using mock = await asked();
  const { message } = failure(() =>
    mock.expect({ key: "mock-key", header: { "x-team": "blue" } })
  );
  assert.doesNotMatch(message, /sk-secret|red/);
});

Deno.test("expectInOrder() allows others in between, and says which step failed", async () => {
  await using mock = await asked();
  mock.expectInOrder([{ prompt: "*Paris*" }, { prompt: "thanks" }]);
  const { message } = failure(() =>
    mock.expectInOrder([{ prompt: "thanks" }, { prompt: "*Paris*" }])
  );
  assert.match(
    message,
    /^Step 2 of 2 .* Request 1 matches, but came too early$/,
  );
});

Deno.test("an expectation that cannot be is refused, not failed", async () => {
  await using mock = await asked();
  const bad = { promt: "a" } as never;
  assert.throws(
    () => mock.expect(bad),
    /Unknown key "promt".*Did you mean "prompt"/s,
  );
  assert.throws(() => mock.expect({ prompt: "/(/" }), { name: "MockError" });
  assert.throws(
    () => mock.expect({}, { time: 1 } as never),
    /expect\(\) knows no "time", only .*times/,
  );
  assert.throws(() => mock.expect({}, { ended: "left" as never }), TypeError);
  assert.throws(() => mock.expect({}, { status: "ok" }), TypeError);
});

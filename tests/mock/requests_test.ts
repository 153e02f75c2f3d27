import assert from "node:assert/strict";
import { createMock } from "../../main.ts";
import { ask, post } from "./_ask.ts";

Deno.test("a request tells what was asked, what answered and what came of it", async () => {
  await using mock = await createMock({
    rules: [{ name: "hello", when: { prompt: "hi" }, reply: "Hello you." }],
  });
  const headers = {
    authorization: "Bearer sk-secret-12345678",
    "x-my-token": "secret",
    "x-tenant": "blue",
  };
  await ask(mock.fetch, "hi", { system: "Be brief.", headers });
  const [request] = mock.requests;
  assert.ok(request);
  const { sent, time, responseHeaders, firstMs, totalMs, seed, ...rest } =
    request;
  assert.deepEqual({ ...rest, headers: { ...rest.headers } }, {
    id: "1",
    session: "",
    dialect: "openai_chat",
    method: "POST",
    path: "/v1/chat/completions",
    headers: {
      authorization: "[redacted]",
      "content-type": "application/json",
      "x-my-token": "[redacted]",
      "x-tenant": "blue",
    },
    body: {
      model: "gpt-4o",
      stream: false,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "hi" },
      ],
    },
    prompt: "hi",
    system: "Be brief.",
    model: "gpt-4o",
    stream: false,
    turn: 1,
    messages: [
      { role: "system", parts: [{ type: "text", text: "Be brief." }] },
      { role: "user", parts: [{ type: "text", text: "hi" }] },
    ],
    tools: [],
    toolResults: [],
    answeredBy: {
      type: "rule",
      name: "hello",
      place: rest.answeredBy?.place,
    },
    unmatched: false,
    misses: [],
    status: 200,
    error: undefined,
    text: "Hello you.",
    toolCalls: [],
    violations: [],
    finish: "stop",
    usage: { input: 15, inputCached: 0, output: 3, outputReasoning: 0 },
    deltas: 0,
    ended: "complete",
  });
  assert.ok(Math.abs(time.getTime() - Date.now()) < 60_000);
  assert.equal(responseHeaders["x-mock-rule"], "hello");
  assert.equal(responseHeaders["x-mock-seed"], String(seed));
  assert.ok(firstMs !== undefined && totalMs !== undefined);
  assert.match(await sent(), /"content": "Hello you\."/);
});

Deno.test("a request that nothing matched says what came near", async () => {
  await using mock = await createMock({
    rules: [{ name: "hello", when: { prompt: "hi" }, reply: "Hello." }],
  });
  await ask(mock.fetch, "hello?");
  const [request] = mock.requests;
  assert.equal(request?.unmatched, true);
  assert.equal(request?.answeredBy?.type, "default");
  assert.match(
    request?.misses[0] ?? "",
    /^rule "hello" \(requests_test\.ts:\d+\): prompt is "hello\?", wants "hi"$/,
  );
});

Deno.test("a request that was refused says why; one that could not be read has no question", async () => {
  await using mock = await createMock();
  const response = await mock.fetch("/v1/chat/completions", {
    method: "POST",
    body: "{",
  });
  await response.text();
  const [request] = mock.requests;
  assert.equal(request?.status, 400);
  assert.match(request?.error ?? "", /JSON/);
  assert.equal(request?.prompt, "");
  assert.equal(request?.answeredBy, undefined);
});

Deno.test("requests are as they are when they are asked for: open ones end later", async () => {
  await using mock = await createMock({
    rules: [{ reply: "a b c", pace: { itl: 5 } }],
  });
  const response = await post(mock.fetch, "?", { stream: true });
  const [before] = mock.requests;
  assert.equal(before?.ended, "open");
  assert.equal(before?.deltas, undefined);
  const reading = response.text();
  await mock.idle();
  const [after] = mock.requests;
  assert.equal(after?.ended, "complete");
  assert.equal(after?.deltas, 3);
  assert.equal(before?.ended, "open", "what was given does not change");
  assert.equal(await after?.sent(), await reading);
});

Deno.test("what is sent of a stream that was left is what went out", async () => {
  await using mock = await createMock({
    rules: [{ reply: "one two three four", pace: { itl: 5 } }],
    speed: Infinity,
  });
  const response = await post(mock.fetch, "?", { stream: true });
  const reader = response.body?.getReader();
  const { value } = await reader?.read() ?? {};
  await reader?.cancel();
  const [request] = mock.requests;
  assert.equal(await request?.sent(), new TextDecoder().decode(value));
  assert.equal(request?.text, "one two three four");
});

Deno.test("a request tells where its answer is not as it was asked for", async () => {
  await using mock = await createMock({
    rules: [
      { when: { prompt: "call" }, reply: { tool_calls: { name: "look" } } },
      { when: { prompt: "say" }, reply: { json: { city: 5 } } },
      { reply: { auto: true } },
    ],
  });
  const parameters = {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
  };
  const tools = [{ type: "function", function: { name: "look", parameters } }];
  const response_format = {
    type: "json_schema",
    json_schema: { name: "place", schema: parameters },
  };
  const asked = [
    ["call", { tools }],
    ["say", { response_format }],
    ["auto", { tools }],
    ["auto", { response_format }],
  ] as const;
  for (const [content, more] of asked) {
    const messages = [{ role: "user", content }];
    const response = await mock.fetch("/v1/chat/completions", {
      method: "POST",
      body: JSON.stringify({ model: "gpt-4o", messages, ...more }),
    });
    await response.text();
  }
  assert.deepEqual(mock.requests.map(({ violations }) => violations), [
    ["look() $.city: is missing"],
    ["$.city: must be a string, not an integer"],
    [],
    [],
  ]);
});

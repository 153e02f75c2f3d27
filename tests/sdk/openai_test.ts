// The official OpenAI SDK as judge: it parses our answers, and throws its own errors on our
// refusals.

import assert from "node:assert/strict";
import OpenAI from "openai";
import {
  ANSWER,
  collect,
  FIVE_TOKENS,
  LISTED,
  makeApp,
  PROMPT,
  type SdkApp,
  UNKNOWN,
} from "./_app.ts";

function client(app: SdkApp, headers: Record<string, string> = {}): OpenAI {
  return new OpenAI({
    apiKey: "sk-test",
    baseURL: "http://mock/v1",
    fetch: app.fetch,
    maxRetries: 0,
    defaultHeaders: headers,
  });
}

function question(content = PROMPT) {
  return {
    model: "gpt-4o",
    messages: [{ role: "user" as const, content }],
  };
}

Deno.test("openai: a regular reply is the scripted answer", async () => {
  using app = makeApp();
  const completion = await client(app).chat.completions.create(question());
  assert.match(completion.id, /^chatcmpl-/);
  assert.equal(completion.object, "chat.completion");
  assert.equal(completion.model, "gpt-4o");
  assert.equal(completion.choices[0]?.message.content, ANSWER);
  assert.equal(completion.choices[0]?.message.role, "assistant");
  assert.equal(completion.choices[0]?.finish_reason, "stop");
  assert.match(completion._request_id ?? "", /^req_/);
});

Deno.test("openai: a stream read chunk by chunk is the scripted answer", async () => {
  using app = makeApp();
  const stream = await client(app).chat.completions.create({
    ...question(),
    stream: true,
  });
  const chunks = await collect(stream);
  const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "");
  assert.equal(text.join(""), ANSWER);
  assert.ok(text.filter((it) => it !== "").length > 3, "it came in pieces");
  assert.equal(chunks[0]?.choices[0]?.delta.role, "assistant");
  assert.equal(chunks.at(-1)?.choices[0]?.finish_reason, "stop");
  assert.equal(new Set(chunks.map(({ id }) => id)).size, 1);
});

Deno.test("openai: the stream helper folds a stream into the regular reply", async () => {
  using app = makeApp();
  const regular = await client(app).chat.completions.create(question());
  const runner = client(app).chat.completions.stream({
    ...question(),
    stream_options: { include_usage: true },
  });
  const folded = await runner.finalChatCompletion();
  assert.equal(folded.choices[0]?.message.content, ANSWER);
  assert.equal(folded.choices[0]?.finish_reason, "stop");
  assert.equal(folded.choices[0]?.message.refusal, null);
  assert.equal(folded.model, regular.model);
  assert.deepEqual(folded.usage, regular.usage);
  assert.equal(await runner.finalContent(), ANSWER);
});

Deno.test("openai: include_usage adds one chunk without choices, others tell null", async () => {
  using app = makeApp();
  const regular = await client(app).chat.completions.create(question());
  const stream = await client(app).chat.completions.create({
    ...question(),
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = await collect(stream);
  const last = chunks.pop();
  assert.deepEqual(last?.choices, []);
  assert.deepEqual(last?.usage, regular.usage);
  assert.ok(chunks.every(({ usage }) => usage === null));
});

Deno.test("openai: without include_usage no chunk has usage", async () => {
  using app = makeApp();
  const stream = await client(app).chat.completions.create({
    ...question(),
    stream: true,
  });
  const chunks = await collect(stream);
  assert.ok(chunks.every((chunk) => !("usage" in chunk)));
});

Deno.test("openai: what no rule knows gets unknown_response", async () => {
  using app = makeApp();
  const completion = await client(app).chat.completions.create(
    question("what is love?"),
  );
  assert.equal(completion.choices[0]?.message.content, UNKNOWN);
});

Deno.test("openai: an agent's history with tool calls and null content is accepted", async () => {
  using app = makeApp();
  const call = {
    id: "call_1",
    type: "function" as const,
    function: { name: "look", arguments: "{}" },
  };
  const completion = await client(app).chat.completions.create({
    model: "gpt-4o",
    messages: [
      { role: "developer", content: "Be brief." },
      { role: "user", content: [{ type: "text", text: PROMPT }] },
      { role: "assistant", content: null, tool_calls: [call] },
      { role: "tool", tool_call_id: "call_1", content: "purple" },
    ],
    tools: [{
      type: "function",
      function: { name: "look", parameters: { type: "object" } },
    }],
  });
  assert.equal(completion.choices[0]?.message.content, UNKNOWN);
});

Deno.test("openai: X-Token headers make random tokens, regular and streamed alike", async () => {
  using app = makeApp();
  const openai = client(app, { ...FIVE_TOKENS, "X-Model-Id": "fast-1" });
  const { data: regular, response } = await openai.chat.completions
    .create(question()).withResponse();
  assert.equal(response.headers.get("x-actual-token-count"), "5");
  assert.equal(regular.model, "fast-1");
  assert.match(regular.choices[0]?.message.content ?? "", /^\w{30}$/);
  assert.equal(regular.usage?.completion_tokens, 5);
  const streamed = await openai.chat.completions.stream({
    ...question(),
    stream_options: { include_usage: true },
  }).finalChatCompletion();
  assert.match(streamed.choices[0]?.message.content ?? "", /^\w{30}$/);
  assert.deepEqual(streamed.usage, regular.usage);
});

Deno.test("openai: models are listed and retrieved", async () => {
  using app = makeApp();
  const models = await collect(await client(app).models.list());
  const ids = models.map(({ id }) => id);
  assert.ok(
    ids.includes("mock-llm-model") && ids.includes(LISTED),
  );
  const model = await client(app).models.retrieve("mock-llm-model");
  assert.equal(model.owned_by, "mock-server");
});

Deno.test("openai: wrong requests are the SDK's BadRequestError and name the field", async () => {
  using app = makeApp();
  await assert.rejects(
    client(app).chat.completions.create({ model: "gpt-4o", messages: [] }),
    (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.equal(error.type, "invalid_request_error");
      assert.equal(error.param, "messages");
      assert.match(error.requestID ?? "", /^req_/);
      return true;
    },
  );
});

Deno.test("openai: unknown models and paths are the SDK's NotFoundError", async () => {
  using app = makeApp();
  await assert.rejects(client(app).models.retrieve("nobody"), (error) => {
    assert.ok(error instanceof OpenAI.NotFoundError);
    assert.equal(error.code, "model_not_found");
    assert.match(error.requestID ?? "", /^req_/);
    return true;
  });
  await assert.rejects(client(app).batches.list(), OpenAI.NotFoundError);
});

Deno.test("openai: a body over the limit is an APIError with status 413", async () => {
  using app = makeApp("max_body_bytes: 1000");
  await assert.rejects(
    client(app).chat.completions.create(question("x".repeat(2_000))),
    (error) => {
      assert.ok(error instanceof OpenAI.APIError);
      assert.equal(error.status, 413);
      assert.match(error.requestID ?? "", /^req_/);
      return true;
    },
  );
});

Deno.test("openai: over a real socket, regular and streamed", async () => {
  using app = makeApp();
  await using server = app.listen();
  const openai = new OpenAI({
    apiKey: "sk-test",
    baseURL: `${server.url}/v1`,
    maxRetries: 0,
  });
  const regular = await openai.chat.completions.create(question());
  assert.equal(regular.choices[0]?.message.content, ANSWER);
  const streamed = await openai.chat.completions.stream(question())
    .finalContent();
  assert.equal(streamed, ANSWER);
});

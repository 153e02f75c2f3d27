// The official Anthropic SDK as judge: it parses our answers, and throws its own errors on our
// refusals. It speaks 2026-10-21; the older version is asked for by header.

import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
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

function client(app: SdkApp, headers: Record<string, string> = {}): Anthropic {
  return new Anthropic({
    apiKey: "sk-ant-test",
    baseURL: "http://mock",
    fetch: app.fetch,
    maxRetries: 0,
    defaultHeaders: headers,
  });
}

function question(content = PROMPT) {
  return {
    model: LISTED,
    max_tokens: 1_000,
    messages: [{ role: "user" as const, content }],
  };
}

function textOf({ content }: Anthropic.Message): string {
  return content.map((block) => block.type === "text" ? block.text : "")
    .join("");
}

Deno.test("anthropic: a regular reply is the scripted answer", async () => {
  using app = makeApp();
  const message = await client(app).messages.create(question());
  assert.match(message.id, /^msg_01\w{22}$/);
  assert.equal(message.role, "assistant");
  assert.equal(message.model, LISTED);
  assert.equal(textOf(message), ANSWER);
  assert.equal(message.stop_reason, "end_turn");
  assert.equal(message.stop_details, null);
  assert.match(message._request_id ?? "", /^req_011C/);
});

Deno.test("anthropic: a stream read event by event has all events in order", async () => {
  using app = makeApp();
  const stream = await client(app).messages.create({
    ...question(),
    stream: true,
  });
  const events = await collect(stream);
  const kinds = events.map(({ type }) => type as string)
    .filter((type, index, all) => type !== all[index - 1]);
  assert.deepEqual(kinds.filter((type) => type !== "ping"), [
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
  ]);
  const text = events.map((event) =>
    event.type === "content_block_delta" && event.delta.type === "text_delta"
      ? event.delta.text
      : ""
  );
  assert.equal(text.join(""), ANSWER);
  assert.ok(text.filter((it) => it !== "").length > 3, "it came in pieces");
});

for (const version of ["2023-06-01", "2026-10-21"]) {
  Deno.test(`anthropic: the stream helper folds a stream into the regular reply of ${version}`, async () => {
    using app = makeApp();
    const anthropic = client(app, { "anthropic-version": version });
    const regular = await anthropic.messages.create(question());
    const runner = anthropic.messages.stream(question());
    const folded = await runner.finalMessage();
    assert.equal(await runner.finalText(), ANSWER);
    assert.deepEqual(folded.content, regular.content);
    assert.equal(folded.stop_reason, regular.stop_reason);
    assert.deepEqual(folded.usage, regular.usage);
    assert.equal("diagnostics" in folded, version === "2026-10-21");
  });
}

Deno.test("anthropic: count_tokens is the input_tokens of the usage that follows", async () => {
  using app = makeApp();
  const { max_tokens: _, ...counted } = {
    ...question(),
    system: "You are a painter. 色は匂へど",
    tools: [{
      name: "paint",
      description: "Paints the sky",
      input_schema: { type: "object" as const },
    }],
  };
  const { input_tokens } = await client(app).messages.countTokens(counted);
  const asked = { ...counted, max_tokens: 10 };
  const regular = await client(app).messages.create(asked);
  const streamed = await client(app).messages.stream(asked).finalMessage();
  assert.ok(input_tokens > 10);
  assert.equal(regular.usage.input_tokens, input_tokens);
  assert.equal(streamed.usage.input_tokens, input_tokens);
});

Deno.test("anthropic: what no rule knows gets unknown_response", async () => {
  using app = makeApp();
  const message = await client(app).messages.create(question("love?"));
  assert.equal(textOf(message), UNKNOWN);
});

Deno.test("anthropic: an agent's history with tools and thinking is accepted", async () => {
  using app = makeApp();
  const message = await client(app).messages.create({
    ...question(),
    system: [{ type: "text", text: "Be brief." }],
    messages: [
      { role: "user", content: [{ type: "text", text: PROMPT }] },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "", signature: "EqoB" },
          { type: "tool_use", id: "toolu_1", name: "look", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "toolu_1", content: "purple" },
        ],
      },
    ],
    tools: [{ name: "look", input_schema: { type: "object" } }],
  });
  assert.equal(textOf(message), UNKNOWN);
});

Deno.test("anthropic: X-Token headers make random tokens, regular and streamed alike", async () => {
  using app = makeApp();
  const anthropic = client(app, { ...FIVE_TOKENS, "X-Model-Id": "fast-1" });
  const { data: regular, response } = await anthropic.messages
    .create(question()).withResponse();
  assert.equal(response.headers.get("x-actual-token-count"), "5");
  assert.equal(regular.model, "fast-1");
  assert.match(textOf(regular), /^\w{30}$/);
  assert.equal(regular.usage.output_tokens, 5);
  const streamed = await anthropic.messages.stream(question()).finalMessage();
  assert.match(textOf(streamed), /^\w{30}$/);
  assert.deepEqual(streamed.usage, regular.usage);
});

Deno.test("anthropic: models are listed and retrieved in Anthropic's shape", async () => {
  using app = makeApp();
  const models = await collect(client(app).models.list());
  const ids = models.map(({ id }) => id);
  assert.ok(
    ids.includes("mock-llm-model") && ids.includes(LISTED),
  );
  const model = await client(app).models.retrieve(LISTED);
  assert.equal(model.type, "model");
  assert.ok(Date.parse(model.created_at) > 0);
});

/** Asserts that `refused` is an error of `Class`, whose body and header tell one request id. */
async function rejects(
  refused: Promise<unknown>,
  // deno-lint-ignore no-explicit-any -- what the SDK's own classes take
  Class: new (...args: any[]) => InstanceType<typeof Anthropic.APIError>,
  type: string,
  message: string,
): Promise<void> {
  await assert.rejects(refused, (error) => {
    assert.ok(error instanceof Class, String(error));
    assert.match(error.requestID ?? "", /^req_011C/);
    assert.deepEqual(error.error, {
      type: "error",
      error: { type, message },
      request_id: error.requestID,
    });
    return true;
  });
}

Deno.test("anthropic: wrong requests are the SDK's BadRequestError and name the field", async () => {
  using app = makeApp();
  await rejects(
    client(app).messages.create({ ...question(), messages: [] }),
    Anthropic.BadRequestError,
    "invalid_request_error",
    "messages: at least one message is required",
  );
  const hot: object = { ...question(), temperature: 1 };
  await rejects(
    client(app).post("/v1/messages", { body: hot }),
    Anthropic.BadRequestError,
    "invalid_request_error",
    "temperature: Extra inputs are not permitted",
  );
});

Deno.test("anthropic: an unknown model is the SDK's NotFoundError", async () => {
  using app = makeApp();
  await rejects(
    client(app).models.retrieve("claude-does-not-exist"),
    Anthropic.NotFoundError,
    "not_found_error",
    "model: claude-does-not-exist",
  );
});

Deno.test("anthropic: an unknown path is the SDK's NotFoundError, with the nearest paths", async () => {
  using app = makeApp();
  await assert.rejects(client(app).post("/v1/v1/messages"), (error) => {
    assert.ok(error instanceof Anthropic.NotFoundError, String(error));
    assert.match(error.message, /"not_found_error".*\/v1\/messages/);
    return true;
  });
});

Deno.test("anthropic: a body over the limit is the SDK's ContentTooLargeError", async () => {
  using app = makeApp("max_body_bytes: 1000");
  await rejects(
    client(app).messages.create(question("x".repeat(2_000))),
    Anthropic.ContentTooLargeError,
    "request_too_large",
    "Request exceeds the maximum size",
  );
});

Deno.test("anthropic: the SDK reads the rate limits as numbers and dates", async () => {
  using app = makeApp();
  const { response } = await client(app).messages.create(question())
    .withResponse();
  const value = (name: string) =>
    response.headers.get(`anthropic-ratelimit-${name}`) ?? "";
  for (const unit of ["requests", "tokens", "input-tokens", "output-tokens"]) {
    assert.ok(
      Number(value(`${unit}-limit`)) >= Number(value(`${unit}-remaining`)),
    );
    assert.match(value(`${unit}-reset`), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  }
});

Deno.test("anthropic: over a real socket, regular and streamed", async () => {
  using app = makeApp();
  await using server = app.listen();
  const anthropic = new Anthropic({
    apiKey: "sk-ant-test",
    baseURL: server.url,
    maxRetries: 0,
  });
  const regular = await anthropic.messages.create(question());
  assert.equal(textOf(regular), ANSWER);
  const streamed = await anthropic.messages.stream(question()).finalText();
  assert.equal(streamed, ANSWER);
});

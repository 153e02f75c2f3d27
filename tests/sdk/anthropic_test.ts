// The official Anthropic SDK as judge: it parses our answers. It speaks 2026-10-21; the older
// version is asked for by header.

import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { MessageStream } from "@anthropic-ai/sdk/lib/MessageStream";
import {
  ANSWER,
  collect,
  FIVE_TOKENS,
  LISTED,
  PROMPT,
  type SdkServer,
  sdkTests,
  UNKNOWN,
} from "./_server.ts";

const test = sdkTests();

function client(
  { url, fetch }: SdkServer,
  headers: Record<string, string> = {},
): Anthropic {
  return new Anthropic({
    apiKey: "sk-ant-test",
    baseURL: url,
    fetch,
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

test("anthropic: a regular reply is the scripted answer", async (server) => {
  const message = await client(server).messages.create(question());
  assert.match(message.id, /^msg_01\w{22}$/);
  assert.equal(message.role, "assistant");
  assert.equal(message.model, LISTED);
  assert.equal(textOf(message), ANSWER);
  assert.equal(message.stop_reason, "end_turn");
  assert.equal(message.stop_details, null);
  assert.match(message._request_id ?? "", /^req_011C/);
});

test("anthropic: a stream read event by event has all events in order", async (server) => {
  const stream = await client(server).messages.create({
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
  test(`anthropic: the stream helper folds a stream into the regular reply of ${version}`, async (server) => {
    const anthropic = client(server, { "anthropic-version": version });
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

test("anthropic: count_tokens is the input_tokens of the usage that follows", async (server) => {
  const { max_tokens: _, ...counted } = {
    ...question(),
    system: "You are a painter. 色は匂へど",
    tools: [{
      name: "paint",
      description: "Paints the sky",
      input_schema: { type: "object" as const },
    }],
  };
  const { input_tokens } = await client(server).messages.countTokens(counted);
  const asked = { ...counted, max_tokens: 10 };
  const regular = await client(server).messages.create(asked);
  const streamed = await client(server).messages.stream(asked).finalMessage();
  assert.ok(input_tokens > 10);
  assert.equal(regular.usage.input_tokens, input_tokens);
  assert.equal(streamed.usage.input_tokens, input_tokens);
});

test("anthropic: what no rule knows gets unknown_response", async (server) => {
  const message = await client(server).messages.create(question("love?"));
  assert.equal(textOf(message), UNKNOWN);
});

test("anthropic: an agent's history with tools and thinking is accepted", async (server) => {
  const message = await client(server).messages.create({
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

test("anthropic: X-Token headers make random tokens, regular and streamed alike", async (server) => {
  const anthropic = client(server, { ...FIVE_TOKENS, "X-Model-Id": "fast-1" });
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

test("anthropic: models are listed and retrieved in Anthropic's shape", async (server) => {
  const models = await collect(client(server).models.list());
  const ids = models.map(({ id }) => id);
  assert.ok(
    ids.includes("mock-llm-model") && ids.includes(LISTED),
  );
  const model = await client(server).models.retrieve(LISTED);
  assert.equal(model.type, "model");
  assert.ok(Date.parse(model.created_at) > 0);
});

test("anthropic: the catalog is paged through, forward and backward", async (server) => {
  const { models } = client(server);
  const all = (await collect(models.list())).map(({ id }) => id);
  assert.ok(all.length >= 3);
  const before = (await server.asked()).length;
  const paged = (await collect(models.list({ limit: 1 }))).map(({ id }) => id);
  assert.deepEqual(paged, all);
  assert.equal((await server.asked()).length - before, all.length);
  const last = all.at(-1) ?? "";
  const page = await models.list({ limit: 1, before_id: last });
  assert.deepEqual(page.data.map(({ id }) => id), [all.at(-2)]);
  assert.equal(page.first_id, all.at(-2));
  assert.equal(page.has_more, true);
});

test("anthropic: the SDK reads the rate limits as numbers and dates", async (server) => {
  const { response } = await client(server).messages.create(question())
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

test("anthropic stream helper: tells what comes, in order, and can be passed on", async (server) => {
  const stream = client(server).messages.stream(question());
  const told: string[] = [];
  let snapshot = "";
  stream
    .on("connect", () => void told.push("connect"))
    .on("text", (_delta, text) => void (snapshot = text))
    .on("contentBlock", ({ type }) => void told.push(type))
    .on("message", ({ stop_reason }) => void told.push(String(stop_reason)))
    .on("end", () => void told.push("end"));
  const passed = MessageStream.fromReadableStream(stream.toReadableStream());
  assert.equal(await passed.finalText(), ANSWER);
  await stream.done();
  assert.equal(snapshot, ANSWER);
  assert.deepEqual(told, ["connect", "text", "end_turn", "end"]);
});

test("anthropic: the beta endpoints answer as the others", async (server) => {
  const betas = ["context-1m-2025-08-07"];
  const asked = { ...question(), betas };
  const { messages } = client(server).beta;
  const whole = await messages.create(asked);
  assert.equal(whole.stop_reason, "end_turn");
  const streamed = await messages.stream(asked).finalMessage();
  assert.deepEqual(streamed.content, whole.content);
  const { max_tokens: _, ...counted } = asked;
  const { input_tokens } = await messages.countTokens(counted);
  assert.equal(input_tokens, whole.usage.input_tokens);
});

// The official OpenAI SDK as judge: it parses our answers.

import assert from "node:assert/strict";
import OpenAI from "openai";
import { ChatCompletionStream } from "openai/lib/ChatCompletionStream";
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
): OpenAI {
  return new OpenAI({
    apiKey: "sk-test",
    baseURL: `${url}/v1`,
    fetch,
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

test("openai: a regular reply is the scripted answer", async (server) => {
  const completion = await client(server).chat.completions.create(question());
  assert.match(completion.id, /^chatcmpl-/);
  assert.equal(completion.object, "chat.completion");
  assert.equal(completion.model, "gpt-4o");
  assert.equal(completion.choices[0]?.message.content, ANSWER);
  assert.equal(completion.choices[0]?.message.role, "assistant");
  assert.equal(completion.choices[0]?.finish_reason, "stop");
  assert.match(completion._request_id ?? "", /^req_/);
});

test("openai: a stream read chunk by chunk is the scripted answer", async (server) => {
  const stream = await client(server).chat.completions.create({
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

test("openai: the stream helper folds a stream into the regular reply", async (server) => {
  const regular = await client(server).chat.completions.create(question());
  const runner = client(server).chat.completions.stream({
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

test("openai: include_usage adds one chunk without choices, others tell null", async (server) => {
  const regular = await client(server).chat.completions.create(question());
  const stream = await client(server).chat.completions.create({
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

test("openai: without include_usage no chunk has usage", async (server) => {
  const stream = await client(server).chat.completions.create({
    ...question(),
    stream: true,
  });
  const chunks = await collect(stream);
  assert.ok(chunks.every((chunk) => !("usage" in chunk)));
});

test("openai: what no rule knows gets unknown_response", async (server) => {
  const completion = await client(server).chat.completions.create(
    question("what is love?"),
  );
  assert.equal(completion.choices[0]?.message.content, UNKNOWN);
});

test("openai: an agent's history with tool calls and null content is accepted", async (server) => {
  const call = {
    id: "call_1",
    type: "function" as const,
    function: { name: "look", arguments: "{}" },
  };
  const completion = await client(server).chat.completions.create({
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

test("openai: X-Token headers make random tokens, regular and streamed alike", async (server) => {
  const openai = client(server, { ...FIVE_TOKENS, "X-Model-Id": "fast-1" });
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

test("openai: models are listed and retrieved", async (server) => {
  const models = await collect(await client(server).models.list());
  const ids = models.map(({ id }) => id);
  assert.ok(
    ids.includes("mock-llm-model") && ids.includes(LISTED),
  );
  const model = await client(server).models.retrieve("mock-llm-model");
  assert.equal(model.owned_by, "mock-server");
});

test("openai stream helper: tells what comes, in order, and can be passed on", async (server) => {
  const stream = client(server).chat.completions.stream(question());
  const told: string[] = [];
  let snapshot = "";
  stream
    .on("connect", () => void told.push("connect"))
    .on("content", (_delta, text) => void (snapshot = text))
    .on("content.done", ({ content }) => void told.push(content))
    .on("finalContent", (text) => void told.push(text))
    .on("end", () => void told.push("end"));
  const passed = ChatCompletionStream.fromReadableStream(
    stream.toReadableStream(),
  );
  assert.equal(await passed.finalContent(), ANSWER);
  await stream.done();
  assert.equal(snapshot, ANSWER);
  assert.deepEqual(told, ["connect", ANSWER, ANSWER, "end"]);
});

test("openai: the raw response is there beside what was read of it", async (server) => {
  const { data, response, request_id } = await client(server).chat.completions
    .create(question()).withResponse();
  assert.equal(response.headers.get("x-request-id"), request_id);
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.equal(data.choices[0]?.message.content, ANSWER);
  const raw = await client(server).chat.completions
    .create({ ...question(), stream: true }).asResponse();
  assert.match(raw.headers.get("content-type") ?? "", /^text\/event-stream/);
  assert.match(await raw.text(), /\ndata: \[DONE\]\n\n$/);
});

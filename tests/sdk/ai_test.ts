// Vercel's AI SDK as judge: its schemas are the strictest of all JavaScript clients.

import assert from "node:assert/strict";
import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, embed, generateText, streamText } from "ai";
import { MODELS } from "./_ai.ts";
import {
  ANSWER,
  collect,
  FIVE_TOKENS,
  PROMPT,
  sdkTests,
  UNKNOWN,
} from "./_server.ts";

const test = sdkTests();

const CALL = { maxRetries: 0, maxOutputTokens: 1_000 };
const ONCE = { ...CALL, prompt: PROMPT };

for (const [name, makeModel] of Object.entries(MODELS)) {
  test(`ai ${name}: generateText gives the scripted answer`, async (server) => {
    const model = makeModel(server);
    const { text, finishReason, usage } = await generateText({
      ...ONCE,
      model,
    });
    assert.equal(text, ANSWER);
    assert.equal(finishReason, "stop");
    const [asked] = await server.asked();
    assert.equal(usage.inputTokens, asked?.usage?.input);
    assert.equal(usage.outputTokens, asked?.usage?.output);
  });

  test(`ai ${name}: streamText gives the same text, reason and usage`, async (server) => {
    const model = makeModel(server);
    const whole = await generateText({ ...ONCE, model });
    const stream = streamText({ ...ONCE, model });
    const pieces = await collect(stream.textStream);
    assert.equal(pieces.join(""), ANSWER);
    assert.ok(pieces.length > 3, "it came in pieces");
    assert.equal(await stream.finishReason, "stop");
    const { inputTokens, outputTokens } = await stream.usage;
    assert.ok((inputTokens ?? 0) > 0 && (outputTokens ?? 0) > 0);
    assert.equal(inputTokens, whole.usage.inputTokens);
    assert.equal(outputTokens, whole.usage.outputTokens);
  });

  test(`ai ${name}: system text, several parts and a history are accepted`, async (server) => {
    const { text } = await generateText({
      ...CALL,
      model: makeModel(server),
      instructions: "Be brief.",
      messages: [
        { role: "user", content: "Hi" },
        { role: "assistant", content: "Hello." },
        { role: "user", content: [{ type: "text", text: "what is love?" }] },
      ],
    });
    assert.equal(text, UNKNOWN);
  });

  test(`ai ${name}: X-Token headers make random tokens`, async (server) => {
    const model = makeModel(server, FIVE_TOKENS);
    const { text, usage } = await generateText({ ...ONCE, model });
    assert.match(text, /^\w{30}$/);
    assert.equal(usage.outputTokens, 5);
    const stream = streamText({ ...ONCE, model });
    const pieces = await collect(stream.textStream);
    assert.deepEqual(pieces.map(({ length }) => length), [6, 6, 6, 6, 6]);
  });

  test(`ai ${name}: a refusal is an APICallError with the provider's message`, async (server) => {
    await server.use({ reply: { error: "model_not_found" } });
    const model = makeModel(server);
    await assert.rejects(generateText({ ...ONCE, model }), (error) => {
      assert.ok(APICallError.isInstance(error), String(error));
      assert.equal(error.statusCode, 404);
      assert.match(error.message, /gpt-4o|claude-opus-5-5/);
      assert.equal(error.isRetryable, false);
      return true;
    });
  });

  test(`ai ${name}: what is busy is asked again, as soon as it says, and then answers`, async (server) => {
    const retry_after = 0.01;
    await server.use({
      replies: [
        { error: { status: 429, retry_after } },
        { error: { status: 503, retry_after } },
        ANSWER,
      ],
    });
    const model = makeModel(server);
    const { text } = await generateText({ ...ONCE, model, maxRetries: 2 });
    assert.equal(text, ANSWER);
    const asked = await server.asked();
    assert.deepEqual(asked.map(({ status }) => status), [429, 503, 200]);
  });

  test(`ai ${name}: an aborted stream ends, and the server knows that the client left`, async (server) => {
    await server.use({ reply: "word ".repeat(100), pace: { itl: "1s" } });
    const aborted = new AbortController();
    const stream = streamText({
      ...ONCE,
      model: makeModel(server),
      abortSignal: aborted.signal,
      onError() {},
    });
    const types: string[] = [];
    for await (const { type } of stream.fullStream) {
      types.push(type);
      if (type === "text-delta") aborted.abort();
    }
    assert.equal(types.at(-1), "abort");
    await server.left();
  });
}

test("ai: there are no embeddings, which is an APICallError with status 404", async (server) => {
  const { url, fetch } = server;
  const model = createOpenAI({ apiKey: "k", baseURL: `${url}/v1`, fetch })
    .embedding("text-embedding-3-small");
  await assert.rejects(
    embed({ model, value: "a", maxRetries: 2 }),
    (error) => APICallError.isInstance(error) && error.statusCode === 404,
  );
  assert.deepEqual((await server.asked()).map(({ status }) => status), [404]);
});

// Vercel's AI SDK as judge: its schemas are the strictest of all JavaScript clients.

import assert from "node:assert/strict";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, generateText, type LanguageModel, streamText } from "ai";
import {
  ANSWER,
  collect,
  FIVE_TOKENS,
  makeApp,
  PROMPT,
  type SdkApp,
  UNKNOWN,
} from "./_app.ts";

interface How {
  readonly fetch?: SdkApp["fetch"];
  readonly baseURL?: string;
  readonly headers?: Record<string, string>;
}

/** The dialects, as the AI SDK reaches them; both base URLs include `/v1`. */
const MODELS: Record<string, (how: How) => LanguageModel> = {
  "openai.chat": (how) =>
    createOpenAI({ apiKey: "sk-test", ...options(how) }).chat("gpt-4o"),
  anthropic: (how) =>
    createAnthropic({ apiKey: "sk-ant-test", ...options(how) })("claude-1"),
};

function options({ fetch, baseURL = "http://mock", headers = {} }: How) {
  const common = { baseURL: `${baseURL}/v1`, headers };
  return fetch === undefined ? common : { ...common, fetch };
}

const CALL = { maxRetries: 0, maxOutputTokens: 1_000 };
const ONCE = { ...CALL, prompt: PROMPT };

for (const [name, makeModel] of Object.entries(MODELS)) {
  Deno.test(`ai ${name}: generateText gives the scripted answer`, async () => {
    using app = makeApp();
    const model = makeModel({ fetch: app.fetch });
    const { text, finishReason, usage } = await generateText({
      ...ONCE,
      model,
    });
    assert.equal(text, ANSWER);
    assert.equal(finishReason, "stop");
    assert.ok((usage.inputTokens ?? 0) > 0 && (usage.outputTokens ?? 0) > 0);
  });

  Deno.test(`ai ${name}: streamText gives the same text, reason and usage`, async () => {
    using app = makeApp();
    const model = makeModel({ fetch: app.fetch });
    const whole = await generateText({ ...ONCE, model });
    const stream = streamText({ ...ONCE, model });
    const pieces = await collect(stream.textStream);
    assert.equal(pieces.join(""), ANSWER);
    assert.ok(pieces.length > 3, "it came in pieces");
    assert.equal(await stream.finishReason, "stop");
    const { inputTokens, outputTokens } = await stream.usage;
    assert.equal(inputTokens, whole.usage.inputTokens);
    assert.equal(outputTokens, whole.usage.outputTokens);
  });

  Deno.test(`ai ${name}: system text, several parts and a history are accepted`, async () => {
    using app = makeApp();
    const { text } = await generateText({
      ...CALL,
      model: makeModel({ fetch: app.fetch }),
      instructions: "Be brief.",
      messages: [
        { role: "user", content: "Hi" },
        { role: "assistant", content: "Hello." },
        { role: "user", content: [{ type: "text", text: "what is love?" }] },
      ],
    });
    assert.equal(text, UNKNOWN);
  });

  Deno.test(`ai ${name}: X-Token headers make random tokens`, async () => {
    using app = makeApp();
    const model = makeModel({ fetch: app.fetch, headers: FIVE_TOKENS });
    const { text, usage } = await generateText({ ...ONCE, model });
    assert.match(text, /^\w{30}$/);
    assert.equal(usage.outputTokens, 5);
    const stream = streamText({ ...ONCE, model });
    const pieces = await collect(stream.textStream);
    assert.deepEqual(pieces.map(({ length }) => length), [6, 6, 6, 6, 6]);
  });

  Deno.test(`ai ${name}: a refusal is an APICallError with the provider's message`, async () => {
    using app = makeApp("known_models_only: true");
    const model = makeModel({ fetch: app.fetch });
    await assert.rejects(generateText({ ...ONCE, model }), (error) => {
      assert.ok(APICallError.isInstance(error), String(error));
      assert.equal(error.statusCode, 404);
      assert.match(error.message, /gpt-4o|claude-1/);
      assert.equal(error.isRetryable, false);
      return true;
    });
  });

  Deno.test(`ai ${name}: over a real socket`, async () => {
    using app = makeApp();
    await using server = app.listen();
    const model = makeModel({ baseURL: server.url });
    const { text } = await generateText({ ...ONCE, model });
    assert.equal(text, ANSWER);
    const pieces = await collect(streamText({ ...ONCE, model }).textStream);
    assert.equal(pieces.join(""), ANSWER);
  });
}

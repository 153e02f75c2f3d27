// What OpenAI's accumulators and Vercel's AI SDK make of the rarer shapes of streams: it is what
// they make of the whole answer.

import { createOpenAI } from "@ai-sdk/openai";
import { generateText, streamText } from "ai";
import assert from "node:assert/strict";
import OpenAI from "openai";
import type {
  ChatCompletion,
  ChatCompletionTokenLogprob,
} from "openai/resources/chat/completions";
import type { MockRule } from "../../main.ts";
import "./_ai.ts";
import { collect, PROMPT, type SdkServer, sdkTests } from "./_server.ts";

const test = sdkTests({ settings: ["reasoning_content: true"] });

function completionsOf({ url, fetch }: SdkServer) {
  const apiKey = "sk-test";
  return new OpenAI({ apiKey, baseURL: `${url}/v1`, fetch, maxRetries: 0 })
    .chat.completions;
}

type More = Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>;

function asked(more: More = {}) {
  const messages = [{ role: "user" as const, content: PROMPT }];
  return { model: "gpt-4o", messages, ...more };
}

/** The same seed for both: ids and likelihoods are drawn from it. */
const SEEDED = { headers: { "X-Mock-Seed": "7" } };

/** The answer of `reply`, whole and as the SDK puts it together from a stream. */
async function both(
  server: SdkServer,
  reply: MockRule["reply"] | undefined,
  more: More = {},
): Promise<readonly [whole: ChatCompletion, streamed: ChatCompletion]> {
  if (reply !== undefined) await server.use({ reply });
  const completions = completionsOf(server);
  const options = { include_usage: true };
  return [
    await completions.create(asked(more), SEEDED),
    await completions.stream(
      { ...asked(more), stream: true, stream_options: options },
      SEEDED,
    ).finalChatCompletion(),
  ];
}

/** Everything of the first choice that clients read. */
function read({ choices: [choice], usage }: ChatCompletion) {
  assert.ok(choice);
  const { message, finish_reason, logprobs } = choice;
  const { content, refusal, tool_calls = [] } = message;
  return {
    // What was begun and never said is empty or null, by what the SDK began with.
    content: content || null,
    refusal: refusal || null,
    calls: tool_calls.map((call) =>
      call.type === "custom"
        ? [call.id, call.type, call.custom.name, call.custom.input]
        : [call.id, call.type, call.function.name, call.function.arguments]
    ),
    finish_reason,
    logprobs: logprobs ?? null,
    usage,
  };
}

function tokensOf(
  list: readonly ChatCompletionTokenLogprob[] | null | undefined,
): string {
  return (list ?? []).map(({ token }) => token).join("");
}

test("openai: likelihoods of a stream are those of the whole answer", async (server) => {
  const more = { logprobs: true, top_logprobs: 4 };
  const [whole, streamed] = await both(server, undefined, more);
  assert.deepEqual(read(streamed), read(whole));
  const { content, logprobs } = read(whole);
  assert.equal(tokensOf(logprobs?.content), content);
  assert.ok(logprobs?.content?.every((it) => it.top_logprobs.length === 4));
});

test("openai: events tell likelihoods as they come, and all of them at the end", async (server) => {
  const stream = completionsOf(server).stream(
    { ...asked({ logprobs: true }), stream: true },
    SEEDED,
  );
  let coming = "";
  let done = "";
  stream.on("logprobs.content.delta", ({ content }) => {
    coming += tokensOf(content);
  });
  stream.on("logprobs.content.done", ({ content }) => {
    done = tokensOf(content);
  });
  const { choices } = await stream.finalChatCompletion();
  assert.equal(coming, choices[0]?.message.content);
  assert.equal(done, coming);
});

test("openai: a refusal brings the likelihoods of its own words", async (server) => {
  const reply = { refusal: "I'm sorry, I can't." };
  const [whole, streamed] = await both(server, reply, { logprobs: true });
  assert.deepEqual(read(streamed), read(whole));
  assert.equal(tokensOf(read(whole).logprobs?.refusal), reply.refusal);
  assert.equal(read(whole).logprobs?.content, null);
});

test("openai: custom tools are called with free text, beside functions and alone", async (server) => {
  const tools: More["tools"] = [
    { type: "custom", custom: { name: "run" } },
    { type: "function", function: { name: "look", parameters: {} } },
  ];
  const script = "print('é')\nprint(2)";
  const run = { name: "run", arguments: script, id: "call_1" };
  const look = { name: "look", arguments: { at: "sky" }, id: "call_2" };
  for (const calls of [[run], [run, look], [look, run]]) {
    const reply = { tool_calls: calls };
    const [whole, streamed] = await both(server, reply, { tools });
    assert.deepEqual(read(streamed), read(whole));
    const said = read(whole).calls.find(([id]) => id === "call_1");
    assert.deepEqual(said, ["call_1", "custom", "run", script]);
    assert.equal(read(whole).finish_reason, "tool_calls");
  }
});

test("openai: only allowed tools are called", async (server) => {
  const named = (name: string) => ({
    type: "function" as const,
    function: { name, parameters: {} },
  });
  const more: More = {
    tools: [named("f"), named("g")],
    tool_choice: {
      type: "allowed_tools",
      allowed_tools: { mode: "auto", tools: [named("g")] },
    },
  };
  const reply = { tool_calls: [{ name: "f" }, { name: "g", id: "call_1" }] };
  const [whole, streamed] = await both(server, reply, more);
  assert.deepEqual(read(streamed), read(whole));
  assert.deepEqual(read(whole).calls, [["call_1", "function", "g", "{}"]]);
});

test("openai: text before calls, likelihoods and thoughts, all at once", async (server) => {
  const reply = {
    reasoning: "I should look.",
    text: "Let me look.",
    tool_calls: [{ name: "f", id: "call_1" }, { name: "g", id: "call_2" }],
  };
  const more: More = {
    logprobs: true,
    top_logprobs: 1,
    tools: ["f", "g"].map((name) => ({ type: "function", function: { name } })),
  };
  const [whole, streamed] = await both(server, reply, more);
  assert.deepEqual(read(streamed), read(whole));
  assert.equal(read(whole).calls.length, 2);
  assert.equal(tokensOf(read(whole).logprobs?.content), reply.text);
});

test("openai: thoughts are read as reasoning_content", async (server) => {
  const reply = { reasoning: "Six times seven.", text: "42." };
  await server.use({ reply });
  const completions = completionsOf(server);
  const whole = await completions.create(asked());
  const message: unknown = whole.choices[0]?.message;
  assert.equal(
    (message as { reasoning_content?: string }).reasoning_content,
    reply.reasoning,
  );
  const chunks = await collect(
    await completions.create({ ...asked(), stream: true }),
  );
  const told = (key: string) =>
    chunks.flatMap(({ choices }) =>
      (choices[0]?.delta as Record<string, string | null>)[key] ?? []
    ).join("");
  assert.equal(told("reasoning_content"), reply.reasoning);
  assert.equal(told("content"), reply.text);
});

test("openai: what a content filter cut off ends with content_filter", async (server) => {
  const reply = { text: "I was about to", finish: "content_filter" } as const;
  const [whole, streamed] = await both(server, reply);
  assert.deepEqual(read(streamed), read(whole));
  assert.equal(read(whole).finish_reason, "content_filter");
});

test("openai: the gpt-5 family and tiers are read from whole answers and streams", async (server) => {
  const more: More = { model: "gpt-5-mini", service_tier: "priority" };
  const [whole, streamed] = await both(server, undefined, more);
  assert.deepEqual(read(streamed), read(whole));
  for (const told of [whole, streamed]) {
    assert.equal(told.service_tier, "priority");
    assert.equal(told.system_fingerprint ?? null, null);
  }
});

function modelOf({ url, fetch }: SdkServer, model: string) {
  const headers = SEEDED.headers;
  const options = { apiKey: "sk-test", baseURL: `${url}/v1`, fetch, headers };
  return createOpenAI(options).chat(model);
}

test("ai: likelihoods of a stream are those of the whole answer, and those of its text", async (server) => {
  const providerOptions = { openai: { logprobs: 3 } };
  const ask = {
    model: modelOf(server, "gpt-4o"),
    prompt: PROMPT,
    providerOptions,
  };
  const { text, providerMetadata } = await generateText(ask);
  const told = providerMetadata?.["openai"]?.["logprobs"];
  assert.ok(Array.isArray(told) && told.length > 0);
  assert.equal(
    tokensOf(told as unknown as readonly ChatCompletionTokenLogprob[]),
    text,
  );
  assert.equal((await generateText(ask)).text, text);
  const stream = streamText(ask);
  assert.equal(await stream.text, text);
  assert.ok((await stream.providerMetadata)?.["openai"]?.["logprobs"]);
});

test("ai: answers of the gpt-5 family, tiers and filters are read whole and streamed", async (server) => {
  const ask = {
    model: modelOf(server, "gpt-5-mini"),
    prompt: PROMPT,
    providerOptions: { openai: { serviceTier: "flex" } },
  };
  const { text } = await generateText(ask);
  assert.equal(await streamText(ask).text, text);
  await server.use({ reply: { text: "I was", finish: "content_filter" } });
  assert.equal((await generateText(ask)).finishReason, "content-filter");
  assert.equal(await streamText(ask).finishReason, "content-filter");
});

test("openai: several answers bring likelihoods of their own, and their calls", async (server) => {
  const reply = { text: "Let me look.", tool_calls: { name: "f", id: "c" } };
  const more: More = {
    n: 3,
    logprobs: true,
    tools: [{ type: "function", function: { name: "f" } }],
  };
  const [whole, streamed] = await both(server, reply, more);
  assert.equal(whole.choices.length, 3);
  const each = ({ choices, ...answer }: ChatCompletion) =>
    choices.map((choice) => read({ ...answer, choices: [choice] }));
  assert.deepEqual(each(streamed), each(whole));
  const likely = each(whole).map(({ logprobs }) => JSON.stringify(logprobs));
  assert.equal(new Set(likely).size, 3);
});

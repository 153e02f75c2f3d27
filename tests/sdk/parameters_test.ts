// Parameters that change a scripted answer, as clients see it: how long it may be, where it stops,
// how many there are, how likely it was.

import { createOpenAI } from "@ai-sdk/openai";
import Anthropic from "@anthropic-ai/sdk";
import { ChatAnthropic } from "@langchain/anthropic";
import { ChatOpenAI } from "@langchain/openai";
import { generateText, streamText } from "ai";
import assert from "node:assert/strict";
import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import * as z from "zod";
import { MODELS } from "./_ai.ts";
import { collect, LISTED, type SdkServer, sdkTests } from "./_server.ts";

const test = sdkTests();

const SAID = "One two three four five six.";
const RULE = { reply: SAID };
const messages = [{ role: "user" as const, content: "Count." }];
const ASKED = { model: "gpt-4o", messages };
const ASKED_CLAUDE = { model: LISTED, max_tokens: 100, messages };

function openai({ url, fetch }: SdkServer): OpenAI {
  const apiKey = "sk-test";
  return new OpenAI({ apiKey, baseURL: `${url}/v1`, fetch, maxRetries: 0 });
}

function anthropic({ url, fetch }: SdkServer): Anthropic {
  const apiKey = "sk-ant-test";
  return new Anthropic({ apiKey, baseURL: url, fetch, maxRetries: 0 });
}

/** The same question, whole and through the stream helper. */
async function bothWays(
  server: SdkServer,
  more: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>,
) {
  const { completions } = openai(server).chat;
  const { stream: _, ...asked } = { ...ASKED, ...more };
  const whole = await completions.create(asked);
  const stream_options = { include_usage: true };
  const streamed = await completions.stream({ ...asked, stream_options })
    .finalChatCompletion();
  return [whole, streamed] as const;
}

test("openai max_tokens: the answer is cut after so many tokens, which usage counts", async (server) => {
  await server.use(RULE);
  for (const name of ["max_tokens", "max_completion_tokens"]) {
    for (const { choices, usage } of await bothWays(server, { [name]: 3 })) {
      const content = choices[0]?.message.content ?? "";
      assert.equal(choices[0]?.finish_reason, "length");
      assert.ok(content !== "" && content !== SAID && SAID.startsWith(content));
      assert.equal(usage?.completion_tokens, 3);
    }
  }
});

test("openai max_tokens: a structured answer that was cut is the SDK's LengthFinishReasonError", async (server) => {
  await server.use({ reply: { json: { said: SAID } } });
  const schema = z.object({ said: z.string() });
  const asked = {
    ...ASKED,
    max_tokens: 3,
    response_format: zodResponseFormat(schema, "said"),
  };
  const { completions } = openai(server).chat;
  const { LengthFinishReasonError } = await import("openai/error");
  await assert.rejects(completions.parse(asked), LengthFinishReasonError);
  await assert.rejects(
    completions.stream(asked).finalChatCompletion(),
    LengthFinishReasonError,
  );
});

test("openai stop: the answer ends before the text", async (server) => {
  await server.use(RULE);
  for (const stop of ["four", ["six", "four"]]) {
    for (const { choices } of await bothWays(server, { stop })) {
      assert.equal(choices[0]?.message.content, "One two three ");
      assert.equal(choices[0]?.finish_reason, "stop");
    }
  }
});

test("openai n: so many answers, side by side when streamed, all counted", async (server) => {
  await server.use(RULE);
  const [one] = await bothWays(server, {});
  const each = one.usage?.completion_tokens ?? NaN;
  for (const { choices, usage } of await bothWays(server, { n: 3 })) {
    assert.deepEqual(choices.map(({ index }) => index), [0, 1, 2]);
    assert.ok(choices.every(({ message }) => message.content === SAID));
    assert.equal(usage?.completion_tokens, 3 * each);
  }
});

test("openai n: an answer is cut for each of them", async (server) => {
  await server.use(RULE);
  const [whole, streamed] = await bothWays(server, { n: 2, max_tokens: 2 });
  for (const { choices, usage } of [whole, streamed]) {
    const reasons = choices.map(({ finish_reason }) => finish_reason);
    assert.deepEqual(reasons, ["length", "length"]);
    assert.equal(usage?.completion_tokens, 4);
  }
});

test("openai logprobs: those of the tokens that were sent, whole and streamed alike", async (server) => {
  await server.use(RULE);
  const more = { logprobs: true, top_logprobs: 2 };
  const told = (await bothWays(server, more)).map(({ choices, usage }) => {
    const tokens = choices[0]?.logprobs?.content ?? [];
    assert.equal(tokens.map(({ token }) => token).join(""), SAID);
    assert.equal(tokens.length, usage?.completion_tokens);
    for (const { token, bytes, logprob, top_logprobs } of tokens) {
      assert.deepEqual(bytes, [...new TextEncoder().encode(token)]);
      assert.ok(logprob <= 0 && top_logprobs.length === 2);
      // What was said is one of the two likeliest, or less likely than both.
      const same = top_logprobs.find((top) => top.token === token);
      if (same !== undefined) assert.equal(same.logprob, logprob);
      else assert.ok(top_logprobs.every((top) => top.logprob >= logprob));
    }
    return tokens.map(({ token }) => token);
  });
  assert.deepEqual(told[0], told[1]);
});

test("openai logprobs: the stream helper tells them as they come", async (server) => {
  await server.use(RULE);
  const stream = openai(server).chat.completions
    .stream({ ...ASKED, logprobs: true });
  const tokens: string[] = [];
  stream.on("logprobs.content.delta", ({ content }) => {
    tokens.push(...content.map(({ token }) => token));
  });
  await stream.done();
  assert.equal(tokens.join(""), SAID);
});

test("openai: an answer that was filtered is the SDK's ContentFilterFinishReasonError", async (server) => {
  await server.use({ reply: { text: "One", finish: "content_filter" } });
  const { ContentFilterFinishReasonError } = await import("openai/error");
  const schema = z.object({ said: z.string() });
  await assert.rejects(
    openai(server).chat.completions.parse({
      ...ASKED,
      response_format: zodResponseFormat(schema, "said"),
    }),
    ContentFilterFinishReasonError,
  );
});

/** The same question to Claude, whole and through the stream helper. */
async function claudeBothWays(
  server: SdkServer,
  more: Partial<Anthropic.MessageCreateParamsNonStreaming>,
) {
  const { messages } = anthropic(server);
  const { stream: _, ...asked } = { ...ASKED_CLAUDE, ...more };
  return [
    await messages.create(asked),
    await messages.stream(asked).finalMessage(),
  ];
}

function textOf({ content: [block] }: Anthropic.Message): string {
  assert.ok(block?.type === "text");
  return block.text;
}

test("anthropic max_tokens: the answer is cut after so many tokens, which usage counts", async (server) => {
  await server.use(RULE);
  const more = { max_tokens: 3 };
  for (const message of await claudeBothWays(server, more)) {
    assert.equal(message.stop_reason, "max_tokens");
    assert.equal(message.usage.output_tokens, 3);
    const text = textOf(message);
    assert.ok(text !== SAID && SAID.startsWith(text), text);
  }
});

test("anthropic stop_sequences: the answer ends before the text, which is named", async (server) => {
  await server.use(RULE);
  const more = { stop_sequences: ["six", "four"] };
  for (const message of await claudeBothWays(server, more)) {
    assert.equal(message.stop_reason, "stop_sequence");
    assert.equal(message.stop_sequence, "four");
    assert.equal(textOf(message), "One two three ");
  }
});

for (const [name, makeModel] of Object.entries(MODELS)) {
  test(`ai ${name}: maxOutputTokens and stopSequences are obeyed, whole and streamed`, async (server) => {
    await server.use(RULE);
    const asked = { model: makeModel(server), prompt: "Count.", maxRetries: 0 };
    const cut = { ...asked, maxOutputTokens: 3 };
    const stopped = { ...asked, stopSequences: ["four"] };
    const whole = await generateText(cut);
    assert.equal(whole.finishReason, "length");
    assert.equal(whole.usage.outputTokens, 3);
    const streamed = streamText(cut);
    assert.equal(await streamed.text, whole.text);
    assert.equal(await streamed.finishReason, "length");
    const { text, finishReason } = await generateText(stopped);
    // The SDK leaves no white space at an end: Claude's answers are text after text.
    assert.equal(text.trimEnd(), "One two three");
    assert.equal(finishReason, "stop");
  });
}

test("ai openai.chat: logprobs are told as the provider's metadata", async (server) => {
  await server.use(RULE);
  const { url, fetch } = server;
  const model = createOpenAI({ apiKey: "k", baseURL: `${url}/v1`, fetch })
    .chat("gpt-4o");
  const { providerMetadata } = await generateText({
    model,
    prompt: "Count.",
    providerOptions: { openai: { logprobs: 2 } },
  });
  const told = providerMetadata?.["openai"]?.["logprobs"] as {
    token: string;
    top_logprobs: unknown[];
  }[];
  assert.equal(told.map(({ token }) => token).join(""), SAID);
  assert.ok(told.every(({ top_logprobs }) => top_logprobs.length === 2));
});

test("langchain ChatOpenAI: stop, maxTokens, n and logprobs are obeyed", async (server) => {
  await server.use(RULE);
  const { url, fetch } = server;
  const to = {
    model: "gpt-4o",
    apiKey: "sk-test",
    configuration: { baseURL: `${url}/v1`, fetch },
  };
  const cut = await new ChatOpenAI({ ...to, maxTokens: 3 }).invoke("Count.");
  assert.equal(cut.response_metadata["finish_reason"], "length");
  const stopped = await new ChatOpenAI(to).invoke("Count.", { stop: ["four"] });
  assert.equal(stopped.text, "One two three ");
  const { generations } = await new ChatOpenAI({ ...to, n: 3 })
    .generate([["Count."]]);
  assert.deepEqual(generations[0]?.map(({ text }) => text), [SAID, SAID, SAID]);
  const chunks = await collect(
    await new ChatOpenAI({ ...to, logprobs: true }).stream("Count."),
  );
  const tokens = chunks.flatMap(({ response_metadata }) => {
    const told = response_metadata["logprobs"] as
      | OpenAI.ChatCompletionChunk.Choice.Logprobs
      | undefined;
    return told?.content?.map(({ token }) => token) ?? [];
  });
  assert.equal(tokens.join(""), SAID);
});

test("langchain ChatAnthropic: stop and maxTokens are obeyed", async (server) => {
  await server.use(RULE);
  const { url, fetch } = server;
  const chat = (maxTokens: number) =>
    new ChatAnthropic({
      model: LISTED,
      apiKey: "sk-ant-test",
      maxTokens,
      anthropicApiUrl: url,
      clientOptions: { fetch },
    });
  const cut = await chat(3).invoke("Count.");
  assert.equal(cut.response_metadata["stop_reason"], "max_tokens");
  const stopped = await chat(100).invoke("Count.", { stop: ["four"] });
  assert.equal(stopped.text, "One two three ");
  assert.equal(stopped.response_metadata["stop_reason"], "stop_sequence");
});

// LangChain as judge, in both dialects: it reads streams by its own rules, and talks to Anthropic
// as older SDKs do (2023-06-01, x-api-key).

import assert from "node:assert/strict";
import { ChatAnthropic } from "@langchain/anthropic";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { ContextOverflowError } from "@langchain/core/errors";
import {
  AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
  type UsageMetadata,
} from "@langchain/core/messages";
import { type StructuredToolInterface, tool } from "@langchain/core/tools";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import * as z from "zod";
import {
  ANSWER,
  collect,
  LISTED,
  PROMPT,
  type SdkServer,
  sdkTests,
  UNKNOWN,
} from "./_server.ts";
import {
  ONE_CALL,
  QUESTION,
  REPORT,
  REPORT_RULE,
  STEPS,
  STEPS_CALLS,
  SUNNY,
  Tools,
} from "./_weather.ts";

const test = sdkTests();

type Chat = ChatOpenAI | ChatAnthropic;
type MakeChat = (server: SdkServer, maxRetries?: number) => Chat;

/** The dialects, as LangChain reaches them. */
const CHATS: Readonly<Record<string, MakeChat>> = {
  ChatOpenAI: ({ url, fetch }, maxRetries = 0) =>
    new ChatOpenAI({
      model: "gpt-4o",
      apiKey: "sk-test",
      maxRetries,
      configuration: { baseURL: `${url}/v1`, fetch },
    }),
  ChatAnthropic: ({ url, fetch }, maxRetries = 0) =>
    new ChatAnthropic({
      model: LISTED,
      apiKey: "sk-ant-test",
      maxTokens: 1_000,
      maxRetries,
      anthropicApiUrl: url,
      clientOptions: { fetch },
    }),
};

function toolsFor(tools: Tools): StructuredToolInterface[] {
  return [
    tool((given) => Promise.resolve(tools.weather(given)), {
      name: "get_weather",
      description: "The weather of a city",
      schema: z.object({ city: z.string() }),
    }),
    tool((given) => Promise.resolve(tools.time(given)), {
      name: "get_time",
      description: "The time",
      schema: z.object({}),
    }),
  ];
}

const Report = z.object({
  city: z.string(),
  degrees: z.number(),
  sky: z.array(z.string()),
  said: z.string(),
});

for (const [name, makeChat] of Object.entries(CHATS)) {
  test(`langchain ${name}: invoke gives the scripted answer and its usage`, async (server) => {
    const message = await makeChat(server).invoke(PROMPT);
    assert.equal(message.text, ANSWER);
    const [asked] = await server.asked();
    const { input, output } = usageOf(message);
    assert.equal(input, asked?.usage?.input);
    assert.equal(output, asked?.usage?.output);
    assert.match(message.id ?? "", /^(chatcmpl-|msg_01)/);
  });

  test(`langchain ${name}: stream gives the same text and usage, in pieces`, async (server) => {
    const whole = await makeChat(server).invoke(PROMPT);
    const chunks = await collect(await makeChat(server).stream(PROMPT));
    const folded = foldOf(chunks);
    assert.equal(folded.text, ANSWER);
    assert.ok(chunks.filter(({ text }) => text !== "").length > 3);
    const { input, output } = usageOf(folded);
    assert.equal(input, usageOf(whole).input);
    // It adds the token that Anthropic tells of at the start to the sum that it tells at the end.
    const twice = name === "ChatAnthropic" ? 1 : 0;
    assert.equal(output, usageOf(whole).output + twice);
  });

  test(`langchain ${name}: system text and a history are accepted`, async (server) => {
    const message = await makeChat(server).invoke([
      new SystemMessage("Be brief."),
      new HumanMessage("Hi"),
      await makeChat(server).invoke(PROMPT),
      new HumanMessage([{ type: "text", text: "what is love?" }]),
    ]);
    assert.equal(message.text, UNKNOWN);
  });

  test(`langchain ${name}: bindTools, invoked: a loop ends in words`, async (server) => {
    await server.use(...STEPS);
    const tools = new Tools();
    const last = await loop(
      makeChat(server),
      tools,
      (chat, messages) => chat.invoke(messages),
    );
    assert.equal(last, SUNNY);
    assert.deepEqual(tools.calls, STEPS_CALLS);
  });

  test(`langchain ${name}: bindTools, streamed: fragments of calls fold into calls`, async (server) => {
    await server.use(...STEPS);
    const tools = new Tools();
    const last = await loop(
      makeChat(server),
      tools,
      async (chat, messages) =>
        foldOf(await collect(await chat.stream(messages))),
    );
    assert.equal(last, SUNNY);
    assert.deepEqual(tools.calls, STEPS_CALLS);
  });

  test(`langchain ${name}: words before a call are kept beside it`, async (server) => {
    await server.use(...ONE_CALL);
    const chat = makeChat(server).bindTools(toolsFor(new Tools()));
    const message = await chat.invoke(QUESTION);
    assert.equal(message.text, "Let me look.");
    const [call] = message.tool_calls ?? [];
    assert.equal(call?.name, "get_weather");
    assert.deepEqual(call?.args, { city: "Paris" });
    assert.match(call?.id ?? "", /^(call|toolu)_/);
    assert.deepEqual(message.invalid_tool_calls, []);
  });

  test(`langchain ${name}: withStructuredOutput by JSON schema is what zod wants`, async (server) => {
    await server.use(REPORT_RULE);
    const chat = makeChat(server)
      .withStructuredOutput(Report, { method: "jsonSchema" });
    assert.deepEqual(await chat.invoke(QUESTION), REPORT);
  });

  test(`langchain ${name}: withStructuredOutput by a call is what zod wants`, async (server) => {
    await server.use({
      when: { tools: "report" },
      reply: { tool_calls: { name: "report", arguments: REPORT } },
    });
    const chat = makeChat(server)
      .withStructuredOutput(Report, {
        method: "functionCalling",
        name: "report",
      });
    assert.deepEqual(await chat.invoke(QUESTION), REPORT);
  });

  test(`langchain ${name}: a refusal keeps status and message, and is not asked again`, async (server) => {
    const error = { status: 403, message: "Not yours." };
    await server.use({ reply: { error } });
    await assert.rejects(makeChat(server, 2).invoke(PROMPT), (error) => {
      assert.equal((error as { status?: number }).status, 403);
      assert.match(String(error), /Not yours\./);
      return true;
    });
    assert.equal((await server.asked()).length, 1);
  });

  test(`langchain ${name}: too long a prompt is its ContextOverflowError`, async (server) => {
    await server.use({ reply: { error: "context_length_exceeded" } });
    await assert.rejects(
      makeChat(server, 2).invoke(PROMPT),
      (error) => ContextOverflowError.isInstance(error),
    );
  });

  test(`langchain ${name}: a spent quota is not asked again, a busy server is`, async (server) => {
    const busy = { status: 429, headers: { "retry-after": "0.01" } };
    await server.use({
      replies: [{ error: busy }, ANSWER, { error: "insufficient_quota" }],
    });
    const message = await makeChat(server, 1).invoke(PROMPT);
    assert.equal(message.text, ANSWER);
    await assert.rejects(makeChat(server, 1).invoke(PROMPT));
    const asked = await server.asked();
    assert.deepEqual(
      asked.map(({ status }) => status),
      [429, 200, name === "ChatOpenAI" ? 429 : 400],
    );
  });

  test(`langchain ${name}: a stream that is left is known to be`, async (server) => {
    await server.use({ reply: "word ".repeat(100), pace: { itl: "1s" } });
    const aborted = new AbortController();
    const { signal } = aborted;
    await assert.rejects(async () => {
      for await (const _ of await makeChat(server).stream(PROMPT, { signal })) {
        aborted.abort();
      }
    });
    await server.left();
  });
}

test("langchain: there are no embeddings, which is an error with status 404", async (server) => {
  const { url, fetch } = server;
  const embeddings = new OpenAIEmbeddings({
    apiKey: "sk-test",
    configuration: { baseURL: `${url}/v1`, fetch },
  });
  await assert.rejects(embeddings.embedQuery("a"), { status: 404 });
});

/** The tokens of a message, which LangChain's types know only for messages of their own making. */
function usageOf(message: { readonly usage_metadata?: unknown }) {
  const usage = message.usage_metadata as UsageMetadata | undefined;
  assert.ok(usage, "there is usage");
  return { input: usage.input_tokens, output: usage.output_tokens };
}

/** One message out of its chunks. */
function foldOf(chunks: readonly AIMessageChunk[]): AIMessageChunk {
  const [first, ...others] = chunks;
  assert.ok(first instanceof AIMessageChunk);
  return others.reduce((folded, chunk) => folded.concat(chunk), first);
}

type Bound = ReturnType<NonNullable<BaseChatModel["bindTools"]>>;

/** Asks and calls until nothing is called any more; gives the last words. */
async function loop(
  chat: Chat,
  tools: Tools,
  ask: (chat: Bound, messages: BaseMessage[]) => Promise<AIMessageChunk>,
): Promise<string> {
  const offered = toolsFor(tools);
  const bound = chat.bindTools(offered) as Bound;
  const messages: BaseMessage[] = [new HumanMessage(QUESTION)];
  for (let round = 0; round < 9; round++) {
    const message = await ask(bound, messages);
    messages.push(message);
    const calls = message.tool_calls ?? [];
    if (calls.length === 0) return message.text;
    for (const { name, args, id = "" } of calls) {
      const called = offered.find((each) => each.name === name);
      const result: unknown = await called?.invoke(args);
      messages.push(
        new ToolMessage({ content: String(result), tool_call_id: id }),
      );
    }
  }
  return "The loop does not end.";
}

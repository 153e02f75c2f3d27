/** Agents that call tools until they are answered in words, driven by the clients' own loops. */

import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import Anthropic from "@anthropic-ai/sdk";
import {
  generateText,
  jsonSchema,
  type LanguageModel,
  stepCountIs,
  streamText,
  tool,
} from "ai";
import assert from "node:assert/strict";
import OpenAI from "openai";
import { createMock, type Mock, type MockRule } from "../../main.ts";

const CITY = {
  type: "object" as const,
  properties: { city: { type: "string" as const } },
  required: ["city"],
  additionalProperties: false,
};
const QUESTION = "How is the weather in Paris?";
const ANSWER = "It is sunny in Paris.";

/** A tool is called, and then what it found is put into words. */
const RULES: readonly MockRule[] = [
  {
    name: "weather",
    when: { prompt: "*weather*", tools: "get_weather" },
    reply: {
      reasoning: "I should look.",
      text: "Let me look.",
      tool_calls: { name: "get_weather", arguments: { city: "Paris" } },
    },
  },
  { name: "after the tool", when: { tool_result: "sunny" }, reply: ANSWER },
];

/** Two tools at once, then one without arguments, then words. */
const STEPS: readonly MockRule[] = [{
  replies: [
    {
      tool_calls: [
        { name: "get_weather", arguments: { city: "Paris" } },
        { name: "get_weather", arguments: '{"city": "Rome"}', id: "call_rome" },
      ],
    },
    { tool_calls: { name: "get_time" } },
    ANSWER,
  ],
}];

/** What the tools were called with, in order. */
type Calls = unknown[];

function openai({ url, fetch }: Mock): OpenAI {
  return new OpenAI({ apiKey: "k", baseURL: `${url}/v1`, fetch });
}

/** Lets OpenAI's own runner go on until nothing is called any more. */
async function run(mock: Mock, stream: boolean): Promise<[string, Calls]> {
  const calls: Calls = [];
  const remember = (result: string) => (given: unknown) => {
    calls.push(given);
    return result;
  };
  const parse = (text: string) => JSON.parse(text) as object;
  const asked = {
    model: "gpt-4o",
    messages: [{ role: "user" as const, content: QUESTION }],
    tools: [
      {
        type: "function" as const,
        function: {
          name: "get_weather",
          description: "The weather of a city",
          parameters: CITY,
          parse,
          function: remember("sunny"),
        },
      },
      {
        type: "function" as const,
        function: {
          name: "get_time",
          description: "The time",
          parameters: { type: "object" },
          parse,
          function: remember("noon"),
        },
      },
    ],
  };
  const { completions } = openai(mock).chat;
  const runner = stream
    ? completions.runTools({ ...asked, stream: true })
    : completions.runTools(asked);
  return [await runner.finalContent() ?? "", calls];
}

for (const stream of [false, true]) {
  const how = stream ? "streamed" : "whole";

  Deno.test(`openai runTools, ${how}: a loop of one call ends in words`, async () => {
    await using mock = await createMock({ rules: RULES });
    const [said, calls] = await run(mock, stream);
    assert.equal(said, ANSWER);
    assert.deepEqual(calls, [{ city: "Paris" }]);
    const [first, second] = mock.requests;
    assert.equal(mock.requests.length, 2);
    assert.equal(first?.finish, "tool-calls");
    assert.equal(first?.text, "Let me look.");
    assert.deepEqual(first?.toolCalls, [
      { name: "get_weather", arguments: '{"city":"Paris"}' },
    ]);
    assert.equal(second?.answeredBy?.name, "after the tool");
  });

  Deno.test(`openai runTools, ${how}: calls at once, a call without arguments, words, by one rule`, async () => {
    await using mock = await createMock({ rules: STEPS });
    const [said, calls] = await run(mock, stream);
    assert.equal(said, ANSWER);
    assert.deepEqual(calls, [{ city: "Paris" }, { city: "Rome" }, {}]);
    const given = mock.requests.map(({ toolResults }) => toolResults);
    assert.deepEqual(given, [[], ["sunny", "sunny"], ["noon"]]);
  });
}

/** The models of the AI SDK, in both dialects. */
const MODELS: Readonly<Record<string, (mock: Mock) => LanguageModel>> = {
  openai: ({ url, fetch }) =>
    createOpenAI({ apiKey: "k", baseURL: `${url}/v1`, fetch }).chat("gpt-4o"),
  anthropic: ({ url, fetch }) =>
    createAnthropic({ apiKey: "k", baseURL: `${url}/v1`, fetch })(
      "claude-opus-5-5",
    ),
};

function toolsFor(calls: Calls) {
  const execute = (result: string) => (given: unknown) => {
    calls.push(given);
    return result;
  };
  return {
    get_weather: tool({
      inputSchema: jsonSchema<{ city: string }>(CITY),
      execute: execute("sunny"),
    }),
    get_time: tool({
      inputSchema: jsonSchema<object>({ type: "object", properties: {} }),
      execute: execute("noon"),
    }),
  };
}

for (const [name, model] of Object.entries(MODELS)) {
  Deno.test(`ai generateText with ${name}: calls tools, step by step, until it is answered`, async () => {
    for (const [rules, steps] of [[RULES, 2], [STEPS, 3]] as const) {
      await using mock = await createMock({ rules });
      const calls: Calls = [];
      const result = await generateText({
        model: model(mock),
        tools: toolsFor(calls),
        stopWhen: stepCountIs(9),
        prompt: QUESTION,
      });
      assert.equal(result.text, ANSWER);
      assert.equal(result.steps.length, steps);
      assert.equal(result.steps[0]?.finishReason, "tool-calls");
      assert.equal(result.finishReason, "stop");
      assert.deepEqual(calls[0], { city: "Paris" });
      assert.equal(calls.length, steps === 2 ? 1 : 3);
    }
  });

  Deno.test(`ai streamText with ${name}: calls tools, step by step, until it is answered`, async () => {
    await using mock = await createMock({ rules: STEPS });
    const calls: Calls = [];
    const result = streamText({
      model: model(mock),
      tools: toolsFor(calls),
      stopWhen: stepCountIs(9),
      prompt: QUESTION,
    });
    assert.equal(await result.text, ANSWER);
    assert.equal((await result.steps).length, 3);
    assert.deepEqual(calls, [{ city: "Paris" }, { city: "Rome" }, {}]);
  });
}

/** Goes on by hand until Claude calls nothing any more; gives what it said each time. */
async function converse(
  { url, fetch }: Mock,
  more: Partial<Anthropic.MessageCreateParamsNonStreaming> = {},
): Promise<Anthropic.Message[]> {
  const client = new Anthropic({ apiKey: "k", baseURL: url, fetch });
  const messages: Anthropic.MessageParam[] = [
    { role: "user", content: QUESTION },
  ];
  const said: Anthropic.Message[] = [];
  for (let round = 0; round < 9; round++) {
    const message = await client.messages.stream({
      model: "claude-opus-5-5",
      max_tokens: 4_096,
      tools: [
        { name: "get_weather", input_schema: CITY },
        { name: "get_time", input_schema: { type: "object" } },
      ],
      ...more,
      messages,
    }).finalMessage();
    said.push(message);
    if (message.stop_reason !== "tool_use") break;
    messages.push({ role: "assistant", content: message.content }, {
      role: "user",
      content: message.content.flatMap((block) =>
        block.type === "tool_use"
          ? [{
            type: "tool_result" as const,
            tool_use_id: block.id,
            content: "sunny",
          }]
          : []
      ),
    });
  }
  return said;
}

const typesOf = ({ content }: Anthropic.Message) =>
  content.map(({ type }) => type);

Deno.test("anthropic: a loop by hand ends in words; thoughts come where they are asked for", async () => {
  await using mock = await createMock({ rules: RULES });
  const plain = await converse(mock);
  assert.deepEqual(plain.map(typesOf), [["text", "tool_use"], ["text"]]);
  assert.equal(plain[1]?.stop_reason, "end_turn");
  const thinking = { type: "enabled" as const, budget_tokens: 1_024 };
  const [first] = await converse(mock, { thinking });
  assert.deepEqual(first && typesOf(first), ["thinking", "text", "tool_use"]);
  const [thought] = first?.content ?? [];
  assert.ok(thought?.type === "thinking" && thought.signature !== "");
});

Deno.test("anthropic: calls at once and a call without arguments are objects", async () => {
  await using mock = await createMock({ rules: STEPS });
  const said = await converse(mock);
  const inputs = said.map(({ content }) =>
    content.flatMap((block) => block.type === "tool_use" ? [block.input] : [])
  );
  assert.deepEqual(inputs, [[{ city: "Paris" }, { city: "Rome" }], [{}], []]);
});

Deno.test("anthropic: disable_parallel_tool_use leaves one call", async () => {
  await using mock = await createMock({ rules: STEPS });
  const [first] = await converse(mock, {
    tool_choice: { type: "auto", disable_parallel_tool_use: true },
  });
  assert.deepEqual(first && typesOf(first), ["tool_use"]);
});

Deno.test("openai: functions of old are called as they were then", async () => {
  await using mock = await createMock({ rules: STEPS });
  const { choices: [choice] } = await openai(mock).chat.completions.create({
    model: "gpt-4o",
    messages: [{ role: "user", content: QUESTION }],
    functions: [{ name: "get_weather", parameters: CITY }],
  });
  assert.equal(choice?.finish_reason, "function_call");
  assert.equal(choice?.message.function_call?.name, "get_weather");
  assert.equal(choice?.message.tool_calls, undefined);
});

// OpenAI's own loops and parsers: `runTools`, `parse` with zod, the events of streams that call
// tools, functions of old.

import assert from "node:assert/strict";
import OpenAI from "openai";
import type { ParsedFunctionToolCall } from "openai/resources/chat/completions";
import { zodFunction, zodResponseFormat } from "openai/helpers/zod";
import * as z from "zod";
import { type SdkServer, sdkTests } from "./_server.ts";
import {
  CITY,
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

function completionsOf({ url, fetch }: SdkServer) {
  const apiKey = "sk-test";
  return new OpenAI({ apiKey, baseURL: `${url}/v1`, fetch, maxRetries: 0 })
    .chat.completions;
}

const ASKED = {
  model: "gpt-4o",
  messages: [{ role: "user" as const, content: QUESTION }],
};

/** Lets OpenAI's own runner go on until nothing is called any more. */
function run(server: SdkServer, tools: Tools, stream: boolean) {
  const parse = (text: string) => JSON.parse(text) as object;
  const asked = {
    ...ASKED,
    tools: [
      {
        type: "function" as const,
        function: {
          name: "get_weather",
          description: "The weather of a city",
          parameters: CITY,
          parse,
          function: tools.weather,
        },
      },
      {
        type: "function" as const,
        function: {
          name: "get_time",
          description: "The time",
          parameters: { type: "object" },
          parse,
          function: tools.time,
        },
      },
    ],
  };
  const completions = completionsOf(server);
  return stream
    ? completions.runTools({ ...asked, stream: true })
    : completions.runTools(asked);
}

for (const stream of [false, true]) {
  const how = stream ? "streamed" : "whole";

  test(`openai runTools, ${how}: a loop of one call ends in words`, async (server) => {
    await server.use(...ONE_CALL);
    const tools = new Tools();
    const runner = run(server, tools, stream);
    assert.equal(await runner.finalContent(), SUNNY);
    assert.deepEqual(tools.calls, [{ city: "Paris" }]);
    assert.equal(runner.messages[1]?.content, "Let me look.");
    const asked = await server.asked();
    assert.deepEqual(asked.map(({ finish }) => finish), ["tool-calls", "stop"]);
  });

  test(`openai runTools, ${how}: calls at once, a call without arguments, words`, async (server) => {
    await server.use(...STEPS);
    const tools = new Tools();
    const runner = run(server, tools, stream);
    assert.equal(await runner.finalContent(), SUNNY);
    assert.deepEqual(tools.calls, STEPS_CALLS);
    assert.equal(await runner.finalFunctionToolCallResult(), "noon");
    const ids = runner.messages.flatMap((message) =>
      message.role === "tool" ? [message.tool_call_id] : []
    );
    assert.match(ids[0] ?? "", /^call_\w{24}$/);
    assert.equal(ids[1], "call_rome");
    assert.equal(new Set(ids).size, 3);
  });
}

test("openai runTools: the usage of a loop is the sum of what its requests cost", async (server) => {
  await server.use(...STEPS);
  const runner = run(server, new Tools(), false);
  const total = await runner.totalUsage();
  const asked = await server.asked();
  const sum = (side: "input" | "output") =>
    asked.reduce((tokens, { usage }) => tokens + (usage?.[side] ?? 0), 0);
  assert.equal(asked.length, 3);
  assert.equal(total.prompt_tokens, sum("input"));
  assert.equal(total.completion_tokens, sum("output"));
  assert.ok(sum("output") > 0);
});

/** What a call asks for, as the SDK's parser left it. */
type Call = ParsedFunctionToolCall;
const givenBy = (calls: readonly unknown[] | undefined) =>
  (calls as Call[] | undefined)?.map(({ function: { parsed_arguments } }) =>
    parsed_arguments as unknown
  );

const OFFERED = {
  ...ASKED,
  tools: [
    zodFunction({
      name: "get_weather",
      parameters: z.object({ city: z.string() }),
    }),
    zodFunction({ name: "get_time", parameters: z.object({}) }),
  ],
};

test("openai parse: arguments of calls are what zod wants", async (server) => {
  await server.use(...STEPS);
  const { choices: [choice] } = await completionsOf(server).parse(OFFERED);
  assert.equal(choice?.finish_reason, "tool_calls");
  assert.equal(choice?.message.content, null);
  assert.deepEqual(givenBy(choice?.message.tool_calls), [
    { city: "Paris" },
    { city: "Rome" },
  ]);
});

test("openai stream helper: calls fold into those of the regular reply, arguments in fragments", async (server) => {
  await server.use(...ONE_CALL);
  const stream = completionsOf(server).stream(OFFERED);
  const fragments: string[] = [];
  const done: unknown[] = [];
  stream.on(
    "tool_calls.function.arguments.delta",
    ({ arguments_delta }) => void fragments.push(arguments_delta),
  );
  stream.on(
    "tool_calls.function.arguments.done",
    ({ name, parsed_arguments }) => void done.push([name, parsed_arguments]),
  );
  const folded = (await stream.finalChatCompletion()).choices[0];
  const regular = (await completionsOf(server).parse(OFFERED)).choices[0];
  assert.equal(fragments.join(""), '{"city":"Paris"}');
  assert.ok(fragments.length > 2, "they came in pieces");
  assert.deepEqual(done, [["get_weather", { city: "Paris" }]]);
  assert.equal(folded?.finish_reason, "tool_calls");
  assert.equal(folded?.message.content, "Let me look.");
  assert.deepEqual(
    givenBy(folded?.message.tool_calls),
    givenBy(regular?.message.tool_calls),
  );
});

const Report = z.object({
  city: z.string(),
  degrees: z.number(),
  sky: z.array(z.string()),
  said: z.string(),
});
const STRUCTURED = {
  ...ASKED,
  response_format: zodResponseFormat(Report, "report"),
};

test("openai parse: a structured answer is what zod wants", async (server) => {
  await server.use(REPORT_RULE);
  const { choices: [choice] } = await completionsOf(server).parse(STRUCTURED);
  assert.deepEqual(choice?.message.parsed, REPORT);
  assert.equal(choice?.message.refusal, null);
});

test("openai stream helper: a structured answer is parsed while it comes", async (server) => {
  await server.use(REPORT_RULE);
  const stream = completionsOf(server).stream(STRUCTURED);
  const snapshots: unknown[] = [];
  stream.on("content.delta", ({ parsed }) => void snapshots.push(parsed));
  const parsed = await new Promise((resolve) =>
    stream.on("content.done", ({ parsed }) => resolve(parsed))
  );
  assert.deepEqual(parsed, REPORT);
  const { choices: [choice] } = await stream.finalChatCompletion();
  assert.deepEqual(choice?.message.parsed, REPORT);
  assert.ok(snapshots.length > 2, "it came in pieces");
});

test("openai parse: a refusal is told in place of the answer, whole and streamed", async (server) => {
  await server.use({ reply: { refusal: "I won't." } });
  const { choices: [choice] } = await completionsOf(server).parse(STRUCTURED);
  assert.equal(choice?.message.refusal, "I won't.");
  assert.equal(choice?.message.parsed, null);
  const stream = completionsOf(server).stream(STRUCTURED);
  const told: string[] = [];
  stream.on("refusal.delta", ({ delta }) => void told.push(delta));
  const folded = await stream.finalChatCompletion();
  assert.equal(folded.choices[0]?.message.refusal, "I won't.");
  assert.equal(told.join(""), "I won't.");
});

test("openai: functions of old are called, answered and put into words", async (server) => {
  await server.use(...ONE_CALL);
  const functions = [{ name: "get_weather", parameters: CITY }];
  const completions = completionsOf(server);
  const { choices: [called] } = await completions.create({
    ...ASKED,
    functions,
  });
  assert.equal(called?.finish_reason, "function_call");
  assert.equal(called?.message.tool_calls, undefined);
  assert.deepEqual(called?.message.function_call, {
    name: "get_weather",
    arguments: '{"city":"Paris"}',
  });
  const result = {
    role: "function" as const,
    name: "get_weather",
    content: "sunny",
  };
  const { choices: [said] } = await completions.create({
    ...ASKED,
    functions,
    messages: [...ASKED.messages, called.message, result],
  });
  assert.equal(said?.message.content, SUNNY);
});

test("openai: functions of old are streamed as such", async (server) => {
  await server.use(...ONE_CALL);
  const stream = completionsOf(server).stream({
    ...ASKED,
    functions: [{ name: "get_weather", parameters: CITY }],
  });
  const call = await stream.finalFunctionToolCall().catch(() => undefined);
  assert.equal(call, undefined);
  const { choices: [choice] } = await stream.finalChatCompletion();
  assert.equal(choice?.finish_reason, "function_call");
  assert.deepEqual(choice?.message.function_call, {
    name: "get_weather",
    arguments: '{"city":"Paris"}',
  });
});

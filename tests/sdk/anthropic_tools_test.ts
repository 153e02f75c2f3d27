// Anthropic's own loops and parsers: the tool runner, `parse` with zod, the events of streams that
// call tools; and a loop by hand.

import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import * as z from "zod";
import { collect, LISTED, type SdkServer, sdkTests } from "./_server.ts";
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

function client({ url, fetch }: SdkServer): Anthropic {
  const apiKey = "sk-ant-test";
  return new Anthropic({ apiKey, baseURL: url, fetch, maxRetries: 0 });
}

const ASKED = {
  model: LISTED,
  max_tokens: 4_096,
  messages: [{ role: "user" as const, content: QUESTION }],
};

function toolsFor(tools: Tools) {
  return [
    betaZodTool({
      name: "get_weather",
      description: "The weather of a city",
      inputSchema: z.object({ city: z.string() }),
      run: tools.weather,
    }),
    betaZodTool({
      name: "get_time",
      description: "The time",
      inputSchema: z.object({}),
      run: tools.time,
    }),
  ];
}

type Content = readonly { readonly type: string }[];
const typesOf = ({ content }: { readonly content: Content }) =>
  content.map(({ type }) => type);

test("anthropic toolRunner: calls at once, a call without arguments, words", async (server) => {
  await server.use(...STEPS);
  const tools = new Tools();
  const runner = client(server).beta.messages.toolRunner({
    ...ASKED,
    tools: toolsFor(tools),
  });
  const said = await collect(runner);
  assert.deepEqual(said.map(typesOf), [
    ["tool_use", "tool_use"],
    ["tool_use"],
    ["text"],
  ]);
  assert.deepEqual(tools.calls, STEPS_CALLS);
  const last = await runner.done();
  assert.equal(last.stop_reason, "end_turn");
  const asked = await server.asked();
  const { usage } = asked.at(-1) ?? {};
  assert.equal(last.usage.input_tokens, usage?.input);
  assert.equal(last.usage.output_tokens, usage?.output);
  // The runner tries to go on in a thread, twice, then sends the whole conversation each time.
  assert.deepEqual(asked.map(({ status }) => status), [
    200,
    404,
    200,
    404,
    200,
  ]);
});

test("anthropic toolRunner without a thread: one request for each message", async (server) => {
  await server.use(...STEPS);
  const tools = new Tools();
  const last = await client(server).beta.messages.toolRunner({
    ...ASKED,
    thread: false,
    tools: toolsFor(tools),
  });
  assert.deepEqual(typesOf(last), ["text"]);
  assert.deepEqual(tools.calls, STEPS_CALLS);
  const asked = await server.asked();
  assert.deepEqual(asked.map(({ status }) => status), [200, 200, 200]);
});

test("anthropic thread: what was said is sent again, since no thread is kept", async (server) => {
  await server.use({ replies: ["One.", "Two."] });
  const { model, max_tokens } = ASKED;
  const thread = client(server).beta.messages.thread({ model, max_tokens });
  await thread.send({ role: "user", content: "First?" });
  const second = await thread.send({ role: "user", content: "Second?" });
  const [block] = second.content;
  assert.equal(block?.type === "text" && block.text, "Two.");
  const last = (await server.asked()).at(-1);
  assert.equal((last?.body["messages"] as unknown[]).length, 3);
});

test("anthropic thread: one that was never begun is the SDK's ThreadNotFoundError", async (server) => {
  const thread = { type: "continue" as const, previous_message_id: "msg_0" };
  await assert.rejects(
    client(server).beta.messages.create({ ...ASKED, thread }),
    (error) => {
      assert.ok(error instanceof Anthropic.ThreadNotFoundError, String(error));
      assert.equal(error.errorCode, "thread_not_found");
      assert.equal(error.type, "not_found_error");
      return true;
    },
  );
});

test("anthropic toolRunner, streamed: every message is a stream of its own", async (server) => {
  await server.use(...ONE_CALL);
  const tools = new Tools();
  const runner = client(server).beta.messages.toolRunner({
    ...ASKED,
    stream: true,
    tools: toolsFor(tools),
  });
  const said: string[][] = [];
  for await (const stream of runner) {
    said.push(typesOf(await stream.finalMessage()));
  }
  assert.deepEqual(said, [["text", "tool_use"], ["text"]]);
  assert.deepEqual(tools.calls, [{ city: "Paris" }]);
  assert.deepEqual(typesOf(await runner.done()), ["text"]);
});

const TOOLS: Anthropic.Tool[] = [
  { name: "get_weather", input_schema: CITY },
  { name: "get_time", input_schema: { type: "object" } },
];

/** Goes on by hand until Claude calls nothing any more; gives what it said each time. */
async function converse(
  server: SdkServer,
  more: Partial<Anthropic.MessageCreateParamsNonStreaming> = {},
): Promise<Anthropic.Message[]> {
  const messages: Anthropic.MessageParam[] = [...ASKED.messages];
  const said: Anthropic.Message[] = [];
  for (let round = 0; round < 9; round++) {
    const asked = { ...ASKED, tools: TOOLS, ...more, messages };
    const message = await client(server).messages.stream(asked).finalMessage();
    said.push(message);
    if (message.stop_reason !== "tool_use") break;
    messages.push({ role: "assistant", content: message.content }, {
      role: "user",
      content: resultsOf(message),
    });
  }
  return said;
}

function resultsOf({ content }: Anthropic.Message) {
  return content.flatMap((block): Anthropic.ToolResultBlockParam[] =>
    block.type === "tool_use"
      ? [{ type: "tool_result", tool_use_id: block.id, content: "sunny" }]
      : []
  );
}

test("anthropic: a loop by hand ends in words; thoughts come where they are asked for", async (server) => {
  await server.use(...ONE_CALL);
  const plain = await converse(server);
  assert.deepEqual(plain.map(typesOf), [["text", "tool_use"], ["text"]]);
  assert.equal(plain[1]?.stop_reason, "end_turn");
  const [words] = plain[1]?.content ?? [];
  assert.equal(words?.type === "text" && words.text, SUNNY);
  const thinking = { type: "enabled" as const, budget_tokens: 1_024 };
  const [first] = await converse(server, { thinking });
  assert.deepEqual(first && typesOf(first), ["thinking", "text", "tool_use"]);
  const [thought] = first?.content ?? [];
  assert.ok(thought?.type === "thinking" && thought.signature !== "");
  assert.equal(thought.thinking, "I should look.");
});

test("anthropic: calls at once and a call without arguments are objects", async (server) => {
  await server.use(...STEPS);
  const said = await converse(server);
  const inputs = said.map(({ content }) =>
    content.flatMap((block) => block.type === "tool_use" ? [block.input] : [])
  );
  assert.deepEqual(inputs.flat(), STEPS_CALLS);
  assert.deepEqual(inputs.map(({ length }) => length), [2, 1, 0]);
});

test("anthropic: disable_parallel_tool_use leaves one call", async (server) => {
  await server.use(...STEPS);
  const [first] = await converse(server, {
    tool_choice: { type: "auto", disable_parallel_tool_use: true },
  });
  assert.deepEqual(first && typesOf(first), ["tool_use"]);
});

test("anthropic stream helper: input comes in fragments and ends as an object", async (server) => {
  await server.use(...ONE_CALL);
  const stream = client(server).messages.stream({ ...ASKED, tools: TOOLS });
  const fragments: string[] = [];
  let last: unknown;
  stream.on("inputJson", (partial, snapshot) => {
    fragments.push(partial);
    last = snapshot;
  });
  const blocks: string[] = [];
  stream.on("contentBlock", ({ type }) => void blocks.push(type));
  const folded = await stream.finalMessage();
  assert.equal(fragments[0], "");
  assert.deepEqual(JSON.parse(fragments.join("")), { city: "Paris" });
  assert.deepEqual(last, { city: "Paris" });
  assert.deepEqual(blocks, ["text", "tool_use"]);
  assert.equal(folded.stop_reason, "tool_use");
});

const Report = z.object({
  city: z.string(),
  degrees: z.number(),
  sky: z.array(z.string()),
  said: z.string(),
});
const STRUCTURED = {
  ...ASKED,
  output_config: { format: zodOutputFormat(Report) },
};

test("anthropic parse: a structured answer is what zod wants, whole and streamed", async (server) => {
  await server.use(REPORT_RULE);
  const whole = await client(server).messages.parse(STRUCTURED);
  assert.deepEqual(whole.parsed_output, REPORT);
  const streamed = await client(server).messages.stream(STRUCTURED)
    .finalMessage();
  assert.deepEqual(streamed.parsed_output, REPORT);
  assert.deepEqual(streamed.usage, whole.usage);
});

test("anthropic: a result of no call is the SDK's BadRequestError", async (server) => {
  const result = {
    type: "tool_result" as const,
    tool_use_id: "toolu_nobody",
    content: "sunny",
  };
  await assert.rejects(
    client(server).messages.create({
      ...ASKED,
      messages: [{ role: "user", content: [result] }],
    }),
    (error) => {
      assert.ok(error instanceof Anthropic.BadRequestError, String(error));
      assert.match(error.message, /toolu_nobody/);
      return true;
    },
  );
});

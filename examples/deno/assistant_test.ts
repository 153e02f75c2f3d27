// deno test --allow-env --allow-read examples/deno
//
// No network: `mock.fetch` answers in process, and no port is opened.

import assert from "node:assert/strict";
import OpenAI from "openai";
import { createMock, type MockView } from "../../main.ts"; // yours: "jsr:@mockllm/mockllm"
import { advise, ask, conclude, show } from "../assistant.ts";

const BASE = "http://localhost/v1";

function clientOf({ fetch }: MockView): OpenAI {
  return new OpenAI({ apiKey: "mock-key", baseURL: BASE, fetch });
}

Deno.test("a question goes out with our instructions", async () => {
  await using mock = await createMock({
    responses: { "When do I cut roses?": "In March." },
  });
  assert.equal(await ask(clientOf(mock), "When do I cut roses?"), "In March.");
  mock.expect(
    { prompt: "*roses*", system: "*gardener*", model: "gpt-4o" },
    { times: 1 },
  );
});

Deno.test("the stop button stops the request, not only the screen", async () => {
  await using mock = await createMock({
    rules: [{ reply: "Cut them in early spring.", pace: { itl: 100 } }],
  });
  const stop = new AbortController();
  const shown: string[] = [];
  await show(clientOf(mock), "When?", (text) => {
    shown.push(text);
    if (shown.length === 3) stop.abort();
  }, stop.signal);
  assert.deepEqual(shown, ["Cut", " them", " in"]);
  const [request] = mock.expect({}, { ended: "client_left" });
  assert.ok((request?.deltas ?? 0) <= 4);
});

Deno.test("a busy API is asked again, until it answers", async () => {
  await using mock = await createMock({
    rules: [{
      replies: [
        { error: { status: 429, retry_after: "1ms" } },
        { error: { status: 503, retry_after: "1ms" } },
        "In March.",
      ],
    }],
  });
  assert.equal(await ask(clientOf(mock), "When?"), "In March.");
  mock.expect({ prompt: "When?" }, { times: 3 });
  mock.expect({ prompt: "When?" }, { status: 429, times: 1 });
});

Deno.test("the assistant looks at the weather before it answers", async () => {
  await using mock = await createMock({
    rules: [
      {
        when: { prompt: "*water*", tools: "get_weather" },
        reply: {
          tool_calls: { name: "get_weather", arguments: { city: "Paris" } },
        },
      },
      { when: { tool_result: "*rain*" }, reply: "No need." },
    ],
  });
  const cities: string[] = [];
  const look = (city: string) => {
    cities.push(city);
    return "heavy rain";
  };
  const answer = await advise(clientOf(mock), "Shall I water them?", look);
  assert.equal(answer, "No need.");
  assert.deepEqual(cities, ["Paris"]);
  const [asked, told] = mock.requests;
  assert.deepEqual(asked?.toolCalls.map(({ name }) => name), ["get_weather"]);
  assert.deepEqual(told?.toolResults, ["heavy rain"]);
});

Deno.test("what a tool found decides the answer", async () => {
  await using mock = await createMock({
    rules: [
      { when: { tool_result: "*rain*" }, reply: "Stay inside." },
      { when: { tool_result: "*" }, reply: "Water them." },
    ],
  });
  const client = clientOf(mock);
  const answers = [
    await conclude(client, "What now?", "sunny, 30 °C"),
    await conclude(client, "What now?", "heavy rain"),
  ];
  assert.deepEqual(answers, ["Water them.", "Stay inside."]);
  mock.expectInOrder([
    { tool_result: "sunny*" },
    { tool_result: "*rain" },
  ]);
});

Deno.test("rules may be functions", async () => {
  await using mock = await createMock();
  mock.use(
    {
      when: { prompt: /order #(?<id>\d+)/i },
      reply: ({ captures }) => `Order ${captures.id} has shipped.`,
    },
    {
      when: ({ prompt }) => prompt.length > 1_000,
      reply: async () => ({ error: await Promise.resolve("overloaded") }),
    },
  );
  const client = clientOf(mock);
  assert.equal(await ask(client, "Order #7?"), "Order 7 has shipped.");
  const long = "rose ".repeat(1_000);
  await assert.rejects(ask(client.withOptions({ maxRetries: 0 }), long));
});

Deno.test("tests that run at the same time each have a session", async () => {
  await using mock = await createMock();
  const names = ["Ada", "Grace", "Barbara"];
  await Promise.all(names.map(async (name) => {
    const session = mock.session(name);
    session.use({ reply: ({ session }) => `Hello ${session}.` });
    assert.equal(await ask(clientOf(session), "Hi"), `Hello ${name}.`);
    session.expect({}, { times: 1 });
  }));
});

// bun test examples/bun
//
// mockllm.js and mockllm.d.ts are what `deno task bundle` writes: copy them beside your tests.

import { afterEach, expect, test } from "bun:test";
import OpenAI from "openai";
import { createMock } from "../../dist/mockllm.js";
import { ask, show } from "../assistant.ts";

const mock = await createMock();
const client = new OpenAI({
  apiKey: "mock-key",
  baseURL: `${mock.url}/v1`,
  fetch: mock.fetch,
});

afterEach(() => mock.reset());

test("a question goes out with our instructions", async () => {
  mock.use({ when: { prompt: "*roses*" }, reply: "In March." });
  expect(await ask(client, "When do I cut roses?")).toBe("In March.");
  mock.expect({ system: "*gardener*", model: "gpt-4o" }, { times: 1 });
});

test("the stop button stops the request, not only the screen", async () => {
  mock.use({ reply: "Cut them in early spring.", pace: { itl: 100 } });
  const stop = new AbortController();
  let pieces = 0;
  const piece = () => ++pieces === 3 && stop.abort();
  await show(client, "When?", piece, stop.signal);
  const [request] = mock.expect({}, { ended: "client_left" });
  expect(request?.deltas).toBeLessThanOrEqual(4);
});

test("a busy API is asked again", async () => {
  const busy = { error: { status: 429, retry_after: "1ms" } };
  mock.use({ replies: [busy, "In March."] });
  expect(await ask(client, "When?")).toBe("In March.");
  mock.expect({ prompt: "When?" }, { times: 2 });
});

test("an expectation that fails says what came instead", async () => {
  await ask(client, "When do I cut roses?");
  expect(() => mock.expect({ prompt: "*tulips*" })).toThrow(
    'Nearest is request 5: prompt is "When do I cut roses?", wants "*tulips*"',
  );
});

// npx vitest run
//
// mockllm.js and mockllm.d.ts are what `deno task bundle` writes: copy them beside your tests.

import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createMock, type Mock, type MockSession } from "../../dist/mockllm.js";
import { ask, show } from "../assistant.ts";

let mock: Mock;
let session: MockSession;
let client: OpenAI;

beforeAll(async () => {
  mock = await createMock({ defaults: { unknown_response: "Ask a florist." } });
});

beforeEach(({ task }) => {
  session = mock.session(task.name); // its own rules and requests, even in test.concurrent
  client = new OpenAI({
    apiKey: "mock-key",
    baseURL: `${mock.url}/v1`,
    fetch: session.fetch,
  });
});

afterAll(() => mock.close());

test("a question goes out with our instructions", async () => {
  session.use({ when: { prompt: /roses/i }, reply: "In March." });
  expect(await ask(client, "When do I cut roses?")).toBe("In March.");
  session.expect({ system: "*gardener*", model: "gpt-4o" }, { times: 1 });
});

test("what nobody scripted gets the default", async () => {
  expect(await ask(client, "Why?")).toBe("Ask a florist.");
  expect(session.requests[0]?.unmatched).toBe(true);
});

test("the stop button stops the request, not only the screen", async () => {
  session.use({ reply: "Cut them in early spring.", pace: { itl: 100 } });
  const stop = new AbortController();
  let pieces = 0;
  const piece = () => {
    if (++pieces === 3) stop.abort();
  };
  await show(client, "When?", piece, stop.signal);
  const [request] = session.expect({}, { ended: "client_left" });
  expect(request?.deltas).toBeLessThanOrEqual(4);
});

test("a busy API is asked again", async () => {
  const busy = { error: { status: 429, retry_after: "1ms" } };
  session.use({ replies: [busy, "In March."] });
  expect(await ask(client, "When?")).toBe("In March.");
  session.expect({ prompt: "When?" }, { times: 2 });
});

// `usage` of a reply, in the words of each API, whole and streamed.

import assert from "node:assert/strict";
import type { UsageSpec } from "../../lib/match/rule.ts";
import { json, testApp } from "../support/app.ts";
import { sseEvents } from "../support/fold.ts";
import { reply, rule } from "../support/rules.ts";

const USAGE = { input: 100, cached: 60, output: 50, reasoning: 20 };

async function ask(
  path: string,
  more: Record<string, unknown>,
  headers: Record<string, string> = {},
  usage: UsageSpec = USAGE,
): Promise<string> {
  const said = { ...reply({ type: "text", text: "hi" }), usage };
  const app = testApp({ rules: [rule("says", {}, { replies: [said] })] });
  const body = { model: "m", max_tokens: 100, messages: [USER], ...more };
  const response = await app.fetch(path, json(body, headers));
  assert.equal(response.status, 200);
  return await response.text();
}

const USER = { role: "user", content: "hi" };
const CHAT = "/v1/chat/completions";
const MESSAGES = "/v1/messages";

Deno.test("openai_chat: cached and reasoning of a reply's usage are details of the totals, whole and streamed", async () => {
  const wanted = {
    prompt_tokens: 100,
    completion_tokens: 50,
    total_tokens: 150,
    prompt_tokens_details: { cached_tokens: 60, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 20,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
  assert.deepEqual(JSON.parse(await ask(CHAT, {})).usage, wanted);
  const options = { stream: true, stream_options: { include_usage: true } };
  const last = sseEvents(await ask(CHAT, options)).at(-2);
  assert.deepEqual(JSON.parse(last?.data ?? "").usage, wanted);
});

for (const version of ["2023-06-01", "2026-10-21"]) {
  Deno.test(`anthropic_messages ${version}: cached of a reply's usage is read from the cache and left out of input_tokens, whole and streamed`, async () => {
    const headers = { "anthropic-version": version };
    const whole = JSON.parse(await ask(MESSAGES, {}, headers)).usage;
    const events = sseEvents(await ask(MESSAGES, { stream: true }, headers))
      .map(({ data }) => JSON.parse(data));
    const first = events.find(({ type }) => type === "message_start");
    const last = events.find(({ type }) => type === "message_delta");
    for (const usage of [whole, first.message.usage, last.usage]) {
      assert.equal(usage.input_tokens, 40);
      assert.equal(usage.cache_read_input_tokens, 60);
    }
    const details = version === "2026-10-21"
      ? { thinking_tokens: 20 }
      : undefined;
    for (const usage of [whole, last.usage]) {
      assert.equal(usage.output_tokens, 50);
      assert.deepEqual(usage.output_tokens_details, details);
    }
  });
}

Deno.test("a prompt all of which came out of the cache has no input_tokens at Anthropic", async () => {
  const { usage } = JSON.parse(await ask(MESSAGES, {}, {}, { cached: 500 }));
  assert.equal(usage.input_tokens, 0);
  assert.equal(usage.cache_read_input_tokens, 500);
});

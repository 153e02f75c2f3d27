/**
 * Several answers to one request, as a client puts them together.
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { CHOICES_CHARS_MAX } from "../../lib/core/limits.ts";
import type { Content } from "../../lib/match/rule.ts";
import { json, perform, testApp, type TestOptions } from "../support/app.ts";
import { sseEvents } from "../support/fold.ts";
import { reply, rule } from "../support/rules.ts";

/** What a client knows of a choice. */
interface Told {
  content: string | null;
  calls: { name: string; arguments: string }[];
  finish: string | null;
}

interface Answer {
  readonly choices: Told[];
  readonly output: number;
  readonly input: number;
}

// deno-lint-ignore no-explicit-any
type Json = any;

function whole(text: string): Answer {
  const { choices, usage }: Json = JSON.parse(text);
  return {
    choices: choices.map(
      ({ index, message, finish_reason }: Json, at: number) => {
        assert.equal(index, at);
        return {
          content: message.content,
          calls: (message.tool_calls ?? []).map((call: Json) => call.function),
          finish: finish_reason,
        };
      },
    ),
    output: usage.completion_tokens,
    input: usage.prompt_tokens,
  };
}

function streamed(text: string): Answer {
  const events = sseEvents(text);
  assert.equal(events.pop()?.data, "[DONE]");
  const chunks: Json[] = events.map(({ data }) => JSON.parse(data));
  const { usage } = chunks.pop();
  const choices: Told[] = [];
  for (const { choices: [choice, ...others] } of chunks) {
    assert.equal(others.length, 0);
    const { index, delta, finish_reason } = choice;
    if (delta.role === undefined) assert.notEqual(choices[index], undefined);
    else assert.equal(index, choices.length);
    const told = choices[index] ??= { content: null, calls: [], finish: null };
    assert.equal(told.finish, null, "nothing follows an end");
    if (typeof delta.content === "string") {
      told.content = (told.content ?? "") + delta.content;
    }
    for (const { index: at, function: part } of delta.tool_calls ?? []) {
      const call = told.calls[at] ??= { name: "", arguments: "" };
      call.name += part.name ?? "";
      call.arguments += part.arguments;
    }
    told.finish = finish_reason;
  }
  return {
    choices,
    output: usage.completion_tokens,
    input: usage.prompt_tokens,
  };
}

function app(content: Content, settings: TestOptions["settings"] = {}) {
  const rules = [rule("says", {}, { replies: [reply(content)] })];
  return testApp({ rules, settings: { cut: "token", ...settings } });
}

function asking(stream: boolean, more: Record<string, unknown>): RequestInit {
  return json({
    model: "gpt-4o",
    messages: [{ role: "user", content: "hi" }],
    stream,
    ...(stream ? { stream_options: { include_usage: true } } : {}),
    ...more,
  }, { "x-mock-seed": "7" });
}

async function both(content: Content, more: Record<string, unknown>) {
  const server = app(content);
  const said = async (stream: boolean) =>
    (await perform(server, "/v1/chat/completions", asking(stream, more))).text;
  return {
    whole: whole(await said(false)),
    stream: streamed(await said(true)),
  };
}

const words = fc.lorem({ maxCount: 8 });
const contents: fc.Arbitrary<Content> = fc.oneof(
  words.map((text): Content => ({ type: "text", text })),
  fc.constant<Content>({
    type: "template",
    source: "{% for i in (0..choice) %}{{ random }} {% endfor %}",
  }),
  fc.record({
    count: fc.integer({ min: 1, max: 20 }),
    length: fc.integer({ min: 1, max: 6 }),
  }).map((shape): Content => ({ type: "tokens", ...shape })),
  fc.tuple(words, fc.array(words, { maxLength: 3 })).map((
    [text, calls],
  ): Content => ({
    type: "blocks",
    blocks: [
      { type: "reasoning", text: "Hm." },
      ...(calls.length % 2 === 0 ? [{ type: "text", text } as const] : []),
      ...calls.map((text, i) => ({
        type: "tool-call" as const,
        name: `f${i}`,
        text,
      })),
    ],
  })),
);
const terms = fc.record({
  max_tokens: fc.integer({ min: 1, max: 15 }),
  stop: fc.stringMatching(/^[a-z0-9]{1,2}$/),
}, { requiredKeys: [] });

Deno.test("openai_chat: several choices, streamed and put together, are those of the regular answer", async () => {
  const counts = fc.integer({ min: 2, max: 6 });
  await fc.assert(
    fc.asyncProperty(contents, counts, terms, async (content, n, terms) => {
      const { whole, stream } = await both(content, { n, ...terms });
      assert.equal(whole.choices.length, n);
      assert.deepEqual(stream, whole);
    }),
    { numRuns: 60 },
  );
});

Deno.test("openai_chat: the first of several choices is what it is alone, the prompt counted once", async () => {
  await fc.assert(
    fc.asyncProperty(contents, terms, async (content, terms) => {
      const one = (await both(content, terms)).whole;
      const three = (await both(content, { n: 3, ...terms })).whole;
      assert.deepEqual(three.choices[0], one.choices[0]);
      assert.equal(three.input, one.input);
    }),
    { numRuns: 30 },
  );
});

Deno.test("openai_chat: what would be more than CHOICES_CHARS_MAX at once is refused in its words, and streams", async () => {
  const text = "x".repeat(CHOICES_CHARS_MAX / 4 + 1);
  const server = app({ type: "text", text }, { cut: "whole" });
  const path = "/v1/chat/completions";
  const refused = await server.fetch(path, asking(false, { n: 4 }));
  assert.equal(refused.status, 400);
  const { error } = await refused.json();
  assert.equal(error.param, "n");
  assert.match(error.message, /^4 answers .* stream/);
  const answer = await server.fetch(path, asking(true, { n: 4 }));
  assert.equal(answer.status, 200);
  await answer.body?.cancel();
  const fits = await server.fetch(path, asking(false, { n: 3 }));
  assert.equal(fits.status, 200);
  await fits.body?.cancel();
  assert.deepEqual(server.defects, []);
});

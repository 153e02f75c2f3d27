/** Tool calls, thoughts and refusals, read by the providers' own clients: streamed and whole say the same. */

import { APPROX } from "../../lib/core/tokens.ts";
import Anthropic from "@anthropic-ai/sdk";
import assert from "node:assert/strict";
import fc from "fast-check";
import OpenAI from "openai";
import { compose } from "../../lib/compose/compose.ts";
import { SystemClock } from "../../lib/core/clock.ts";
import { type Plan, UNPACED } from "../../lib/core/plan.ts";
import type { Block, Citation, Finish } from "../../lib/core/reply.ts";
import { anthropicMessages } from "../../lib/dialects/anthropic_messages.ts";
import {
  type ChatEndpoint,
  type Dialect,
  UNSPENT,
} from "../../lib/dialects/dialect.ts";
import { openaiChat } from "../../lib/dialects/openai_chat.ts";
import { play } from "../../lib/play/play.ts";

const words = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 })
  .filter((text) => text.isWellFormed());
const call = fc.record({
  type: fc.constant("tool-call" as const),
  name: fc.stringMatching(/^[a-z_]{1,12}$/),
  text: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), words).map((input) =>
    JSON.stringify(input)
  ),
});
const said = fc.record({ type: fc.constant("text" as const), text: words });
const thought = fc.record({
  type: fc.constant("reasoning" as const),
  text: words,
});

/** What models say: perhaps thoughts, perhaps words, perhaps calls, and something at least. */
const replies: fc.Arbitrary<readonly Block[]> = fc.tuple(
  fc.array(thought, { maxLength: 1 }),
  fc.array(said, { maxLength: 1 }),
  fc.array(call, { maxLength: 3 }),
).map((parts): Block[] => parts.flat()).filter((blocks) =>
  blocks.some(({ type }) => type !== "reasoning")
);

const place = fc.nat(1_000);
const range = fc.tuple(place, fc.integer({ min: 1, max: 99 }))
  .map(([start, length]) => ({ start, end: start + length }));
const citation: fc.Arbitrary<Citation> = fc.oneof(
  fc.record({
    type: fc.constant("document" as const),
    quoted: words,
    document: place,
    title: fc.option(words),
    fileId: fc.option(words),
    unit: fc.constantFrom("char", "page", "block"),
    range,
  }).map(({ range, ...citation }) => ({ ...citation, ...range })),
  fc.record({
    type: fc.constant("web" as const),
    quoted: words,
    url: fc.webUrl(),
    title: fc.option(words),
  }),
  fc.record({
    type: fc.constant("search" as const),
    quoted: words,
    source: words,
    title: fc.option(words),
    result: place,
    range,
  }).map(({ range, ...citation }) => ({ ...citation, ...range })),
);
const citations = fc.array(citation, { minLength: 1, maxLength: 3 });
const redacted = fc.record({
  type: fc.constant("redacted" as const),
  text: fc.constant(""),
  data: words,
}, { requiredKeys: ["type", "text"] });
const refusal = fc.record({
  type: fc.constant("refusal" as const),
  text: words,
  category: fc.constantFrom("cyber", "bio"),
}, { requiredKeys: ["type", "text"] });

const richCall = fc.record({
  type: fc.constant("tool-call" as const),
  name: fc.constant("f"),
  text: fc.dictionary(words, fc.jsonValue({ maxDepth: 2 })).map((input) =>
    JSON.stringify(input)
  ),
});

/** The same, and what only Anthropic has content for; a call that was cut, or a refusal, at the end. */
const richReplies: fc.Arbitrary<readonly [readonly Block[], Finish]> = fc.tuple(
  fc.array(fc.oneof(thought, redacted), { maxLength: 2 }),
  fc.array(
    fc.oneof(
      said,
      fc.tuple(said, citations).map(([text, citations]) => ({
        ...text,
        citations,
      })),
    ),
    { maxLength: 3 },
  ),
  fc.oneof(
    fc.record({ type: fc.constant("stop" as const) }).map((finish) =>
      [[], finish] as const
    ),
    refusal.map((block) => [[block], { type: "refusal" }] as const),
    fc.tuple(richCall, fc.nat()).map(([block, at]) => {
      const text = block.text.slice(0, at % (block.text.length + 1));
      return [[{ ...block, text }], { type: "length" }] as const;
    }),
  ),
).map(([thoughts, texts, [last, finish]]) => [
  [...thoughts, ...texts, ...last],
  finish,
]);

/** A `fetch` that answers every request in `dialect` with `blocks`. */
function answering(
  dialect: Dialect,
  blocks: readonly Block[],
  finish?: Finish,
): typeof fetch {
  const endpoint = dialect.endpoints[0] as ChatEndpoint;
  return async (input, init) => {
    const request = new Request(input, init);
    const { turn, encoder } = endpoint.decode({
      headers: request.headers,
      body: await request.json(),
      tokensAsked: false,
    });
    const wording = { dialect, epochMs: 0, fullHeaders: false, ...UNSPENT };
    const score = compose(
      planOf(blocks, finish),
      encoder,
      turn.stream,
      wording,
    );
    const clock = new SystemClock();
    return await play(score, {
      clock,
      beganMs: clock.now(),
      keepOpen() {},
      onEnd: () => clock.close(),
      onDefect: assert.ifError,
    });
  };
}

function planOf(blocks: readonly Block[], given?: Finish): Plan {
  const calls = blocks.some(({ type }) => type === "tool-call");
  const finish: Finish = given ?? { type: calls ? "tool-calls" : "stop" };
  return {
    source: { type: "rule", name: "test", place: "test.yml:1" },
    outcome: {
      type: "reply",
      model: "m",
      choices: [{ blocks, finish }],
      usage: { input: 1, inputCached: 0, output: 9, outputReasoning: 0 },
    },
    pace: UNPACED,
    cut: "token",
    tokenizer: APPROX,
    seed: 7,
    headers: {},
  };
}

function openai(blocks: readonly Block[]): OpenAI {
  return new OpenAI({
    apiKey: "k",
    baseURL: "http://mock/v1",
    fetch: answering(openaiChat, blocks),
  });
}

const ASK = {
  model: "m",
  messages: [{ role: "user" as const, content: "hi" }],
};

Deno.test("openai: streamed and whole, any reply reads the same", async () => {
  await fc.assert(
    fc.asyncProperty(replies, async (blocks) => {
      const { chat } = openai(blocks);
      const whole = await chat.completions.create(ASK);
      const streamed = await chat.completions.stream(ASK).finalChatCompletion();
      const [one, other] = [whole, streamed].map(({ choices: [choice] }) => ({
        finish: choice?.finish_reason,
        content: choice?.message.content || null, // the client makes "" of no words
        calls: (choice?.message.tool_calls ?? []).map((call) => ({
          id: call.id,
          ...("function" in call && {
            name: call.function.name,
            arguments: call.function.arguments,
          }),
        })),
      }));
      assert.deepEqual(one, other);
      const calls = blocks.filter((block) => block.type === "tool-call");
      assert.deepEqual(
        one?.calls.map((each) => "arguments" in each && each.arguments),
        calls.map(({ text }) => text),
      );
    }),
    { numRuns: 60 },
  );
});

Deno.test("openai: a refusal is no content, streamed and whole", async () => {
  const { chat } = openai([{ type: "refusal", text: "I can't help." }]);
  const whole = await chat.completions.create(ASK);
  const streamed = await chat.completions.stream(ASK).finalChatCompletion();
  for (const { choices: [choice] } of [whole, streamed]) {
    assert.equal(choice?.message.refusal, "I can't help.");
    assert.equal(choice?.message.content, null);
    assert.equal(choice?.finish_reason, "stop");
  }
});

Deno.test("anthropic: streamed and whole, any reply reads the same, in both versions", async () => {
  for (const version of ["2023-06-01", "2026-10-21"]) {
    await fc.assert(
      fc.asyncProperty(replies, async (blocks) => {
        const { messages } = new Anthropic({
          apiKey: "k",
          baseURL: "http://mock",
          fetch: answering(anthropicMessages, blocks),
          defaultHeaders: { "anthropic-version": version },
        });
        const ask = { ...ASK, max_tokens: 100 };
        const whole = await messages.create(ask);
        const streamed = await messages.stream(ask).finalMessage();
        assert.deepEqual(streamed.content, whole.content);
        assert.equal(streamed.stop_reason, whole.stop_reason);
        assert.deepEqual(
          whole.content.map(({ type }) => type),
          blocks.map(({ type }) => ANTHROPIC_TYPES[type]),
        );
      }),
      { numRuns: 40 },
    );
  }
});

Deno.test("anthropic: citations, redacted thoughts, refusals and calls cut short read the same, streamed and whole, in both versions", async () => {
  for (const version of ["2023-06-01", "2026-10-21"]) {
    await fc.assert(
      fc.asyncProperty(richReplies, async ([blocks, finish]) => {
        const { messages } = new Anthropic({
          apiKey: "k",
          baseURL: "http://mock",
          fetch: answering(anthropicMessages, blocks, finish),
          defaultHeaders: { "anthropic-version": version },
        });
        const ask = { ...ASK, max_tokens: 100 };
        const whole = await messages.create(ask);
        const streamed = await messages.stream(ask).finalMessage();
        assert.deepEqual(streamed.content, whole.content);
        assert.equal(streamed.stop_reason, whole.stop_reason);
        assert.deepEqual(
          streamed.stop_details ?? null,
          whole.stop_details ?? null,
        );
        const told = blocks.filter(({ type }) => type !== "refusal");
        assert.deepEqual(
          whole.content.map(({ type }) => type),
          told.map(({ type }) => ANTHROPIC_TYPES[type]),
        );
      }),
      { numRuns: 60 },
    );
  }
});

const ANTHROPIC_TYPES = {
  "text": "text",
  "redacted": "redacted_thinking",
  "refusal": "text",
  "tool-call": "tool_use",
  "reasoning": "thinking",
} as const;

/** The deltas of an OpenAI stream, as they stand on the wire. */
async function deltasOf(blocks: readonly Block[]): Promise<string[]> {
  const response = await answering(openaiChat, blocks)("http://mock/v1", {
    method: "POST",
    body: JSON.stringify({
      ...ASK,
      stream: true,
      stream_options: { include_obfuscation: false },
    }),
  });
  return (await response.text()).split("\n\n").flatMap((event) =>
    /"delta":(.*),"logprobs"/.exec(event)?.[1] ?? []
  );
}

const CALL: Block = {
  type: "tool-call",
  name: "get_weather",
  text: '{"city":"Paris"}',
  id: "call_1",
};

Deno.test("openai: a single call opens the stream by itself, as recorded", async () => {
  const [header, first] = await deltasOf([CALL]);
  assert.equal(
    header,
    '{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"get_weather","arguments":""}}],"refusal":null}',
  );
  assert.equal(
    first,
    '{"tool_calls":[{"index":0,"function":{"arguments":"{\\""}}]}',
  );
});

Deno.test("openai: parallel calls come one after the other, behind a chunk that says who speaks", async () => {
  const deltas = await deltasOf([CALL, { ...CALL, id: "call_2", text: "{}" }]);
  assert.equal(deltas[0], '{"role":"assistant","content":null}');
  const headers = deltas.filter((delta) => delta.includes('"id"'));
  assert.deepEqual(headers, [
    '{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"get_weather","arguments":""}}]}',
    '{"tool_calls":[{"index":1,"id":"call_2","type":"function","function":{"name":"get_weather","arguments":""}}]}',
  ]);
  assert.equal(deltas.at(-1), "{}");
});

Deno.test("openai: words before a call open as words do", async () => {
  const deltas = await deltasOf([{ type: "text", text: "Let me look." }, CALL]);
  assert.equal(
    deltas[0],
    '{"role":"assistant","content":"","refusal":null}',
  );
  assert.ok(deltas.some((delta) => delta.startsWith('{"tool_calls":')));
});

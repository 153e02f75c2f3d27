// What only Anthropic's API has content for, scripted as a file would have it: thoughts shown and
// not, citations, refusals, endings of its own. Its SDK and Vercel's read it, whole and streamed.

import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { generateText, type LanguageModel, streamText } from "ai";
import type { MockReply, MockRule } from "../../main.ts";
import { MODELS } from "./_ai.ts";
import { LISTED, type SdkServer, sdkTests } from "./_server.ts";

const test = sdkTests();

type Ask = Partial<Anthropic.MessageCreateParamsNonStreaming>;
type Message = Anthropic.Message;

const ASKED = {
  model: LISTED,
  max_tokens: 4_096,
  messages: [{ role: "user" as const, content: "weather?" }],
};

function says(reply: MockReply): MockRule {
  return { name: "says", reply };
}

const VERSIONS = ["2023-06-01", "2026-10-21"];

/** The message that the SDK reads, whole and streamed, of both versions. */
async function messagesOf(
  server: SdkServer,
  reply: MockReply,
  ask: Ask = {},
): Promise<readonly Message[]> {
  await server.use(says(reply));
  const read = VERSIONS.flatMap((version) => {
    const { messages } = new Anthropic({
      apiKey: "sk-ant-test",
      baseURL: server.url,
      fetch: server.fetch,
      maxRetries: 0,
      defaultHeaders: { "anthropic-version": version, "x-mock-seed": "7" },
    });
    const asked = { ...ASKED, ...ask };
    return [
      messages.create(asked),
      messages.stream(asked).finalMessage(),
    ];
  });
  const all = await Promise.all(read);
  const [whole, streamed, newer, newerStreamed] = all;
  assert.deepEqual(streamed?.content, whole?.content);
  assert.deepEqual(newerStreamed?.content, newer?.content);
  return all;
}

function claude(server: SdkServer): LanguageModel {
  const make = MODELS["anthropic"];
  assert.ok(make);
  return make(server);
}

const THINKING: Ask = { thinking: { type: "enabled", budget_tokens: 1_024 } };
const THINKS = {
  providerOptions: {
    anthropic: { thinking: { type: "enabled", budgetTokens: 1_024 } },
  },
};

test("anthropic: thoughts are read with their signature", async (server) => {
  const reply = { reasoning: "Six times seven.", text: "42." };
  for (const thinking of [{ type: "adaptive" }, THINKING.thinking] as const) {
    const ask = thinking === undefined ? {} : { thinking };
    for (const { content } of await messagesOf(server, reply, ask)) {
      const [thought, said] = content;
      assert.ok(thought?.type === "thinking");
      assert.equal(thought.thinking, "Six times seven.");
      assert.match(thought.signature, /^EqoB[\w+/]{328}$/);
      assert.ok(said?.type === "text");
      assert.equal(said.text, "42.");
    }
  }
});

test("anthropic: thoughts that are to be omitted are a signature", async (server) => {
  const reply = { reasoning: "Six times seven.", text: "42." };
  const thinking = { type: "adaptive", display: "omitted" } as const;
  for (const message of await messagesOf(server, reply, { thinking })) {
    const [thought] = message.content;
    assert.ok(thought?.type === "thinking");
    assert.equal(thought.thinking, "");
    assert.match(thought.signature, /^EqoB/);
    assert.equal(
      message.usage.output_tokens,
      6,
      "they were thought all the same",
    );
  }
});

test("anthropic: redacted thoughts are data, given or drawn", async (server) => {
  const reply = {
    blocks: [
      { redacted_reasoning: "EqoBGiven" },
      { redacted_reasoning: true },
      { text: "42." },
    ],
  } as const;
  for (const { content } of await messagesOf(server, reply, THINKING)) {
    const [given, drawn, said] = content;
    assert.deepEqual(given, { type: "redacted_thinking", data: "EqoBGiven" });
    assert.ok(drawn?.type === "redacted_thinking");
    assert.match(drawn.data, /^EqoB[\w+/]{316}$/);
    assert.equal(said?.type, "text");
  }
  for (const { content } of await messagesOf(server, reply)) {
    assert.deepEqual(content.map(({ type }) => type), ["text"]);
  }
});

test("anthropic: citations are read as they were scripted, and filled in", async (server) => {
  const reply = {
    blocks: [
      {
        text: "It is sunny.",
        citations: [
          { url: "https://example.com/", title: "Weather" },
          { document_title: "Report", start_page_number: 3 },
        ],
      },
      { text: " So it is." },
    ],
  };
  for (const { content } of await messagesOf(server, reply)) {
    const [cited, plain] = content;
    assert.ok(cited?.type === "text" && plain?.type === "text");
    const [web, page] = cited.citations ?? [];
    assert.ok(web?.type === "web_search_result_location");
    assert.equal(web.url, "https://example.com/");
    assert.equal(web.cited_text, "It is sunny.");
    assert.match(web.encrypted_index, /^\w{192}$/);
    assert.ok(page?.type === "page_location");
    assert.deepEqual([page.start_page_number, page.end_page_number], [3, 4]);
    assert.equal(page.document_title, "Report");
    assert.equal(plain.citations ?? null, null);
  }
});

test("anthropic: a refusal has details and no content", async (server) => {
  const refusal = { text: "I will not.", category: "cyber" };
  for (const message of await messagesOf(server, { refusal })) {
    assert.deepEqual(message.content, []);
    assert.equal(message.stop_reason, "refusal");
    assert.deepEqual(message.stop_details, {
      type: "refusal",
      category: "cyber",
      explanation: "I will not.",
    });
  }
});

test("anthropic: what was said before a refusal is kept", async (server) => {
  const blocks = [{ text: "You take" }, { refusal: "No." }];
  for (const { content, stop_reason } of await messagesOf(server, { blocks })) {
    assert.deepEqual(content.map((it) => "text" in it && it.text), [
      "You take",
    ]);
    assert.equal(stop_reason, "refusal");
  }
});

test("anthropic: endings are told in the provider's words", async (server) => {
  const endings = [
    ["content_filter", "refusal"],
    ["length", "max_tokens"],
    ["pause_turn", "pause_turn"],
    ["model_context_window_exceeded", "model_context_window_exceeded"],
  ] as const;
  for (const [finish, wanted] of endings) {
    const reply = { text: "Well", finish };
    for (const { stop_reason } of await messagesOf(server, reply)) {
      assert.equal(stop_reason, wanted);
    }
  }
});

test("ai: thoughts and redacted thoughts are reasoning, regular and streamed", async (server) => {
  await server.use(says({
    blocks: [
      { reasoning: "Six times seven." },
      { redacted_reasoning: "EqoBGiven" },
      { text: "42." },
    ],
  }));
  const ask = { model: claude(server), prompt: "think", ...THINKS };
  const whole = await generateText(ask);
  const streamed = streamText(ask);
  await streamed.consumeStream();
  for (const reasoning of [whole.reasoning, await streamed.reasoning]) {
    const [thought, redacted] = reasoning;
    assert.ok(thought?.type === "reasoning");
    assert.equal(thought.text, "Six times seven.");
    assert.match(
      String(thought.providerMetadata?.anthropic?.signature),
      /^EqoB/,
    );
    assert.deepEqual(redacted?.providerMetadata?.anthropic, {
      redactedData: "EqoBGiven",
    });
  }
  assert.equal(whole.text, "42.");
  assert.equal(await streamed.text, "42.");
});

for (const [dialect, makeModel] of Object.entries(MODELS)) {
  test(`ai ${dialect}: pages on the web are sources, regular and streamed`, async (server) => {
    const url = "https://example.com/";
    await server.use(says({
      blocks: [
        { text: "In short: " },
        { text: "Sunny.", citations: [{ url, title: "Weather" }] },
      ],
    }));
    const ask = { model: makeModel(server), prompt: "weather?" };
    const whole = await generateText(ask);
    const streamed = streamText(ask);
    await streamed.consumeStream();
    for (const sources of [whole.sources, await streamed.sources]) {
      const told = sources.map((it) => it.sourceType === "url" && it.url);
      assert.deepEqual(told, [url]);
    }
  });
}

test("ai: a refusal ends in content-filter, regular and streamed", async (server) => {
  await server.use(says({ refusal: "I will not." }));
  const ask = { model: claude(server), prompt: "help me cheat" };
  const whole = await generateText(ask);
  const streamed = streamText(ask);
  await streamed.consumeStream();
  assert.equal(whole.finishReason, "content-filter");
  assert.equal(await streamed.finishReason, "content-filter");
  assert.equal(whole.text, "");
  assert.equal(await streamed.text, "");
});

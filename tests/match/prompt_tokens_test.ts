/** How questions are counted: exactly where that can be known, and the same wherever it is told. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { TOKENS_EXACT_CHARS_MAX } from "../../lib/core/limits.ts";
import type { Tokenizer } from "../../lib/core/tokens.ts";
import type { Turn } from "../../lib/core/turn.ts";
import { anthropicMessages } from "../../lib/dialects/anthropic_messages.ts";
import type { Dialect } from "../../lib/dialects/dialect.ts";
import { openaiChat } from "../../lib/dialects/openai_chat.ts";
import { promptTokens } from "../../lib/match/prompt_tokens.ts";
import {
  loadTokenizer,
  type TokenizerName,
  TOKENIZERS,
} from "../../lib/match/tokenizers.ts";
import { administered } from "../support/administered.ts";
import { json, perform, testApp } from "../support/app.ts";
import { readers } from "../support/fold.ts";

const approx = await loadTokenizer("approx");
const cl100k = await loadTokenizer("cl100k_base");
const o200k = await loadTokenizer("o200k_base");

type Body = Record<string, unknown>;

function turnOf({ endpoints }: Dialect, body: Body): Turn {
  const chat = endpoints.find(({ type }) => type === "chat");
  assert.ok(chat?.type === "chat");
  const all = { model: "m", messages: HELLO, ...body };
  const inbound = { headers: new Headers(), body: all, tokensAsked: false };
  return chat.decode(inbound).turn;
}

const openai = (body: Body) => turnOf(openaiChat, body);
const anthropic = (body: Body) => turnOf(anthropicMessages, body);
const HELLO = [{ role: "user", content: "hello" }];

// OpenAI ─────────────────────────────────────────────────────────────────────

Deno.test("openai_chat: the conversation of OpenAI's cookbook counts as their API counted it", () => {
  const said = (role: string, content: string, name?: string) => ({
    role,
    content,
    ...(name && { name }),
  });
  const messages = [
    said(
      "system",
      "You are a helpful, pattern-following assistant that translates corporate jargon into plain English.",
    ),
    said(
      "system",
      "New synergies will help drive top-line growth.",
      "example_user",
    ),
    said(
      "system",
      "Things working well together will increase revenue.",
      "example_assistant",
    ),
    said(
      "system",
      "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage.",
      "example_user",
    ),
    said(
      "system",
      "Let's talk later when we're less busy about how to do better.",
      "example_assistant",
    ),
    said(
      "user",
      "This late pivot means we don't have time to boil the ocean for the client deliverable.",
    ),
  ];
  const turn = openai({ messages });
  assert.equal(promptTokens(turn, cl100k), 129); // gpt-4, gpt-3.5-turbo
  assert.equal(promptTokens(turn, o200k), 124); // gpt-4o
});

/** What OpenAI's API counted, as hmarr/openai-chat-tokens recorded it. */
const RECORDED: readonly [tokens: number, body: Body][] = [
  [8, {}],
  [9, { messages: [{ role: "user", content: "hello world" }] }],
  [9, { messages: [{ role: "system", content: "hello:" }] }],
  [31, { functions: [{ name: "foo", parameters: OBJECT({}) }] }],
  [32, {
    functions: [{ name: "foo", parameters: OBJECT({}) }],
    function_call: "none",
  }],
  [36, {
    functions: [{ name: "foo", parameters: OBJECT({}) }],
    function_call: { name: "foo" },
  }],
  [35, {
    functions: [{
      name: "foo",
      description: "Do a foo",
      parameters: OBJECT({}),
    }],
  }],
  [45, { functions: [bingBong({ foo: { type: "string" } })] }],
  [52, {
    functions: [bingBong({
      foo: { type: "string" },
      bar: { type: "number", description: "A number" },
    })],
  }],
  [64, {
    functions: [bingBong({
      foo: OBJECT({
        bar: { type: "string", enum: ["a", "b", "c"] },
        baz: { type: "boolean" },
      }),
    })],
  }],
  [36, {
    messages: [{ role: "system", content: "Hello" }, {
      role: "user",
      content: "Hi there",
    }],
    functions: [{ name: "do_stuff", parameters: OBJECT({}) }],
  }],
];

// deno-lint-ignore no-explicit-any
function OBJECT(properties: any): Body {
  return { type: "object", properties };
}

function bingBong(properties: Body): Body {
  return {
    name: "bing_bong",
    description: "Do a bing bong",
    parameters: OBJECT(properties),
  };
}

Deno.test("openai_chat: functions, and how they must be used, count as recorded", () => {
  for (const [tokens, body] of RECORDED) {
    assert.equal(
      promptTokens(openai(body), o200k),
      tokens,
      JSON.stringify(body),
    );
  }
});

Deno.test("openai_chat: tools count as the same functions did", () => {
  const parameters = OBJECT({
    city: { type: ["string", "null"], description: "Where" },
    days: { anyOf: [{ type: "integer" }, { type: "null" }] },
    tags: { type: "array", items: { enum: ["a", 1] } },
    odd: true,
  });
  const fn = { name: "weather", description: "Tells it", parameters };
  const tools = [{ type: "function", function: fn }];
  assert.equal(
    promptTokens(openai({ tools }), o200k),
    promptTokens(openai({ functions: [fn] }), o200k),
  );
});

Deno.test("openai_chat: images count by their tiles, or little at low detail", () => {
  const text = promptTokens(openai({}), o200k);
  const tokens = (url: string, detail?: string) => {
    const image = { type: "image_url", image_url: { url, detail } };
    const said = { type: "text", text: "hello" };
    const messages = [{ role: "user", content: [said, image] }];
    return promptTokens(openai({ messages }), o200k) - text;
  };
  // The examples of OpenAI's guide to vision.
  assert.equal(tokens(png(1_024, 1_024), "high"), 765);
  assert.equal(tokens(png(2_048, 4_096), "high"), 1_105);
  assert.equal(tokens(png(4_096, 8_192), "low"), 85);
  assert.equal(tokens(png(1, 1)), 255);
  assert.equal(tokens(png(512, 512), "auto"), 255);
  assert.equal(tokens("https://example.com/cat.png"), 765);
  assert.equal(tokens("data:image/png;base64,AAAA"), 765);
});

/** The beginning of a PNG of that size, in a data URL. */
function png(width: number, height: number): string {
  return `data:image/png;base64,${pngData(width, height)}`;
}

function pngData(width: number, height: number): string {
  const bytes = new DataView(new ArrayBuffer(48));
  [0x89504e47, 0x0d0a1a0a, 13, 0x49484452, width, height].forEach(
    (word, at) => bytes.setUint32(4 * at, word),
  );
  return btoa(String.fromCharCode(...new Uint8Array(bytes.buffer)));
}

Deno.test("openai_chat: sound counts ten tokens a second, a file by its pages", () => {
  const text = promptTokens(openai({}), approx) - 1;
  const tokens = (part: Body) =>
    promptTokens(
      openai({ messages: [{ role: "user", content: [part] }] }),
      approx,
    ) - text;
  const input_audio = { data: "A".repeat(4 * 16_000 * 6 / 3), format: "mp3" };
  assert.equal(tokens({ type: "input_audio", input_audio }), 60);
  const file_data = `data:application/pdf;base64,${"A".repeat(4 * 30_000)}`;
  const pages = tokens({ type: "file", file: { file_data } });
  const page = tokens({ type: "file", file: { file_id: "file-1" } });
  assert.equal(pages, 2 * page);
});

// Anthropic ──────────────────────────────────────────────────────────────────

const WEATHER = {
  name: "get_weather",
  description: "Get the current weather in a given location",
  input_schema: {
    ...OBJECT({
      location: {
        type: "string",
        description: "The city and state, e.g. San Francisco, CA",
      },
    }),
    required: ["location"],
  },
};

Deno.test("anthropic_messages: the examples of Anthropic's page on counting come out", () => {
  const plain = anthropic({
    system: "You are a scientist",
    messages: [{ role: "user", content: "Hello, Claude" }],
  });
  const tools = anthropic({
    tools: [WEATHER],
    messages: [{
      role: "user",
      content: "What's the weather like in San Francisco?",
    }],
  });
  for (const tokenizer of [approx, cl100k, o200k]) {
    assert.equal(promptTokens(plain, tokenizer), 14, tokenizer.name);
    const tokens = promptTokens(tools, tokenizer);
    assert.ok(Math.abs(tokens - 403) <= 8, `${tokens} for 403`);
  }
});

Deno.test("anthropic_messages: tools that must be used take less to explain", () => {
  const count = (tool_choice: Body) =>
    promptTokens(anthropic({ tools: [WEATHER], tool_choice }), approx);
  const auto = count({ type: "auto" });
  assert.equal(count({ type: "none" }), auto);
  assert.equal(count({ type: "any" }), auto - 346 + 313);
  assert.equal(count({ type: "tool", name: "get_weather" }), auto - 346 + 313);
});

Deno.test("anthropic_messages: an image counts by its area, of the size the model takes", () => {
  const base = promptTokens(anthropic({}), approx);
  const tokens = (source: Body) => {
    const content = [{ type: "text", text: "hello" }, {
      type: "image",
      source,
    }];
    const messages = [{ role: "user", content }];
    return promptTokens(anthropic({ messages }), approx) - base;
  };
  const sized = (width: number, height: number) =>
    tokens({
      type: "base64",
      media_type: "image/png",
      data: pngData(width, height),
    });
  // The table of Anthropic's guide to vision: about 54, 1,334, and no more than 1,600.
  assert.equal(sized(200, 200), 54);
  assert.equal(sized(1_000, 1_000), 1_334);
  assert.equal(sized(1_092, 1_092), 1_590);
  assert.equal(sized(8_000, 8_000), 1_600);
  assert.equal(sized(10_000, 100), 33);
  assert.equal(tokens({ type: "url", url: "https://example.com/a" }), 1_399);
});

Deno.test("anthropic_messages: documents count by their words or pages", () => {
  const tokens = (source: Body) =>
    promptTokens(
      anthropic({
        messages: [{ role: "user", content: [{ type: "document", source }] }],
      }),
      approx,
    ) - promptTokens(anthropic({}), approx) + 1;
  const data = "Words in a document.";
  const content = [{ type: "text", text: data }];
  const words = approx.count(data);
  const plain = { type: "text", media_type: "text/plain", data };
  assert.equal(tokens(plain), words);
  assert.equal(tokens({ type: "content", content }), words);
  assert.equal(tokens({ type: "content", content: data }), words);
  const pdf = { type: "base64", media_type: "application/pdf" };
  assert.equal(tokens({ ...pdf, data: "A".repeat(4 * 40_000) }), 6_000);
});

Deno.test("anthropic_messages: thoughts count while tools are used for one answer, and no longer", () => {
  const thinking = {
    type: "thinking",
    thinking: "I should look.",
    signature: "s",
  };
  const use = { type: "tool_use", id: "t", name: "f", input: {} };
  const result = { type: "tool_result", tool_use_id: "t", content: "x" };
  const loop = (thoughts: unknown[], ...more: unknown[]) =>
    promptTokens(
      anthropic({
        messages: [
          ...HELLO,
          { role: "assistant", content: [...thoughts, use] },
          { role: "user", content: [result, ...more] },
        ],
      }),
      approx,
    );
  const words = approx.count(thinking.thinking);
  assert.equal(loop([thinking]), loop([]) + words);
  const next = { type: "text", text: "And now?" };
  assert.equal(loop([thinking], next), loop([], next));
});

Deno.test("anthropic_messages: what servers found is counted, as rules never see it", () => {
  const found = {
    type: "search_result",
    source: "s",
    title: "t",
    content: [{ type: "text", text: "Found: forty two words of wisdom." }],
  };
  const turn = anthropic({
    messages: [{ role: "user", content: [found] }],
  });
  assert.ok(promptTokens(turn, approx) > promptTokens(anthropic({}), approx));
  assert.deepEqual(turn.messages[0]?.parts, []);
});

// The same number ────────────────────────────────────────────────────────────

const texts = fc.oneof(
  fc.lorem({ maxCount: 12 }),
  fc.string({ unit: "grapheme", minLength: 1 }),
  fc.constantFrom("<|endoftext|>", "中文字", "\ud83d", " "),
).filter((text) => text.trim() !== "");

const sources = fc.oneof(
  fc.record({
    type: fc.constant("base64"),
    media_type: fc.constant("image/png"),
    data: fc.tuple(fc.nat(5_000), fc.nat(5_000)).map(([w, h]) => pngData(w, h)),
  }),
  fc.record({
    type: fc.constant("url"),
    url: fc.constant("https://example.com/a.png"),
  }),
);

const blocks = fc.oneof(
  texts.map((text) => ({ type: "text", text })),
  sources.map((source) => ({ type: "image", source })),
  texts.map((data) => ({
    type: "document",
    source: { type: "text", media_type: "text/plain", data },
  })),
  fc.base64String().map((data) => ({
    type: "document",
    source: { type: "base64", media_type: "application/pdf", data },
  })),
);

const loops = fc.record({ thinking: texts, text: texts, found: blocks }).map((
  { thinking, text, found },
) => [
  {
    role: "assistant",
    content: [
      { type: "thinking", thinking, signature: "c2ln" },
      { type: "text", text },
      { type: "tool_use", id: "toolu_1", name: "look", input: { text } },
    ],
  },
  {
    role: "user",
    content: [{
      type: "tool_result",
      tool_use_id: "toolu_1",
      content: [found],
    }],
  },
]);

const bodies = fc.record({
  model: fc.constant("claude-sonnet-4-5"),
  messages: fc.tuple(
    fc.oneof(texts, fc.array(blocks, { minLength: 1, maxLength: 4 })),
    fc.option(loops, { nil: [] }),
  ).map((
    [content, more],
  ) => [{ role: "user", content }, ...more] as unknown[]),
  system: fc.option(
    fc.oneof(texts, fc.array(texts.map((text) => ({ type: "text", text })))),
    { nil: undefined },
  ),
  tools: fc.option(
    fc.array(texts, { minLength: 1, maxLength: 3 }).map((about) =>
      about.map((description, index) => ({
        name: `tool_${index}`,
        description,
        input_schema: OBJECT({ [description]: { type: "string" } }),
      }))
    ),
    { nil: undefined },
  ),
});

for (const tokenizer of ["approx", "o200k_base"] satisfies TokenizerName[]) {
  Deno.test(`${tokenizer}: count_tokens is usage.input_tokens, regular, streamed and in the journal, over 500 requests`, async () => {
    const server = administered({ settings: { tokenizer } });
    await fc.assert(
      fc.asyncProperty(
        bodies,
        fc.constantFrom("2023-06-01", "2026-10-21"),
        async (body, version) => {
          const headers = { "anthropic-version": version };
          const counted = await server.json(
            "/v1/messages/count_tokens",
            json(body, headers),
          );
          const all = { ...body, max_tokens: 1_000 };
          const whole = await server.json("/v1/messages", json(all, headers));
          assert.equal(whole.usage.input_tokens, counted.input_tokens);
          const { requests } = await server.json("/_mock/requests?last=1");
          assert.equal(requests[0].usage.input, counted.input_tokens);
          const answer = await server.ask(
            "/v1/messages",
            json({ ...all, stream: true }, headers),
          );
          const streamed = await answer.text();
          const told = streamed.matchAll(/"input_tokens":(\d+)/g);
          const wanted = String(counted.input_tokens);
          // In message_start, and again in message_delta.
          assert.deepEqual([...told].map(([, it]) => it), [wanted, wanted]);
        },
      ),
      { numRuns: 500 },
    );
  });
}

for (const [name, reader] of Object.entries(readers)) {
  Deno.test(`${name}: usage is the same, regular and streamed, whatever counts`, async () => {
    for (const tokenizer of TOKENIZERS) {
      const app = testApp({
        responses: { hi: "It is 🎉 21 °C." },
        settings: { tokenizer },
      });
      const ask = async (stream: boolean) => {
        const init = json(reader.body("hi", stream), reader.headers);
        return (await perform(app, reader.path, init)).text;
      };
      const whole = reader.whole(await ask(false));
      const streamed = reader.stream(await ask(true));
      assert.equal(whole.input, streamed.input);
      assert.equal(whole.output, streamed.output);
      const tokens = await loadTokenizer(tokenizer);
      assert.equal(whole.output, tokens.count("It is 🎉 21 °C."));
    }
  });

  Deno.test(`${name}: an answer that is sent back costs what it cost, and a message`, async () => {
    await fc.assert(
      fc.asyncProperty(
        texts,
        fc.constantFrom(...TOKENIZERS),
        async (text, tokenizer) => {
          const app = testApp({ unknown: text, settings: { tokenizer } });
          const ask = async (messages: unknown[]) => {
            const init = json({ ...reader.body("", false), messages }, {
              ...reader.headers,
            });
            const { text } = await perform(app, reader.path, init);
            return reader.whole(text);
          };
          const asked = { role: "user", content: "hello" };
          const first = await ask([asked]);
          const said = { role: "assistant", content: first.text };
          const second = await ask([asked, said, asked]);
          const again = (first.input ?? 0) - 3; // all but what primes the answer
          const tokens = await loadTokenizer(tokenizer);
          assert.equal(
            second.input,
            3 + 2 * again + 4 + tokens.count(first.text),
          );
          if (text.isWellFormed()) {
            assert.equal(first.output, tokens.count(first.text));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  Deno.test(`${name}: a stream that is cut into tokens has a chunk for each that usage tells`, async () => {
    const plain = fc.string({
      unit: fc.constantFrom(
        ...'the| quick|er|\n\n|  |12|345|{|": |ß|ü|é|中| Шалом|. '
          .split("|"),
      ),
      minLength: 1,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(
        plain,
        fc.constantFrom(...TOKENIZERS),
        async (text, tokenizer) => {
          const cut = "token" as const;
          const settings = { tokenizer, cut };
          const app = testApp({ unknown: text, settings });
          const init = json(reader.body("hi", true), reader.headers);
          const { text: body } = await perform(app, reader.path, init);
          const { deltas, output } = reader.stream(body);
          assert.equal(deltas.join(""), text);
          assert.equal(deltas.length, output);
        },
      ),
      { numRuns: 100 },
    );
  });
}

Deno.test("X-Tokens-Per-Second sends the tokens of the vocabulary, one a tick", async () => {
  const text = "Antidisestablishmentarianism, in 12345 words: Шалом!";
  const app = testApp({
    unknown: text,
    settings: { tokenizer: "cl100k_base" },
  });
  const reader = readers["openai_chat"]!;
  const init = json(reader.body("hi", true), { "x-tokens-per-second": "10" });
  const { response, writes } = await perform(
    app,
    reader.path,
    init,
  );
  const tokens = cl100k.count(text);
  assert.equal(response.headers.get("x-actual-token-count"), String(tokens));
  assert.equal(writes.at(-1)?.atMs, tokens * 100);
});

// Long questions ─────────────────────────────────────────────────────────────

/** A tokenizer that notes how much it was let look at closely. */
function watched() {
  const looked: number[] = [];
  const tokenizer: Tokenizer = {
    ...approx,
    name: "watched",
    count(text, exactChars = Infinity) {
      looked.push(Math.min(text.length, exactChars));
      return approx.count(text);
    },
  };
  return { tokenizer, looked };
}

Deno.test("of a question no more than TOKENS_EXACT_CHARS_MAX is looked at closely, however many texts it has", () => {
  const thought = {
    type: "thinking",
    thinking: "t".repeat(20_000),
    signature: "s",
  };
  const use = {
    type: "tool_use",
    id: "a",
    name: "n".repeat(60),
    input: { a: "b".repeat(20_000) },
  };
  const result = {
    type: "tool_result",
    tool_use_id: "a",
    content: "c".repeat(20_000),
  };
  const turn = anthropic({
    system: "s".repeat(20_000),
    tools: [{
      name: "n".repeat(60),
      description: "d".repeat(20_000),
      input_schema: { type: "object" },
    }],
    messages: [
      ...Array.from(
        { length: 2_000 },
        (_, i) => ({ role: "user", content: `${i}`.padEnd(i, "x") }),
      ),
      { role: "assistant", content: [thought, use] },
      { role: "user", content: [result] },
    ],
  });
  const { tokenizer, looked } = watched();
  promptTokens(turn, tokenizer);
  assert.equal(looked.reduce((a, b) => a + b), TOKENS_EXACT_CHARS_MAX);
});

Deno.test("a long question counts the same each time, whatever is remembered of its texts", () => {
  const texts = Array.from({ length: 100 }, (_, i) => `${i} `.repeat(2_000));
  const messages = texts.map((content) => ({ role: "user", content }));
  const turn = openai({ messages });
  const tokens = promptTokens(turn, o200k);
  for (const content of texts) {
    promptTokens(openai({ messages: [{ role: "user", content }] }), o200k);
  }
  assert.equal(promptTokens(turn, o200k), tokens);
});

Deno.test("a question as long as is looked at closely is exact, and one character more hardly differs", () => {
  const content = "a b c d ".repeat(TOKENS_EXACT_CHARS_MAX / 8);
  const tokens = (content: string) =>
    promptTokens(openai({ messages: [{ role: "user", content }] }), o200k);
  const exact = TOKENS_EXACT_CHARS_MAX / 2 + 1;
  assert.equal(tokens(content), exact + 7);
  assert.ok(Math.abs(tokens(`${content}x`) - (exact + 7)) <= 2);
});

// When it is loaded ──────────────────────────────────────────────────────────

Deno.test("a reload may change what counts; what was told before stays told", async () => {
  const server = administered({ responses: { hi: "Antidisestablishment" } });
  const ask = async () => {
    const body = {
      model: "gpt-4o",
      messages: [{ role: "user", content: "hi" }],
    };
    const told = await server.json("/v1/chat/completions", json(body));
    return told.usage.completion_tokens;
  };
  const texts = ["approx", "cl100k_base", "approx"] as const;
  const counts: number[] = [];
  for (const tokenizer of texts) {
    const { config } = server;
    const settings = { ...config.settings, tokenizer };
    server.config = { ...config, settings };
    counts.push(await ask());
  }
  const answer = "Antidisestablishment";
  const [old, exact] = [approx.count(answer), cl100k.count(answer)];
  assert.notEqual(old, exact);
  assert.deepEqual(counts, [old, exact, old]);
  const { settings } = await server.json("/_mock/config");
  assert.equal(settings.tokenizer, "approx");
  const { requests } = await server.json("/_mock/requests");
  for (const [at, { id, usage }] of requests.toReversed().entries()) {
    assert.equal(usage.output, counts[at]);
    const one = await server.json(`/_mock/requests/${id}`);
    assert.match(
      JSON.stringify(one),
      new RegExp(`completion_tokens\\W+${counts[at]}\\b`),
    );
  }
});

// Shapes are those of recordings made up to 2026-11-21.

import assert from "node:assert/strict";
import fc from "fast-check";
import { anthropicCounting } from "../../lib/dialects/_anthropic_counting.ts";
import {
  BadRequest,
  type Block,
  type Failure,
  type FailureKind,
  type Finish,
  type Reply,
} from "../../lib/core/reply.ts";
import { endsInToolResult, promptOf, type Turn } from "../../lib/core/turn.ts";
import { json, testApp } from "../support/app.ts";
import { anthropicMessages } from "../../lib/dialects/anthropic_messages.ts";
import type {
  Asked,
  CatalogAsked,
  CatalogEndpoint,
  ChatEndpoint,
  CountEndpoint,
  Encoder,
  Stamp,
} from "../../lib/dialects/dialect.ts";

const OLD = "2023-06-01";
const NEW = "2026-10-21";
const HELLO = [{ role: "user", content: "Hello?" }];

/** Draws nothing: every id is made of the first character of its alphabet. */
const STAMP: Stamp = {
  text: (length, alphabet = "a") => alphabet.slice(0, 1).repeat(length),
  hex: (length) => "f".repeat(length),
  below: () => 0,
  tokens: (text) => [text],
  epochMs: Date.UTC(2026, 10, 21, 12, 0, 0, 1),
};
const ID = "msg_01AAAAAAAAAAAAAAAAAAAAAA";

function endpoint<Type extends "chat" | "count" | "catalog">(type: Type) {
  const found = anthropicMessages.endpoints.find((it) => it.type === type);
  assert.ok(found);
  return found as Extract<
    ChatEndpoint | CountEndpoint | CatalogEndpoint,
    { type: Type }
  >;
}

interface How {
  readonly version?: string;
  readonly tokensAsked?: boolean;
}

function inbound(body: unknown, { version, tokensAsked = false }: How = {}) {
  const headers = new Headers(
    version === undefined ? {} : { "anthropic-version": version },
  );
  return { headers, body, tokensAsked };
}

function ask(body: unknown, how?: How): Asked {
  return endpoint("chat").decode(inbound(body, how));
}

function turn(body: Record<string, unknown>, how?: How): Turn {
  return ask({ model: "claude", messages: HELLO, ...body }, how).turn;
}

/** The content of one user message, decoded. */
function parts(content: unknown) {
  return turn({ messages: [{ role: "user", content }] }).messages[0]?.parts;
}

/** An agent's conversation that ends in `content`, after a use of a tool. */
function afterUse(content: unknown) {
  const use = { type: "tool_use", id: "t1", name: "f", input: { a: 1 } };
  return turn({
    messages: [
      ...HELLO,
      { role: "assistant", content: [use] },
      { role: "user", content },
    ],
  });
}

function refusal(body: unknown, how?: How): Failure {
  try {
    ask(body, how);
  } catch (error) {
    assert.ok(error instanceof BadRequest);
    return error.failure;
  }
  assert.fail("was not refused");
}

function reply(text: string, finish: Finish = { type: "stop" }): Reply {
  return {
    type: "reply",
    model: "claude-sonnet-4-5",
    choices: [{ blocks: [{ type: "text", text }], finish }],
    usage: { input: 12, inputCached: 0, output: 29, outputReasoning: 0 },
  };
}

function encoder(version?: string): Encoder {
  const how = version === undefined ? {} : { version };
  return ask({ model: "m", max_tokens: 9, messages: HELLO }, how).encoder;
}

function whole(answer: Reply, version?: string): string {
  return encoder(version).whole(answer, STAMP);
}

/** The stream of `answer`, its text cut where `cuts` says. */
function stream(answer: Reply, cuts: string[], version?: string): string {
  const voice = encoder(version).voice(answer, STAMP);
  const blocks = answer.choices[0].blocks.map((block: Block, index) => {
    const at = { choice: 0, index, block };
    const delta = voice.deltas({ type: "block-start", ...at });
    return voice.say({ type: "block-start", ...at }) +
      cuts.map(delta).join("") + voice.say({ type: "block-end", ...at });
  });
  return voice.say({ type: "reply-start" }) + blocks.join("") +
    voice.say({ type: "reply-end" });
}

Deno.test("anthropic_messages: a whole reply has the recorded keys in the recorded order", () => {
  assert.equal(
    whole(reply("Hello!"), OLD),
    `{"model":"claude-sonnet-4-5","id":"${ID}","type":"message","role":"assistant",` +
      `"content":[{"type":"text","text":"Hello!"}],"stop_reason":"end_turn","stop_sequence":null,` +
      `"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,` +
      `"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":29,` +
      `"service_tier":"standard","inference_geo":"not_available"}}`,
  );
});

Deno.test("anthropic_messages: without a version a reply is that of 2023-06-01", () => {
  assert.equal(whole(reply("Hello!")), whole(reply("Hello!"), OLD));
});

Deno.test("anthropic_messages: 2026-10-21 adds its nullable keys", () => {
  assert.equal(
    whole(reply("Hello!"), NEW),
    `{"model":"claude-sonnet-4-5","id":"${ID}","type":"message","role":"assistant",` +
      `"content":[{"citations":null,"type":"text","text":"Hello!"}],"container":null,` +
      `"stop_reason":"end_turn","stop_sequence":null,"stop_details":null,` +
      `"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,` +
      `"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":29,` +
      `"output_tokens_details":null,"server_tool_use":null,` +
      `"service_tier":"standard","inference_geo":"not_available","speed":null},"diagnostics":null}`,
  );
});

Deno.test("anthropic_messages: input_tokens leave out what came from the cache", () => {
  const usage = { input: 12, inputCached: 10, output: 5, outputReasoning: 3 };
  const told = JSON.parse(whole({ ...reply(""), usage }, NEW)).usage;
  assert.equal(told.input_tokens, 2);
  assert.equal(told.cache_read_input_tokens, 10);
  assert.deepEqual(told.output_tokens_details, { thinking_tokens: 3 });
});

Deno.test("anthropic_messages: every finish has its stop_reason", () => {
  const finishes: [Finish, string, string | null][] = [
    [{ type: "stop" }, "end_turn", null],
    [{ type: "stop-string", matched: "END" }, "stop_sequence", "END"],
    [{ type: "length" }, "max_tokens", null],
    [{ type: "tool-calls" }, "tool_use", null],
    [{ type: "content-filter" }, "refusal", null],
  ];
  for (const [finish, reason, sequence] of finishes) {
    const body = JSON.parse(whole(reply("x", finish)));
    assert.equal(body.stop_reason, reason);
    assert.equal(body.stop_sequence, sequence);
  }
});

Deno.test("anthropic_messages: a refusal under 2026-10-21 has stop_details", () => {
  const body = JSON.parse(whole(reply("", { type: "content-filter" }), NEW));
  assert.deepEqual(body.stop_details, {
    type: "refusal",
    category: null,
    explanation: null,
  });
});

Deno.test("anthropic_messages: a stream has the recorded events, byte for byte", () => {
  assert.equal(
    stream(reply("Hello!"), ["Hel", "lo!"], OLD),
    `event: message_start\ndata: {"type":"message_start","message":{"model":"claude-sonnet-4-5","id":"${ID}",` +
      `"type":"message","role":"assistant","content":[],"stop_reason":null,"stop_sequence":null,` +
      `"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,` +
      `"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":1,` +
      `"service_tier":"standard","inference_geo":"not_available"}}}\n\n` +
      `event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n` +
      `event: ping\ndata: {"type": "ping"}\n\n` +
      `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hel"}}\n\n` +
      `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"lo!"}}\n\n` +
      `event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n` +
      `event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},` +
      `"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":29}}\n\n` +
      `event: message_stop\ndata: {"type":"message_stop"}\n\n`,
  );
});

Deno.test("anthropic_messages: a stream under 2026-10-21 adds its nullable keys", () => {
  const text = stream(reply("x"), ["x"], NEW);
  for (
    const piece of [
      `"content":[],"container":null,"stop_reason":null,"stop_sequence":null,"stop_details":null,"usage":`,
      `"content_block":{"citations":null,"type":"text","text":""}}`,
      `"delta":{"stop_reason":"end_turn","stop_sequence":null,"stop_details":null,"container":null}`,
      `"output_tokens":29,"output_tokens_details":null,"server_tool_use":null}}`,
    ]
  ) assert.ok(text.includes(piece), piece);
});

Deno.test("anthropic_messages: a stream without blocks is still pinged, before its end", () => {
  const empty: Reply = {
    ...reply(""),
    choices: [{ blocks: [], finish: { type: "content-filter" } }],
  };
  const names = [...stream(empty, []).matchAll(/^event: (.*)$/gm)];
  assert.deepEqual(names.map(([, name]) => name), [
    "message_start",
    "ping",
    "message_delta",
    "message_stop",
  ]);
});

Deno.test("anthropic_messages: only the first of several blocks is followed by a ping", () => {
  const block: Block = { type: "text", text: "x" };
  const choice = {
    blocks: [block, block],
    finish: { type: "stop" },
  } as const;
  const text = stream({ ...reply("x"), choices: [choice] }, ["x"]);
  assert.equal(text.split("event: ping").length, 2);
  assert.ok(text.includes(`{"type":"content_block_stop","index":1}`));
});

Deno.test("anthropic_messages: joined deltas are the text, for any text and cutting", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (cuts) => {
      const frames = stream(reply(cuts.join("")), cuts).split("\n\n");
      const deltas = frames.filter((it) =>
        it.includes("event: content_block_d")
      )
        .map((frame) => JSON.parse(frame.split("data: ")[1] ?? ""));
      assert.deepEqual(deltas.map(({ delta }) => delta.text), cuts);
    }),
  );
});

Deno.test("anthropic_messages: half a surrogate in a reply becomes U+FFFD, whole and streamed", () => {
  assert.equal(JSON.parse(whole(reply("a\ud800"))).content[0].text, "a\ufffd");
  assert.ok(stream(reply("a\ud800"), ["\ud800"]).includes(`"text":"\ufffd"`));
});

Deno.test("anthropic_messages: model, messages and a string are enough without a version", () => {
  assert.deepEqual(turn({}), {
    model: "claude",
    stream: false,
    messages: [{ role: "user", parts: [{ type: "text", text: "Hello?" }] }],
    tools: [],
    counting: anthropicCounting,
    reasoning: false,
  });
});

Deno.test("anthropic_messages: the body's stream decides", () => {
  assert.equal(turn({ stream: true }).stream, true);
  assert.equal(turn({ stream: false }).stream, false);
  assert.equal(turn({ stream: null }).stream, false);
});

Deno.test("anthropic_messages: system is the first message, string or blocks", () => {
  const text = { type: "text", text: "Be brief." } as const;
  const wanted = { role: "system", parts: [text] };
  assert.deepEqual(turn({ system: "Be brief." }).messages[0], wanted);
  const cached = { ...text, cache_control: { type: "ephemeral" } };
  assert.deepEqual(turn({ system: [cached] }).messages[0], wanted);
});

Deno.test("anthropic_messages: blocks become parts", () => {
  const source = { type: "base64", media_type: "image/png", data: "AA==" };
  const { messages } = afterUse([
    { type: "tool_result", tool_use_id: "t1", content: "sunny" },
    { type: "text", text: "Look:" },
    { type: "image", source },
  ]);
  assert.deepEqual(messages.slice(1), [
    {
      role: "assistant",
      parts: [{ type: "tool-call", id: "t1", name: "f", input: '{"a":1}' }],
    },
    {
      role: "user",
      parts: [
        { type: "tool-result", id: "t1", text: "sunny" },
        { type: "text", text: "Look:" },
        { type: "media", mediaType: "image/png", tokens: 1_399 },
      ],
    },
  ]);
});

Deno.test("anthropic_messages: images, documents and files are known by their media types", () => {
  const image = (source: unknown) => ({ type: "image", source });
  const document = (source: unknown) => ({ type: "document", source });
  const pdf = { type: "base64", media_type: "application/pdf", data: "AA==" };
  const text = { type: "text", media_type: "text/plain", data: "hi" };
  const file = { type: "file", file_id: "file_1" };
  const url = { type: "url", url: "https://example.com/a" };
  const blocks: [block: unknown, mediaType: string, tokens: number][] = [
    [
      image({ type: "base64", media_type: "image/webp", data: "" }),
      "image/webp",
      1_399,
    ],
    [image(url), "image/*", 1_399],
    [image(file), "image/*", 1_399],
    [document(pdf), "application/pdf", 2_000],
    [document(url), "application/pdf", 2_000],
    [document(text), "text/plain", 0],
    [document({ type: "content", content: [] }), "text/plain", 0],
    [document(file), "application/*", 2_000],
    [{ type: "container_upload", file_id: "file_1" }, "application/*", 0],
  ];
  for (const [block, mediaType, tokens] of blocks) {
    const [part] = parts([block]) ?? [];
    assert.partialDeepStrictEqual(part, { type: "media", mediaType, tokens });
  }
});

Deno.test("anthropic_messages: a tool result has the text of its blocks, or none", () => {
  const result = { type: "tool_result", tool_use_id: "t1" };
  const text = (content: unknown) =>
    afterUse([{ ...result, content }]).messages[2]?.parts[0];
  const blocks = [
    { type: "text", text: "a" },
    { type: "image", source: { type: "file", file_id: "file_1" } },
    { type: "tool_reference", tool_name: "f" },
    { type: "text", text: "b" },
  ];
  const wanted = { type: "tool-result", id: "t1" };
  assert.deepEqual(text(blocks), { ...wanted, text: "a\nb", tokens: 1_399 });
  assert.deepEqual(text(null), { ...wanted, text: "" });
  assert.deepEqual(text(undefined), { ...wanted, text: "" });
});

Deno.test("anthropic_messages: a last message with result and text ends in a tool result", () => {
  const asked = afterUse([
    { type: "tool_result", tool_use_id: "t1", content: "sunny" },
    { type: "text", text: "And now?" },
  ]);
  assert.ok(endsInToolResult(asked));
  assert.equal(promptOf(asked), "And now?");
});

Deno.test("anthropic_messages: blocks of other kinds are passed over", () => {
  const others = [
    { type: "thinking", thinking: "…", signature: "x" },
    { type: "redacted_thinking", data: "x" },
    { type: "search_result", source: "x", title: "x", content: [] },
    { type: "server_tool_use", id: "s", name: "web_search", input: {} },
    { type: "web_search_tool_result", tool_use_id: "s", content: [] },
    { type: "mcp_tool_use", id: "m", name: "x", server_name: "y", input: {} },
    { type: "compaction", content: "x" },
  ];
  assert.deepEqual(parts(others), []);
});

Deno.test("anthropic_messages: null content, same roles in a row and unknown fields pass", () => {
  const messages = [
    { role: "user", content: "a", surprise: 1 },
    { role: "user", content: "b" },
    { role: "assistant", content: null },
    { role: "assistant", content: [] },
  ];
  assert.equal(turn({ messages, surprise: {} }).messages.length, 4);
});

Deno.test("anthropic_messages: custom and server tools are offered", () => {
  const input_schema = { type: "object", properties: {} };
  const tools = [
    { name: "f", description: "does", input_schema },
    { type: "custom", name: "g", input_schema },
    { type: "web_search_20260209", name: "web_search" },
    { type: "mcp_toolset", mcp_server_name: "x" },
  ];
  assert.deepEqual(turn({ tools }).tools, [
    { name: "f", description: "does", schema: input_schema },
    { name: "g", description: "", schema: input_schema },
    {
      name: "web_search",
      description: "",
      schema: undefined,
      kind: "provider",
    },
    {
      name: "mcp_toolset",
      description: "",
      schema: undefined,
      kind: "provider",
    },
  ]);
});

Deno.test("anthropic_messages: since claude-opus-4-8, system text may stand among the messages, but not first", () => {
  const stop = { role: "system", content: "Stop." };
  const asking = (model: string, messages: unknown[]) => () =>
    turn({ model, messages, max_tokens: 1 }, { version: OLD });
  for (const model of ["claude-opus-4-8", "claude-fable-5", "x"]) {
    const asked = asking(model, [...HELLO, stop])();
    assert.equal(asked.messages[1]?.role, "system", model);
    assert.throws(asking(model, [stop, ...HELLO]), /Unexpected role "system"/);
  }
  for (const model of ["claude-3-haiku-20240307", "claude-sonnet-4-5"]) {
    assert.throws(asking(model, [...HELLO, stop]), /Unexpected role "system"/);
  }
});

Deno.test("anthropic_messages: the assistant may speak first, where the user speaks too", () => {
  const greeting = { role: "assistant", content: "How can I help you?" };
  const asked = turn({ messages: [greeting, ...HELLO], max_tokens: 1 });
  assert.deepEqual(asked.messages.map(({ role }) => role), [
    "assistant",
    "user",
  ]);
});

Deno.test("anthropic_messages: nothing is required when tokens are asked for", () => {
  for (const version of [undefined, OLD, NEW]) {
    const how: How = version === undefined
      ? { tokensAsked: true }
      : { tokensAsked: true, version };
    assert.deepEqual(ask({}, how).turn, {
      model: "",
      stream: true,
      messages: [],
      tools: [],
      counting: anthropicCounting,
      reasoning: false,
    });
    assert.equal(ask({ stream: false }, how).turn.stream, false);
    assert.equal(ask({ messages: HELLO }, how).turn.stream, false);
  }
});

Deno.test("anthropic_messages: an unknown version is refused", () => {
  const body = { model: "m", max_tokens: 1, messages: HELLO };
  const { message, field } = refusal(body, { version: "2024-01-01" });
  assert.equal(
    message,
    'anthropic-version: "2024-01-01" is not a valid version',
  );
  assert.equal(field, "anthropic-version");
});

Deno.test("anthropic_messages: max_tokens is demanded of those who state a version", () => {
  const body = { model: "m", messages: HELLO };
  for (const version of ["2023-01-01", OLD, NEW]) {
    const { message, field } = refusal(body, { version });
    assert.equal(message, "max_tokens: Field required");
    assert.equal(field, "max_tokens");
  }
});

Deno.test("anthropic_messages: 2026-10-21 takes no sampling options, whatever their value", () => {
  for (const key of ["temperature", "top_p", "top_k"]) {
    const body = { model: "m", max_tokens: 1, messages: HELLO, [key]: 1 };
    assert.equal(
      refusal(body, { version: NEW }).message,
      `${key}: Extra inputs are not permitted`,
    );
    ask(body, { version: OLD });
    ask(body);
  }
});

const ARRAY = "Input should be a valid array";
const OBJECT = "Input should be an object";
const STRING = "Input should be a valid string";

/** What is put into an otherwise good body, the field at fault, and the complaint. */
const WRONG: [Record<string, unknown>, string, string][] = [
  [{ model: undefined }, "model", "Field required"],
  [{ model: 7 }, "model", STRING],
  [{ model: null }, "model", STRING],
  [{ model: "" }, "model", "String should have at least 1 character"],
  [{ messages: undefined }, "messages", "Field required"],
  [{ messages: "hi" }, "messages", ARRAY],
  [{ messages: {} }, "messages", ARRAY],
  [{ messages: [] }, "messages", "at least one message is required"],
  [{ messages: [7] }, "messages.0", OBJECT],
  [{ messages: [null] }, "messages.0", OBJECT],
  [{ messages: [{ content: "x" }] }, "messages.0.role", "Field required"],
  [
    { messages: [{ role: "tool", content: "x" }] },
    "messages.0.role",
    "Input should be 'user' or 'assistant'",
  ],
  [{ messages: [{ role: "user" }] }, "messages.0.content", "Field required"],
  [{ messages: [{ role: "user", content: 7 }] }, "messages.0.content", ARRAY],
  [{ messages: [{ role: "user", content: {} }] }, "messages.0.content", ARRAY],
  [
    { messages: [{ role: "user", content: ["x"] }] },
    "messages.0.content.0",
    OBJECT,
  ],
  [
    { messages: [{ role: "assistant", content: "x" }] },
    "messages",
    'first message must use the "user" role',
  ],
  [
    { messages: [{ role: "system", content: "x" }] },
    "messages",
    'Unexpected role "system". The Messages API accepts a top-level `system` parameter, ' +
    'not "system" as an input message role.',
  ],
  [
    { messages: [{ role: "user", content: "" }] },
    "messages.0",
    "all messages must have non-empty content except for the optional final assistant message",
  ],
  [
    { messages: [{ role: "user", content: [] }, ...HELLO] },
    "messages.0",
    "all messages must have non-empty content except for the optional final assistant message",
  ],
  [{ stream: "yes" }, "stream", "Input should be a valid boolean"],
  [{ max_tokens: "9" }, "max_tokens", "Input should be a valid integer"],
  [{ max_tokens: 1.5 }, "max_tokens", "Input should be a valid integer"],
  [
    { max_tokens: 0 },
    "max_tokens",
    "Input should be greater than or equal to 1",
  ],
  [{ temperature: "hot" }, "temperature", "Input should be a valid number"],
  [{ top_p: [] }, "top_p", "Input should be a valid number"],
  [{ top_k: 0.5 }, "top_k", "Input should be a valid integer"],
  [{ stop_sequences: "END" }, "stop_sequences", ARRAY],
  [{ tool_choice: "auto" }, "tool_choice", OBJECT],
  [{ metadata: "me" }, "metadata", OBJECT],
  [{ system: 7 }, "system", ARRAY],
  [{ system: null }, "system", ARRAY],
  [{ system: [{ text: "x" }] }, "system.0.type", "Field required"],
  [{ tools: {} }, "tools", ARRAY],
  [{ tools: ["f"] }, "tools.0", OBJECT],
  [{ tools: [{}] }, "tools.0.custom.name", "Field required"],
  [{ tools: [{ name: 7 }] }, "tools.0.custom.name", STRING],
  [
    { tools: [{ name: "f", description: 7 }] },
    "tools.0.custom.description",
    STRING,
  ],
];

/** The same for blocks of the first message. */
const WRONG_BLOCKS: [Record<string, unknown>, string, string][] = [
  [{}, "type", "Field required"],
  [{ type: 7 }, "type", STRING],
  [{ type: "text" }, "text.text", "Field required"],
  [{ type: "text", text: null }, "text.text", STRING],
  [{ type: "tool_use", name: "f" }, "tool_use.id", "Field required"],
  [{ type: "tool_use", id: "t" }, "tool_use.name", "Field required"],
  [{ type: "tool_use", input: "" }, "tool_use.input", OBJECT],
  [{ type: "tool_result" }, "tool_result.tool_use_id", "Field required"],
  [{ type: "tool_result", content: 7 }, "tool_result.content", ARRAY],
  [{ type: "tool_result", content: [7] }, "tool_result.content.0", OBJECT],
];

/** A value as the name of a test shows it. */
function told(value: unknown): string {
  return JSON.stringify(value, (_, it) => it === undefined ? "(absent)" : it);
}

for (const [wrong, field, complaint] of WRONG) {
  Deno.test(`anthropic_messages: refuses ${told(wrong)} because of ${field}`, () => {
    const body = { model: "m", max_tokens: 9, messages: HELLO, ...wrong };
    const failure = refusal(JSON.parse(JSON.stringify(body)));
    assert.equal(failure.kind, "bad-request");
    assert.equal(failure.message, `${field}: ${complaint}`);
    assert.equal(failure.field, field);
  });
}

for (const [block, path, complaint] of WRONG_BLOCKS) {
  Deno.test(`anthropic_messages: refuses the block ${told(block)} because of ${path}`, () => {
    const messages = [{ role: "user", content: [block] }];
    const failure = refusal({ model: "m", messages });
    assert.equal(failure.field, `messages.0.content.0.${path}`);
    assert.equal(failure.message, `${failure.field}: ${complaint}`);
  });
}

Deno.test("anthropic_messages: a body that is no object is refused", () => {
  for (const body of [null, [], "x", 7, true]) {
    assert.equal(refusal(body).message, "Input should be an object");
  }
});

Deno.test("anthropic_messages: inherited properties are not data", () => {
  const body = Object.create({ model: "m", messages: HELLO });
  assert.equal(refusal(body).message, "model: Field required");
  assert.equal(
    refusal(JSON.parse('{"__proto__":{"model":"m"}}')).message,
    "model: Field required",
  );
});

/** Any JSON, with the words of a request in likely and unlikely places. */
const anyBody = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.jsonValue(),
    fc.constantFrom(
      ..."user assistant text tool_use tool_result image document base64 url"
        .split(" "),
      ..."enabled json_schema auto any tool object".split(" "),
    ),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        ..."model messages role content type text id name input tool_use_id"
          .split(
            " ",
          ),
        ..."system stream max_tokens tools temperature source __proto__".split(
          " ",
        ),
        ..."toString valueOf citations tool_choice stop_sequences".split(" "),
        ..."budget_tokens format schema input_schema media_type data".split(
          " ",
        ),
      ),
      tie("value"),
    ),
  ),
})).value;

Deno.test("anthropic_messages: decode of any JSON returns or throws BadRequest, nothing else", () => {
  const version = fc.constantFrom(undefined, OLD, NEW, "constructor");
  fc.assert(
    fc.property(anyBody, version, fc.boolean(), (body, version, tokens) => {
      const how = version === undefined
        ? { tokensAsked: tokens }
        : { tokensAsked: tokens, version };
      const good = { model: "m", max_tokens: 1, messages: HELLO };
      const candidates = [
        body,
        { ...good, messages: body },
        { ...good, messages: [{ role: "user", content: body }] },
        { ...good, system: body, tools: body },
        { ...good, tools: [body], tool_choice: body, thinking: body },
        { ...good, output_config: body, stop_sequences: body, metadata: body },
        {
          ...good,
          messages: [...HELLO, body, { role: "user", content: body }],
        },
      ];
      for (const candidate of candidates) {
        for (const type of ["chat", "count"] as const) {
          try {
            endpoint(type).decode(inbound(candidate, how));
          } catch (error) {
            assert.ok(error instanceof BadRequest, String(error));
            const { status, body } = anthropicMessages.refuse(error.failure, {
              "request-id": "req_1",
            });
            assert.equal(status, 400);
            assert.deepEqual(Object.keys(JSON.parse(body)), [
              "type",
              "error",
              "request_id",
            ]);
          }
        }
      }
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("anthropic_messages: counting needs no max_tokens and tells input_tokens", () => {
  const count = endpoint("count");
  const body = { model: "m", messages: HELLO };
  assert.equal(count.decode(inbound(body, { version: NEW })).model, "m");
  assert.equal(count.words(14), '{"input_tokens":14}');
  assert.throws(
    () => count.decode(inbound({ model: "m" })),
    /messages: Field required/,
  );
});

Deno.test("anthropic_messages: the catalog lists models, or one of them", () => {
  const { list } = endpoint("catalog");
  const entry = (id: string) =>
    `{"type":"model","id":"${id}","display_name":"${id}","created_at":"2025-09-29T00:00:00Z"}`;
  const models = [{ id: "a" }, { id: "b", description: "x" }];
  assert.equal(
    list(asking({ models })),
    `{"data":[${entry("a")},${
      entry("b")
    }],"has_more":false,"first_id":"a","last_id":"b"}`,
  );
  assert.equal(list(asking({ models, id: "b" })), entry("b"));
  assert.equal(
    list(asking({})),
    '{"data":[],"has_more":false,"first_id":null,"last_id":null}',
  );
});

/** What is asked of the catalog, where it is not everything of nothing. */
function asking(
  { query = "", ...more }: Partial<Omit<CatalogAsked, "query">> & {
    readonly query?: string;
  },
): CatalogAsked {
  return {
    models: [],
    id: undefined,
    headers: new Headers(),
    ...more,
    query: new URLSearchParams(query),
  };
}

const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"].map((id) => ({ id }));

/** `ids > more?` of a page of the alphabet. */
function page(query: string): string {
  const { list } = endpoint("catalog");
  const { data, has_more, first_id, last_id } = JSON.parse(
    list(asking({ models: LETTERS, query })),
  );
  const ids = data.map(({ id }: { id: string }) => id);
  assert.equal(first_id, ids[0] ?? null);
  assert.equal(last_id, ids.at(-1) ?? null);
  return `${ids.join("")} ${has_more}`;
}

const PAGES: Readonly<Record<string, string>> = {
  "": "abcdefghijklmnopqrst true",
  "limit=3": "abc true",
  "limit=1&after_id=a": "b true",
  "limit=3&after_id=w": "xyz false",
  "limit=3&after_id=v": "wxy true",
  "after_id=z": " false",
  "limit=3&before_id=d": "abc false",
  "limit=3&before_id=e": "bcd true",
  "limit=3&before_id=c": "ab false",
  "before_id=a": " false",
  "limit=26": "abcdefghijklmnopqrstuvwxyz false",
  "limit=25": "abcdefghijklmnopqrstuvwxy true",
  "limit=1000": "abcdefghijklmnopqrstuvwxyz false",
};
for (const [query, expected] of Object.entries(PAGES)) {
  Deno.test(`anthropic_messages: the page of models "${query}" is ${expected}`, () => {
    assert.equal(page(query), expected);
  });
}

const NO_PAGES: Readonly<Record<string, string>> = {
  "limit=0": "limit: Input should be greater than or equal to 1",
  "limit=-5": "limit: Input should be greater than or equal to 1",
  "limit=1001": "limit: Input should be less than or equal to 1000",
  "limit=2.5":
    "limit: Input should be a valid integer, unable to parse string as an integer",
  "limit=":
    "limit: Input should be a valid integer, unable to parse string as an integer",
  "after_id=nobody": "after_id: There is no model nobody",
  "before_id=nobody": "before_id: There is no model nobody",
  "after_id=a&before_id=c":
    "before_id: Only one of before_id and after_id may be given",
};
for (const [query, message] of Object.entries(NO_PAGES)) {
  Deno.test(`anthropic_messages: the page of models "${query}" is refused`, () => {
    assert.throws(() => page(query), { message });
  });
}

Deno.test("anthropic_messages: pages follow one another through all models, once each, both ways", () => {
  const { list } = endpoint("catalog");
  for (
    const [name, end] of [["after_id", "last_id"], ["before_id", "first_id"]]
  ) {
    for (const limit of [1, 7, 20, 26]) {
      const seen: string[] = [];
      let from = name === "after_id" ? "" : "&before_id=z";
      for (let more = true; more;) {
        const told = JSON.parse(
          list(asking({ models: LETTERS, query: `limit=${limit}${from}` })),
        );
        const ids = told.data.map(({ id }: { id: string }) => id);
        if (name === "after_id") seen.push(...ids);
        else seen.unshift(...ids);
        from = `&${name}=${told[end ?? ""]}`;
        more = told.has_more;
      }
      const all = LETTERS.map(({ id }) => id);
      assert.deepEqual(seen, name === "after_id" ? all : all.slice(0, -1));
    }
  }
});

Deno.test("anthropic_messages: what is known of a model is told, the newer keys only to the newer version", () => {
  const { list } = endpoint("catalog");
  const models = [{
    id: "c",
    displayName: "See",
    createdS: Date.UTC(2025, 7, 5) / 1_000,
    contextWindow: 200_000,
    maxOutputTokens: 32_000,
  }];
  const old = {
    type: "model",
    id: "c",
    display_name: "See",
    created_at: "2025-08-05T00:00:00Z",
  };
  assert.deepEqual(JSON.parse(list(asking({ models, id: "c" }))), old);
  const headers = new Headers({ "anthropic-version": "2026-10-21" });
  assert.deepEqual(JSON.parse(list(asking({ models, id: "c", headers }))), {
    ...old,
    capabilities: null,
    lifecycle: "active",
    line: null,
    max_input_tokens: 200_000,
    max_tokens: 32_000,
    deprecated_at: null,
    retires_at: null,
  });
});

Deno.test("anthropic_messages: an unknown model is refused in the recorded words", () => {
  const { list } = endpoint("catalog");
  assert.throws(
    () => list(asking({ id: "claude-does-not-exist" })),
    (error) => {
      assert.ok(error instanceof BadRequest);
      const { status, body } = anthropicMessages.refuse(error.failure, {
        "request-id": "req_1",
      });
      assert.equal(status, 404);
      assert.equal(
        body,
        '{"type":"error","error":{"type":"not_found_error","message":"model: claude-does-not-exist"},"request_id":"req_1"}',
      );
      return true;
    },
  );
});

Deno.test("anthropic_messages: every kind of failure has its status and type", () => {
  const kinds: Record<FailureKind, [number, string]> = {
    "forbidden": [403, "permission_error"],
    "shutting-down": [503, "api_error"],
    "bad-request": [400, "invalid_request_error"],
    "bad-json": [400, "invalid_request_error"],
    "unknown-path": [404, "not_found_error"],
    "unknown-model": [404, "not_found_error"],
    "method-not-allowed": [405, "invalid_request_error"],
    "timeout": [408, "timeout_error"],
    "too-large": [413, "request_too_large"],
    "unsupported-media": [415, "invalid_request_error"],
    "internal": [500, "api_error"],
    "no-match": [404, "not_found_error"],
    "broken-rule": [500, "api_error"],
    "invalid-key": [401, "authentication_error"],
    "rate-limit": [429, "rate_limit_error"],
    "no-key": [401, "authentication_error"],
    "billing": [402, "billing_error"],
    "conflict": [409, "conflict_error"],
    "unprocessable": [422, "invalid_request_error"],
    "token-rate-limit": [429, "rate_limit_error"],
    "spend-limit": [429, "rate_limit_error"],
    "gateway-timeout": [504, "timeout_error"],
    "max-output": [400, "invalid_request_error"],
    "insufficient-quota": [400, "invalid_request_error"],
    "context-length": [400, "invalid_request_error"],
    "overloaded": [529, "overloaded_error"],
    "server-error": [500, "api_error"],
  };
  for (const [kind, [status, type]] of Object.entries(kinds)) {
    const failure: Failure = {
      type: "failure",
      kind: kind as FailureKind,
      message: "why",
    };
    const refused = anthropicMessages.refuse(failure, {});
    assert.equal(refused.status, status);
    assert.equal(JSON.parse(refused.body).error.type, type);
  }
});

Deno.test("anthropic_messages: a body too large is refused in the provider's words", () => {
  const { body } = anthropicMessages.refuse(
    {
      type: "failure",
      kind: "too-large",
      message: "33 MB",
      limit: "BODY_BYTES_MAX",
    },
    {},
  );
  assert.equal(
    JSON.parse(body).error.message,
    "Request exceeds the maximum size",
  );
});

Deno.test("anthropic_messages: a failure's own status and type win", () => {
  const { status, body } = anthropicMessages.refuse({
    type: "failure",
    kind: "internal",
    message: "Overloaded",
    status: 529,
    errorType: "overloaded_error",
  }, { "request-id": "req_1" });
  assert.equal(status, 529);
  assert.equal(
    body,
    '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}',
  );
});

const SPENT = {
  spentRequests: 1,
  spentInput: 1_600,
  spentOutput: 400,
  spentTokens: 2_000,
};

Deno.test("anthropic_messages: an answer tells its quotas, tokens to the thousand", () => {
  const facts = { ...SPENT, metered: true, stream: false, firstMs: 3 };
  assert.deepEqual(anthropicMessages.headers(facts, STAMP), {
    "anthropic-ratelimit-requests-limit": "20000",
    "anthropic-ratelimit-requests-remaining": "19999",
    "anthropic-ratelimit-requests-reset": "2026-11-21T12:00:01Z",
    "anthropic-ratelimit-input-tokens-limit": "2000000",
    "anthropic-ratelimit-input-tokens-remaining": "1998000",
    "anthropic-ratelimit-input-tokens-reset": "2026-11-21T12:00:01Z",
    "anthropic-ratelimit-output-tokens-limit": "400000",
    "anthropic-ratelimit-output-tokens-remaining": "400000",
    "anthropic-ratelimit-output-tokens-reset": "2026-11-21T12:00:01Z",
    "anthropic-ratelimit-tokens-limit": "2400000",
    "anthropic-ratelimit-tokens-remaining": "2398000",
    "anthropic-ratelimit-tokens-reset": "2026-11-21T12:00:01Z",
    "request-id": "req_011CAAAAAAAAAAAAAAAAAAAA",
    "anthropic-organization-id": "5f0a1c52-7d1e-4b0e-9c55-3a2f6d8e4b17",
  });
});

Deno.test("anthropic_messages: what asks no model tells no quotas", () => {
  const facts = { ...SPENT, metered: false, stream: false, firstMs: 0 };
  assert.deepEqual(Object.keys(anthropicMessages.headers(facts, STAMP)), [
    "request-id",
    "anthropic-organization-id",
  ]);
});

Deno.test("anthropic_messages: a stream is not to be cached", () => {
  const facts = { ...SPENT, metered: true, stream: true, firstMs: 0 };
  const headers = anthropicMessages.headers(facts, STAMP);
  assert.equal(headers["cache-control"], "no-cache");
});

Deno.test("anthropic_messages: infrastructure headers are Cloudflare's", () => {
  const edge = anthropicMessages.edgeHeaders(STAMP);
  assert.equal(edge["server"], "cloudflare");
  assert.equal(edge["cf-ray"], "ffffffffffffffff-FRA");
  assert.equal(edge["via"], "1.1 google");
});

Deno.test("anthropic_messages: claims by version header or by path", () => {
  const version = new Headers({ "anthropic-version": OLD });
  const none = new Headers();
  assert.ok(anthropicMessages.claims(version, "/v1/models"));
  assert.ok(anthropicMessages.claims(none, "/messages"));
  assert.ok(anthropicMessages.claims(none, "/v1/v1/messages"));
  assert.ok(!anthropicMessages.claims(none, "/v1/models"));
});

Deno.test("anthropic_messages: 2026-10-21 lists the keys that its SDKs take for granted, and refuses a version that is none", async () => {
  const app = testApp();
  const listed = async (version: string) =>
    await (await app.fetch("/v1/models/mock-llm-model", {
      headers: { "anthropic-version": version },
    })).json();
  assert.deepEqual(Object.keys(await listed("2023-06-01")), [
    "type",
    "id",
    "display_name",
    "created_at",
  ]);
  const modern = await listed("2026-10-21");
  assert.equal(modern.lifecycle, "active");
  assert.equal(modern.capabilities, null);
  assert.equal(
    (await listed("1999-01-01")).error.type,
    "invalid_request_error",
  );
});

Deno.test("anthropic_messages: 2026-10-21 takes no documents from the assistant and no citations from the user", async () => {
  const app = testApp();
  const status = async (version: string, role: string, block: unknown) => {
    const messages = [{ role: "user", content: "hi" }, {
      role,
      content: [block],
    }];
    const init = json({ model: "m", max_tokens: 1, messages }, {
      "anthropic-version": version,
    });
    return (await app.fetch("/v1/messages", init)).status;
  };
  const document = {
    type: "document",
    source: { type: "text", media_type: "text/plain", data: "x" },
  };
  const cited = {
    type: "text",
    text: "x",
    citations: [{ type: "char_location" }],
  };
  assert.equal(await status("2023-06-01", "assistant", document), 200);
  assert.equal(await status("2026-10-21", "assistant", document), 400);
  assert.equal(await status("2026-10-21", "user", document), 200);
  assert.equal(await status("2023-06-01", "user", cited), 200);
  assert.equal(await status("2026-10-21", "user", cited), 400);
});

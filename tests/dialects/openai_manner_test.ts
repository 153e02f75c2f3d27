import assert from "node:assert/strict";
import fc from "fast-check";
import type { ChatEndpoint, Stamp } from "../../lib/dialects/dialect.ts";
import { openaiChat } from "../../lib/dialects/openai_chat.ts";
import type { BlockSpec, RuleSpec } from "../../lib/match/rule.ts";
import { json, testApp } from "../support/app.ts";
import { sseEvents } from "../support/fold.ts";
import { reply, rule } from "../support/rules.ts";
import { decoded, tool, turnWith, USER } from "./_openai.ts";

const PATH = "/v1/chat/completions";

// deno-lint-ignore no-explicit-any
type Json = any;

function saying(blocks: readonly BlockSpec[]): readonly RuleSpec[] {
  return [rule("says", {}, { replies: [reply({ type: "blocks", blocks })] })];
}

/** What is told of one question, whole and in chunks. */
async function told(
  options: NonNullable<Parameters<typeof testApp>[0]>,
  more: Record<string, unknown>,
): Promise<{ readonly whole: Json; readonly chunks: readonly Json[] }> {
  const app = testApp(options);
  const ask = async (stream: boolean) => {
    const body = { model: "gpt-4o", messages: [USER], stream, ...more };
    const response = await app.fetch(PATH, json(body, { "x-mock-seed": "7" }));
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return text;
  };
  const whole = JSON.parse(await ask(false));
  const events = sseEvents(await ask(true)).slice(0, -1);
  for (const { data } of events) {
    assert.equal(Array.from(data).length % 16, 1, data);
  }
  return { whole, chunks: events.map(({ data }) => JSON.parse(data)) };
}

/** The message that chunks add up to, and why it ended. */
function folded(chunks: readonly Json[]): { message: Json; finish: string } {
  const message: Json = {};
  let finish = "";
  for (const { choices: [{ delta, finish_reason }] } of chunks) {
    finish = finish_reason ?? finish;
    for (const [key, value] of Object.entries<Json>(delta)) {
      if (key === "tool_calls") addCalls(message.tool_calls ??= [], value);
      else if (key === "role" || typeof value !== "string") {
        message[key] ??= value;
      } else message[key] = (message[key] ?? "") + value;
    }
  }
  return { message, finish };
}

function addCalls(calls: Json[], deltas: Json[]): void {
  for (const { index, id, type, ...more } of deltas) {
    calls[index] ??= { id, type };
    const call = calls[index];
    const { name, ...text } = more[call.type];
    call[call.type] ??= { name };
    for (const [key, value] of Object.entries(text)) {
      call[call.type][key] = (call[call.type][key] ?? "") + value;
    }
  }
}

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 });
const block: fc.Arbitrary<BlockSpec> = fc.oneof(
  text.map((text) => ({ type: "text" as const, text })),
  text.map((text) => ({ type: "refusal" as const, text })),
  text.map((text) => ({ type: "reasoning" as const, text })),
  fc.record({
    type: fc.constant("tool-call" as const),
    name: fc.constantFrom("run", "f"),
    text,
    id: fc.constantFrom("call_1", "call_2"),
  }),
);
const CUSTOM = { type: "custom", custom: { name: "run" } };
const wishes = fc.record({
  model: fc.constantFrom("gpt-4o", "gpt-5", "modèle 🙂"),
  logprobs: fc.boolean(),
  service_tier: fc.constantFrom("auto", "flex"),
  tools: fc.constant([CUSTOM, tool("f")]),
});

Deno.test("openai_chat: chunks add up to the whole message and are padded alike, whatever is said and asked for", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(block, { minLength: 1, maxLength: 5 }),
      wishes,
      fc.boolean(),
      async (blocks, more, reasoningContent) => {
        const settings = { reasoningContent, cut: "word" } as const;
        const options = { rules: saying(blocks), settings };
        const { whole, chunks } = await told(options, more);
        const [{ message, finish_reason }] = whole.choices;
        const { message: sum, finish } = folded(chunks);
        assert.equal(finish, finish_reason);
        assert.deepEqual(sum.tool_calls, message.tool_calls);
        assert.equal(sum.reasoning_content, message.reasoning_content);
        // What is null whole is empty, if it was begun with.
        for (const key of ["content", "refusal"]) {
          assert.equal(sum[key] || null, message[key] || null, key);
        }
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("openai_chat: thoughts are told in words only where the settings say so", async () => {
  const rules = saying([
    { type: "reasoning", text: "Hm." },
    { type: "text", text: "Yes." },
  ]);
  const silent = await told({ rules }, {});
  assert.equal(silent.whole.choices[0].message.reasoning_content, undefined);
  const settings = { reasoningContent: true };
  const { whole, chunks } = await told({ rules, settings }, {});
  const { content, reasoning_content } = whole.choices[0].message;
  assert.deepEqual([content, reasoning_content], ["Yes.", "Hm."]);
  const keys = chunks.flatMap(({ choices: [{ delta }] }) => Object.keys(delta));
  assert.ok(
    keys.lastIndexOf("reasoning_content") < keys.lastIndexOf("content"),
    "thoughts come first",
  );
  const unasked = { model: "gpt-5.1", reasoning_effort: "none" };
  const none = await told({ rules, settings }, unasked);
  assert.equal(none.whole.choices[0].message.reasoning_content, undefined);
});

Deno.test("openai_chat: thoughts may be sent back", () => {
  const said = { role: "assistant", reasoning_content: "Hm.", content: "Yes." };
  const { messages } = turnWith({ messages: [USER, said, USER] });
  assert.deepEqual(messages[1], {
    role: "assistant",
    parts: [{ type: "text", text: "Yes." }],
  });
});

Deno.test("openai_chat: the tier that was used is told whole and in every chunk, and is never auto", async () => {
  for (
    const [asked, used] of [
      [undefined, "default"],
      [null, "default"],
      ["auto", "default"],
      ["default", "default"],
      ["flex", "flex"],
      ["priority", "priority"],
      ["scale", "scale"],
    ]
  ) {
    const { whole, chunks } = await told({}, { service_tier: asked });
    assert.equal(whole.service_tier, used);
    for (const { service_tier } of chunks) assert.equal(service_tier, used);
  }
});

/** What models were recorded to tell: a fingerprint, and that they have no `logprobs`. */
const RECORDED: Readonly<Record<string, readonly [boolean, boolean]>> = {
  "gpt-4o": [true, true],
  "gpt-4o-mini": [true, true],
  "gpt-4.1-nano": [true, true],
  "gpt-5": [false, false],
  "gpt-5-chat-latest": [true, true],
  "gpt-5.4-mini": [false, false],
  "gpt-4.5-preview": [false, false],
  "o1-mini": [true, false],
  "o3-mini": [true, false],
  "gpt-4o-audio-preview": [true, false],
  "gpt-4o-search-preview": [true, false],
};

Deno.test("openai_chat: models tell a fingerprint and null logprobs as recorded; answers that are remembered are told to each in its way", async () => {
  const app = testApp({ responses: { hi: "yo" } });
  const tells = async (model: string) => {
    const body = json({ model, messages: [USER] });
    const told: Json = await (await app.fetch(PATH, body)).json();
    const [choice] = told.choices;
    return [told.system_fingerprint !== null, "logprobs" in choice];
  };
  for (const [model, recorded] of Object.entries(RECORDED)) {
    assert.deepEqual(await tells(model), recorded, model);
    assert.deepEqual(await tells("gpt-4o"), RECORDED["gpt-4o"]);
  }
});

Deno.test("openai_chat: o1-mini takes no instructions, in the recorded words", () => {
  const asking = (model: string, role: string) => () =>
    decoded({ model, messages: [{ role, content: "Be short." }, USER] });
  for (const role of ["system", "developer"]) {
    asking("o3-mini", role)();
    assert.throws(asking("o1-mini", role), {
      failure: {
        type: "failure",
        kind: "bad-request",
        message:
          `Unsupported value: 'messages[0].role' does not support '${role}' with this model.`,
        field: "messages[0].role",
        code: "unsupported_value",
      },
    });
  }
});

Deno.test("openai_chat: what nearly all requests ask for is worded by one manner", () => {
  const usual = decoded({}).manner;
  assert.equal(decoded({ tools: [tool("f")], stream: true }).manner, usual);
  assert.notEqual(decoded({ service_tier: "flex" }).manner, usual);
});

Deno.test("openai_chat: a tool is called as it was offered, whichever other has a name like it", async () => {
  const rules = saying([
    { type: "tool-call", name: "run", text: "ls", id: "call_1" },
    { type: "tool-call", name: "unknown", text: "{}", id: "call_2" },
  ]);
  const { whole } = await told({ rules }, { tools: [CUSTOM, tool("f")] });
  assert.deepEqual(whole.choices[0].message.tool_calls, [
    { id: "call_1", type: "custom", custom: { name: "run", input: "ls" } },
    {
      id: "call_2",
      type: "function",
      function: { name: "unknown", arguments: "{}" },
    },
  ]);
});

Deno.test("openai_chat: a failure in the middle of a stream is one event, and nothing follows", () => {
  const endpoint = openaiChat.endpoints.find((it): it is ChatEndpoint =>
    it.type === "chat"
  );
  const stamp: Stamp = {
    text: (length) => "a".repeat(length),
    hex: (length) => "f".repeat(length),
    below: () => 0,
    tokens: (text) => [text],
    epochMs: 0,
  };
  const body = { model: "gpt-4o", messages: [USER], stream: true };
  const { encoder } = endpoint!.decode({
    headers: new Headers(),
    body,
    tokensAsked: false,
  });
  const voice = encoder.voice({
    type: "reply",
    model: "gpt-4o",
    choices: [{ blocks: [], finish: { type: "stop" } }],
    usage: { input: 1, inputCached: 0, output: 0, outputReasoning: 0 },
  }, stamp);
  const said = voice.fail({ type: "failure", kind: "overloaded", message: "" });
  assert.match(said, /^data: \{"error":\{[^\n]*\}\}\n\n$/);
  const { error } = JSON.parse(said.slice("data: ".length));
  assert.deepEqual(Object.keys(error), ["message", "type", "param", "code"]);
  assert.equal(error.param, null);
});

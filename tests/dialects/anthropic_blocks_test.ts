// Content blocks in both directions: those that requests bring, judged; those of answers, where
// goldens do not show them.

import assert from "node:assert/strict";
import type { Block, Choice, Finish } from "../../lib/core/reply.ts";
import { blockOf, contentOf } from "../../lib/dialects/_anthropic_blocks.ts";
import { stopOf } from "../../lib/dialects/_anthropic_message.ts";
import { refusalWith, turnWith, VERSIONS } from "./_anthropic.ts";

type Content = readonly Readonly<Record<string, unknown>>[];

/** A conversation in which the assistant, or the user, says `content`. */
function conversation(role: "user" | "assistant", content: Content) {
  const opening = { role: "user", content: "Hello?" };
  return {
    messages: role === "user"
      ? [{ role, content }]
      : [opening, { role, content }, opening],
  };
}

/** What SDKs send back of an answer, and what servers found. */
const SENT_BACK: Content = [
  { type: "thinking", thinking: "Hm.", signature: "EqoB" },
  { type: "thinking", thinking: "", signature: "EqoB" },
  { type: "redacted_thinking", data: "EqoB" },
  {
    type: "server_tool_use",
    id: "srvtoolu_1",
    name: "web_search",
    input: { query: "grass" },
    caller: { type: "direct" },
  },
  {
    type: "web_search_tool_result",
    tool_use_id: "srvtoolu_1",
    content: [{
      type: "web_search_result",
      url: "https://example.com/",
      title: "Grass",
      encrypted_content: "Eo8B",
      page_age: null,
    }],
  },
  {
    type: "web_search_tool_result",
    tool_use_id: "srvtoolu_1",
    content: {
      type: "web_search_tool_result_error",
      error_code: "max_uses_exceeded",
    },
  },
  {
    type: "text",
    text: "Grass is green.",
    citations: [{
      type: "web_search_result_location",
      url: "https://example.com/",
      title: "Grass",
      cited_text: "Green.",
      encrypted_index: "Eo8B",
    }],
  },
  { type: "mcp_tool_use", id: "m", name: "f", server_name: "s", input: {} },
  { type: "mcp_tool_result", tool_use_id: "m", is_error: false },
];

Deno.test("anthropic blocks: what an answer held is taken when it is sent back, in both versions", () => {
  for (const version of VERSIONS) {
    const { messages } = turnWith(conversation("assistant", SENT_BACK), {
      "anthropic-version": version,
    });
    assert.deepEqual(messages[1]?.parts, [
      { type: "text", text: "Grass is green." },
    ]);
  }
});

Deno.test("anthropic blocks: what is wrong with a block is told by its path", () => {
  const at = "messages.0.content.0";
  const use = { type: "server_tool_use", id: "s", name: "web_search" };
  const found = { type: "search_result", source: "kb", title: "Grass" };
  const required = "Field required";
  const cases: readonly (readonly [Content[number], string, string])[] = [
    [{ type: "thinking", thinking: "a" }, "thinking.signature", required],
    [{ type: "thinking", signature: "a" }, "thinking.thinking", required],
    [{ type: "redacted_thinking" }, "redacted_thinking.data", required],
    [
      { type: "redacted_thinking", data: 1 },
      "redacted_thinking.data",
      "Input should be a valid string",
    ],
    [use, "server_tool_use.input", required],
    [
      { ...use, input: "x" },
      "server_tool_use.input",
      "Input should be an object",
    ],
    [
      { type: "web_search_tool_result", content: [] },
      "web_search_tool_result.tool_use_id",
      required,
    ],
    [
      { type: "code_execution_tool_result", tool_use_id: "s" },
      "code_execution_tool_result.content",
      required,
    ],
    [found, "search_result.content", required],
    [
      { ...found, title: undefined, content: [] },
      "search_result.title",
      required,
    ],
    [
      { ...found, content: "green" },
      "search_result.content",
      "Input should be a valid array",
    ],
    [
      { ...found, content: [{ type: "image" }] },
      "search_result.content.0.type",
      "Input should be 'text'",
    ],
    [
      { ...found, content: [{ type: "text" }] },
      "search_result.content.0.text",
      required,
    ],
    [{ type: "container_upload" }, "container_upload.file_id", required],
  ];
  for (const [block, path, complaint] of cases) {
    const field = `${at}.${path}`;
    assert.deepEqual(refusalWith(conversation("user", [block])), [
      `${field}: ${complaint}`,
      field,
    ]);
  }
});

Deno.test("anthropic blocks: 2026-10-21 takes no citations in what was found, but a wish for them", () => {
  const text = { type: "text", text: "Green." };
  const found = { type: "search_result", source: "kb", title: "Grass" };
  const wish = { ...found, content: [text], citations: { enabled: true } };
  const cited = {
    ...found,
    content: [{ ...text, citations: [{ type: "char_location" }] }],
  };
  const modern = { "anthropic-version": "2026-10-21" };
  assert.ok(turnWith(conversation("user", [wish]), modern));
  assert.ok(turnWith(conversation("user", [cited])));
  assert.equal(
    refusalWith(conversation("user", [cited]), modern)[1],
    "messages.0.content.0.search_result.content.0.citations",
  );
});

Deno.test("anthropic blocks: thinking is shown as summaries or not at all", () => {
  for (const type of ["adaptive", "between_tools", "disabled"]) {
    const wanted = type !== "disabled";
    assert.equal(turnWith({ thinking: { type } }).reasoning, wanted);
  }
  for (const display of ["summarized", "omitted", null]) {
    assert.ok(turnWith({ thinking: { type: "adaptive", display } }));
  }
  const enabled = { type: "enabled", budget_tokens: 1_024, display: "raw" };
  assert.deepEqual(refusalWith({ thinking: enabled }), [
    "thinking.enabled.display: Input should be 'summarized' or 'omitted'",
    "thinking.enabled.display",
  ]);
});

// Answers ────────────────────────────────────────────────────────────────────

const STAMP = {
  text: (length: number) => "x".repeat(length),
  hex: (length: number) => "0".repeat(length),
  below: () => 0,
  tokens: (text: string) => [text],
  epochMs: 0,
};

function input(text: string, cut: boolean): unknown {
  const call = { type: "tool-call", name: "f", text } as const;
  const wording = {
    modern: false,
    omitsThoughts: false,
    demandsThoughts: false,
  };
  return blockOf(call, cut, wording, STAMP).input;
}

Deno.test("anthropic blocks: of arguments that were cut short, what is whole is told", () => {
  assert.deepEqual(input('{"a":1,"b":"c', true), { a: 1 });
  assert.deepEqual(input('{"a":1,"b":"c"}', true), { a: 1, b: "c" });
  assert.deepEqual(input("", true), {});
  assert.deepEqual(input("[1,2", true), {}, "no object has no words");
});

Deno.test("anthropic blocks: arguments that are broken, and not for being cut, are no input", () => {
  assert.deepEqual(input('{"a":1,"b":"c', false), {});
  assert.deepEqual(input("[1,2]", false), {});
});

const REFUSAL: Block = { type: "refusal", text: "No." };
const SAID: Block = { type: "text", text: "Well" };

function choice(
  type: "refusal" | "content-filter" | "stop" | "length",
): Choice {
  const finish: Finish = { type };
  return { blocks: [SAID, REFUSAL], finish };
}

const FREE = { demandsThoughts: false };

Deno.test("anthropic blocks: the words of a refusal are content only where the answer does not end in it", () => {
  assert.deepEqual(contentOf(choice("refusal"), FREE), [SAID]);
  assert.deepEqual(contentOf(choice("content-filter"), FREE), [SAID]);
  assert.deepEqual(contentOf(choice("stop"), FREE), [SAID, REFUSAL]);
  assert.deepEqual(contentOf(choice("length"), FREE), [SAID, REFUSAL]);
});

Deno.test("anthropic blocks: a refusal that was cut short is one all the same, told in all its words", () => {
  for (const type of ["length", "stop"] as const) {
    const part: Block = { type: "refusal", text: "N", whole: "No." };
    const cut: Choice = { blocks: [SAID, part], finish: { type } };
    assert.deepEqual(contentOf(cut, FREE), [SAID]);
    assert.deepEqual(stopOf(cut, false), {
      stop_reason: "refusal",
      stop_sequence: null,
      stop_details: { type: "refusal", category: null, explanation: "No." },
    });
  }
});

Deno.test("anthropic blocks: calls come after thoughts where they must", () => {
  const call: Block = { type: "tool-call", name: "f", text: "{}" };
  const thought: Block = { type: "reasoning", text: "Hm." };
  const typesOf = (blocks: readonly Block[], demandsThoughts: boolean) => {
    const finish: Finish = { type: "tool-calls" };
    const content = contentOf({ blocks, finish }, { demandsThoughts });
    return content.map(({ type }) => type);
  };
  assert.deepEqual(typesOf([call], true), ["reasoning", "tool-call"]);
  assert.deepEqual(typesOf([SAID, call], true), [
    "reasoning",
    "text",
    "tool-call",
  ]);
  assert.deepEqual(typesOf([call], false), ["tool-call"]);
  assert.deepEqual(typesOf([SAID], true), ["text"]);
  assert.deepEqual(typesOf([thought, call], true), ["reasoning", "tool-call"]);
});

Deno.test("anthropic blocks: the older version has details of its end only where it refused", () => {
  const details = { type: "refusal", category: null, explanation: "No." };
  assert.deepEqual(stopOf(choice("refusal"), false).stop_details, details);
  assert.deepEqual(stopOf(choice("refusal"), true).stop_details, details);
  assert.ok(!("stop_details" in stopOf(choice("stop"), false)));
  assert.equal(stopOf(choice("stop"), true).stop_details, null);
  assert.ok(!("stop_details" in stopOf(undefined, false)));
});

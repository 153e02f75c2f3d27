// Words are those of Anthropic's API up to 2026-11-21, as far as they are known.

import assert from "node:assert/strict";
import fc from "fast-check";
import { IDS_SHOWN_MAX, VALUE_SHOWN_CHARS_MAX } from "../../lib/core/limits.ts";
import { HELLO, refusalWith, results, turnWith, using } from "./_anthropic.ts";

const SCHEMA = { type: "object", properties: {} };
const f = { name: "f", input_schema: SCHEMA };

/** A wrong parameter, its field, and the complaint; the two make the message. */
const WRONG: [more: Record<string, unknown>, field: string, string][] = [
  [
    { tools: [{ name: "get weather", input_schema: SCHEMA }] },
    "tools.0.custom.name",
    "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
  ],
  [
    { tools: [f, { name: "x".repeat(129), input_schema: SCHEMA }] },
    "tools.1.custom.name",
    "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
  ],
  [
    { tools: [{ name: "f" }] },
    "tools.0.custom.input_schema",
    "Field required",
  ],
  [
    { tools: [{ name: "f", input_schema: [] }] },
    "tools.0.custom.input_schema",
    "Input should be an object",
  ],
  [
    { tools: [{ name: "f", input_schema: {} }] },
    "tools.0.custom.input_schema.type",
    "Field required",
  ],
  [
    { tools: [{ name: "f", input_schema: { type: "string" } }] },
    "tools.0.custom.input_schema.type",
    "Input should be 'object'",
  ],
  [{ tools: [f, f] }, "tools", "Tool names must be unique."],
  [
    { tools: [{ type: "function", function: { name: "f" } }] },
    "tools.0",
    "Input tag 'function' found using 'type' does not match any of the expected tags: 'bash_20250124', " +
    "'code_execution_20260521', 'computer_20251124', 'custom', 'memory_20250818', 'text_editor_20250728', " +
    "'web_fetch_20260318', 'web_search_20260318', 'mcp_toolset', 'tool_search_tool_bm25', 'tool_search_tool_regex'",
  ],
  [
    { tool_choice: { type: "any" } },
    "tool_choice",
    "`tool_choice` may only be specified while providing `tools`.",
  ],
  [
    { tool_choice: { type: "tool", name: "f" }, tools: [] },
    "tool_choice",
    "`tool_choice` may only be specified while providing `tools`.",
  ],
  [
    { tools: [f], tool_choice: {} },
    "tool_choice",
    "Unable to extract tag using discriminator 'type'",
  ],
  [
    { tools: [f], tool_choice: { type: "required" } },
    "tool_choice",
    "Input tag 'required' found using 'type' does not match any of the expected tags: 'auto', 'any', 'tool', 'none'",
  ],
  [
    { tools: [f], tool_choice: { type: "tool" } },
    "tool_choice.tool.name",
    "Field required",
  ],
  [
    {
      tools: [f],
      tool_choice: { type: "auto", disable_parallel_tool_use: "yes" },
    },
    "tool_choice.auto.disable_parallel_tool_use",
    "Input should be a valid boolean",
  ],
  // Messages
  [
    { messages: [...HELLO, using("t1"), ...HELLO] },
    "messages.1",
    "`tool_use` ids were found without `tool_result` blocks immediately after: t1. Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
  ],
  [
    { messages: [...HELLO, using("a", "b", "c"), results("b")] },
    "messages.1",
    "`tool_use` ids were found without `tool_result` blocks immediately after: a, c. Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
  ],
  [
    { messages: [...HELLO, using("a")] },
    "messages.1",
    "`tool_use` ids were found without `tool_result` blocks immediately after: a. Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
  ],
  [
    { messages: [...HELLO, using("a"), results("a", "b")] },
    "messages.2.content.1",
    "unexpected `tool_use_id` found in `tool_result` blocks: b. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.",
  ],
  [
    { messages: [results("a")] },
    "messages.0.content.0",
    "unexpected `tool_use_id` found in `tool_result` blocks: a. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.",
  ],
  [
    {
      messages: [
        ...HELLO,
        using("a"),
        results("a"),
        { role: "assistant", content: "Done." },
        results("a"),
      ],
    },
    "messages.4.content.0",
    "unexpected `tool_use_id` found in `tool_result` blocks: a. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.",
  ],
  [
    { messages: [...HELLO, using("a"), results("a", "a")] },
    "messages.2.content.1",
    "each tool_use must have a single result. Found multiple `tool_result` blocks with id: a",
  ],
  [
    { messages: [...HELLO, using("a", "a"), results("a")] },
    "messages",
    "`tool_use` ids must be unique",
  ],
  [
    { messages: [{ ...using("a"), role: "user" }] },
    "messages.0",
    "`tool_use` blocks can only be in `assistant` messages",
  ],
  [
    { messages: [...HELLO, { ...results("a"), role: "assistant" }] },
    "messages.1",
    "`tool_result` blocks can only be in `user` messages",
  ],
  [
    { messages: [...HELLO, using("call 1"), results("call 1")] },
    "messages.1.content.0.tool_use.id",
    "String should match pattern '^[a-zA-Z0-9_-]+$'",
  ],
];

/** What the user says before, or between, the results. */
const TEXT = { type: "text", text: "Here you are." };
const [RESULT_A, RESULT_B] = results("a", "b").content;
for (
  const [said, left] of [
    [[{ role: "user", content: [TEXT, RESULT_A, RESULT_B] }], "a, b"],
    [[{ role: "user", content: [RESULT_A, TEXT, RESULT_B] }], "b"],
    [[...HELLO, results("a", "b")], "a, b"],
    [[results("a"), ...HELLO, results("b")], "b"],
  ] as const
) {
  WRONG.push([
    { messages: [...HELLO, using("a", "b"), ...said] },
    "messages.1",
    `\`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${left}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
  ]);
}

for (const [more, field, complaint] of WRONG) {
  const name = JSON.stringify(more).slice(0, 120);
  Deno.test(`anthropic_messages: refuses ${name} because of ${field}`, () => {
    assert.deepEqual(refusalWith(more), [`${field}: ${complaint}`, field]);
  });
}

/** Wrong blocks of a user message: where, and the complaint. */
const WRONG_BLOCKS: [Record<string, unknown>, path: string, string][] = [
  [{ type: "image" }, "image.source", "Field required"],
  [{ type: "image", source: {} }, "image.source.type", "Field required"],
  [
    { type: "image", source: { type: "text" } },
    "image.source",
    "Input tag 'text' found using 'type' does not match any of the expected tags: 'base64', 'file', 'url'",
  ],
  [
    { type: "image", source: { type: "base64", media_type: "image/png" } },
    "image.source.base64.data",
    "Field required",
  ],
  [
    {
      type: "image",
      source: { type: "base64", data: "", media_type: "image/tiff" },
    },
    "image.source.base64.media_type",
    "Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
  ],
  [
    {
      type: "document",
      source: { type: "base64", data: "", media_type: "text/html" },
    },
    "document.source.base64.media_type",
    "Input should be 'application/pdf'",
  ],
  [
    { type: "document", source: { type: "file" } },
    "document.source.file.file_id",
    "Field required",
  ],
  [
    { type: "thinking", thinking: "hm" },
    "thinking.signature",
    "Field required",
  ],
];

for (const [block, path, complaint] of WRONG_BLOCKS) {
  Deno.test(`anthropic_messages: refuses the block ${JSON.stringify(block)} because of ${path}`, () => {
    const messages = [{ role: "user", content: [block] }];
    const field = `messages.0.content.0.${path}`;
    assert.deepEqual(refusalWith({ messages }), [
      `${field}: ${complaint}`,
      field,
    ]);
  });
}

Deno.test("anthropic_messages: a block of no known type is refused, with all there are", () => {
  for (const type of ["image_url", "input_audio", "invented_tomorrow"]) {
    const messages = [{ role: "user", content: [{ type }] }];
    const [message, field] = refusalWith({ messages });
    assert.equal(field, "messages.0.content.0");
    assert.ok(
      message.startsWith(
        `messages.0.content.0: Input tag '${type}' found using 'type' does not match any of the expected tags: 'advisor_tool_result', 'bash_code`,
      ),
    );
  }
});

Deno.test("anthropic_messages: system text and tool results take fewer blocks than messages", () => {
  const image = { type: "image", source: { type: "file", file_id: "x" } };
  assert.equal(
    refusalWith({ system: [image] })[0],
    "system.0: Input tag 'image' found using 'type' does not match any of the expected tags: 'text'",
  );
  const result = { type: "tool_result", tool_use_id: "a" };
  const messages = [...HELLO, using("a"), {
    role: "user",
    content: [{ ...result, content: [result] }],
  }];
  assert.equal(
    refusalWith({ messages })[1],
    "messages.2.content.0.tool_result.content.0",
  );
});

Deno.test("anthropic_messages: a tool choice of no offered tool is refused, but for toolsets", () => {
  const tool_choice = { type: "tool", name: "g" };
  assert.deepEqual(refusalWith({ tools: [f], tool_choice }), [
    "Tool 'g' not found in provided tools",
    "tool_choice.tool.name",
  ]);
  const toolset = { type: "mcp_toolset", mcp_server_name: "x" };
  assert.equal(turnWith({ tools: [toolset], tool_choice }).toolChoice, "g");
});

Deno.test("anthropic_messages: how tools must be used is told in neutral words", () => {
  const choose = (tool_choice: Record<string, unknown>) => {
    const { toolChoice, parallelToolCalls } = turnWith({
      tools: [f],
      tool_choice,
    });
    return [toolChoice, parallelToolCalls];
  };
  assert.deepEqual(choose({ type: "auto" }), ["auto", undefined]);
  assert.deepEqual(choose({ type: "none" }), ["none", undefined]);
  assert.deepEqual(choose({ type: "any" }), ["required", undefined]);
  assert.deepEqual(choose({ type: "tool", name: "f" }), ["f", undefined]);
  assert.deepEqual(
    choose({ type: "auto", disable_parallel_tool_use: true }),
    ["auto", false],
  );
  assert.deepEqual(
    choose({ type: "any", disable_parallel_tool_use: false }),
    ["required", true],
  );
});

Deno.test("anthropic_messages: not to use tools may be said without tools", () => {
  for (const type of ["auto", "none"]) {
    assert.equal(turnWith({ tool_choice: { type } }).toolChoice, type);
  }
});

Deno.test("anthropic_messages: tools of the provider are told from those of the client", () => {
  const types: [type: string, kind: string | undefined][] = [
    ["web_search_20260318", "provider"],
    ["code_execution_20250522", "provider"],
    ["tool_search_tool_regex", "provider"],
    ["invented_20271231", "provider"],
    ["bash_20250124", undefined],
    ["text_editor_20250728", undefined],
    ["computer_20251124", undefined],
    ["memory_20250818", undefined],
  ];
  for (const [type, kind] of types) {
    assert.equal(
      turnWith({ tools: [{ type, name: "x" }] }).tools[0]?.kind,
      kind,
    );
  }
});

Deno.test("anthropic_messages: uses and results may be spread over messages of one role", () => {
  const { messages } = turnWith({
    messages: [
      ...HELLO,
      using("a"),
      using("b"),
      results("b"),
      results("a"),
      { role: "user", content: "Well?" },
    ],
  });
  assert.equal(messages.length, 6);
});

Deno.test("anthropic_messages: a conversation in which every use has its result is taken, and with one result less it is not", () => {
  const rounds = fc.array(
    fc.array(fc.uuid(), { minLength: 1, maxLength: 4 }),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(rounds, fc.boolean(), (ids, ends) => {
      const unique = ids.map((round, index) =>
        round.map((id, position) => `${id}-${index}-${position}`)
      );
      const messages = unique.flatMap((round) => [
        using(...round),
        results(...round.toReversed()),
      ]);
      const last = { role: "assistant", content: "So." };
      const end = ends ? [last] : [];
      turnWith({ messages: [...HELLO, ...messages, ...end] });
      const short = messages.with(
        -1,
        results(...(unique.at(-1) ?? []).slice(1)),
      );
      const more = { messages: [...HELLO, ...short, ...HELLO, ...end] };
      assert.match(refusalWith(more)[0], /`tool_use` ids were found|non-empty/);
    }),
  );
});

Deno.test("anthropic_messages: a complaint repeats VALUE_SHOWN_CHARS_MAX characters of a value, and no more", () => {
  const most = "x".repeat(VALUE_SHOWN_CHARS_MAX);
  const said = (type: string) =>
    refusalWith({ messages: [{ role: "user", content: [{ type }] }] })[0];
  assert.ok(said(most).includes(`Input tag '${most}' found`));
  assert.equal(said(most + "y"), said(most));
});

Deno.test("anthropic_messages: a complaint names IDS_SHOWN_MAX unanswered uses, and no more", () => {
  const ids = Array.from(
    { length: IDS_SHOWN_MAX + 1 },
    (_, index) => `t${index}`,
  );
  const said = (ids: string[]) =>
    refusalWith({ messages: [...HELLO, using(...ids)] })[0];
  const all = ids.slice(0, IDS_SHOWN_MAX);
  assert.ok(said(all).includes(`: ${all.join(", ")}. Each`));
  assert.equal(said(ids), said(all));
});

Deno.test("anthropic_messages: text may follow the results, and system text stand before them", () => {
  const [result] = results("a").content;
  for (
    const said of [
      [{ role: "user", content: [result, TEXT] }],
      [results("a"), ...HELLO],
      [{ role: "system", content: "Be brief." }, results("a")],
    ]
  ) {
    turnWith({
      model: "claude-opus-4-8",
      messages: [...HELLO, using("a"), ...said],
    });
  }
});

// Words are those of OpenAI's API up to 2026-11-21, as far as they are known.

import assert from "node:assert/strict";
import { VALUE_SHOWN_CHARS_MAX } from "../../lib/core/limits.ts";
import {
  calling,
  decoded,
  refusalWith,
  type Refused,
  result,
  tool,
  turnWith,
  USER,
} from "./_openai.ts";

const SCHEMA = { type: "object", properties: {} };
const f = tool("f");

const WRONG: [more: Record<string, unknown>, ...Refused][] = [
  [
    { tools: [] },
    "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty array instead.",
    "tools",
    "empty_array",
  ],
  [
    { tools: Array.from({ length: 129 }, () => f) },
    "Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length 129 instead.",
    "tools",
    "array_above_max_length",
  ],
  [
    { tools: {} },
    "Invalid type for 'tools': expected an array of objects, but got an object instead.",
    "tools",
    "invalid_type",
  ],
  [
    { tools: [{ function: { name: "f" } }] },
    "Missing required parameter: 'tools[0].type'.",
    "tools[0].type",
    "missing_required_parameter",
  ],
  [
    { tools: [{ type: "retrieval" }] },
    "Invalid value: 'retrieval'. Supported values are: 'function' and 'custom'.",
    "tools[0].type",
    "invalid_value",
  ],
  [
    { tools: [tool("get weather")] },
    "Invalid 'tools[0].function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
    "tools[0].function.name",
    "invalid_value",
  ],
  [
    { tools: [tool("x".repeat(65))] },
    "Invalid 'tools[0].function.name': string too long. Expected a string with maximum length 64, but got a string with length 65 instead.",
    "tools[0].function.name",
    "string_above_max_length",
  ],
  [
    { tools: [{ type: "function", function: {} }] },
    "Missing required parameter: 'tools[0].function.name'.",
    "tools[0].function.name",
    "missing_required_parameter",
  ],
  [
    { tools: [tool("f", { parameters: "{}" })] },
    "Invalid type for 'tools[0].function.parameters': expected an object, but got a string instead.",
    "tools[0].function.parameters",
    "invalid_type",
  ],
  [
    { tools: [tool("f", { parameters: { type: "string" } })] },
    `Invalid schema for function 'f': schema must be a JSON Schema of 'type: "object"', got 'type: "string"'.`,
    "tools[0].function.parameters",
    "invalid_function_parameters",
  ],
  [
    { tool_choice: "required" },
    "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
    "tool_choice",
    undefined,
  ],
  [
    { parallel_tool_calls: false },
    "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.",
    "parallel_tool_calls",
    undefined,
  ],
  [
    { tools: [f], tool_choice: "any" },
    "Invalid value: 'any'. Supported values are: 'none', 'auto', and 'required'.",
    "tool_choice",
    "invalid_value",
  ],
  [
    { tools: [f], tool_choice: 1 },
    "Invalid type for 'tool_choice': expected one of a string or object, but got an integer instead.",
    "tool_choice",
    "invalid_type",
  ],
  [
    { tools: [f], tool_choice: {} },
    "Missing required parameter: 'tool_choice.type'.",
    "tool_choice.type",
    "missing_required_parameter",
  ],
  [
    { tools: [f], tool_choice: { type: "function" } },
    "Missing required parameter: 'tool_choice.function'.",
    "tool_choice.function",
    "missing_required_parameter",
  ],
  [
    { tools: [f], tool_choice: tool("g") },
    "Tool choice 'g' not found in 'tools' parameter.",
    "tool_choice",
    undefined,
  ],
  [
    {
      tools: [f],
      tool_choice: { type: "allowed_tools", allowed_tools: { mode: "none" } },
    },
    "Invalid value: 'none'. Supported values are: 'auto' and 'required'.",
    "tool_choice.allowed_tools.mode",
    "invalid_value",
  ],
  [
    { function_call: "auto" },
    "Invalid value for 'function_call': 'function_call' is only allowed when 'functions' are specified.",
    "function_call",
    undefined,
  ],
  [
    { functions: [{ name: "f" }], function_call: { name: "g" } },
    "Invalid value for 'function_call': no function named 'g' was specified in the 'functions' parameter.",
    "function_call",
    undefined,
  ],
  [
    { functions: [{}] },
    "Missing required parameter: 'functions[0].name'.",
    "functions[0].name",
    "missing_required_parameter",
  ],
  // Messages
  [
    { messages: [USER, result("c")] },
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
    "messages.[1].role",
    undefined,
  ],
  [
    { messages: [USER, calling("c")] },
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: c",
    "messages",
    undefined,
  ],
  [
    { messages: [USER, calling("a", "b", "c"), result("b"), USER] },
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: a, c",
    "messages",
    undefined,
  ],
  [
    { messages: [USER, calling("c"), result("d")] },
    "Invalid parameter: 'tool_call_id' of 'd' not found in 'tool_calls' of previous message.",
    "messages.[2].tool_call_id",
    undefined,
  ],
  [
    { messages: [USER, calling("c"), { role: "tool", content: "x" }] },
    "Missing parameter 'tool_call_id': messages with role 'tool' must have a 'tool_call_id'.",
    "messages.[2].tool_call_id",
    undefined,
  ],
  [
    { messages: [USER, { role: "function", content: "x" }] },
    "Missing parameter 'name': messages with role 'function' must have a 'name'.",
    "messages.[1].name",
    undefined,
  ],
  [
    { messages: [USER, calling()] },
    "Invalid 'messages[1].tool_calls': empty array. Expected an array with minimum length 1, but got an empty array instead.",
    "messages[1].tool_calls",
    "empty_array",
  ],
  [
    {
      messages: [USER, {
        role: "assistant",
        tool_calls: [{ id: "c", type: "function", function: { name: "f" } }],
      }],
    },
    "Missing required parameter: 'messages[1].tool_calls[0].function.arguments'.",
    "messages[1].tool_calls[0].function.arguments",
    "missing_required_parameter",
  ],
  [
    {
      messages: [USER, {
        role: "assistant",
        tool_calls: [{
          id: "c",
          type: "function",
          function: { name: "f", arguments: {} },
        }],
      }],
    },
    "Invalid type for 'messages[1].tool_calls[0].function.arguments': expected a string, but got an object instead.",
    "messages[1].tool_calls[0].function.arguments",
    "invalid_type",
  ],
  ...[{ role: "assistant" }, { role: "assistant", content: null }].map((
    message,
  ): typeof WRONG[0] => [
    { messages: [USER, message] },
    "Invalid value for 'content': expected a string, got null.",
    "messages.[1].content",
    undefined,
  ]),
  [
    { messages: [{ role: "user", content: null }] },
    "Invalid value for 'content': expected a string, got null.",
    "messages.[0].content",
    undefined,
  ],
  [
    { messages: [{ role: "user" }] },
    "Missing required parameter: 'messages[0].content'.",
    "messages[0].content",
    "missing_required_parameter",
  ],
  [
    {
      messages: [{
        role: "system",
        content: [{ type: "image_url", image_url: { url: "https://x/y" } }],
      }],
    },
    "Invalid 'messages[0]'. Image URLs are only allowed for messages with role 'user', but this message with role 'system' contains an image URL.",
    "messages[0]",
    "invalid_value",
  ],
  ...([
    [{ type: "image_url" }, "image_url"],
    [{ type: "image_url", image_url: {} }, "image_url.url"],
    [{ type: "input_audio", input_audio: {} }, "input_audio.data"],
    [{ type: "file", file: {} }, "file.file_id"],
  ] as const).map(([part, path]): typeof WRONG[0] => [
    { messages: [{ role: "user", content: [part] }] },
    `Missing required parameter: 'messages[0].content[0].${path}'.`,
    `messages[0].content[0].${path}`,
    "missing_required_parameter",
  ]),
];

for (const [more, ...wanted] of WRONG) {
  const name = JSON.stringify(more).slice(0, 100);
  Deno.test(`openai_chat: refuses ${name} because of ${wanted[1]}`, () => {
    assert.deepEqual(refusalWith(more), wanted);
  });
}

Deno.test("openai_chat: functions and custom tools are offered", () => {
  const custom = { name: "sql", description: "Runs SQL.", format: {} };
  const { tools } = turnWith({
    tools: [
      tool("f", { description: "does", parameters: SCHEMA, strict: true }),
      { type: "custom", custom },
    ],
  });
  assert.deepEqual(tools, [
    { name: "f", description: "does", schema: SCHEMA },
    { name: "sql", description: "Runs SQL.", schema: undefined, kind: "text" },
  ]);
});

Deno.test("openai_chat: how tools must be used is told in neutral words", () => {
  const choose = (tool_choice: unknown, more = {}) => {
    const tools = [f, { type: "custom", custom: { name: "sql" } }];
    const { toolChoice, allowedTools, parallelToolCalls } = turnWith({
      tools,
      tool_choice,
      ...more,
    });
    return { toolChoice, allowedTools, parallelToolCalls };
  };
  const said = {
    toolChoice: undefined,
    allowedTools: undefined,
    parallelToolCalls: undefined,
  };
  assert.deepEqual(choose(undefined), said);
  for (const mode of ["none", "auto", "required"]) {
    assert.deepEqual(choose(mode), { ...said, toolChoice: mode });
  }
  assert.deepEqual(choose(f), { ...said, toolChoice: "f" });
  assert.deepEqual(choose({ type: "custom", custom: { name: "sql" } }), {
    ...said,
    toolChoice: "sql",
  });
  assert.deepEqual(
    choose({
      type: "allowed_tools",
      allowed_tools: { mode: "required", tools: [f] },
    }),
    { ...said, toolChoice: "required", allowedTools: ["f"] },
  );
  assert.deepEqual(choose("auto", { parallel_tool_calls: false }), {
    ...said,
    toolChoice: "auto",
    parallelToolCalls: false,
  });
});

Deno.test("openai_chat: not to use tools may be said without tools", () => {
  assert.equal(turnWith({ tool_choice: "none" }).toolChoice, "none");
});

Deno.test("openai_chat: functions of old are tools, and remembered as what they were", () => {
  const { turn, manner: { legacy } } = decoded({
    functions: [{ name: "f", description: "does", parameters: SCHEMA }],
    function_call: { name: "f" },
    messages: [
      USER,
      {
        role: "assistant",
        content: null,
        function_call: { name: "f", arguments: "{}" },
      },
      { role: "function", name: "f", content: "done" },
    ],
  });
  assert.equal(legacy, true);
  assert.deepEqual(turn.tools, [{
    name: "f",
    description: "does",
    schema: SCHEMA,
  }]);
  assert.equal(turn.toolChoice, "f");
  assert.deepEqual(turn.messages.slice(1), [
    {
      role: "assistant",
      parts: [{ type: "tool-call", id: "f", name: "f", input: "{}" }],
    },
    {
      role: "tool",
      parts: [{ type: "tool-result", id: "f", text: "done" }],
    },
  ]);
  assert.equal(decoded({ tools: [f] }).manner.legacy, false);
  assert.equal(decoded({}).manner.legacy, false);
});

Deno.test("openai_chat: results come in any order, after several rounds of calls too", () => {
  const { messages } = turnWith({
    messages: [
      USER,
      calling("a", "b"),
      result("b"),
      result("a", [{ type: "text", text: "x" }]),
      calling("c"),
      result("c", ""),
      { role: "assistant", content: "So." },
      USER,
    ],
  });
  assert.deepEqual(
    messages.flatMap(({ parts }) => parts).flatMap((part) =>
      part.type === "tool-result" ? [[part.id, part.text]] : []
    ),
    [["b", "done"], ["a", "x"], ["c", ""]],
  );
});

Deno.test("openai_chat: what is no text is known by its media type", () => {
  const png = "data:image/png;base64,AA==";
  const file = (more: Record<string, unknown>) => ({
    type: "file",
    file: { filename: "a.pdf", ...more },
  });
  const content = [
    { type: "image_url", image_url: { url: png, detail: "low" } },
    { type: "image_url", image_url: { url: "https://example.com/a.png" } },
    { type: "input_audio", input_audio: { data: "AA==", format: "wav" } },
    { type: "input_audio", input_audio: { data: "AA==", format: "mp3" } },
    file({ file_data: "data:application/pdf;base64,AA==" }),
    file({ file_id: "file-1" }),
  ];
  const { messages } = turnWith({ messages: [{ role: "user", content }] });
  assert.deepEqual(
    messages[0]?.parts.map((part) => "mediaType" in part && part.mediaType),
    [
      "image/png",
      "image/*",
      "audio/wav",
      "audio/mpeg",
      "application/pdf",
      "application/*",
    ],
  );
});

Deno.test("openai_chat: a history as an SDK gives it back, nulls and all, is taken", () => {
  turnWith({
    messages: [
      USER,
      {
        role: "assistant",
        content: "Hello.",
        refusal: null,
        annotations: [],
        audio: null,
        function_call: null,
        tool_calls: null,
      },
      { ...calling("c"), refusal: null, function_call: null, index: 0 },
      { ...result("c"), name: "f" },
    ],
  });
});

Deno.test("openai_chat: a complaint repeats VALUE_SHOWN_CHARS_MAX characters of a value, and no more", () => {
  const most = "x".repeat(VALUE_SHOWN_CHARS_MAX);
  const said = (tool_choice: string) =>
    refusalWith({ tools: [f], tool_choice })[0];
  assert.ok(said(most).startsWith(`Invalid value: '${most}'.`));
  assert.equal(said(most + "y"), said(most));
});

Deno.test("openai_chat: ids of calls have up to 40 characters", () => {
  const asked = (id: string) => ({
    messages: [USER, calling(id), result(id)],
  });
  turnWith(asked("i".repeat(40)));
  assert.deepEqual(refusalWith(asked("i".repeat(41))), [
    "Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum length 40, but got a string with length 41 instead.",
    "messages[1].tool_calls[0].id",
    "string_above_max_length",
  ]);
});

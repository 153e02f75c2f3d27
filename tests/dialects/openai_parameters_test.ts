// Words are those of OpenAI's API up to 2026-11-21, as far as they are known.

import assert from "node:assert/strict";
import fc from "fast-check";
import { openaiCounting } from "../../lib/dialects/_openai_counting.ts";
import { SCHEMA_DEPTH_MAX, SCHEMA_NODES_MAX } from "../../lib/core/limits.ts";
import { refusalWith, type Refused, tool, turnWith, USER } from "./_openai.ts";

const SCHEMA = { type: "object", properties: {} };

/** A parameter that is out of range, and what is said of it. */
const WRONG: [more: Record<string, unknown>, ...Refused][] = [
  ...([
    ["temperature", 0, 2],
    ["top_p", 0, 1],
    ["frequency_penalty", -2, 2],
    ["presence_penalty", -2, 2],
  ] as const).flatMap(([key, least, most]): typeof WRONG => [
    [
      { [key]: least - 0.5 },
      `Invalid '${key}': decimal below minimum value. Expected a value >= ${least}, but got ${
        least - 0.5
      } instead.`,
      key,
      "decimal_below_min_value",
    ],
    [
      { [key]: most + 0.5 },
      `Invalid '${key}': decimal above maximum value. Expected a value <= ${most}, but got ${
        most + 0.5
      } instead.`,
      key,
      "decimal_above_max_value",
    ],
  ]),
  ...["max_tokens", "max_completion_tokens", "n"].map((
    key,
  ): typeof WRONG[0] => [
    { [key]: 0 },
    `Invalid '${key}': integer below minimum value. Expected a value >= 1, but got 0 instead.`,
    key,
    "integer_below_min_value",
  ]),
  [
    { n: 129 },
    "Invalid 'n': integer above maximum value. Expected a value <= 128, but got 129 instead.",
    "n",
    "integer_above_max_value",
  ],
  [
    { logprobs: true, top_logprobs: 21 },
    "Invalid 'top_logprobs': integer above maximum value. Expected a value <= 20, but got 21 instead.",
    "top_logprobs",
    "integer_above_max_value",
  ],
  [
    { top_logprobs: 2 },
    "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
    "top_logprobs",
    undefined,
  ],
  [
    { stop: ["a", "b", "c", "d", "e"] },
    "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with length 5 instead.",
    "stop",
    "array_above_max_length",
  ],
  [
    { max_tokens: 5, max_completion_tokens: 5 },
    "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
    "max_tokens",
    "invalid_parameter_combination",
  ],
  [
    { logit_bias: { "7": 101 } },
    "Invalid 'logit_bias.7': decimal above maximum value. Expected a value <= 100, but got 101 instead.",
    "logit_bias.7",
    "decimal_above_max_value",
  ],
  [
    { logit_bias: { "7": "x" } },
    "Invalid type for 'logit_bias.7': expected a decimal, but got a string instead.",
    "logit_bias.7",
    "invalid_type",
  ],
  [
    { service_tier: "gold" },
    "Invalid value: 'gold'. Supported values are: 'auto', 'default', 'flex', 'scale', 'priority', and 'fast'.",
    "service_tier",
    "invalid_value",
  ],
  [
    { reasoning_effort: "most" },
    "Invalid value: 'most'. Supported values are: 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', and 'max'.",
    "reasoning_effort",
    "invalid_value",
  ],
  [
    { verbosity: "silent" },
    "Invalid value: 'silent'. Supported values are: 'low', 'medium', and 'high'.",
    "verbosity",
    "invalid_value",
  ],
  [
    { metadata: { a: 1 } },
    "Invalid type for 'metadata.a': expected a string, but got an integer instead.",
    "metadata.a",
    "invalid_type",
  ],
  [
    { metadata: { a: "x".repeat(513) } },
    "Invalid 'metadata.a': string too long. Expected a string with maximum length 512, but got a string with length 513 instead.",
    "metadata.a",
    "string_above_max_length",
  ],
  [
    { metadata: { ["k".repeat(65)]: "x" } },
    "Invalid 'metadata': string too long. Expected a string with maximum length 64, but got a string with length 65 instead.",
    "metadata",
    "string_above_max_length",
  ],
  [
    {
      metadata: Object.fromEntries(
        Array.from({ length: 17 }, (_, index) => [`k${index}`, "x"]),
      ),
    },
    "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with 17 properties instead.",
    "metadata",
    "object_above_max_properties",
  ],
  [
    { modalities: ["text", "audio"], audio: { voice: "alloy", format: "mp3" } },
    "Unsupported value: 'modalities' does not support 'audio' with this model: the mock answers in text only. Leave 'modalities' out, or send ['text'].",
    "modalities",
    "unsupported_value",
  ],
  [
    { modalities: ["text", "smell"] },
    "Invalid value: 'smell'. Supported values are: 'text' and 'audio'.",
    "modalities[1]",
    "invalid_value",
  ],
  [
    { modalities: "text" },
    "Invalid type for 'modalities': expected an array of strings, but got a string instead.",
    "modalities",
    "invalid_type",
  ],
  [
    { web_search_options: {} },
    "Web search options not supported with this model.",
    "web_search_options",
    undefined,
  ],
  [
    { response_format: { type: "xml" } },
    "Invalid value: 'xml'. Supported values are: 'json_object', 'json_schema', and 'text'.",
    "response_format.type",
    "invalid_value",
  ],
  [
    { response_format: {} },
    "Missing required parameter: 'response_format.type'.",
    "response_format.type",
    "missing_required_parameter",
  ],
  [
    { response_format: "text" },
    "Invalid type for 'response_format': expected an object, but got a string instead.",
    "response_format",
    "invalid_type",
  ],
  [
    { response_format: { type: "json_object" } },
    "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
    "messages",
    undefined,
  ],
  [
    { response_format: { type: "json_schema" } },
    "Missing required parameter: 'response_format.json_schema'.",
    "response_format.json_schema",
    "missing_required_parameter",
  ],
  [
    {
      response_format: { type: "json_schema", json_schema: { schema: SCHEMA } },
    },
    "Missing required parameter: 'response_format.json_schema.name'.",
    "response_format.json_schema.name",
    "missing_required_parameter",
  ],
  [
    { response_format: { type: "json_schema", json_schema: { name: "x" } } },
    "Missing required parameter: 'response_format.json_schema.schema'.",
    "response_format.json_schema.schema",
    "missing_required_parameter",
  ],
  [
    {
      response_format: {
        type: "json_schema",
        json_schema: { name: "a b", schema: SCHEMA },
      },
    },
    "Invalid 'response_format.json_schema.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
    "response_format.json_schema.name",
    "invalid_value",
  ],
];

for (const [more, ...wanted] of WRONG) {
  const name = JSON.stringify(more).slice(0, 80);
  Deno.test(`openai_chat: refuses ${name} because of ${wanted[1]}`, () => {
    assert.deepEqual(refusalWith(more), wanted);
  });
}

const UNSUPPORTED: Refused = [
  "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
  "max_tokens",
  "unsupported_parameter",
];

Deno.test("openai_chat: models that reason do not take max_tokens, and others do", () => {
  for (const model of ["o1", "o3-mini", "gpt-5", "gpt-5-mini", "gpt-5.4"]) {
    assert.deepEqual(refusalWith({ model, max_tokens: 9 }), UNSUPPORTED);
    assert.equal(turnWith({ model, max_completion_tokens: 9 }).maxTokens, 9);
  }
  for (const model of ["gpt-4o", "gpt-5-chat-latest", "llama", "olmo"]) {
    assert.equal(turnWith({ model, max_tokens: 9 }).maxTokens, 9);
  }
});

Deno.test("openai_chat: models that reason take sampling only at its defaults", () => {
  for (const model of ["o3", "gpt-5", "gpt-5-nano-2025-08-07"]) {
    assert.deepEqual(refusalWith({ model, temperature: 0.5 }), [
      "Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) value is supported.",
      "temperature",
      "unsupported_value",
    ]);
    assert.equal(refusalWith({ model, top_p: 0.1 })[1], "top_p");
    turnWith({ model, temperature: 1, top_p: 1, presence_penalty: 0 });
  }
});

Deno.test("openai_chat: models that reason when asked take sampling until they are", () => {
  const ask = { model: "gpt-5.4", temperature: 0.5 };
  turnWith(ask);
  turnWith({ ...ask, reasoning_effort: "none" });
  assert.equal(
    refusalWith({ ...ask, reasoning_effort: "low" })[2],
    "unsupported_value",
  );
});

Deno.test("openai_chat: models that never reason know of no effort; all others do", () => {
  const none = [
    "gpt-3.5-turbo",
    "gpt-4",
    "gpt-4-0613",
    "gpt-4o-mini",
    "gpt-4.1-nano",
  ];
  for (const model of none) {
    assert.deepEqual(refusalWith({ model, reasoning_effort: "low" }), [
      "Unrecognized request argument supplied: reasoning_effort",
      undefined,
      undefined,
    ]);
    turnWith({ model, reasoning_effort: null });
  }
  for (const model of ["o3-mini", "gpt-5", "gpt-5.1", "gpt-oss", "my-model"]) {
    turnWith({ model, reasoning_effort: "low" });
  }
});

Deno.test("openai_chat: speakers have names without blanks and brackets, functions any", () => {
  const named = (name: unknown, role = "user") => ({
    messages: [USER, { role, content: "x", name }],
  });
  for (const name of ["Jo Doe", "<Jo", "a|b", "a\\b", "a/b", "Jo>", ""]) {
    for (const role of ["user", "assistant", "system"]) {
      assert.deepEqual(refusalWith(named(name, role)), [
        "Invalid 'messages[1].name': string does not match pattern. Expected a string that matches the pattern '^[^\\s<|\\\\/>]+$'.",
        "messages[1].name",
        "invalid_value",
      ]);
    }
  }
  for (const name of ["Jo_Doe.1-ü", "ジョー", null]) turnWith(named(name));
});

/** Schemas with a type that there is not, and how it is told. */
const WRONG_TYPES: readonly (readonly [schema: unknown, told: string])[] = [
  [{ type: "OBJECT" }, "'OBJECT'"],
  [{ type: "object", properties: { a: { type: "objekt" } } }, "'objekt'"],
  [{ type: "object", properties: { a: { items: { type: "int" } } } }, "'int'"],
  [{ $defs: { a: { anyOf: [{}, { type: "any" }] } } }, "'any'"],
  [
    { properties: { a: { type: ["string", "None"] } } },
    "['string', 'None']",
  ],
];

for (const [schema, told] of WRONG_TYPES) {
  Deno.test(`openai_chat: no schema has the type ${told}: ${JSON.stringify(schema)}`, () => {
    const words = `${told} is not valid under any of the given schemas.`;
    assert.deepEqual(
      refusalWith({ tools: [tool("f", { parameters: schema })] }),
      [
        `Invalid schema for function 'f': ${words}`,
        "tools[0].function.parameters",
        "invalid_function_parameters",
      ],
    );
    const json_schema = { name: "x", schema };
    const response_format = { type: "json_schema", json_schema };
    assert.deepEqual(refusalWith({ response_format }), [
      `Invalid schema for response_format 'x': ${words}`,
      "response_format",
      undefined,
    ]);
  });
}

Deno.test("openai_chat: what is only called type, and what else schemas hold, is nobody's fault", () => {
  const parameters = {
    type: "object",
    properties: {
      type: { type: ["string", "null"], enum: ["OBJECT"] },
      a: { default: { type: "x" }, const: { type: "x" }, format: "x" },
      b: { type: null },
      c: true,
    },
    required: ["type"],
    "x-own": { type: "x" },
  };
  turnWith({ tools: [tool("f", { parameters })] });
});

Deno.test("openai_chat: types are looked for in SCHEMA_NODES_MAX schemas, SCHEMA_DEPTH_MAX deep", () => {
  const wrong = { type: "x" };
  const wide = (count: number) => ({
    parameters: { anyOf: [...Array(count).fill({}), wrong] },
  });
  // The outer one counts too.
  refusalWith({ tools: [tool("f", wide(SCHEMA_NODES_MAX - 2))] });
  turnWith({ tools: [tool("f", wide(SCHEMA_NODES_MAX - 1))] });
  const deep = (levels: number) => {
    let schema: unknown = wrong;
    for (let at = 0; at < levels; at++) schema = { items: schema };
    return { parameters: schema };
  };
  refusalWith({ tools: [tool("f", deep(SCHEMA_DEPTH_MAX))] });
  turnWith({ tools: [tool("f", deep(SCHEMA_DEPTH_MAX + 1))] });
});

Deno.test("openai_chat: web search is for models that search, and for those nobody knows", () => {
  turnWith({ model: "gpt-4o-search-preview", web_search_options: {} });
  turnWith({ model: "my-model", web_search_options: {} });
});

Deno.test("openai_chat: the word json in any message, in any case, allows JSON mode", () => {
  const response_format = { type: "json_object" };
  for (const content of ["Answer in JSON.", [{ type: "text", text: "json" }]]) {
    const messages = [{ role: "system", content }, USER];
    const { responseFormat } = turnWith({ response_format, messages });
    assert.equal(responseFormat, "json_object");
  }
});

Deno.test("openai_chat: what changes an answer is told in neutral words", () => {
  assert.deepEqual(
    turnWith({
      model: "my-model",
      max_tokens: 7,
      stop: "END",
      n: 3,
      logprobs: true,
      top_logprobs: 2,
      seed: 5,
      reasoning_effort: "low",
      response_format: {
        type: "json_schema",
        json_schema: { name: "answer", strict: true, schema: SCHEMA },
      },
    }),
    {
      model: "my-model",
      stream: false,
      messages: [{ role: "user", parts: [{ type: "text", text: "hi" }] }],
      tools: [],
      counting: openaiCounting,
      maxTokens: 7,
      stop: ["END"],
      choices: 3,
      logprobs: { top: 2 },
      seed: 5,
      reasoning: true,
      responseFormat: "json_schema",
      responseSchema: SCHEMA,
    },
  );
});

Deno.test("openai_chat: a wish for what happens anyway, or for nothing, is none", () => {
  const plain = Object.keys(turnWith({}));
  for (
    const more of [
      { n: 1 },
      { stop: [] },
      { stop: "" },
      { logprobs: false },
      { max_tokens: null, seed: null, response_format: null, tools: null },
      { temperature: 0.5, user: "me", store: true, metadata: { a: "b" } },
    ]
  ) assert.deepEqual(Object.keys(turnWith(more)), plain, JSON.stringify(more));
});

Deno.test("openai_chat: every number in its range is taken, and no other", () => {
  const ranges = [
    ["temperature", 0, 2, 0.01],
    ["top_p", 0, 1, 0.01],
    ["frequency_penalty", -2, 2, 0.01],
    ["presence_penalty", -2, 2, 0.01],
    ["n", 1, 128, 1],
    ["max_completion_tokens", 1, Infinity, 1],
  ] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...ranges),
      fc.integer({ min: -400, max: 400 }),
      ([key, least, most, step], steps) => {
        const value = steps * step;
        const good = value >= least && value <= most;
        const more = { [key]: value };
        if (good) turnWith(more);
        else assert.match(refusalWith(more)[2] ?? "", /_value$/);
      },
    ),
  );
});

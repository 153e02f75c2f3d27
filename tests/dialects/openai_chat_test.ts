import assert from "node:assert/strict";
import fc from "fast-check";
import { openaiCounting } from "../../lib/dialects/_openai_counting.ts";
import { BadRequest } from "../../lib/core/reply.ts";
import { goDuration } from "../../lib/dialects/_openai_headers.ts";
import type { ChatEndpoint, Inbound } from "../../lib/dialects/dialect.ts";
import { openaiChat } from "../../lib/dialects/openai_chat.ts";
import { json, perform, testApp } from "../support/app.ts";
import { sseEvents } from "../support/fold.ts";

const chat = openaiChat.endpoints.find(({ type }) =>
  type === "chat"
) as ChatEndpoint;

function decode(body: unknown, tokensAsked = false) {
  const inbound: Inbound = { headers: new Headers(), body, tokensAsked };
  return chat.decode(inbound).turn;
}

function refusal(
  body: unknown,
): [message: string, field: string | undefined, code: string | undefined] {
  try {
    decode(body);
  } catch (error) {
    assert.ok(error instanceof BadRequest);
    const { message, field, code } = error.failure;
    return [message, field, code];
  }
  return assert.fail("not refused");
}

const user = { role: "user", content: "hi" };

Deno.test("openai_chat: content comes as a string, as parts or not at all", () => {
  const { messages } = decode({
    model: "m",
    messages: [
      { role: "developer", content: "be brief" },
      {
        role: "user",
        content: [{ type: "text", text: "a" }, {
          type: "image_url",
          image_url: { url: "https://example.com/a" },
        }],
      },
      {
        role: "assistant",
        content: null,
        tool_calls: [{
          id: "c",
          type: "function",
          function: { name: "f", arguments: "{}" },
        }],
      },
      {
        role: "tool",
        tool_call_id: "c",
        content: [{ type: "text", text: "r" }],
      },
      { role: "assistant", refusal: "no" },
    ],
  });
  assert.deepEqual(messages, [
    { role: "system", parts: [{ type: "text", text: "be brief" }] },
    {
      role: "user",
      parts: [{ type: "text", text: "a" }, {
        type: "media",
        mediaType: "image/*",
        tokens: 765,
      }],
    },
    {
      role: "assistant",
      parts: [{ type: "tool-call", id: "c", name: "f", input: "{}" }],
    },
    { role: "tool", parts: [{ type: "tool-result", id: "c", text: "r" }] },
    { role: "assistant", parts: [] },
  ]);
});

Deno.test("openai_chat: only the body's stream field decides, and null is no wish", () => {
  for (
    const [stream, wanted] of [[true, true], [false, false], [null, false], [
      undefined,
      false,
    ]]
  ) {
    assert.equal(
      decode({ model: "m", messages: [user], stream }).stream,
      wanted,
    );
  }
});

Deno.test("openai_chat: a token stream needs neither model nor messages, and streams unless told not to", () => {
  assert.deepEqual(decode({}, true), {
    model: "",
    stream: true,
    messages: [],
    tools: [],
    counting: openaiCounting,
  });
  assert.equal(decode({ stream: false }, true).stream, false);
  assert.equal(decode({ messages: [user] }, true).stream, false);
});

Deno.test("openai_chat: refusals name the field in OpenAI's words", () => {
  const cases: [unknown, ...ReturnType<typeof refusal>][] = [
    [
      [],
      "Invalid type for 'body': expected an object, but got an array instead.",
      "body",
      "invalid_type",
    ],
    [
      { messages: [user] },
      "you must provide a model parameter",
      "model",
      undefined,
    ],
    [
      { model: 1, messages: [user] },
      "Invalid type for 'model': expected a string, but got an integer instead.",
      "model",
      "invalid_type",
    ],
    [
      { model: "m" },
      "Missing required parameter: 'messages'.",
      "messages",
      "missing_required_parameter",
    ],
    [
      { model: "m", messages: {} },
      "Invalid type for 'messages': expected an array of objects, but got an object instead.",
      "messages",
      "invalid_type",
    ],
    [
      { model: "m", messages: ["x"] },
      "Invalid type for 'messages[0]': expected an object, but got a string instead.",
      "messages[0]",
      "invalid_type",
    ],
    [
      { model: "m", messages: [user, {}] },
      "Missing required parameter: 'messages[1].role'.",
      "messages[1].role",
      "missing_required_parameter",
    ],
    [
      { model: "m", messages: [{ role: 1 }] },
      "Invalid type for 'messages[0].role': expected a string, but got an integer instead.",
      "messages[0].role",
      "invalid_type",
    ],
    [
      { model: "m", messages: [{ role: "user", content: true }] },
      "Invalid type for 'messages[0].content': expected one of a string or array of objects, but got a boolean instead.",
      "messages[0].content",
      "invalid_type",
    ],
    [
      { model: "m", messages: [{ role: "user", content: [{ type: "text" }] }] },
      "Missing required parameter: 'messages[0].content[0].text'.",
      "messages[0].content[0].text",
      "missing_required_parameter",
    ],
    [
      {
        model: "m",
        messages: [{ role: "user", content: [{ type: "smell" }] }],
      },
      "Invalid value: 'smell'. Supported values are: 'text', 'refusal', 'image_url', 'input_audio', and 'file'.",
      "messages[0].content[0].type",
      "invalid_value",
    ],
    [
      { model: "m", messages: [user], stream: 1.5 },
      "Invalid type for 'stream': expected a boolean, but got a decimal instead.",
      "stream",
      "invalid_type",
    ],
    [
      { model: "m", messages: [user], tools: [{ type: "function" }] },
      "Missing required parameter: 'tools[0].function'.",
      "tools[0].function",
      "missing_required_parameter",
    ],
    [
      { model: "m", messages: [user], stream_options: {} },
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      "stream_options",
      undefined,
    ],
  ];
  for (const [body, ...wanted] of cases) {
    assert.deepEqual(refusal(body), wanted);
  }
});

/** Decodes `body`, or sees that it is refused in OpenAI's envelope. */
function wordedOrDecoded(body: unknown, tokensAsked: boolean): void {
  try {
    decode(body, tokensAsked);
  } catch (error) {
    assert.ok(error instanceof BadRequest, String(error));
    const { status, body } = openaiChat.refuse(error.failure, {});
    assert.equal(status, 400);
    assert.deepEqual(Object.keys(JSON.parse(body).error), [
      "message",
      "type",
      "param",
      "code",
    ]);
  }
}

Deno.test("openai_chat: decode of any JSON returns or refuses, nothing else", () => {
  const keys = fc.constantFrom(
    "model",
    "messages",
    "stream",
    "tools",
    "role",
    "content",
    "type",
    "text",
    "stream_options",
    "tool_calls",
    "tool_call_id",
    "tool_choice",
    "function",
    "functions",
    "function_call",
    "name",
    "parameters",
    "response_format",
    "json_schema",
    "allowed_tools",
    "image_url",
    "stop",
    "logprobs",
    "top_logprobs",
    "metadata",
    "logit_bias",
    "temperature",
    "max_tokens",
    "toString",
    "valueOf",
    "__proto__",
  );
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<unknown>(
        ...["user", "assistant", "tool", "text", "m", "o3", "function"],
        ...["json_object", "json_schema", "image_url", null, true, 1, -1.5],
      ),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(keys, tie("value"), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(
    fc.property(
      fc.oneof(values, fc.jsonValue()),
      fc.boolean(),
      (body, tokensAsked) => {
        const good = { model: "m", messages: [user] };
        const more = typeof body === "object" ? body : {};
        for (
          const candidate of [
            body,
            { ...good, ...more },
            { ...good, tools: body, tool_choice: body, response_format: body },
            { ...good, messages: [user, body] },
          ]
        ) wordedOrDecoded(candidate, tokensAsked);
      },
    ),
    { numRuns: 1_000 },
  );
});

Deno.test("openai_chat: obfuscation makes every event one longer than a multiple of 16, in code points", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "grapheme" }),
      fc.boolean(),
      async (text, includeUsage) => {
        const app = testApp({ responses: { hi: text } });
        const body = {
          model: "gpt-4o 🙂",
          messages: [user],
          stream: true,
          stream_options: { include_usage: includeUsage },
        };
        const events = sseEvents(
          (await perform(app, "/v1/chat/completions", json(body))).text,
        );
        for (const { data } of events.slice(0, -1)) {
          assert.equal(Array.from(data).length % 16, 1, data);
          assert.match(JSON.parse(data).obfuscation, /^[A-Za-z0-9]{0,15}$/);
        }
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("openai_chat: every chunk has the recorded keys in the recorded order", async () => {
  const app = testApp({ responses: { hi: "yo" } });
  const body = {
    model: "m",
    messages: [user],
    stream: true,
    stream_options: { include_usage: true },
  };
  const { text } = await perform(app, "/v1/chat/completions", json(body));
  for (const { data } of sseEvents(text).slice(0, -1)) {
    assert.deepEqual(Object.keys(JSON.parse(data)), [
      "id",
      "object",
      "created",
      "model",
      "service_tier",
      "system_fingerprint",
      "choices",
      "usage",
      "obfuscation",
    ]);
  }
});

Deno.test("openai_chat: durations in headers are written as Go does", () => {
  assert.equal(goDuration(0), "0s");
  assert.equal(goDuration(0.4), "1ms");
  assert.equal(goDuration(120.2), "120ms");
  assert.equal(goDuration(999.9), "1s");
  assert.equal(goDuration(8_640), "8.64s");
  assert.equal(goDuration(59_999.9), "1m0s");
  assert.equal(goDuration(86_400), "1m26.4s");
  assert.equal(goDuration(360_000), "6m0s");
});

Deno.test("openai_chat: every parameter has its type, null is no value, and what is unknown passes", () => {
  const ask = (more: Record<string, unknown>) => ({
    model: "m",
    messages: [user],
    ...more,
  });
  decode(
    ask({
      temperature: 1,
      n: 1,
      stop: ["a", "b"],
      metadata: {},
      user: null,
      foo: [],
    }),
  );
  const wrong: [string, unknown, string][] = [
    [
      "temperature",
      "x",
      "Invalid type for 'temperature': expected a decimal, but got a string instead.",
    ],
    [
      "max_tokens",
      1.5,
      "Invalid type for 'max_tokens': expected an integer, but got a decimal instead.",
    ],
    [
      "n",
      [],
      "Invalid type for 'n': expected an integer, but got an array instead.",
    ],
    [
      "logprobs",
      "yes",
      "Invalid type for 'logprobs': expected a boolean, but got a string instead.",
    ],
    [
      "user",
      7,
      "Invalid type for 'user': expected a string, but got an integer instead.",
    ],
    [
      "metadata",
      [],
      "Invalid type for 'metadata': expected an object, but got an array instead.",
    ],
    [
      "stop",
      [1],
      "Invalid type for 'stop': expected one of a string or array of strings, but got an array instead.",
    ],
  ];
  for (const [key, value, message] of wrong) {
    assert.deepEqual(refusal(ask({ [key]: value })), [
      message,
      key,
      "invalid_type",
    ]);
  }
  assert.deepEqual(refusal(ask({ max_tokens: 0 })), [
    "Invalid 'max_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead.",
    "max_tokens",
    "integer_below_min_value",
  ]);
});

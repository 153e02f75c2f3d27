// `auto: true`: what nobody scripted satisfies the clients' own loops, parsers and schemas.

import Anthropic from "@anthropic-ai/sdk";
import { jsonSchemaOutputFormat } from "@anthropic-ai/sdk/helpers/json-schema";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import { ChatAnthropic } from "@langchain/anthropic";
import {
  generateObject,
  generateText,
  stepCountIs,
  streamText,
  tool,
} from "ai";
import assert from "node:assert/strict";
import OpenAI from "openai";
import { zodFunction, zodResponseFormat } from "openai/helpers/zod";
import * as z from "zod";
import { MODELS } from "./_ai.ts";
import { LISTED, type SdkServer, sdkTests } from "./_server.ts";

const test = sdkTests();
const AUTO = { reply: { auto: true } } as const;
const QUESTION = "Plan me a trip.";

/** A part of a page: it holds others of its kind. */
const Part = z.object({
  kind: z.enum(["div", "button"]),
  label: z.string(),
  get parts() {
    return z.array(Part);
  },
});

const Trip = z.object({
  city: z.string().min(2),
  nights: z.int().min(1).max(14),
  from: z.iso.date(),
  class: z.enum(["economy", "business"]),
  stops: z.array(z.object({ city: z.string(), email: z.email() })).max(3),
  by: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("train"), seat: z.int().positive() }),
    z.object({
      kind: z.literal("car"),
      plate: z.string().regex(/^[A-Z]{3}-\d{3}$/),
    }),
  ]),
  note: z.string().nullable(),
});

/** Without bounds: clients of Anthropic leave those out of what they send, and check them afterwards. */
const Boundless = z.object({
  city: z.string(),
  class: z.enum(["economy", "business"]),
  stops: z.array(z.object({ city: z.string(), sure: z.boolean() })),
  by: z.union([z.object({ seat: z.int() }), z.string()]).nullable(),
});

/** Hardly anything is valid by chance: clients of Anthropic tell these bounds only in descriptions. */
const Bounded = z.object({
  nights: z.int().min(3).max(4).describe("How long."),
  price: z.number().gt(1_000).lt(1_001),
  code: z.string().regex(/^[A-Z]{3}-\d{2}$/),
  name: z.string().min(30).max(40),
  stops: z.array(z.string().length(5)).min(3).max(4),
  rooms: z.array(z.int().multipleOf(7)).length(2).describe("Numbers; all."),
  class: z.enum(["economy", "business"]),
  stars: z.union([z.literal(1), z.literal(5)]),
  id: z.cuid2().nullable(),
});

/** Asks a client for an object of a schema, under a seed. */
type AskBounded = (server: SdkServer, headers: Headers) => Promise<unknown>;
type Headers = Record<string, string>;

const BOUNDED: Readonly<Record<string, AskBounded>> = {
  "anthropic messages.parse": async (server, defaultHeaders) => {
    const { parsed_output } = await anthropicOf(server, defaultHeaders)
      .messages.parse({
        model: LISTED,
        max_tokens: 4_096,
        messages: [{ role: "user", content: QUESTION }],
        output_config: { format: zodOutputFormat(Bounded) },
      });
    return parsed_output;
  },
  "ai generateObject with anthropic": async (server, headers) => {
    const model = MODELS.anthropic?.(server, headers);
    assert.ok(model);
    const schema = Bounded;
    return (await generateObject({ model, prompt: QUESTION, schema })).object;
  },
  "langchain ChatAnthropic.withStructuredOutput": (
    { url, fetch },
    defaultHeaders,
  ) =>
    new ChatAnthropic({
      model: LISTED,
      apiKey: "k",
      maxTokens: 4_096,
      maxRetries: 0,
      anthropicApiUrl: url,
      clientOptions: { fetch, defaultHeaders },
    }).withStructuredOutput(Bounded, { method: "jsonSchema" }).invoke(QUESTION),
};

function anthropicOf({ url, fetch }: SdkServer, defaultHeaders: Headers = {}) {
  return new Anthropic({
    apiKey: "k",
    baseURL: url,
    fetch,
    defaultHeaders,
    maxRetries: 0,
  });
}

for (const [name, ask] of Object.entries(BOUNDED)) {
  test(`${name}: auto obeys bounds that are only told in descriptions, under each of ten seeds`, async (server) => {
    await server.use(AUTO);
    for (let seed = 0; seed < 10; seed++) {
      const object = await ask(server, { "X-Mock-Seed": String(seed) });
      assert.deepEqual(Bounded.parse(object), object);
    }
  });
}

test("anthropic messages.parse: auto obeys lists by place that are only told in descriptions", async (server) => {
  await server.use(AUTO);
  const bound = { type: "integer", minimum: 3, maximum: 4 } as const;
  const format = jsonSchemaOutputFormat({
    type: "object",
    properties: {
      pair: {
        type: "array",
        prefixItems: [{ type: "string" }, bound],
        minItems: 2,
        maxItems: 2,
      },
      list: { type: "array", items: bound, minItems: 3 },
    },
    required: ["pair", "list"],
    additionalProperties: false,
  });
  const { parsed_output } = await anthropicOf(server).messages.parse({
    model: LISTED,
    max_tokens: 4_096,
    messages: [{ role: "user", content: QUESTION }],
    output_config: { format },
  });
  z.object({
    pair: z.tuple([z.string(), z.int().min(3).max(4)]),
    list: z.array(z.int().min(3).max(4)).min(3),
  }).parse(parsed_output);
});

/** Remembers what a tool was called with, as the schema parses it. */
function booking() {
  const calls: unknown[] = [];
  const book = (given: unknown) => {
    calls.push(Trip.parse(given));
    return "booked";
  };
  return { calls, book };
}

function completionsOf({ url, fetch }: SdkServer, seed = 1) {
  const defaultHeaders = { "X-Mock-Seed": String(seed) };
  const baseURL = `${url}/v1`;
  return new OpenAI({
    apiKey: "k",
    baseURL,
    fetch,
    defaultHeaders,
    maxRetries: 0,
  })
    .chat.completions;
}

const ASKED = {
  model: "gpt-4o",
  messages: [{ role: "user" as const, content: QUESTION }],
};

for (const stream of [false, true]) {
  const how = stream ? "streamed" : "whole";

  test(`openai runTools, ${how}: auto calls with valid arguments, and ends in words`, async (server) => {
    await server.use(AUTO);
    const { calls, book } = booking();
    const asked = {
      ...ASKED,
      tools: [zodFunction({ name: "book", parameters: Trip, function: book })],
    };
    const completions = completionsOf(server);
    const runner = stream
      ? completions.runTools({ ...asked, stream: true })
      : completions.runTools(asked);
    assert.match(await runner.finalContent() ?? "", /^[A-Z].*\.$/);
    assert.equal(calls.length, 1);
    assert.equal((await server.asked()).length, 2);
  });
}

test("openai parse: auto fills a schema that holds itself, under each of twenty seeds", async (server) => {
  await server.use(AUTO);
  const response_format = zodResponseFormat(Part, "part");
  const said = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    const { choices: [choice] } = await completionsOf(server, seed)
      .parse({ ...ASKED, response_format });
    assert.ok(choice?.message.parsed);
    said.add(choice.message.content ?? "");
  }
  assert.ok(said.size > 10);
});

test("openai: a seed makes auto's answer, whatever it runs on", async (server) => {
  await server.use(AUTO);
  const { choices: [choice] } = await completionsOf(server, 11).create({
    ...ASKED,
    response_format: zodResponseFormat(Trip, "trip"),
  });
  assert.equal(
    choice?.message.content,
    '{"city":"Rome","nights":10,"from":"2024-05-09","class":"economy","stops":[{"city":"Kyoto","email":"harbour53@example.com"}],"by":{"kind":"train","seat":51},"note":"The window is older than the distant garden."}',
  );
});

test("openai: n answers of auto are not all the same, and all valid", async (server) => {
  await server.use(AUTO);
  const { choices } = await completionsOf(server).create({
    ...ASKED,
    n: 4,
    response_format: zodResponseFormat(Trip, "trip"),
  });
  const texts = choices.map(({ message }) => message.content ?? "");
  for (const text of texts) Trip.parse(JSON.parse(text));
  assert.ok(new Set(texts).size > 1);
});

for (const [name, makeModel] of Object.entries(MODELS)) {
  test(`ai generateText with ${name}: auto's loop ends in words`, async (server) => {
    await server.use(AUTO);
    const { calls, book } = booking();
    const result = await generateText({
      model: makeModel(server),
      tools: { book: tool({ inputSchema: Trip, execute: book }) },
      stopWhen: stepCountIs(9),
      prompt: QUESTION,
    });
    assert.equal(result.steps.length, 2);
    assert.match(result.text, /^[A-Z].*\.$/);
    assert.equal(calls.length, 1);
  });

  test(`ai streamText with ${name}: auto's loop ends in words`, async (server) => {
    await server.use(AUTO);
    const { calls, book } = booking();
    const result = streamText({
      model: makeModel(server),
      tools: { book: tool({ inputSchema: Trip, execute: book }) },
      stopWhen: stepCountIs(9),
      prompt: QUESTION,
    });
    assert.match(await result.text, /^[A-Z].*\.$/);
    assert.equal(calls.length, 1);
  });

  test(`ai generateObject with ${name}: auto gives an object that the SDK takes`, async (server) => {
    await server.use(AUTO);
    const { object } = await generateObject({
      model: makeModel(server),
      prompt: QUESTION,
      schema: Boundless,
    });
    assert.deepEqual(Boundless.parse(object), object);
  });
}

test("anthropic: auto's loop by hand ends in words, and an output format is filled", async (server) => {
  await server.use(AUTO);
  const client = anthropicOf(server);
  const { calls, book } = booking();
  const input_schema = z.toJSONSchema(Trip) as Anthropic.Tool.InputSchema;
  const tools = [{ name: "book", input_schema }];
  const asked = { model: LISTED, max_tokens: 4_096 };
  const messages: Anthropic.MessageParam[] = [
    { role: "user", content: QUESTION },
  ];
  const first = await client.messages.stream({ ...asked, tools, messages })
    .finalMessage();
  assert.equal(first.stop_reason, "tool_use");
  const [use] = first.content;
  assert.ok(use?.type === "tool_use");
  const content = book(use.input);
  messages.push({ role: "assistant", content: first.content }, {
    role: "user",
    content: [{ type: "tool_result", tool_use_id: use.id, content }],
  });
  const last = await client.messages.create({ ...asked, tools, messages });
  assert.equal(last.stop_reason, "end_turn");
  assert.equal(calls.length, 1);
  const parsed = await client.messages.parse({
    ...asked,
    messages: [{ role: "user", content: QUESTION }],
    output_config: { format: zodOutputFormat(Boundless) },
  });
  assert.ok(parsed.parsed_output);
  Boundless.parse(parsed.parsed_output);
});

test("openai: what a script says against the schema is sent, and the journal tells", async (server) => {
  await server.use({ reply: { json: { city: "P", nights: 99 } } });
  const { choices: [choice] } = await completionsOf(server).create({
    ...ASKED,
    response_format: zodResponseFormat(Trip, "trip"),
  });
  assert.equal(choice?.message.content, '{"city":"P","nights":99}');
  const [asked] = await server.asked();
  assert.deepEqual(asked?.violations?.slice(0, 3), [
    "$.from: is missing",
    "$.class: is missing",
    "$.stops: is missing",
  ]);
});

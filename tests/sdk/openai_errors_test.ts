// The errors of the OpenAI SDK: its classes and what they know, what it asks again and how often,
// what it gives up on, and what there is not.

import assert from "node:assert/strict";
import OpenAI, { type ClientOptions } from "openai";
import type { MockRule } from "../../main.ts";
import { ANSWER, collect, type SdkServer, sdkTests } from "./_server.ts";

const test = sdkTests();

function client(
  { url, fetch }: SdkServer,
  options: ClientOptions = {},
): OpenAI {
  const to = { apiKey: "sk-test", baseURL: `${url}/v1`, fetch };
  return new OpenAI({ ...to, maxRetries: 0, ...options });
}

const ASKED = {
  model: "gpt-4o",
  messages: [{ role: "user" as const, content: "hi" }],
};

type ErrorName = Extract<
  NonNullable<
    Extract<MockRule["reply"], { readonly error?: unknown }>
  >["error"],
  string
>;

/** What becomes of an error of a rule: the SDK's class, and `type` and `code` as it reads them. */
const ERRORS: readonly [
  name: ErrorName,
  Class: new (...args: never[]) => InstanceType<typeof OpenAI.APIError>,
  status: number,
  type: string,
  code: string | null,
][] = [
  [
    "invalid_request",
    OpenAI.BadRequestError,
    400,
    "invalid_request_error",
    null,
  ],
  [
    "context_length_exceeded",
    OpenAI.BadRequestError,
    400,
    "invalid_request_error",
    "context_length_exceeded",
  ],
  [
    "invalid_api_key",
    OpenAI.AuthenticationError,
    401,
    "invalid_request_error",
    "invalid_api_key",
  ],
  [
    "permission_denied",
    OpenAI.PermissionDeniedError,
    403,
    "invalid_request_error",
    "unsupported_country_region_territory",
  ],
  [
    "model_not_found",
    OpenAI.NotFoundError,
    404,
    "invalid_request_error",
    "model_not_found",
  ],
  [
    "rate_limit",
    OpenAI.RateLimitError,
    429,
    "requests",
    "rate_limit_exceeded",
  ],
  [
    "insufficient_quota",
    OpenAI.RateLimitError,
    429,
    "insufficient_quota",
    "insufficient_quota",
  ],
  ["server_error", OpenAI.InternalServerError, 500, "server_error", null],
  [
    "overloaded",
    OpenAI.InternalServerError,
    503,
    "service_unavailable_error",
    null,
  ],
];

for (const [name, Class, status, type, code] of ERRORS) {
  test(`openai: ${name} is the SDK's ${Class.name}, whole and before a stream`, async (server) => {
    await server.use({ reply: { error: name } });
    for (const stream of [false, true]) {
      await assert.rejects(
        client(server).chat.completions.create({ ...ASKED, stream }),
        (error) => {
          assert.ok(error instanceof Class, String(error));
          assert.equal(error.status, status);
          assert.equal(error.type, type);
          assert.equal(error.code, code);
          assert.match(error.requestID ?? "", /^req_/);
          assert.ok(error.message.length > `${status} `.length);
          return true;
        },
      );
    }
  });
}

test("openai: an error written out keeps its type, code, message and headers", async (server) => {
  await server.use({
    reply: {
      error: {
        status: 422,
        type: "teapot",
        code: "short",
        message: "And stout.",
        headers: { "x-pot": "blue" },
      },
    },
  });
  await assert.rejects(
    client(server).chat.completions.create(ASKED),
    (error) => {
      assert.ok(error instanceof OpenAI.UnprocessableEntityError);
      assert.equal(error.message, "422 And stout.");
      assert.equal(error.type, "teapot");
      assert.equal(error.code, "short");
      assert.equal(error.headers.get("x-pot"), "blue");
      return true;
    },
  );
});

test("openai: what is busy is asked again, twice, as soon as it says", async (server) => {
  const beganMs = performance.now();
  const retry_after = 0.01;
  const flaky = (...statuses: number[]): MockRule => ({
    replies: [
      ...statuses.map((status) => ({ error: { status, retry_after } })),
      ANSWER,
    ],
  });
  for (const statuses of [[429, 500], [503, 408], [409, 429]]) {
    await server.use({ name: "flaky", ...flaky(...statuses) });
    const before = (await server.asked()).length;
    const { choices: [choice] } = await client(server, { maxRetries: 2 }).chat
      .completions.create(ASKED);
    assert.equal(choice?.message.content, ANSWER);
    const asked = (await server.asked()).slice(before);
    assert.deepEqual(asked.map(({ status }) => status), [...statuses, 200]);
  }
  // Without a word it would wait for seconds in all.
  assert.ok(performance.now() - beganMs < 2_000);
});

test("openai: a stream that begins badly is asked again too", async (server) => {
  await server.use({
    replies: [{ error: { status: 429, retry_after: 0.01 } }, ANSWER],
  });
  const stream = client(server, { maxRetries: 1 }).chat.completions
    .stream(ASKED);
  assert.equal(await stream.finalContent(), ANSWER);
  const asked = await server.asked();
  assert.deepEqual(asked.map(({ status }) => status), [429, 200]);
});

test("openai: after two more tries it gives up, and x-should-retry has the last word", async (server) => {
  await server.use({ reply: { error: { status: 500, retry_after: 0.01 } } });
  const create = () =>
    client(server, { maxRetries: 2 }).chat.completions.create(ASKED);
  await assert.rejects(create(), OpenAI.InternalServerError);
  assert.equal((await server.asked()).length, 3);
  await server.use({
    reply: {
      error: { status: 500, headers: { "x-should-retry": "false" } },
    },
  });
  await assert.rejects(create(), OpenAI.InternalServerError);
  assert.equal((await server.asked()).length, 4);
});

test("openai: wrong requests are the SDK's BadRequestError and name the field", async (server) => {
  await assert.rejects(
    client(server).chat.completions.create({ ...ASKED, messages: [] }),
    (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.equal(error.type, "invalid_request_error");
      assert.equal(error.param, "messages");
      assert.match(error.requestID ?? "", /^req_/);
      return true;
    },
  );
});

test("openai: unknown models are the SDK's NotFoundError", async (server) => {
  await assert.rejects(client(server).models.retrieve("nobody"), (error) => {
    assert.ok(error instanceof OpenAI.NotFoundError);
    assert.equal(error.code, "model_not_found");
    assert.match(error.requestID ?? "", /^req_/);
    return true;
  });
});

test("openai: endpoints that there are not are the SDK's NotFoundError, and nothing else breaks", async (server) => {
  const openai = client(server);
  const missing = [
    () =>
      openai.embeddings.create({ model: "text-embedding-3-small", input: "a" }),
    () => openai.batches.list(),
    () => openai.images.generate({ prompt: "a cat" }),
    () => openai.moderations.create({ input: "a" }),
    () => openai.responses.create({ model: "gpt-4o", input: "a" }),
  ];
  for (const call of missing) {
    await assert.rejects(async () => await call(), (error) => {
      assert.ok(error instanceof OpenAI.NotFoundError, String(error));
      assert.equal(error.type, "invalid_request_error");
      assert.match(error.requestID ?? "", /^req_/);
      return true;
    });
  }
  const { choices } = await openai.chat.completions.create(ASKED);
  assert.equal(choices.length, 1);
});

const SLOW: MockRule = { reply: "word ".repeat(100), pace: { itl: "1s" } };

test("openai: an aborted stream ends, and the server knows that the client left", async (server) => {
  await server.use(SLOW);
  const stream = await client(server).chat.completions.create({
    ...ASKED,
    stream: true,
  });
  let chunks = 0;
  for await (const _ of stream) {
    if (++chunks === 2) stream.controller.abort();
  }
  assert.equal(chunks, 2);
  await server.left();
});

test("openai: leaving the loop of a stream is leaving the server", async (server) => {
  await server.use(SLOW);
  const stream = await client(server).chat.completions.create({
    ...ASKED,
    stream: true,
  });
  for await (const _ of stream) break;
  await server.left();
});

test("openai: the stream helper, aborted, is the SDK's APIUserAbortError", async (server) => {
  await server.use(SLOW);
  const stream = client(server).chat.completions.stream(ASKED);
  stream.on("content", () => stream.abort());
  await assert.rejects(stream.finalContent(), OpenAI.APIUserAbortError);
  await server.left();
});

test("openai: what takes too long is the SDK's APIConnectionTimeoutError", async (server) => {
  await server.use({ reply: "late", pace: { ttft: "30s" } });
  await assert.rejects(
    client(server, { timeout: 50 }).chat.completions.create(ASKED),
    OpenAI.APIConnectionTimeoutError,
  );
});

test("openai: a timeout counts to the first byte, not to the end of a stream", async (server) => {
  await server.use({ reply: "a b c d e f", pace: { itl: "60ms" } });
  const stream = await client(server, { timeout: 200 }).chat.completions
    .create({ ...ASKED, stream: true });
  const chunks = await collect(stream);
  assert.equal(chunks.at(-1)?.choices[0]?.finish_reason, "stop");
});

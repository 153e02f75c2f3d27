// The errors of the Anthropic SDK: its classes and what they know, what it asks again and how
// often, what it gives up on, and what there is not.

import assert from "node:assert/strict";
import Anthropic, { type ClientOptions } from "@anthropic-ai/sdk";
import type { MockRule } from "../../main.ts";
import { ANSWER, LISTED, type SdkServer, sdkTests } from "./_server.ts";

const test = sdkTests();

function client(
  { url, fetch }: SdkServer,
  options: ClientOptions = {},
): Anthropic {
  const to = { apiKey: "sk-ant-test", baseURL: url, fetch };
  return new Anthropic({ ...to, maxRetries: 0, ...options });
}

const ASKED = {
  model: LISTED,
  max_tokens: 1_000,
  messages: [{ role: "user" as const, content: "hi" }],
};

type ErrorName = Extract<
  NonNullable<
    Extract<MockRule["reply"], { readonly error?: unknown }>
  >["error"],
  string
>;
type ErrorClass = new (
  ...args: never[]
) => InstanceType<typeof Anthropic.APIError>;

/** What becomes of an error of a rule: the SDK's class, and the type as it reads it. */
const ERRORS: readonly [ErrorName, ErrorClass, status: number, string][] = [
  [
    "invalid_request",
    Anthropic.BadRequestError,
    400,
    "invalid_request_error",
  ],
  [
    "context_length_exceeded",
    Anthropic.BadRequestError,
    400,
    "invalid_request_error",
  ],
  [
    "insufficient_quota",
    Anthropic.BadRequestError,
    400,
    "invalid_request_error",
  ],
  [
    "invalid_api_key",
    Anthropic.AuthenticationError,
    401,
    "authentication_error",
  ],
  [
    "permission_denied",
    Anthropic.PermissionDeniedError,
    403,
    "permission_error",
  ],
  ["model_not_found", Anthropic.NotFoundError, 404, "not_found_error"],
  [
    "request_too_large",
    Anthropic.ContentTooLargeError,
    413,
    "request_too_large",
  ],
  ["rate_limit", Anthropic.RateLimitError, 429, "rate_limit_error"],
  ["server_error", Anthropic.InternalServerError, 500, "api_error"],
  ["overloaded", Anthropic.OverloadedError, 529, "overloaded_error"],
];

for (const [name, Class, status, type] of ERRORS) {
  test(`anthropic: ${name} is the SDK's ${Class.name}, whole and before a stream`, async (server) => {
    await server.use({ reply: { error: name } });
    const { messages } = client(server);
    for (const stream of [false, true]) {
      await assert.rejects(
        messages.create({ ...ASKED, stream }),
        (error) => {
          assert.ok(error instanceof Class, String(error));
          assert.equal(error.status, status);
          assert.equal(error.type, type);
          assert.match(error.requestID ?? "", /^req_011C/);
          const body = error.error as { request_id?: string };
          assert.equal(body.request_id, error.requestID);
          return true;
        },
      );
    }
  });
}

/** Asserts that `refused` is an error of `Class` with these words. */
async function rejects(
  refused: Promise<unknown>,
  Class: ErrorClass,
  type: string,
  message: string,
): Promise<void> {
  await assert.rejects(refused, (error) => {
    assert.ok(error instanceof Class, String(error));
    assert.match(error.requestID ?? "", /^req_011C/);
    assert.deepEqual(error.error, {
      type: "error",
      error: { type, message },
      request_id: error.requestID,
    });
    return true;
  });
}

test("anthropic: an error written out keeps its type, message and headers", async (server) => {
  const error = {
    status: 422,
    type: "teapot_error",
    message: "And stout.",
    headers: { "x-pot": "blue" },
  };
  await server.use({ reply: { error } });
  await rejects(
    client(server).messages.create(ASKED),
    Anthropic.UnprocessableEntityError,
    "teapot_error",
    "And stout.",
  );
});

test("anthropic: wrong requests are the SDK's BadRequestError and name the field", async (server) => {
  await rejects(
    client(server).messages.create({ ...ASKED, messages: [] }),
    Anthropic.BadRequestError,
    "invalid_request_error",
    "messages: at least one message is required",
  );
  const hot: object = { ...ASKED, temperature: 1 };
  await rejects(
    client(server).post("/v1/messages", { body: hot }),
    Anthropic.BadRequestError,
    "invalid_request_error",
    "temperature: Extra inputs are not permitted",
  );
});

test("anthropic: an unknown model is the SDK's NotFoundError", async (server) => {
  await rejects(
    client(server).models.retrieve("claude-does-not-exist"),
    Anthropic.NotFoundError,
    "not_found_error",
    "model: claude-does-not-exist",
  );
});

test("anthropic: an unknown path is the SDK's NotFoundError, with the nearest paths", async (server) => {
  await assert.rejects(client(server).post("/v1/v1/messages"), (error) => {
    assert.ok(error instanceof Anthropic.NotFoundError, String(error));
    assert.match(error.message, /"not_found_error".*\/v1\/messages/);
    return true;
  });
});

test("anthropic: endpoints that there are not are the SDK's NotFoundError, and nothing else breaks", async (server) => {
  const anthropic = client(server);
  const missing = [
    () => anthropic.messages.batches.list(),
    () => anthropic.beta.files.list(),
  ];
  for (const call of missing) {
    await assert.rejects(async () => await call(), (error) => {
      assert.ok(error instanceof Anthropic.NotFoundError, String(error));
      assert.equal(error.type, "not_found_error");
      return true;
    });
  }
  const { content } = await anthropic.messages.create(ASKED);
  assert.equal(content.length, 1);
});

test("anthropic: what is busy is asked again, twice, as soon as it says", async (server) => {
  const beganMs = performance.now();
  const retry_after = 0.01;
  for (const statuses of [[429, 529], [500, 408], [409, 503]]) {
    const errors = statuses.map((status) => ({
      error: { status, retry_after },
    }));
    await server.use({ name: "flaky", replies: [...errors, ANSWER] });
    const before = (await server.asked()).length;
    const message = await client(server, { maxRetries: 2 }).messages
      .create(ASKED);
    assert.equal(message.stop_reason, "end_turn");
    const asked = (await server.asked()).slice(before);
    assert.deepEqual(asked.map(({ status }) => status), [...statuses, 200]);
  }
  // Without a word it would wait for seconds in all.
  assert.ok(performance.now() - beganMs < 2_000);
});

test("anthropic: a stream that begins badly is asked again too", async (server) => {
  await server.use({
    replies: [{ error: { status: 529, retry_after: 0.01 } }, ANSWER],
  });
  const stream = client(server, { maxRetries: 1 }).messages.stream(ASKED);
  assert.equal(await stream.finalText(), ANSWER);
  const asked = await server.asked();
  assert.deepEqual(asked.map(({ status }) => status), [529, 200]);
});

test("anthropic: after two more tries it gives up, and x-should-retry has the last word", async (server) => {
  await server.use({ reply: { error: { status: 529, retry_after: 0.01 } } });
  const create = () => client(server, { maxRetries: 2 }).messages.create(ASKED);
  await assert.rejects(create(), Anthropic.OverloadedError);
  assert.equal((await server.asked()).length, 3);
  const headers = { "x-should-retry": "false" };
  await server.use({ reply: { error: { status: 500, headers } } });
  await assert.rejects(create(), Anthropic.InternalServerError);
  assert.equal((await server.asked()).length, 4);
});

const SLOW: MockRule = { reply: "word ".repeat(100), pace: { itl: "1s" } };

test("anthropic: leaving the loop of a stream is leaving the server", async (server) => {
  await server.use(SLOW);
  const stream = await client(server).messages.create({
    ...ASKED,
    stream: true,
  });
  for await (const { type } of stream) {
    if (type === "content_block_delta") break;
  }
  await server.left();
});

test("anthropic: the stream helper, aborted, is the SDK's APIUserAbortError", async (server) => {
  await server.use(SLOW);
  const stream = client(server).messages.stream(ASKED);
  stream.on("text", () => stream.abort());
  await assert.rejects(stream.finalMessage(), Anthropic.APIUserAbortError);
  await server.left();
});

test("anthropic: what takes too long is the SDK's APIConnectionTimeoutError", async (server) => {
  await server.use({ reply: "late", pace: { ttft: "30s" } });
  await assert.rejects(
    client(server, { timeout: 50 }).messages.create(ASKED),
    Anthropic.APIConnectionTimeoutError,
  );
});

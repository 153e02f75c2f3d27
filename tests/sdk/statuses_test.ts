// Every status that the providers document, as their SDKs see it: the class, and what it knows.

import Anthropic from "@anthropic-ai/sdk";
import assert from "node:assert/strict";
import OpenAI from "openai";
import { type SdkServer, sdkTests } from "./_server.ts";

const test = sdkTests();

const messages = [{ role: "user" as const, content: "hi" }];

/** What an SDK throws for a question that is answered with `status`. */
async function thrown(
  { url, fetch }: SdkServer,
  sdk: "openai" | "anthropic",
): Promise<InstanceType<typeof OpenAI.APIError | typeof Anthropic.APIError>> {
  const options = { apiKey: "sk-test", maxRetries: 0, fetch };
  const asking = sdk === "openai"
    ? new OpenAI({ ...options, baseURL: `${url}/v1` }).chat.completions
      .create({ model: "gpt-4o", messages })
    : new Anthropic({ ...options, baseURL: url }).messages
      .create({ model: "claude-opus-5-5", max_tokens: 9, messages });
  try {
    await asking;
  } catch (error) {
    const classes = [OpenAI.APIError, Anthropic.APIError];
    assert.ok(classes.some((each) => error instanceof each), String(error));
    return error as Awaited<ReturnType<typeof thrown>>;
  }
  assert.fail("it was answered");
}

/** Name of the class, `type`, `code`. */
const OPENAI: Readonly<Record<number, string>> = {
  400: "BadRequestError invalid_request_error null",
  401: "AuthenticationError invalid_request_error invalid_api_key",
  403:
    "PermissionDeniedError invalid_request_error unsupported_country_region_territory",
  404: "NotFoundError invalid_request_error model_not_found",
  405: "APIError invalid_request_error method_not_supported",
  408: "APIError invalid_request_error null",
  409: "ConflictError invalid_request_error null",
  413: "APIError invalid_request_error null",
  422: "UnprocessableEntityError invalid_request_error null",
  429: "RateLimitError requests rate_limit_exceeded",
  500: "InternalServerError server_error null",
  503: "InternalServerError service_unavailable_error null",
};

for (const [status, expected] of Object.entries(OPENAI)) {
  test(`openai: ${status} is ${expected}`, async (server) => {
    await server.use({ reply: { error: { status: Number(status) } } });
    const error = await thrown(server, "openai") as InstanceType<
      typeof OpenAI.APIError
    >;
    const seen = [error.constructor.name, error.type, error.code];
    assert.equal(seen.map(String).join(" "), expected);
    assert.equal(error.status, Number(status));
    assert.match(error.requestID ?? "", /^req_/);
    const { message } = error.error as { readonly message: string };
    assert.equal(error.message, `${status} ${message}`);
    assert.doesNotMatch(message, /undefined|could not be answered/);
  });
}

test("openai: 504 is the page of a proxy, of which only the text is left", async (server) => {
  await server.use({ reply: { error: "gateway_timeout" } });
  const error = await thrown(server, "openai");
  assert.ok(error instanceof OpenAI.InternalServerError);
  assert.equal(error.status, 504);
  assert.match(error.message, /^504 <html>/);
  assert.match(error.requestID ?? "", /^req_/);
});

test("openai: a limit of tokens names that dimension, and the model", async (server) => {
  await server.use({ reply: { error: "token_rate_limit" } });
  const error = await thrown(server, "openai");
  assert.ok(error instanceof OpenAI.RateLimitError);
  assert.equal(error.type, "tokens");
  assert.match(
    error.message,
    /for gpt-4o in organization org-mockllm on tokens per min \(TPM\): Limit 800000, .* try again in 1s\./,
  );
  assert.equal(error.headers.get("x-ratelimit-remaining-tokens"), "0");
  assert.equal(error.headers.get("x-ratelimit-reset-tokens"), "1s");
  assert.equal(error.headers.get("retry-after"), "1");
});

/** Name of the class, `type`, `x-should-retry`. */
const ANTHROPIC: Readonly<Record<number, string>> = {
  400: "BadRequestError invalid_request_error false",
  401: "AuthenticationError authentication_error false",
  402: "PaymentRequiredError billing_error false",
  403: "PermissionDeniedError permission_error false",
  404: "NotFoundError not_found_error false",
  408: "RequestTimeoutError timeout_error true",
  409: "ConflictError conflict_error true",
  413: "ContentTooLargeError request_too_large false",
  422: "UnprocessableEntityError invalid_request_error false",
  429: "RateLimitError rate_limit_error true",
  500: "InternalServerError api_error true",
  503: "ServiceUnavailableError overloaded_error true",
  504: "GatewayTimeoutError timeout_error true",
  529: "OverloadedError overloaded_error true",
};

for (const [status, expected] of Object.entries(ANTHROPIC)) {
  test(`anthropic: ${status} is ${expected}`, async (server) => {
    await server.use({ reply: { error: { status: Number(status) } } });
    const error = await thrown(server, "anthropic");
    const { error: body } = error.error as {
      readonly error: { readonly type: string; readonly message: string };
    };
    const retry = error.headers?.get("x-should-retry");
    const seen = [error.constructor.name, body.type, retry];
    assert.equal(seen.map(String).join(" "), expected);
    assert.equal(error.status, Number(status));
    assert.equal(error.type, body.type);
    assert.match(error.requestID ?? "", /^req_011C/);
    assert.doesNotMatch(body.message, /undefined|could not be answered/);
  });
}

test("anthropic: a limit of spending tells its code, and not when to try again", async (server) => {
  await server.use({ reply: { error: "spend_limit" } });
  const error = await thrown(server, "anthropic");
  assert.ok(error instanceof Anthropic.RateLimitError);
  assert.deepEqual(
    (error.error as { error: { details: unknown } }).error.details,
    { error_code: "enforced_spend_limit_reached" },
  );
  assert.equal(error.headers.get("retry-after"), null);
  assert.equal(error.headers.get("x-should-retry"), "false");
});

test("quotas count down from one answer to the next", async (server) => {
  const { url, fetch } = server;
  const key = `sk-${crypto.randomUUID()}`;
  const options = { apiKey: key, maxRetries: 0, fetch };
  const openai = new OpenAI({ ...options, baseURL: `${url}/v1` });
  const anthropic = new Anthropic({ ...options, baseURL: url });
  // So many tokens are not there again within a second.
  const messages = [{
    role: "user",
    content: "many words ".repeat(20_000),
  }] as const;
  const left: (readonly [number, number])[] = [];
  const tokens = (headers: Headers, name: string) =>
    Number(headers.get(name) ?? NaN);
  for (let i = 0; i < 3; i++) {
    const { response } = await openai.chat.completions
      .create({ model: "gpt-4o", messages: [...messages] }).withResponse();
    const { response: other } = await anthropic.messages
      .create({
        model: "claude-opus-5-5",
        max_tokens: 9,
        messages: [...messages],
      }).withResponse();
    left.push([
      tokens(response.headers, "x-ratelimit-remaining-tokens"),
      tokens(other.headers, "anthropic-ratelimit-input-tokens-remaining"),
    ]);
  }
  const [first = [0, 0], second = [0, 0], third = [0, 0]] = left;
  for (const  of of[0, 1] as const) {
    assert.ok(first[of] > second[of] && second[of] > third[of], String(left));
  }
});

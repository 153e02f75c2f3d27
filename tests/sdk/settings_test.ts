// What settings refuse, as the official SDKs tell it: models that nobody lists, bodies over the
// limit.

import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { LISTED, type SdkServer, sdkTests } from "./_server.ts";

const test = sdkTests({
  settings: ["known_models_only: true", "max_body_bytes: 1000"],
});

function openai({ url, fetch }: SdkServer): OpenAI {
  const apiKey = "sk-test";
  return new OpenAI({ apiKey, baseURL: `${url}/v1`, fetch, maxRetries: 0 });
}

function anthropic({ url, fetch }: SdkServer): Anthropic {
  const apiKey = "sk-ant-test";
  return new Anthropic({ apiKey, baseURL: url, fetch, maxRetries: 0 });
}

function question(model: string, content = "hi") {
  return {
    model,
    max_tokens: 10,
    messages: [{ role: "user" as const, content }],
  };
}

const LONG = "x".repeat(2_000);

test("openai: a model that nobody lists is the SDK's NotFoundError", async (server) => {
  const { completions } = openai(server).chat;
  await completions.create(question(LISTED));
  await assert.rejects(completions.create(question("gpt-0")), (error) => {
    assert.ok(error instanceof OpenAI.NotFoundError, String(error));
    assert.equal(error.code, "model_not_found");
    assert.match(error.message, /gpt-0/);
    return true;
  });
});

test("openai: a body over the limit is an APIError with status 413", async (server) => {
  const { completions } = openai(server).chat;
  await assert.rejects(completions.create(question(LISTED, LONG)), (error) => {
    assert.ok(error instanceof OpenAI.APIError);
    assert.equal(error.status, 413);
    assert.match(error.requestID ?? "", /^req_/);
    return true;
  });
});

test("anthropic: a model that nobody lists is the SDK's NotFoundError", async (server) => {
  const { messages } = anthropic(server);
  await messages.create(question(LISTED));
  await assert.rejects(messages.create(question("claude-0")), (error) => {
    assert.ok(error instanceof Anthropic.NotFoundError, String(error));
    assert.equal(error.type, "not_found_error");
    assert.match(error.message, /model: claude-0/);
    return true;
  });
});

test("anthropic: a body over the limit is the SDK's ContentTooLargeError", async (server) => {
  const { messages } = anthropic(server);
  await assert.rejects(messages.create(question(LISTED, LONG)), (error) => {
    assert.ok(error instanceof Anthropic.ContentTooLargeError, String(error));
    assert.equal(error.type, "request_too_large");
    assert.match(error.requestID ?? "", /^req_011C/);
    return true;
  });
});

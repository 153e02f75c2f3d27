// Keys and catalogs, as the SDKs meet them.

import Anthropic from "@anthropic-ai/sdk";
import assert from "node:assert/strict";
import OpenAI from "openai";
import { createMock, type MockOptions } from "../../main.ts";
import { collect } from "./_server.ts";

const NAMES = Array.from({ length: 45 }, (_, at) => `claude-${at}`);
const messages = [{ role: "user" as const, content: "hi" }];

async function mocked(
  options: MockOptions,
  apiKey = "sk-test",
): Promise<
  AsyncDisposable & { readonly openai: OpenAI; readonly anthropic: Anthropic }
> {
  const mock = await createMock(options);
  const common = { apiKey, fetch: mock.fetch, maxRetries: 0 };
  return {
    openai: new OpenAI({ ...common, baseURL: `${mock.url}/v1` }),
    anthropic: new Anthropic({ ...common, baseURL: mock.url }),
    [Symbol.asyncDispose]: () => mock.close(),
  };
}

Deno.test("anthropic: models.list() pages through every model once, in order", async () => {
  await using sdk = await mocked({ models: NAMES });
  const all = ["mock-llm-model", ...NAMES];
  for (const limit of [undefined, 1, 7, 20, 46, 1_000]) {
    const { anthropic } = sdk;
    const models = await collect(
      anthropic.models.list(limit === undefined ? {} : { limit }),
    );
    assert.deepEqual(models.map(({ id }) => id), all, String(limit));
  }
});

Deno.test("anthropic: models.list() goes back page by page, and tells what is known", async () => {
  await using sdk = await mocked({
    models: [...NAMES, {
      id: "claude-last",
      created: "2025-09-29",
      display_name: "Claude Last",
      context_window: 200_000,
      max_output_tokens: 64_000,
    }],
  });
  const page = await sdk.anthropic.models.list({
    before_id: "claude-last",
    limit: 2,
  });
  assert.deepEqual(page.data.map(({ id }) => id), ["claude-43", "claude-44"]);
  assert.ok(page.has_more && page.hasNextPage());
  const before = await page.getNextPage();
  assert.deepEqual(before.data.map(({ id }) => id), ["claude-41", "claude-42"]);
  const last = await sdk.anthropic.models.retrieve("claude-last");
  assert.equal(last.created_at, "2025-09-29T00:00:00Z");
  assert.equal(last.display_name, "Claude Last");
  assert.equal(last.max_input_tokens, 200_000);
  assert.equal(last.max_tokens, 64_000);
});

Deno.test("anthropic: a limit out of range and a model that is not there are typed errors", async () => {
  await using sdk = await mocked({ models: NAMES });
  const { models } = sdk.anthropic;
  await assert.rejects(
    async () => await models.list({ limit: 0 }),
    Anthropic.BadRequestError,
  );
  await assert.rejects(
    async () => await models.list({ after_id: "nobody" }),
    Anthropic.BadRequestError,
  );
  await assert.rejects(
    async () => await models.retrieve("nobody"),
    Anthropic.NotFoundError,
  );
});

Deno.test("anthropic: betas are taken on every route, those that nobody knows too", async () => {
  await using sdk = await mocked({ models: NAMES });
  const betas = ["context-1m-2025-08-07", "tomorrows-2027-01-01"];
  const { beta } = sdk.anthropic;
  const question = { model: "claude-1", messages, betas };
  const message = await beta.messages.create({ ...question, max_tokens: 9 });
  assert.equal(message.model, "claude-1");
  const { input_tokens } = await beta.messages.countTokens(question);
  assert.ok(input_tokens > 0);
  const models = await beta.models.list({ betas, limit: 3 });
  assert.equal(models.data.length, 3);
  assert.equal(
    (await beta.models.retrieve("claude-2", { betas })).id,
    "claude-2",
  );
});

Deno.test("openai: models are listed with their dates and owners, and answer under their snapshots", async () => {
  await using sdk = await mocked({
    models: [{
      id: "gpt-4o",
      snapshot: "gpt-4o-2024-08-06",
      created: 1_715_367_049,
      owned_by: "system",
    }],
    settings: { known_models_only: true },
  });
  const models = await collect(await sdk.openai.models.list());
  assert.deepEqual(models.slice(1), [
    {
      id: "gpt-4o",
      object: "model",
      created: 1_715_367_049,
      owned_by: "system",
    },
    {
      id: "gpt-4o-2024-08-06",
      object: "model",
      created: 1_715_367_049,
      owned_by: "system",
    },
  ]);
  const ask = (model: string) =>
    sdk.openai.chat.completions.create({ model, messages });
  assert.equal((await ask("gpt-4o")).model, "gpt-4o-2024-08-06");
  assert.equal((await ask("gpt-4o-2024-08-06")).model, "gpt-4o-2024-08-06");
  await assert.rejects(ask("gpt-9"), OpenAI.NotFoundError);
  await assert.rejects(sdk.openai.models.retrieve("gpt-9"), {
    status: 404,
    code: "model_not_found",
    param: "model",
  });
});

Deno.test("a window that is too small is the SDKs' BadRequestError", async () => {
  await using sdk = await mocked({
    models: [{ id: "small", context_window: 5 }],
  });
  await assert.rejects(
    sdk.openai.chat.completions.create({ model: "small", messages }),
    { status: 400, code: "context_length_exceeded", param: "messages" },
  );
  await assert.rejects(
    sdk.anthropic.messages.create({ model: "small", max_tokens: 9, messages }),
    /prompt is too long: \d+ tokens > 5 maximum/,
  );
});

Deno.test("with keys, both SDKs are answered with the right one, and refused with another", async () => {
  const options = { keys: ["sk-right", "sk-team-*"] };
  for (const key of ["sk-right", "sk-team-red"]) {
    await using sdk = await mocked(options, key);
    await sdk.openai.chat.completions.create({ model: "m", messages });
    await sdk.anthropic.messages.create({
      model: "m",
      max_tokens: 9,
      messages,
    });
    await sdk.anthropic.models.list();
  }
  await using sdk = await mocked(options, "sk-wrong");
  await assert.rejects(
    sdk.openai.chat.completions.create({ model: "m", messages }),
    (error) =>
      error instanceof OpenAI.AuthenticationError &&
      error.code === "invalid_api_key" && error.requestID !== null,
  );
  await assert.rejects(
    async () => await sdk.openai.models.list(),
    OpenAI.AuthenticationError,
  );
  await assert.rejects(
    sdk.anthropic.messages.countTokens({ model: "m", messages }),
    (error) =>
      error instanceof Anthropic.AuthenticationError &&
      error.type === "authentication_error",
  );
});

// API keys: every client sends its own way, and is told by its own class when the key is wrong.

import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import Anthropic from "@anthropic-ai/sdk";
import { ChatAnthropic } from "@langchain/anthropic";
import { ChatOpenAI } from "@langchain/openai";
import { APICallError, generateText } from "ai";
import assert from "node:assert/strict";
import OpenAI from "openai";
import { ANSWER, LISTED, PROMPT, type SdkServer, sdkTests } from "./_server.ts";

const GOOD = "sk-good";
const test = sdkTests({ top: [`keys: [${GOOD}]`] });

const messages = [{ role: "user" as const, content: PROMPT }];

/** Asks with a key; gives the text of the answer. */
type Ask = (server: SdkServer, apiKey: string) => Promise<string>;

/** Every client, and what its refusal must be. */
const CLIENTS: Readonly<Record<string, [Ask, (error: unknown) => boolean]>> = {
  openai: [
    async ({ url, fetch }, apiKey) => {
      const client = new OpenAI({ apiKey, baseURL: `${url}/v1`, fetch });
      const { choices: [choice] } = await client.chat.completions
        .create({ model: "gpt-4o", messages });
      return choice?.message.content ?? "";
    },
    (error) =>
      error instanceof OpenAI.AuthenticationError &&
      error.code === "invalid_api_key" &&
      error.type === "invalid_request_error",
  ],
  anthropic: [
    async ({ url, fetch }, apiKey) =>
      textOf(
        await new Anthropic({ apiKey, baseURL: url, fetch }).messages
          .create({ model: LISTED, max_tokens: 100, messages }),
      ),
    (error) =>
      error instanceof Anthropic.AuthenticationError &&
      error.type === "authentication_error",
  ],
  "ai openai.chat": [
    async ({ url, fetch }, apiKey) => {
      const { chat } = createOpenAI({ apiKey, baseURL: `${url}/v1`, fetch });
      const model = chat("gpt-4o");
      return (await generateText({ model, prompt: PROMPT })).text;
    },
    isUnauthorized,
  ],
  "ai anthropic": [
    async ({ url, fetch }, apiKey) => {
      const claude = createAnthropic({ apiKey, baseURL: `${url}/v1`, fetch });
      const model = claude(LISTED);
      return (await generateText({ model, prompt: PROMPT })).text;
    },
    isUnauthorized,
  ],
  "langchain ChatOpenAI": [
    async ({ url, fetch }, apiKey) => {
      const configuration = { baseURL: `${url}/v1`, fetch };
      const chat = new ChatOpenAI({ model: "gpt-4o", apiKey, configuration });
      return (await chat.invoke(PROMPT)).text;
    },
    (error) => (error as { status?: number }).status === 401,
  ],
  "langchain ChatAnthropic": [
    async ({ url, fetch }, apiKey) => {
      const chat = new ChatAnthropic({
        model: LISTED,
        apiKey,
        anthropicApiUrl: url,
        clientOptions: { fetch },
      });
      return (await chat.invoke(PROMPT)).text;
    },
    (error) => (error as { status?: number }).status === 401,
  ],
};

function textOf({ content: [block] }: Anthropic.Message): string {
  return block?.type === "text" ? block.text : "";
}

function isUnauthorized(error: unknown): boolean {
  return APICallError.isInstance(error) && error.statusCode === 401 &&
    !error.isRetryable;
}

for (const [name, [ask, isRefusal]] of Object.entries(CLIENTS)) {
  test(`${name}: a key that is accepted is answered, another refused once`, async (server) => {
    assert.equal(await ask(server, GOOD), ANSWER);
    await assert.rejects(ask(server, "sk-bad"), isRefusal);
    const asked = await server.asked();
    assert.deepEqual(asked.map(({ status }) => status), [200, 401]);
    assert.doesNotMatch(JSON.stringify(asked), /sk-good|sk-bad/);
  });
}

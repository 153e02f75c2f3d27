/**
 * The dialects, as Vercel's AI SDK reaches them.
 *
 * @module
 */

import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import type { LanguageModel } from "ai";
import { LISTED, type SdkServer } from "./_server.ts";

// What is deprecated is in use all the same.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

/** Makes the model of a dialect that asks a server, with these headers. */
export type MakeModel = (
  server: SdkServer,
  headers?: Record<string, string>,
) => LanguageModel;

/** By the name of the dialect; both base URLs include `/v1`. */
export const MODELS: Readonly<Record<string, MakeModel>> = {
  "openai.chat": ({ url, fetch }, headers = {}) =>
    createOpenAI({ apiKey: "sk-test", baseURL: `${url}/v1`, fetch, headers })
      .chat("gpt-4o"),
  anthropic: ({ url, fetch }, headers = {}) =>
    createAnthropic({
      apiKey: "sk-ant-test",
      baseURL: `${url}/v1`,
      fetch,
      headers,
    })(LISTED),
};

/**
 * What all SDK tests talk to: the whole server on the system's time, configured by a YAML file,
 * in process or on a socket.
 *
 * @module
 */

import { IN_PROCESS } from "../../lib/core/handler.ts";
import assert from "node:assert/strict";
import { createApp } from "../../lib/app.ts";
import { readConfig } from "../../lib/config/compile.ts";
import { SystemClock } from "../../lib/core/clock.ts";
import type { Handler } from "../../lib/core/handler.ts";
import { createMock } from "../../main.ts";

/** A prompt with a scripted answer. */
export const PROMPT = "what colour is the sky?";

/** Its answer: several scripts, an astral character, a newline, two spaces. */
export const ANSWER = "The sky is purple 🟣 on  Tuesdays,\n他の日は青い。";

/** What everything else is answered. */
export const UNKNOWN = "I don't know.";

/** A model that the catalog lists. */
export const LISTED = "claude-opus-5-5";

/** Headers that ask for five tokens of six characters, as fast as can be. */
export const FIVE_TOKENS = {
  "X-Token-Count": "5",
  "X-Tokens-Per-Second": "1000",
  "X-Token-Length": "6",
};

/** A server under test. Dispose of it, or its clock keeps a timer. */
export interface SdkApp extends Disposable {
  /** Calls the server as `fetch` would; the host does not matter. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Puts the server on a free port of the loopback. */
  listen(): AsyncDisposable & { readonly url: string };
}

/** Starts a server whose file has these lines more in its `settings`; it is a mock where the environment wants one. */
export function makeApp(...settings: readonly string[]): SdkApp {
  return Deno.env.has(AS_MOCK) ? mockApp(settings) : servedApp(settings);
}

/** The variable that has all tests of this folder performed once more, through `createMock`. */
export const AS_MOCK = "MOCKLLM_SDK_AS_MOCK";

function mockApp(settings: readonly string[]): SdkApp {
  const made = createMock({ config: fileOf(settings) });
  const fetch: SdkApp["fetch"] = async (input, init) =>
    await (await made).fetch(input, init);
  return {
    fetch,
    listen: () => listen((request) => fetch(request)),
    [Symbol.dispose]() {
      void made.then((mock) => mock.close());
    },
  };
}

function servedApp(settings: readonly string[]): SdkApp {
  const defects: unknown[] = [];
  const clock = new SystemClock();
  const made = configOf(settings).then((config) =>
    createApp({
      clock,
      seed: 1,
      version: "0.0.0-test",
      config: () => config,
      onDefect: (error) => defects.push(error),
    })
  );
  const handler: Handler = async (request, connection) =>
    await (await made)(request, connection);
  return {
    fetch: async (input, init) =>
      await handler(new Request(input, init), IN_PROCESS),
    listen: () => listen(handler),
    [Symbol.dispose]() {
      clock.close();
      assert.deepEqual(defects, []);
    },
  };
}

async function configOf(settings: readonly string[]) {
  const { config, problems } = await readConfig(fileOf(settings), "sdk.yml");
  assert.ok(config, JSON.stringify(problems));
  return config;
}

function fileOf(settings: readonly string[]): string {
  return [
    "responses:",
    `  ${JSON.stringify(PROMPT)}: ${JSON.stringify(ANSWER)}`,
    "defaults:",
    `  unknown_response: ${JSON.stringify(UNKNOWN)}`,
    `models: [${LISTED}]`,
    "settings:",
    "  stream_by: word",
    ...settings.map((setting) => `  ${setting}`),
  ].join("\n");
}

function listen(handler: Handler): AsyncDisposable & { readonly url: string } {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request, { remoteAddr }) =>
      handler(request, { ...IN_PROCESS, peer: remoteAddr.hostname }),
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Collects an async iterable. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

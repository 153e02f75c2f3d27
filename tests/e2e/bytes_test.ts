/**
 * Same seed, same bytes, on every runtime.
 */

import assert from "node:assert/strict";
import { launchServer, PROGRAMS } from "../support/process.ts";

const hello = [{ role: "user", content: "what colour is the sky?" }];

/** Requests whose replies hold everything that is drawn: ids, tokens, padding. */
const REQUESTS: readonly (readonly [
  path: string,
  headers: Record<string, string>,
  body: unknown,
])[] = [
  ["/v1/chat/completions", {}, { model: "gpt-4o", messages: hello }],
  ["/v1/chat/completions", {}, {
    model: "gpt-4o",
    messages: hello,
    stream: true,
  }],
  ["/v1/chat/completions", { "x-mock-session": "a" }, {
    model: "gpt-4o",
    messages: hello,
  }],
  ["/v1/chat/completions", {
    "x-token-count": "50",
    "x-tokens-per-second": "1000",
  }, {}],
  ["/v1/messages", { "x-mock-seed": "7" }, {
    model: "claude",
    messages: hello,
    stream: true,
  }],
  ["/v1/messages", {
    "x-token-count": "50",
    "x-tokens-per-second": "1000",
    "anthropic-version": "2026-10-21",
  }, {}],
  ["/v1/nowhere", {}, {}],
];

/** A reply as text, without what follows the clock and without the runtime's own headers. */
async function reply(
  url: string,
  [path, headers, body]: typeof REQUESTS[number],
): Promise<string> {
  const response = await fetch(url + path, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  const own = [...response.headers].filter(([name]) =>
    /^(x-|openai-|anthropic-|request-id)/.test(name)
  )
    .filter(([name]) => !/ratelimit.*(remaining|reset)/.test(name));
  const text = (await response.text()).replace(
    /"created": ?\d+/g,
    '"created":0',
  );
  return JSON.stringify([response.status, own, text]);
}

Deno.test("the same seed and requests give the same bytes from source on Deno and from the executable", async () => {
  const replies = await Promise.all(PROGRAMS.map(async (program) => {
    await using server = await launchServer(program, ["--seed", "12345"]);
    const all: string[] = [];
    for (const request of REQUESTS) all.push(await reply(server.url, request));
    return all;
  }));
  const [first = [], second] = replies;
  assert.equal(first.length, REQUESTS.length);
  assert.deepEqual(second, first);
  assert.equal(new Set(first).size, first.length);
});

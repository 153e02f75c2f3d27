import assert from "node:assert/strict";
import {
  dialectNames,
  explain,
  type ExplainOptions,
  type Explanation,
} from "../lib/explain.ts";
import { missText } from "../lib/match/miss.ts";
import { json, perform, testApp, testConfig } from "./support/app.ts";
import { ManualClock } from "./support/manual_clock.ts";
import { pattern, rule } from "./support/rules.ts";

const RULES = [
  rule("weather", { prompt: "*weather*", model: "claude-*" }),
  rule("order", { prompt: "/order #(?<id>\\d+)/i" }),
  rule("late", { prompt: "*" }, { requires: "late" }),
];

const config = testConfig({
  rules: RULES,
  responses: { hello: "Hello!" },
  unknown: "I don't know.",
});

function asking(
  body: unknown,
  more: Partial<ExplainOptions> = {},
): Promise<Explanation> {
  return explain({
    config,
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: new Headers(),
    seed: 1,
    clock: new ManualClock(),
    ...more,
  });
}

function chat(content: string, more: object = {}) {
  return { model: "gpt-4o", messages: [{ role: "user", content }], ...more };
}

Deno.test("explain(): a hit tells its captures and why the rules before it do not match", async () => {
  const { plan, captures, misses } = await asking(chat("Where is order #12?"));
  assert.deepEqual([plan?.source.type, plan?.source.name], ["rule", "order"]);
  assert.deepEqual(captures, { id: "12" });
  assert.deepEqual(misses.map(({ rule }) => rule), ["weather"]);
});

Deno.test("explain(): a near miss says which condition fails", async () => {
  const { plan, misses } = await asking(chat("What is the weather?"));
  assert.equal(plan?.source.type, "default");
  const weather = misses.find(({ rule }) => rule === "weather");
  assert.match(
    weather === undefined ? "" : missText(weather),
    /model is "gpt-4o", wants "claude-\*"$/,
  );
});

Deno.test("explain(): the default, and a response, come after all rules", async () => {
  const missed = ["weather", "order", "late"];
  const unknown = await asking(chat("xyzzy"));
  assert.equal(unknown.plan?.source.type, "default");
  assert.deepEqual(unknown.misses.map(({ rule }) => rule), missed);
  const hello = await asking(chat("hello"));
  assert.equal(hello.plan?.source.type, "response");
  assert.deepEqual(hello.misses.map(({ rule }) => rule), missed);
});

Deno.test("explain(): the session's state is the one that was named", async () => {
  const { plan, state } = await asking(chat("x"), { state: "late" });
  assert.deepEqual([plan?.source.name, state], ["late", "late"]);
});

Deno.test("explain(): what headers, keys and fields of the body gave to a capture is not shown", async () => {
  const spy = rule("spy", {
    key: "/sk-(?<rest>.+)/",
    prompt: "/(?<word>\\w+)/",
  });
  const { captures } = await asking(chat("hi"), {
    config: testConfig({ rules: [spy] }),
    headers: new Headers({ authorization: "Bearer sk-secret" }),
  });
  assert.deepEqual(captures, { word: "hi", rest: "(not shown)" });
});

Deno.test("explain(): request headers count as they do in a request", async () => {
  const forced = await asking(chat("hello"), {
    headers: new Headers({ "x-mock-rule": "order", "x-mock-seed": "77" }),
  });
  assert.deepEqual([forced.plan?.source.name, forced.seed], ["order", 77]);
  assert.deepEqual(forced.misses, []);
  const tokens = await asking(chat("hello"), {
    headers: new Headers({ "x-token-count": "3" }),
  });
  assert.equal(tokens.plan?.source.type, "tokens");
  assert.deepEqual(tokens.misses, []);
});

Deno.test("explain(): a request that the dialect refuses shows the refusal", async () => {
  const { refusal, timeline, plan } = await asking({ model: "gpt-4o" });
  assert.match(refusal ?? "", /messages/);
  assert.equal(timeline.status, 400);
  assert.match(
    timeline.first[0]?.text ?? "",
    /"type": "invalid_request_error"/,
  );
  assert.equal(plan, undefined);
  assert.equal((await asking("{")).timeline.status, 400);
  const headers = new Headers({ "x-mock-seed": "never" });
  assert.match((await asking(chat("x"), { headers })).refusal ?? "", /Seed/);
});

const GUESSES: readonly (readonly [string, object, string])[] = [
  ["nothing in particular", chat("x", { model: "m" }), "openai_chat"],
  [
    "a claude model",
    chat("x", { model: "claude-opus-4" }),
    "anthropic_messages",
  ],
  [
    "a system text beside the messages",
    chat("x", { model: "m", system: "s" }),
    "anthropic_messages",
  ],
  [
    "tools with an input_schema",
    chat("x", { model: "m", tools: [{ name: "t", input_schema: {} }] }),
    "anthropic_messages",
  ],
  [
    "a claude model behind OpenAI's parameters",
    chat("x", { model: "claude-x", stop: ["."], n: 1 }),
    "openai_chat",
  ],
];

for (const [claim, body, dialect] of GUESSES) {
  Deno.test(`explain() guesses the dialect of ${claim}`, async () => {
    const explanation = await asking(body);
    assert.deepEqual([explanation.dialect, explanation.guessed], [
      dialect,
      true,
    ]);
  });
}

Deno.test("explain() believes headers more than the body, and a name more than both", async () => {
  const headers = new Headers({ "anthropic-version": "2023-06-01" });
  const body = chat("x", { max_tokens: 5 });
  const claimed = await asking(body, { headers });
  assert.equal(claimed.dialect, "anthropic_messages");
  const named = await asking(body, { headers, dialect: "openai_chat" });
  assert.deepEqual([named.dialect, named.guessed], ["openai_chat", false]);
});

Deno.test("explain() takes every dialect there is", async () => {
  for (const dialect of dialectNames()) {
    const body = chat("hello", { max_tokens: 10 });
    const { plan } = await asking(body, { dialect });
    assert.equal(plan?.source.type, "response", dialect);
  }
});

Deno.test("explain(): times and bytes are those of the very answer", async () => {
  const paced = testConfig({
    responses: { hello: "Hello there, how are you?" },
    settings: {
      pace: {
        firstMs: { type: "fixed", ms: 300 },
        unitMs: { type: "uniform", minMs: 10, maxMs: 30 },
        unit: "token",
      },
      cut: "token",
    },
  });
  for (const stream of [true, false]) {
    const body = chat("hello", { stream });
    const app = testApp({ config: paced, seed: 5 });
    const { clock } = app;
    const route = "/v1/chat/completions";
    const { timeline } = await asking(body, { config: paced, seed: 5, clock });
    const { writes } = await perform(app, route, json(body));
    const told = [...timeline.first, ...timeline.last ? [timeline.last] : []];
    assert.equal(timeline.writes, writes.length);
    for (const { text } of told) {
      assert.ok(writes.some((write) => write.text === text), text);
    }
    assert.equal(timeline.totalMs, writes.at(-1)?.atMs);
    assert.equal(
      timeline.chars,
      writes.map(({ text }) => text).join("").length,
    );
  }
});

Deno.test("explain() does not hold a rule against itself: a rule of patterns without captures has none", async () => {
  const any = rule("any", {
    prompt: { type: "any", of: [pattern("a"), pattern("hello")] },
  });
  const { captures, misses } = await asking(chat("hello"), {
    config: testConfig({ rules: [any] }),
  });
  assert.deepEqual([captures, misses], [{}, []]);
});

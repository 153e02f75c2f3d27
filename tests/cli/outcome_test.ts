import assert from "node:assert/strict";
import { createApp } from "../../lib/app.ts";
import { eventJson, eventText } from "../../lib/cli/event.ts";
import { type Outcome, outcomeOf, Tally } from "../../lib/cli/outcome.ts";
import {
  failuresOf,
  outcomeFacts,
  outcomeText,
} from "../../lib/cli/outcome_words.ts";
import { IN_PROCESS } from "../../lib/core/handler.ts";
import {
  OUTCOME_REQUESTS_MAX,
  OUTCOME_UNUSED_MAX,
} from "../../lib/core/limits.ts";
import { Journal } from "../../lib/journal/journal.ts";
import { Coverage } from "../../lib/match/coverage.ts";
import { json, testConfig, type TestOptions } from "../support/app.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { rule } from "../support/rules.ts";

/** A server that is asked, and what comes of it. */
function life(options: TestOptions) {
  const config = testConfig(options);
  const parts = {
    config,
    journal: new Journal(),
    coverage: new Coverage(),
    tally: new Tally(),
  };
  const app = createApp({
    clock: new ManualClock(),
    seed: 1,
    version: "0",
    config: () => config,
    journal: parts.journal,
    coverage: parts.coverage,
    onExchange: (exchange) => parts.tally.count(exchange),
  });
  const post = async (path: string, body: unknown, headers = {}) => {
    const request = new Request(`http://mock${path}`, json(body, headers));
    await (await app(request, IN_PROCESS)).text();
  };
  return {
    outcome: () => outcomeOf(parts),
    post,
    ask: (content: string, headers = {}) =>
      post("/v1/chat/completions", {
        model: "gpt-4o",
        messages: [{ role: "user", content }],
      }, headers),
  };
}

const SCRIPT: TestOptions = {
  rules: [
    rule("weather", { prompt: "*weather*" }),
    rule("idle", { prompt: "x" }),
  ],
  responses: { hello: "Hello!", bye: "Bye!" },
};

async function day(): Promise<Outcome> {
  const { ask, post, outcome } = life(SCRIPT);
  for (const prompt of ["hello", "The weather?", "helo", "helo"]) {
    await ask(prompt);
  }
  await post("/v1/embeddings", {});
  return outcome();
}

Deno.test("an outcome counts requests, and groups equal ones", async () => {
  const { tally, unmatched, unmatchedRequests, refusedRequests } = await day();
  assert.deepEqual({ ...tally }, { requests: 5, refused: 1, clientLeft: 0 });
  assert.equal(unmatched, 2);
  assert.deepEqual(
    unmatchedRequests.map((
      { request, times, id, status },
    ) => [request, times, id, status]),
    [['POST /v1/chat/completions gpt-4o "helo"', 2, "3", 200]],
  );
  assert.deepEqual(
    refusedRequests.map(({ request, times }) => [request, times]),
    [["POST /v1/embeddings 404", 1]],
  );
});

Deno.test("an outcome in words says the whole in one line, and then the particulars", async () => {
  const text = outcomeText(await day());
  assert.equal(
    text,
    `mockllm: 5 requests, 2 matched nothing, 1 refused, 1 rule and 1 response never used

Matched nothing:
  POST /v1/chat/completions gpt-4o "helo" (2 times)
    rule "weather" (test.yml:7): prompt is "helo", wants "*weather*"
    rule "idle" (test.yml:4): prompt is "helo", wants "x"

Refused:
  POST /v1/embeddings 404
    Invalid URL (POST /v1/embeddings). The nearest known paths: /v1/messages, /v1/chat/completions, /v1/messages/count_tokens

Never used:
  rule "idle" (test.yml:4)
  response "bye" (test.yml:3)
`,
  );
});

Deno.test("an outcome without a flaw is one line", async () => {
  const { ask, outcome } = life({ responses: { hello: "Hello!" } });
  await ask("hello");
  assert.equal(outcomeText(outcome()), "mockllm: 1 request\n");
  const nobody = outcomeText(life({ responses: {} }).outcome());
  assert.match(nobody, /^mockllm: 0 requests\n\nNo request came\. /);
});

Deno.test("only what is demanded makes an outcome a failure", async () => {
  const flawed = await day();
  const judge = (unmatched: boolean, unused: boolean, outcome = flawed) =>
    failuresOf(outcome, {
      "fail-on-unmatched": unmatched,
      "fail-on-unused": unused,
    });
  const nothing = "2 requests matched nothing (--fail-on-unmatched)";
  const idle = "1 rule and 1 response never used (--fail-on-unused)";
  assert.deepEqual(judge(false, false), []);
  assert.deepEqual(judge(true, false), [nothing]);
  assert.deepEqual(judge(true, true), [nothing, idle]);
  const { ask, outcome } = life({ responses: { hello: "Hello!" } });
  await ask("hello");
  assert.deepEqual(judge(true, true, outcome()), []);
});

Deno.test("a request refused by settings.strict matched nothing", async () => {
  const { ask, outcome } = life({ settings: { strict: true } });
  await ask("hello");
  const { unmatched, unmatchedRequests, tally } = outcome();
  assert.deepEqual([unmatched, tally.refused], [1, 0]);
  assert.equal(unmatchedRequests[0]?.status, 404);
});

Deno.test("scripted errors are answers", async () => {
  const failure = {
    type: "failure",
    kind: "overloaded",
    message: "Overloaded",
  } as const;
  const { ask, outcome } = life({
    rules: [
      rule("busy", {}, {
        replies: [{ place: "test.yml:1", content: { type: "error", failure } }],
      }),
    ],
  });
  await ask("hello");
  const { unmatched, tally } = outcome();
  assert.deepEqual([unmatched, { ...tally }], [
    0,
    { requests: 1, refused: 0, clientLeft: 0 },
  ]);
});

Deno.test("pages are no requests to a provider", async () => {
  const { post, outcome } = life(SCRIPT);
  await post("/health", {});
  const tally = new Tally();
  tally.count({
    arrivedEpochMs: 0,
    method: "GET",
    path: "/health",
    status: 200,
    firstMs: 0,
    totalMs: 0,
    deltas: 0,
    ended: "complete",
    reanchoredMs: 0,
    sentChars: 0,
  });
  assert.equal(tally.requests, 0);
  assert.equal(outcome().unmatched, 0);
});

Deno.test("an outcome shows a bounded number of requests and rules, and counts the rest", async () => {
  const responses = Object.fromEntries(
    Array.from({ length: OUTCOME_UNUSED_MAX + 7 }, (_, at) => [`p${at}`, "x"]),
  );
  const { ask, outcome } = life({ responses });
  for (let at = 0; at < OUTCOME_REQUESTS_MAX + 5; at++) await ask(`q${at}`);
  const text = outcomeText(outcome());
  assert.equal(text.match(/^ {2}POST /gm)?.length, OUTCOME_REQUESTS_MAX);
  assert.equal(text.match(/^ {2}response /gm)?.length, OUTCOME_UNUSED_MAX);
  assert.match(text, / {2}… and 5 more\n[^]* {2}… and 7 more\n$/);
});

Deno.test("an outcome shows neither keys nor control characters", async () => {
  const { ask, outcome } = life(SCRIPT);
  const key = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789";
  await ask(`my key is ${key} \x1b[2J`, { authorization: `Bearer ${key}` });
  const text = outcomeText(outcome());
  assert.ok(!text.includes(key.slice(0, 20)), text);
  assert.ok(!text.includes("\x1b"), text);
  assert.ok(!JSON.stringify(outcomeFacts(outcome(), [], 0)).includes(key));
});

Deno.test("an outcome as an event is words for people and one line for machines", async () => {
  const outcome = await day();
  const failures = ["2 requests matched nothing (--fail-on-unmatched)"];
  const event = { type: "outcome", outcome, failures, exitCode: 1 } as const;
  const text = eventText(event, { epochMs: 0, color: false });
  assert.match(text, /\nmockllm: failed: 2 requests matched nothing \(--fail/);
  const line = eventJson(event, 0);
  assert.equal(line.indexOf("\n"), line.length - 1);
  const facts = JSON.parse(line);
  assert.deepEqual(
    [
      facts.event,
      facts.exit_code,
      facts.requests,
      facts.unmatched,
      facts.unused,
    ],
    ["outcome", 1, 5, 2, { rules: ["idle"], responses: ["bye"] }],
  );
  assert.deepEqual(facts.rules[0], {
    name: "weather",
    place: "test.yml:7",
    hits: 1,
  });
});

import assert from "node:assert/strict";
import { SUMMARY_CHARS_MAX } from "../../lib/core/limits.ts";
import { type Entry, Journal } from "../../lib/journal/journal.ts";
import { detailOf, endedOf, summaryOf } from "../../lib/journal/view.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { performed, record, refused, type Told } from "../support/records.ts";

const KEY = "sk-proj-abcdefghij0123456789";

function enter(
  told: Told,
  how: Parameters<typeof performed>[0] | undefined = {},
): Entry {
  const journal = new Journal();
  journal.open(record(told)).end(performed(how));
  const [entry] = journal.entries();
  assert.ok(entry);
  return entry;
}

function asJson(view: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(view));
}

async function detail(entry: Entry): Promise<Record<string, unknown>> {
  return asJson(await detailOf(entry, new ManualClock()));
}

Deno.test("summaryOf(): says what was asked, what answered and how it went, and no body", () => {
  const how = { firstMs: 1.23456, totalMs: 20, deltas: 5, lateMs: 0.5 };
  const entry = enter({ prompt: "hi", session: "s" }, how);
  assert.deepEqual(asJson(summaryOf(entry)), {
    id: "1",
    time: "2026-01-01T00:00:00.000Z",
    session: "s",
    dialect: "openai_chat",
    method: "POST",
    path: "/v1/chat/completions",
    model: "gpt-4o",
    stream: false,
    prompt: "hi",
    answered_by: { type: "response", name: "hi", place: "test.yml:2" },
    status: 200,
    usage: { input: 8, input_cached: 0, output: 1, output_reasoning: 0 },
    finish: "stop",
    read_ms: 0,
    deltas: 5,
    real: { first_ms: 1.235, last_ms: 20 },
    late_ms: 0.5,
    ended: "complete",
  });
});

Deno.test("summaryOf(): says which tools are called, and with what, without keys and cut short", () => {
  const long = JSON.stringify({ a: "x".repeat(SUMMARY_CHARS_MAX) });
  const entry = enter({
    blocks: [
      { type: "text", text: "Let me look." },
      { type: "tool-call", name: "look", text: `{"key":"${KEY}"}` },
      { type: "tool-call", name: "long", text: long },
    ],
  });
  const { calls } = asJson(summaryOf(entry));
  assert.deepEqual(calls, [
    { name: "look", arguments: '{"key":"[redacted]"}' },
    { name: "long", arguments: `${long.slice(0, SUMMARY_CHARS_MAX)}…` },
  ]);
});

Deno.test("summaryOf(): a prompt of SUMMARY_CHARS_MAX is whole, a longer one is cut", () => {
  const prompt = (length: number) =>
    asJson(summaryOf(enter({ prompt: "x".repeat(length) }))).prompt;
  assert.equal(prompt(SUMMARY_CHARS_MAX), "x".repeat(SUMMARY_CHARS_MAX));
  assert.equal(
    prompt(SUMMARY_CHARS_MAX + 1),
    `${"x".repeat(SUMMARY_CHARS_MAX)}…`,
  );
});

Deno.test("summaryOf(): a request in flight tells nothing of its end", () => {
  const journal = new Journal();
  journal.open(record());
  const [entry] = journal.entries();
  assert.ok(entry);
  const { ended, real, deltas } = asJson(summaryOf(entry));
  assert.deepEqual([ended, real, deltas], ["open", undefined, undefined]);
});

Deno.test("endedOf(): every end has its word", () => {
  const ends = ["complete", "client left", "stopped", "broken"] as const;
  assert.deepEqual(
    ends.map((ended) => endedOf({ performed: performed({ ended }) })),
    ["complete", "client_left", "drained", "broken"],
  );
  assert.equal(endedOf({ performed: undefined }), "open");
});

Deno.test("detailOf(): adds headers, body, turn, misses, plan and what was sent", async () => {
  const view = await detail(enter({
    prompt: "hi",
    headers: { "x-stainless-lang": "js", "x-secret": "no" },
    misses: ['rule "a" (r.yml:1): model is "m", wants "x"'],
    reply: "hello",
  }));
  assert.equal(view.route, "POST /v1/chat/completions");
  assert.deepEqual(view.headers, { "x-stainless-lang": "js" });
  assert.deepEqual(view.body, {
    messages: [{ role: "user", content: "hi" }],
  });
  assert.deepEqual(view.turn, {
    model: "gpt-4o",
    stream: false,
    messages: [{ role: "user", parts: [{ type: "text", text: "hi" }] }],
  });
  assert.deepEqual(view.misses, [
    'rule "a" (r.yml:1): model is "m", wants "x"',
  ]);
  assert.deepEqual(view.plan, {
    seed: 7,
    pace: {
      first_ms: { type: "fixed", ms: 0 },
      unit_ms: { type: "fixed", ms: 0 },
      unit: "chunk",
    },
    cut: { characters: 4 },
  });
  assert.deepEqual(view.response_headers, {
    "content-type": "application/json",
  });
  assert.deepEqual([view.frames, view.bytes, view.sent], [1, 5, "hello"]);
  assert.deepEqual(view.scheduled, { first_ms: 0, last_ms: 0 });
});

Deno.test("detailOf(): tools keep their schema as it was sent, tool results their words", async () => {
  const schema = { type: "object", camelCase: { aB: 1 } };
  const view = await detail(enter({
    turn: {
      tools: [{ name: "t", description: "d", schema }],
      toolChoice: "auto",
      responseFormat: "json_object",
      messages: [{
        role: "tool",
        parts: [
          { type: "tool-result", id: "c1", text: "sunny" },
          { type: "media", mediaType: "image/png" },
        ],
      }],
    },
  }));
  const turn = view.turn as Record<string, unknown>;
  assert.deepEqual(turn.tools, [{ name: "t", description: "d", schema }]);
  assert.deepEqual(turn.messages, [{
    role: "tool",
    parts: [
      { type: "tool-result", id: "c1", text: "sunny" },
      { type: "media", media_type: "image/png" },
    ],
  }]);
  assert.deepEqual(
    [turn.tool_choice, turn.response_format],
    ["auto", "json_object"],
  );
});

Deno.test("detailOf(): a request in flight has no frames yet, and says when they are due", async () => {
  const journal = new Journal();
  const cues = [0, 100].map((atMs) => ({ atMs, text: "x", deltas: 1 }));
  journal.open(record({ cues }));
  const [entry] = journal.entries();
  assert.ok(entry);
  const view = await detail(entry);
  assert.equal(view.ended, "open");
  assert.deepEqual(view.scheduled, { first_ms: 0, last_ms: 100 });
  assert.deepEqual([view.frames, view.sent], [undefined, undefined]);
});

Deno.test("detailOf(): a request that could not be read has its body as far as it came, and the reason", async () => {
  const journal = new Journal();
  journal.open(refused(400, { more: { body: { model: 1 } } }))
    .end(performed());
  const [entry] = journal.entries();
  assert.ok(entry);
  const view = await detail(entry);
  assert.equal(view.error, "The request body is not valid JSON");
  assert.deepEqual(view.body, { model: 1 });
  assert.deepEqual(
    [view.status, view.turn, view.answered_by],
    [400, undefined, undefined],
  );
  assert.equal(view.sent, view.error);
});

Deno.test("detailOf(): no key shows anywhere: headers, query, body, turn, reply, errors, misses", async () => {
  const entry = enter({
    prompt: `my key is ${KEY}`,
    reply: `you said ${KEY}`,
    url: `http://h/v1/x?key=${KEY}`,
    headers: {
      authorization: `Bearer ${KEY}`,
      "x-mock-note": KEY,
      "user-agent": KEY,
    },
    misses: [`prompt is "${KEY}"`],
    source: { name: KEY },
  });
  const text = JSON.stringify(await detail(entry));
  assert.ok(!text.includes("sk-proj"), text);
  assert.match(text, /"prompt":"my key is \[redacted\]"/);
  assert.match(text, /"query":"key=\[redacted\]"/);
});

Deno.test("detailOf(): a key of no known form is taken out where its request repeats it", async () => {
  const headers = { "x-api-key": "correct horse battery" };
  const prompt = "is it correct horse battery?";
  const text = JSON.stringify(await detail(enter({ prompt, headers })));
  assert.ok(!text.includes("horse"), text);
});

Deno.test("detailOf(): of two keys both are taken out, whichever of them counts", async () => {
  const headers = {
    authorization: "Bearer battery staple",
    "x-api-key": "correct horse",
  };
  const prompt = "is it correct horse or battery staple?";
  const text = JSON.stringify(await detail(enter({ prompt, headers })));
  assert.match(text, /is it \[redacted\] or \[redacted\]\?/);
});

Deno.test("detailOf(): a key that a stream says in pieces is not shown in pieces", async () => {
  const cues = ["sk-proj-", "abcdefghij", "0123456789"].map((text) => ({
    atMs: 0,
    text: `data: ${JSON.stringify(text)}\n\n`,
    deltas: 1,
  }));
  const told = { cues, reply: KEY, type: "text/event-stream" };
  assert.equal((await detail(enter(told))).sent, "[redacted]");
});

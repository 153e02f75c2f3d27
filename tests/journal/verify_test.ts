import assert from "node:assert/strict";
import { VERIFY_FOUND_MAX, VERIFY_NEAREST_MAX } from "../../lib/core/limits.ts";
import { conditionHolds, criterion } from "../../lib/journal/criteria.ts";
import { Journal } from "../../lib/journal/journal.ts";
import type { Failed, Wanted } from "../../lib/journal/verdict.ts";
import { type Question, verify } from "../../lib/journal/verify.ts";
import type { Condition } from "../../lib/match/rule.ts";
import { performed, record, refused, type Told } from "../support/records.ts";
import { pattern, rule } from "../support/rules.ts";

type When = Parameters<typeof rule>[1];

function journal(...all: Told[]): Journal {
  const journal = new Journal();
  for (const told of all) journal.open(record(told)).end(performed());
  return journal;
}

function when(when: When = {}, more: readonly Condition[] = []): Wanted {
  const conditions = [...rule("x", when).when, ...more];
  return { criteria: conditions.map(conditionHolds) };
}

function asked(
  recorded: Journal,
  wanted: Wanted,
  more: Partial<Question> = {},
): ReturnType<typeof verify> {
  const question = {
    session: undefined,
    count: { min: 1, max: Infinity },
    order: [],
    ...wanted,
    ...more,
  };
  const entries = recorded.entries();
  return verify(question, { entries, dropped: recorded.dropped });
}

function failed(...given: Parameters<typeof asked>): Failed {
  const verdict = asked(...given);
  assert.ok(!verdict.ok);
  return verdict;
}

const three = journal(
  { prompt: "the weather?" },
  { prompt: "weather now", turn: { model: "claude-3" } },
  { prompt: "bye" },
);
const weather = when({ prompt: "*weather*" });

Deno.test("verify(): counts those of which everything wanted holds", () => {
  assert.deepEqual(asked(three, weather), { ok: true, count: 2 });
  assert.deepEqual(
    asked(three, when({ prompt: "*weather*", model: "claude-*" })),
    {
      ok: true,
      count: 1,
    },
  );
  assert.deepEqual(asked(three, when()), { ok: true, count: 3 });
});

Deno.test("verify(): exactly, at least, at most", () => {
  const holds = (min: number, max: number) =>
    asked(three, weather, { count: { min, max } }).ok;
  assert.deepEqual(
    [holds(2, 2), holds(2, Infinity), holds(0, 2), holds(1, 3)],
    [true, true, true, true],
  );
  assert.deepEqual(
    [holds(1, 1), holds(3, Infinity), holds(0, 1), holds(0, 0)],
    [false, false, false, false],
  );
});

Deno.test("verify(): too few: says what was wanted, what was found, and what came nearest", () => {
  const claude = when({ prompt: "bye", model: "claude-*" });
  assert.deepEqual(failed(three, claude), {
    ok: false,
    message:
      'Wanted at least 1 request with prompt "bye", model "claude-*", found 0 among 3. ' +
      'Nearest is request 3: model is "gpt-4o", wants "claude-*"',
    count: 0,
    wanted: "at least 1",
    found: [],
    nearest: [
      { id: "3", differs: ['model is "gpt-4o", wants "claude-*"'] },
      { id: "2", differs: ['prompt is "weather now", wants "bye"'] },
      {
        id: "1",
        differs: [
          'prompt is "the weather?", wants "bye"',
          'model is "gpt-4o", wants "claude-*"',
        ],
      },
    ],
  });
});

Deno.test("verify(): too many: names those that were found", () => {
  const verdict = failed(three, weather, { count: { min: 0, max: 1 } });
  assert.equal(
    verdict.message,
    'Wanted at most 1 request with prompt "*weather*", found 2 among 3. They are 1, 2',
  );
  assert.deepEqual(verdict.found.map(({ id }) => id), ["1", "2"]);
  assert.deepEqual(verdict.nearest, []);
});

Deno.test("verify(): a session's requests are counted apart", () => {
  const recorded = journal({ session: "a" }, { session: "b" }, {});
  const count = { min: 1, max: 1 };
  for (const session of ["a", "b", ""]) {
    assert.ok(asked(recorded, when(), { session, count }).ok);
  }
  assert.match(
    failed(recorded, when(), { session: "c" }).message,
    /^Wanted at least 1 request in session "c", found 0 among 0$/,
  );
});

Deno.test("verify(): how it ended, its status and its rule can be wanted", () => {
  const recorded = new Journal();
  const left = { ended: "client left", deltas: 3 } as const;
  recorded.open(record()).end(performed(left));
  recorded.open(record({ source: { type: "rule", name: "flaky" } }))
    .end(performed());
  recorded.open(refused(429)).end(performed());
  const wants = (name: Parameters<typeof criterion>[0], value: string) => ({
    criteria: [criterion(name, value)],
  });
  const once = { count: { min: 1, max: 1 } };
  assert.ok(asked(recorded, wants("ended", "client_left"), once).ok);
  assert.ok(asked(recorded, wants("status", "4xx"), once).ok);
  assert.ok(asked(recorded, wants("rule", "fla*"), once).ok);
  assert.deepEqual(
    failed(recorded, wants("ended", "broken")).nearest.map(({ differs }) =>
      differs
    ),
    [["ended is complete, wants broken"], ["ended is complete, wants broken"], [
      "ended is client_left, wants broken",
    ]],
  );
  assert.match(
    failed(recorded, wants("rule", "other")).message,
    /rule is absent, wants "other"/,
  );
});

Deno.test("verify(): an order may have others in between, and must not be turned", () => {
  const [a, b, c] = ["*the weather*", "*now*", "bye"].map((prompt) =>
    when({ prompt })
  );
  assert.ok(a && b && c);
  const order = (...steps: Wanted[]) =>
    asked(three, when(), { count: undefined, order: steps });
  for (const steps of [[a, b, c], [a, c], [b], [a, weather, c]]) {
    assert.deepEqual(order(...steps), { ok: true, count: 3 });
  }
  const turned = order(b, a);
  assert.ok(!turned.ok);
  assert.equal(
    turned.message,
    'Step 2 of 2 wanted a request with prompt "*the weather*", after request 2, found none among 1. ' +
      "Request 1 matches, but came too early",
  );
  const missing = order(a, when({ prompt: "never" }));
  assert.ok(!missing.ok);
  assert.match(missing.message, /Nearest is request 3: prompt is "bye"/);
  assert.ok(!order(a, a).ok, "one request is one step");
});

Deno.test("verify(): a count is verified before an order", () => {
  const order = [when({ prompt: "never" })];
  const count = { min: 9, max: 9 };
  assert.match(failed(three, when(), { count, order }).message, /exactly 9/);
  assert.match(failed(three, when(), { order }).message, /^Step 1 of 1/);
});

Deno.test("verify(): conditions are compared whatever ends the conversation", () => {
  const recorded = journal({
    turn: {
      messages: [
        { role: "user", parts: [{ type: "text", text: "weather" }] },
        {
          role: "tool",
          parts: [{ type: "tool-result", id: "1", text: "sunny" }],
        },
      ],
    },
  });
  assert.ok(asked(recorded, when({ prompt: "weather" })).ok);
  const miss = failed(recorded, when({ prompt: "rain" }));
  assert.deepEqual(miss.nearest[0]?.differs, [
    'prompt is "weather", wants "rain"',
  ]);
});

Deno.test("verify(): what could not be read, or only counts, matches no condition and says why", () => {
  const recorded = new Journal();
  recorded.open(refused(400)).end(performed());
  const { asked: known } = record();
  assert.ok(known);
  recorded.open(record({ more: { asked: { ...known, plan: undefined } } }));
  assert.deepEqual(
    failed(recorded, when({ prompt: "hi" })).nearest.map(({ differs }) =>
      differs
    ),
    [["it only counts tokens"], [
      "it could not be read: The request body is not valid JSON",
    ]],
  );
  assert.ok(asked(recorded, when()).ok, "without conditions they are requests");
});

Deno.test("verify(): values of headers, keys and body fields are never printed", () => {
  const recorded = journal({
    headers: { "x-team": "hush-header", authorization: "Bearer hush-key" },
    body: { user: "hush-body" },
  });
  const secret = (field: Condition["field"], key?: string): Condition => ({
    field,
    ...(key !== undefined && { key }),
    pattern: pattern("hush-wanted"),
  });
  const wanted = when({}, [
    secret("header", "x-team"),
    secret("key"),
    secret("body", "$.user"),
  ]);
  const verdict = failed(recorded, wanted);
  assert.ok(!JSON.stringify(verdict).includes("hush"), verdict.message);
  assert.match(verdict.message, /header "x-team" is not as wanted/);
  assert.match(verdict.message, /API key is not as wanted/);
});

Deno.test("verify(): keys in prompts are redacted in what differs", () => {
  const key = "sk-proj-abcdefghij0123456789";
  const recorded = journal({ prompt: `key ${key}` });
  const { message } = failed(recorded, when({ prompt: "x" }));
  assert.match(message, /prompt is "key \[redacted\]"/);
});

Deno.test("verify(): shows VERIFY_NEAREST_MAX near ones and VERIFY_FOUND_MAX of those found", () => {
  const recorded = journal(...Array.from({ length: 30 }, () => ({})));
  const { nearest } = failed(recorded, when({ prompt: "x" }));
  assert.deepEqual(
    nearest.map(({ id }) => id),
    ["30", "29", "28"].slice(0, VERIFY_NEAREST_MAX),
  );
  const many = failed(recorded, when(), { count: { min: 0, max: 1 } });
  assert.equal(many.found.length, VERIFY_FOUND_MAX);
  assert.equal(many.count, 30);
  assert.match(many.message, / 30 and 10 before them$/);
});

Deno.test("verify(): says that older requests are gone", () => {
  const recorded = new Journal({ entriesMax: 1, bytesMax: 1e9 });
  for (let i = 0; i < 3; i++) recorded.open(record());
  assert.match(
    failed(recorded, when({ prompt: "x" })).message,
    /The journal is bounded, and 2 older requests are no more in it$/,
  );
});

Deno.test("verify(): of requests that fail alike, the one most like what was wanted comes first", () => {
  const recorded = journal(
    { prompt: "what colour is the sky?" },
    { prompt: "flaky 7" },
    { prompt: "long story" },
  );
  const near = (prompt: string) =>
    failed(recorded, when({ prompt })).nearest.map(({ id }) => id);
  assert.equal(near("what color is the sky?")[0], "1");
  assert.equal(near("*flakey*")[0], "2");
  assert.deepEqual(near("zzz"), ["3", "2", "1"]);
});

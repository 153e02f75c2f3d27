import assert from "node:assert/strict";
import fc from "fast-check";
import {
  JOURNAL_PAGE_DEFAULT,
  JOURNAL_PAGE_MAX,
} from "../../lib/core/limits.ts";
import { BadRequest } from "../../lib/core/reply.ts";
import { type Entry, Journal } from "../../lib/journal/journal.ts";
import { atOnce } from "../../lib/core/leisure.ts";
import {
  type Page,
  pageOf,
  readFilter,
  readQuery,
} from "../../lib/journal/query.ts";
import { performed, record, refused, type Told } from "../support/records.ts";
import { text } from "../support/rules.ts";

const LEFT = performed({ ended: "client left" });

function entries(...all: Told[]): readonly Entry[] {
  const journal = new Journal();
  for (const told of all) journal.open(record(told)).end(performed());
  return journal.entries();
}

function ids(query: string, all: readonly Entry[]): number[] {
  const page = atOnce(pageOf(all, readQuery(new URLSearchParams(query))));
  return page.entries.map(({ number }) => number);
}

function refusal(query: string): string {
  try {
    readQuery(new URLSearchParams(query));
  } catch (error) {
    assert.ok(error instanceof BadRequest);
    assert.ok(error.failure.field);
    return error.message;
  }
  return "";
}

Deno.test("readQuery(): each filter keeps those it names", () => {
  const all = entries(
    {},
    { session: "s" },
    { dialect: "anthropic_messages" },
    { turn: { model: "claude-3" } },
    { source: { type: "rule", name: "weather" } },
    { source: { type: "default" } },
    { source: { type: "none" } },
    { url: "http://h/v1/other?x=1" },
    { more: { method: "GET" } },
  );
  for (
    const [query, wanted] of [
      ["session=s", [2]],
      ["session=", [1, 3, 4, 5, 6, 7, 8, 9]],
      ["dialect=anthropic_messages", [3]],
      ["model=claude-*", [4]],
      ["model=CLAUDE-3", [4]],
      ["model=/^c/", [4]],
      ["rule=weather", [5]],
      ["rule=wea*", [5]],
      ["rule=*", [5]],
      ["unmatched=true", [6, 7]],
      ["unmatched=false", [1, 2, 3, 4, 5, 8, 9]],
      ["path=*/other", [8]],
      ["method=get", [9]],
      ["method=GET&session=s", []],
      ["", [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ] as const
  ) assert.deepEqual(ids(query, all), wanted, query);
});

Deno.test("readQuery(): a status is a number or a hundred of them", () => {
  const journal = new Journal();
  for (const status of [400, 404, 429, 500]) journal.open(refused(status));
  const all = journal.entries();
  assert.deepEqual(ids("status=404", all), [2]);
  assert.deepEqual(ids("status=4xx", all), [1, 2, 3]);
  assert.deepEqual(ids("status=5XX", all), [4]);
  for (const status of ["4", "40", "600", "4x", "abc", "0xx", ""]) {
    assert.match(refusal(`status=${status}`), /^status: expected a status/);
  }
});

Deno.test("readQuery(): text is looked for in what was said and in what was answered, ignoring case", () => {
  const all = entries(
    { prompt: "the WEATHER in Paris" },
    { reply: "It rains" },
    {
      turn: {
        messages: [
          { role: "system", parts: [text("be brief")] },
          {
            role: "assistant",
            parts: [{
              type: "tool-call",
              id: "1",
              name: "f",
              input: '{"q":1}',
            }],
          },
          {
            role: "tool",
            parts: [{ type: "tool-result", id: "1", text: "sunny" }],
          },
        ],
      },
    },
  );
  for (
    const [wanted, id] of [
      ["weather in", 1],
      ["IT RAINS", 2],
      ["brief", 3],
      ['"q"', 3],
      ["sunny", 3],
    ] as const
  ) assert.deepEqual(ids(`text=${encodeURIComponent(wanted)}`, all), [id]);
  assert.deepEqual(ids("text=snow", all), []);
});

Deno.test("readQuery(): ended tells those in flight from those that went well or not", () => {
  const journal = new Journal();
  journal.open(record());
  journal.open(record()).end(LEFT);
  journal.open(record()).end(performed());
  const all = journal.entries();
  assert.deepEqual(ids("ended=open", all), [1]);
  assert.deepEqual(ids("ended=client_left", all), [2]);
  assert.deepEqual(ids("ended=complete", all), [3]);
  assert.match(
    refusal("ended=aborted"),
    /expected one of open, complete, client_left, drained, broken/,
  );
});

Deno.test("readQuery(): since is the id of the last one known, or a time", () => {
  const at = (time: string): Told => ({
    more: { arrivedEpochMs: Date.parse(time) },
  });
  const all = entries(
    at("2026-01-01T00:00:00Z"),
    at("2026-01-02T00:00:00Z"),
    at("2026-01-02T00:00:00.500Z"),
  );
  assert.deepEqual(ids("since=0", all), [1, 2, 3]);
  assert.deepEqual(ids("since=2", all), [3]);
  assert.deepEqual(ids("since=99", all), []);
  assert.deepEqual(ids("since=2026-01-02", all), [2, 3]);
  assert.deepEqual(ids("since=2026-01-02T00:00:00.1Z", all), [3]);
  assert.deepEqual(ids("since=2026-01-02T02:00:00%2B02:00", all), [2, 3]);
  assert.deepEqual(ids("since=2026-01-02T02:00:00+02:00", all), [2, 3]);
  for (const bad of ["yesterday", "-1", "2026-13-01", "2026-01-02T00:00"]) {
    assert.match(refusal(`since=${bad}`), /^since: expected the id/, bad);
  }
});

Deno.test("pageOf(): pages go from the oldest on, and next leads to the next one", () => {
  const count = fc.integer({ min: 0, max: 30 });
  const size = fc.integer({ min: 1, max: 12 });
  fc.assert(fc.property(count, size, (count, size) => {
    const all = entries(...Array.from({ length: count }, () => ({})));
    const seen: number[] = [];
    let next: string | undefined = "0";
    while (next !== undefined) {
      const query: URLSearchParams = new URLSearchParams({
        limit: String(size),
        since: next,
      });
      const page: Page = atOnce(pageOf(all, readQuery(query)));
      assert.ok(page.entries.length <= size);
      seen.push(...page.entries.map(({ number }) => number));
      next = page.next;
    }
    assert.deepEqual(seen, all.map(({ number }) => number));
  }));
});

Deno.test("pageOf(): last gives the newest ones, still oldest first", () => {
  const all = entries({}, { session: "s" }, {}, { session: "s" }, {});
  assert.deepEqual(ids("last=2", all), [4, 5]);
  assert.deepEqual(ids("last=1&session=s", all), [4]);
  assert.deepEqual(ids("last=9", all), [1, 2, 3, 4, 5]);
  assert.match(refusal("last=1&limit=1"), /^last: give either last or limit/);
});

Deno.test("readQuery(): gives JOURNAL_PAGE_DEFAULT, and JOURNAL_PAGE_MAX at most", () => {
  const limit = (query: string) => readQuery(new URLSearchParams(query)).limit;
  assert.equal(limit(""), JOURNAL_PAGE_DEFAULT);
  assert.equal(limit(`limit=${JOURNAL_PAGE_MAX}`), JOURNAL_PAGE_MAX);
  for (const bad of [JOURNAL_PAGE_MAX + 1, 0, -1, 1.5, "ten", ""]) {
    assert.equal(
      refusal(`limit=${bad}`),
      `limit: expected a whole number from 1 to ${JOURNAL_PAGE_MAX}`,
    );
  }
});

Deno.test("readQuery(): unknown and doubled parameters are named", () => {
  assert.match(
    refusal("sesion=a"),
    /^sesion: there is no such parameter, only session, dialect,/,
  );
  assert.match(refusal("__proto__=a"), /^__proto__: there is no such/);
  assert.match(refusal("model=a&model=b"), /^model: is given twice/);
  assert.match(refusal("model=/(/"), /^model: Cannot read the regular/);
  assert.match(refusal("path=/(a%2B)%2B$/"), /^path: .*\(a\+\)\+/);
  assert.match(refusal("unmatched=yes"), /^unmatched: expected true or false/);
});

Deno.test("readFilter(): knows no pages", () => {
  assert.throws(
    () => readFilter(new URLSearchParams("limit=1")),
    /limit: there is no such parameter/,
  );
  const filter = readFilter(new URLSearchParams("session=s"));
  assert.deepEqual(
    entries({}, { session: "s" }).filter(filter).map(({ number }) => number),
    [2],
  );
});

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  JOURNAL_BYTES_MAX,
  JOURNAL_ENTRIES_MAX,
} from "../../lib/core/limits.ts";
import { type Entry, Journal } from "../../lib/journal/journal.ts";
import { performed, record } from "../support/records.ts";

function numbers(journal: Journal): number[] {
  return journal.entries().map(({ number }) => number);
}

Deno.test("Journal: a request is there from the moment its answer begins, and its end is noted", () => {
  const journal = new Journal();
  const open = journal.open(record());
  assert.equal(journal.entries()[0]?.performed, undefined);
  open.end(performed({ deltas: 3 }));
  assert.equal(journal.entries()[0]?.performed?.deltas, 3);
});

Deno.test("Journal: requests are counted from 1, and no number is given twice", () => {
  const journal = new Journal();
  for (let i = 0; i < 3; i++) journal.open(record());
  assert.deepEqual(numbers(journal), [1, 2, 3]);
  assert.equal(journal.clear(), 3);
  journal.open(record());
  assert.deepEqual(numbers(journal), [4]);
  assert.equal(journal.last, 4);
});

Deno.test("Journal: holds JOURNAL_ENTRIES_MAX requests; the oldest is dropped and counted", () => {
  const journal = new Journal();
  for (let i = 0; i < JOURNAL_ENTRIES_MAX; i++) journal.open(record());
  assert.deepEqual([journal.size, journal.dropped], [JOURNAL_ENTRIES_MAX, 0]);
  for (let i = 0; i < 5; i++) journal.open(record());
  assert.deepEqual([journal.size, journal.dropped], [JOURNAL_ENTRIES_MAX, 5]);
  assert.equal(numbers(journal)[0], 6);
  assert.equal(numbers(journal).at(-1), JOURNAL_ENTRIES_MAX + 5);
  assert.equal(journal.get(5), undefined);
  assert.equal(journal.get(6)?.number, 6);
});

Deno.test("Journal: what it holds takes at most JOURNAL_BYTES_MAX, but for one request that alone takes more", () => {
  const journal = new Journal();
  const large = "x".repeat(JOURNAL_BYTES_MAX / 4);
  for (let i = 0; i < 5; i++) {
    journal.open(record({ body: { prompt: large } }));
    assert.ok(journal.bytes <= JOURNAL_BYTES_MAX, `after ${i}`);
  }
  assert.deepEqual([journal.size, journal.dropped], [3, 2]);
  journal.open(record({ body: large.repeat(5) }));
  assert.deepEqual(numbers(journal), [6]);
  journal.open(record());
  assert.deepEqual(numbers(journal), [7]);
});

Deno.test("Journal: many small values are counted as what they take, not as what they were sent in", () => {
  const journal = new Journal();
  const hollow = Array.from({ length: 1_000_000 }, () => []); // 3 MB of JSON
  for (let i = 0; i < 2; i++) journal.open(record({ body: hollow }));
  assert.equal(journal.size, 1);
});

Deno.test("Journal: clear() of a session forgets its requests only", () => {
  const journal = new Journal();
  for (const session of ["a", "b", "a", ""]) journal.open(record({ session }));
  assert.equal(journal.clear("a"), 2);
  assert.deepEqual(numbers(journal), [2, 4]);
  assert.equal(journal.clear(""), 1);
  assert.deepEqual(numbers(journal), [2]);
  assert.equal(journal.clear("nobody"), 0);
});

Deno.test("Journal: clear() gives back what was held, and forgets what was dropped", () => {
  const journal = new Journal({ entriesMax: 2, bytesMax: 1e9 });
  for (let i = 0; i < 3; i++) journal.open(record());
  journal.clear();
  assert.deepEqual([journal.size, journal.bytes, journal.dropped], [0, 0, 0]);
});

Deno.test("Journal: an answer may end after its request was forgotten", () => {
  const journal = new Journal();
  const open = journal.open(record());
  journal.clear();
  open.end(performed());
  assert.equal(journal.size, 0);
});

Deno.test("Journal: listeners are told of beginnings and ends until they leave", () => {
  const journal = new Journal();
  const told: [string, number][] = [];
  const listener = (type: string, { number }: Entry) =>
    void told.push([type, number]);
  const leave = [journal.subscribe(listener), journal.subscribe(listener)];
  const open = journal.open(record());
  leave[0]?.();
  open.end(performed());
  leave[1]?.();
  journal.open(record()).end(performed());
  assert.deepEqual(told, [["open", 1], ["open", 1], ["end", 1]]);
});

Deno.test("Journal: whatever is opened and cleared, it holds the newest within its bounds, oldest first", () => {
  const action = fc.oneof(
    fc.record({ session: fc.constantFrom("", "a", "b"), size: fc.nat(50_000) }),
    fc.constantFrom("clear", "clear a"),
  );
  const bounds = { entriesMax: 7, bytesMax: 200_000 };
  fc.assert(fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
    const journal = new Journal(bounds);
    let expected: { number: number; session: string }[] = [];
    let given = 0;
    for (const action of actions) {
      if (action === "clear") expected = [];
      if (action === "clear") journal.clear();
      else if (action === "clear a") {
        journal.clear("a");
        expected = expected.filter(({ session }) => session !== "a");
      } else if (typeof action === "object") {
        const body = "x".repeat(action.size);
        journal.open(record({ session: action.session, body }));
        expected.push({ number: ++given, session: action.session });
      }
      const held = numbers(journal);
      expected = expected.slice(-held.length || expected.length);
      assert.deepEqual(held, expected.map(({ number }) => number));
      assert.equal(journal.size, held.length);
      assert.ok(journal.size <= 7);
      assert.ok(journal.bytes <= bounds.bytesMax);
    }
  }));
});

Deno.test("Journal: an answer that can be made again does not keep its score", () => {
  const journal = new Journal();
  const first = record();
  journal.open(first);
  const entry = journal.entries()[0];
  assert.notEqual(entry?.again(), first.score);
  assert.deepEqual([...entry?.again().cues ?? []], [...first.score.cues]);
});

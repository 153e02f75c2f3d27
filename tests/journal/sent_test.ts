import assert from "node:assert/strict";
import { RECOUNT_MS_MAX, SENT_SHOWN_CHARS_MAX } from "../../lib/core/limits.ts";
import { type Entry, Journal } from "../../lib/journal/journal.ts";
import { type Sent, sentOf } from "../../lib/journal/sent.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { performed, record, type Told } from "../support/records.ts";

const SSE = "text/event-stream; charset=utf-8";
const cues = ["a", "é", "c"].map((text, at) => ({
  atMs: at * 100,
  text: `data: ${text}\n\n`,
  deltas: 1,
}));
const [first = "", second = "", third = ""] = cues.map(({ text }) => text);

function entry(told: Told, how?: Parameters<typeof performed>[0]): Entry {
  const journal = new Journal();
  const open = journal.open(record(told));
  if (how !== undefined) open.end(performed(how));
  const [entry] = journal.entries();
  assert.ok(entry);
  return entry;
}

function sent(
  told: Told,
  how?: Parameters<typeof performed>[0],
): Promise<Sent> {
  return sentOf(entry(told, how), new ManualClock());
}

Deno.test("sentOf(): a complete stream is its frames, its bytes in UTF-8, and the times they were due", async () => {
  assert.deepEqual(await sent({ cues, type: SSE }, {}), {
    text: first + second + third,
    bytes: 9 + 10 + 9,
    frames: 3,
    firstMs: 0,
    lastMs: 200,
  });
});

Deno.test("sentOf(): of a stream whose client left, what was handed over; the times are those of the whole", async () => {
  const how = {
    ended: "client left",
    sentChars: (first + second).length,
  } as const;
  const part = await sent({ cues, type: SSE }, how);
  assert.equal(part.text, first + second);
  assert.deepEqual([part.frames, part.bytes, part.lastMs], [2, 19, 200]);
});

Deno.test("sentOf(): a client that left before anything was sent got nothing", async () => {
  const none = await sent({ cues, type: SSE }, {
    ended: "client left",
    sentChars: 0,
  });
  assert.deepEqual([none.text, none.frames, none.bytes], ["", 0, 0]);
});

Deno.test("sentOf(): a stream that the server ended has its last words where it was cut", async () => {
  const farewell = "data: bye\n\n";
  for (const parts of [[], [first], [first, second, third]]) {
    const how = {
      ended: "stopped",
      sentChars: parts.join("").length,
    } as const;
    const cut = await sent({ cues, type: SSE, farewell }, how);
    assert.equal(cut.text, parts.join("") + farewell);
    assert.equal(cut.frames, parts.length + 1);
  }
});

Deno.test("sentOf(): one body is one frame, an empty one none", async () => {
  const whole = await sent({ reply: "a\n\nb" }, {});
  assert.deepEqual([whole.frames, whole.bytes], [1, 4]);
  assert.equal((await sent({ reply: "" }, {})).frames, 0);
});

Deno.test("sentOf(): shows SENT_SHOWN_CHARS_MAX of it, and counts all", async () => {
  const long = "x".repeat(SENT_SHOWN_CHARS_MAX + 1);
  const shown = await sent({ reply: long }, {});
  assert.equal(shown.text.length, SENT_SHOWN_CHARS_MAX);
  assert.equal(shown.bytes, SENT_SHOWN_CHARS_MAX + 1);
});

Deno.test("sentOf(): others get their turn each RECOUNT_MS_MAX while a long reply is read", async () => {
  const turnsAt = async (stepMs: number) => {
    let nowMs = 0;
    let turns = 0;
    const rest = (ring: (lateMs: number) => void) => ({
      set() {
        turns++;
        queueMicrotask(() => ring(0));
      },
      clear() {},
    });
    const clock = { now: () => nowMs += stepMs, epochMs: () => 0, timer: rest };
    await sentOf(entry({ cues, type: SSE }, {}), clock);
    return turns;
  };
  assert.equal(await turnsAt(RECOUNT_MS_MAX), 3);
  assert.equal(await turnsAt(RECOUNT_MS_MAX / 10), 0);
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { CATCH_UP_MS_MAX } from "../../lib/core/limits.ts";
import type { Cue, Score } from "../../lib/core/score.ts";
import { OpenStreams, type Performed, play } from "../../lib/play/play.ts";
import { ManualClock, settle } from "../support/manual_clock.ts";

interface Show {
  readonly clock: ManualClock;
  readonly response: Promise<Response>;
  readonly performed: Performed[];
  readonly quiet: { kept: number };
  readonly defects: unknown[];
}

function perform(cues: Iterable<Cue>, clock = new ManualClock()): Show {
  const performed: Performed[] = [];
  const quiet = { kept: 0 };
  const defects: unknown[] = [];
  const score: Score = { status: 200, headers: { "x-a": "b" }, cues };
  const response = Promise.resolve(play(score, {
    clock,
    beganMs: clock.now(),
    keepOpen: () => quiet.kept++,
    onEnd: (end) => performed.push(end),
    onDefect: (defect) => defects.push(defect),
  }));
  return { clock, response, performed, quiet, defects };
}

function at(...times: number[]): Cue[] {
  return times.map((atMs, i) => ({ atMs, text: `${i}`, deltas: 1 }));
}

/** Reads a stream to its end, noting when each write came. */
async function follow(show: Show): Promise<[number, string][]> {
  const writes: [number, string][] = [];
  const reader = (await show.response).body!.pipeThrough(
    new TextDecoderStream(),
  ).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return writes;
    writes.push([show.clock.now(), value]);
  }
}

Deno.test("play() answers an instant score with one body and tells how it went", async () => {
  const { response, performed, quiet } = perform(at(0));
  const answer = await response;
  assert.equal(answer.headers.get("x-a"), "b");
  assert.equal(await answer.text(), "0");
  assert.deepEqual(performed, [{
    firstMs: 0,
    totalMs: 0,
    deltas: 1,
    ended: "complete",
    reanchoredMs: 0,
    lateMs: 0,
    sentChars: 1,
  }]);
  assert.equal(quiet.kept, 0);
});

Deno.test("play() holds the response back until its first cue is due", async () => {
  const { clock, response, quiet } = perform(at(1_500));
  let answered = false;
  response.then(() => answered = true);
  await clock.advance(1_499);
  assert.equal(answered, false);
  await clock.advance(1_500);
  assert.equal(await (await response).text(), "0");
  assert.equal(quiet.kept, 1);
});

Deno.test("play() writes each cue at its own time, by absolute deadlines", async () => {
  const show = perform(at(0, 10, 25, 25.2, 40));
  const reading = follow(show);
  await show.clock.advance(1_000);
  assert.deepEqual(await reading, [[0, "0"], [10, "1"], [25, "23"], [40, "4"]]);
  assert.equal(show.performed[0]?.totalMs, 40);
});

Deno.test("play() performs any score whole and never early by more than the allowance", async () => {
  const times = fc.array(fc.integer({ min: 0, max: 300 }), {
    minLength: 2,
    maxLength: 40,
  })
    .map((all) => [0, ...all].sort((a, b) => a - b));
  await fc.assert(fc.asyncProperty(times, async (times) => {
    const cues = times.map((atMs, i) => ({ atMs, text: `<${i}>`, deltas: 1 }));
    const show = perform(cues);
    const reading = follow(show);
    await show.clock.advance(400);
    const writes = await reading;
    assert.equal(
      writes.map(([, text]) => text).join(""),
      cues.map(({ text }) => text).join(""),
    );
    for (const [nowMs, text] of writes) {
      for (const index of text.matchAll(/<(\d+)>/g)) {
        assert.ok(nowMs >= (times[Number(index[1])] ?? 0) - 0.5);
      }
    }
    assert.equal(show.performed[0]?.deltas, cues.length);
  }));
});

Deno.test("play() draws no more cues than a slow reader takes", async () => {
  let drawn = 0;
  function* endless(): Generator<Cue> {
    for (;;) yield { atMs: 0, text: "x".repeat(60_000), deltas: ++drawn && 1 };
  }
  const { response } = perform(endless());
  const reader = (await response).body!.getReader();
  await settle();
  assert.ok(drawn <= 3, `${drawn} cues drawn for a reader that took none`);
  await reader.read();
  await settle();
  assert.ok(drawn <= 5, `${drawn} cues drawn for a reader that took one`);
  await reader.cancel();
});

Deno.test("play() catches up in one write after a reader's pause, without losing a byte", async () => {
  const show = perform(at(0, 10, 20, 30, 40, 5_000));
  const reader = (await show.response).body!.pipeThrough(
    new TextDecoderStream(),
  ).getReader();
  assert.equal((await reader.read()).value, "0");
  await show.clock.advance(45);
  const rest = [(await reader.read()).value, (await reader.read()).value].join(
    "",
  );
  assert.equal(rest, "1234");
  const last = reader.read();
  await show.clock.advance(5_000);
  assert.equal((await last).value, "5");
  await reader.cancel();
});

Deno.test("play() tells that the client left, after how many deltas, and leaves no timer behind", async () => {
  const show = perform(at(0, 10, 20, 30));
  const reader = (await show.response).body!.getReader();
  await reader.read();
  const second = reader.read();
  await show.clock.advance(10);
  await second;
  reader.read();
  await settle();
  await reader.cancel();
  assert.deepEqual(show.performed.map(({ ended, deltas }) => [ended, deltas]), [
    ["client left", 2],
  ]);
  assert.equal(show.clock.nextMs, Infinity);
});

Deno.test("play() catches up on lateness up to the limit, and is moved by more", async () => {
  for (const beyondMs of [0, 1]) {
    const lateMs = CATCH_UP_MS_MAX + beyondMs;
    const nowMs = 100 + lateMs;
    const show = perform(at(0, 100, 200, 300));
    const reading = follow(show);
    await show.clock.advance(50);
    await show.clock.jump(nowMs);
    await show.clock.advance(nowMs + 200);
    assert.deepEqual(
      await reading,
      beyondMs === 0 ? [[0, "0"], [nowMs, "123"]] : [
        [0, "0"],
        [nowMs, "1"],
        [nowMs + 100, "2"],
        [nowMs + 200, "3"],
      ],
    );
    assert.equal(show.performed[0]?.reanchoredMs, beyondMs * lateMs);
  }
});

Deno.test("play() goes on at its pace after a standstill, and says how far it was moved", async () => {
  const show = perform(at(0, 100, 200, 300));
  const reading = follow(show);
  await show.clock.advance(50);
  await show.clock.jump(60_000);
  await show.clock.advance(70_000);
  assert.deepEqual(await reading, [[0, "0"], [60_000, "1"], [60_100, "2"], [
    60_200,
    "3",
  ]]);
  assert.equal(show.performed[0]?.reanchoredMs, 59_900);
});

Deno.test("play() closes a stream whose last cue has nothing to say", async () => {
  const show = perform([...at(0), { atMs: 5, text: "", deltas: 0 }]);
  const reading = follow(show);
  await show.clock.advance(10);
  assert.deepEqual(await reading, [[0, "0"]]);
  assert.equal(show.performed.length, 1);
});

Deno.test("play() closes once for a reader that pulls again from within the last write", async () => {
  const show = perform(at(0, 10, 20));
  const text = (await show.response).text();
  await show.clock.advance(30);
  assert.equal(await text, "012");
  assert.equal(show.performed.length, 1);
});

Deno.test("OpenStreams.stop() ends each open stream with its last words, and knows none afterwards", async () => {
  const clock = new ManualClock();
  const streams = new OpenStreams();
  const performed: Performed[] = [];
  const score: Score = {
    status: 200,
    headers: {},
    cues: at(0, 10, 60_000),
    farewell: () => "bye",
  };
  const response = await play(score, {
    clock,
    beganMs: 0,
    streams,
    keepOpen: () => {},
    onDefect: assert.fail,
    onEnd: (end) => performed.push(end),
  });
  const text = response.text();
  await clock.advance(100);
  assert.equal(streams.size, 1);
  streams.stop();
  assert.equal(await text, "01bye");
  assert.deepEqual(performed.map(({ ended, deltas }) => [ended, deltas]), [[
    "stopped",
    2,
  ]]);
  assert.deepEqual([streams.size, clock.nextMs], [0, Infinity]);
});

Deno.test("play() breaks a stream off whose score turns out to be none, tells the defect, and holds nothing", async () => {
  function* broken(): Generator<Cue> {
    yield* at(0, 10);
    throw new Error("a defect");
  }
  const show = perform(broken());
  const reading = assert.rejects(follow(show));
  await show.clock.advance(20);
  await reading;
  assert.match(String(show.defects[0]), /a defect/);
  assert.deepEqual(show.performed.map(({ ended }) => ended), ["broken"]);
  assert.equal(show.clock.nextMs, Infinity);
});

Deno.test("play() enters a stream among the open ones only when it is read", async () => {
  const streams = new OpenStreams();
  const response = await play({ status: 200, headers: {}, cues: at(0, 10) }, {
    clock: new ManualClock(),
    beganMs: 0,
    streams,
    keepOpen: () => {},
    onDefect: assert.fail,
    onEnd: () => {},
  });
  await settle();
  assert.equal(streams.size, 0);
  const reader = response.body!.getReader();
  await reader.read();
  assert.equal(streams.size, 1);
  await reader.cancel();
  assert.equal(streams.size, 0);
});

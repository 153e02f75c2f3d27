import assert from "node:assert/strict";
import { TURN_MS_MAX, WRITE_CHARS_MAX } from "../../lib/core/limits.ts";
import type { Cue, Score } from "../../lib/core/score.ts";
import { type Performed, play } from "../../lib/play/play.ts";
import { turnsOf } from "../../lib/play/turns.ts";
import { ManualClock, settle } from "../support/manual_clock.ts";

/** A write of a full load, which takes `workMs` to make. */
function* laborious(
  count: number,
  workMs: number,
  clock: ManualClock,
  atMs: (i: number) => number = () => 0,
): Generator<Cue> {
  for (let i = 0; i < count; i++) {
    clock.pass(workMs);
    yield { atMs: atMs(i), text: `${i},`.padEnd(WRITE_CHARS_MAX), deltas: 1 };
  }
}

/** A stream whose reader takes all, and what it has so far. */
async function read(
  cues: Iterable<Cue>,
  clocks: { clock: ManualClock; realClock?: ManualClock },
) {
  const score: Score = { status: 200, headers: {}, cues };
  const performed: Performed[] = [];
  const response = await play(score, {
    ...clocks,
    beganMs: clocks.clock.now(),
    keepOpen: () => {},
    onEnd: (end) => performed.push(end),
    onDefect: assert.fail,
  });
  const writes: string[] = [];
  const reader = response.body!.pipeThrough(new TextDecoderStream())
    .getReader();
  const ended = (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      writes.push(value.trim());
    }
  })();
  await settle();
  return { writes, ended, performed, reader };
}

Deno.test("a stream whose reader takes all rests once it has worked for TURN_MS_MAX, and goes on when others had their turn", async () => {
  const clock = new ManualClock();
  const { writes, ended, performed } = await read(
    laborious(20, 2, clock),
    { clock },
  );
  const first = writes.length;
  assert.ok(first >= 2 && first <= TURN_MS_MAX / 2 + 2, `${first} writes`);
  await settle();
  assert.equal(writes.length, first);
  clock.ring();
  await settle();
  const second = writes.length - first;
  assert.ok(second >= 2 && second <= TURN_MS_MAX / 2 + 2, `${second} writes`);
  for (let i = 0; i < 20 && performed.length === 0; i++) {
    clock.ring();
    await settle();
  }
  await ended;
  assert.equal(
    writes.join(""),
    Array.from(Array(20), (_, i) => `${i},`).join(""),
  );
  assert.deepEqual(performed.map(({ ended }) => ended), ["complete"]);
  assert.equal(clock.nextMs, Infinity);
});

Deno.test("however many writes a stream takes, it does not rest when they take no time", async () => {
  const clock = new ManualClock();
  const { writes, performed } = await read(laborious(500, 0, clock), { clock });
  for (let i = 0; i < 100 && performed.length === 0; i++) await settle();
  assert.deepEqual([performed.length, writes.length], [1, 500]);
  assert.equal(clock.nextMs, Infinity);
});

Deno.test("work is timed by the system's clock where the performance has one of its own", async () => {
  const realClock = new ManualClock();
  const { writes } = await read(laborious(20, 2, realClock), {
    clock: new ManualClock(),
    realClock,
  });
  for (let i = 0; i < 10; i++) await settle();
  assert.ok(writes.length < 10);
  assert.equal(realClock.nextMs, realClock.now());
});

Deno.test("a stream that is paced makes one write at a time, and never rests", async () => {
  const clock = new ManualClock();
  const cues = laborious(20, 0, clock, (i) => i * TURN_MS_MAX);
  const { writes } = await read(cues, { clock });
  for (let i = 1; i < 20; i++) {
    assert.equal(writes.length, i);
    assert.equal(clock.nextMs, i * TURN_MS_MAX); // the next cue's time, not one of a rest
    await clock.advance(i * TURN_MS_MAX);
  }
});

Deno.test("a client that leaves while its stream rests is told of once, and nothing more is made", async () => {
  const clock = new ManualClock();
  const { writes, performed, reader } = await read(
    laborious(20, 5, clock),
    { clock },
  );
  await reader.cancel();
  const made = clock.now();
  clock.ring();
  await settle();
  assert.equal(clock.now(), made);
  assert.ok(writes.length < 20);
  assert.deepEqual(performed.map(({ ended }) => ended), ["client left"]);
});

Deno.test("those who wait go on in order, and no more of them than a turn has time for", () => {
  const clock = new ManualClock();
  const turns = turnsOf(clock);
  const gone: number[] = [];
  const go = (i: number) => {
    gone.push(i);
    clock.pass(4);
    if (i < 3) turns.wait(() => go(10 + i));
  };
  for (let i = 0; i < 5; i++) turns.wait(() => go(i));
  const rounds: number[][] = [];
  while (clock.nextMs < Infinity) {
    clock.ring();
    rounds.push(gone.splice(0));
  }
  assert.deepEqual(rounds, [[0, 1, 2], [3, 4, 10], [11, 12]]);
});

import assert from "node:assert/strict";
import { isInstant, Metronome, wholeMs } from "../../lib/compose/pace.ts";
import { type Pace, UNPACED } from "../../lib/core/plan.ts";
import { Random } from "../../lib/core/random.ts";

const steady: Pace = { ...UNPACED, unitMs: { type: "fixed", ms: 1_000 / 3 } };
const lag: Pace = {
  ...UNPACED,
  unit: "character",
  unitMs: { type: "uniform", minMs: 5, maxMs: 15 },
};

function times(pace: Pace, chunks: readonly string[], seed = 1): number[] {
  const metronome = new Metronome(pace, new Random(seed));
  return [...chunks, ""].map((chunk) => {
    const { dueMs } = metronome;
    metronome.advance(chunk);
    return dueMs;
  });
}

Deno.test("Metronome puts chunk i at i / rate without drifting", () => {
  const due = times(steady, new Array<string>(3_000).fill("x"));
  assert.equal(due[0], 0);
  assert.equal(due[3], 1_000);
  assert.equal(due[3_000], 1_000_000);
});

Deno.test("Metronome varies lag by half around the mean, the same for the same seed", () => {
  const due = times(lag, new Array<string>(2_000).fill("x"));
  assert.deepEqual(due, times(lag, new Array<string>(2_000).fill("x")));
  assert.notDeepEqual(due, times(lag, new Array<string>(2_000).fill("x"), 2));
  const gaps = due.slice(1).map((ms, i) => ms - (due[i] ?? 0));
  assert.ok(Math.min(...gaps) >= 5 && Math.min(...gaps) < 5.2);
  assert.ok(Math.max(...gaps) <= 15 && Math.max(...gaps) > 14.8);
  assert.ok(Math.abs((due.at(-1) ?? 0) / 2_000 - 10) < 0.2);
});

Deno.test("Metronome charges a chunk for each of its characters, a pair of surrogates as one", () => {
  const [first = 0, second = 0] = times(lag, ["🙂🙂🙂🙂"]);
  assert.equal(first, 0);
  assert.ok(second >= 20 && second <= 60);
});

Deno.test("wholeMs() is the mean time of a stream of the same text", () => {
  assert.equal(wholeMs(lag, 50), 500);
  assert.equal(wholeMs(steady, 30), 10_000);
  assert.equal(
    wholeMs({ ...lag, firstMs: { type: "fixed", ms: 70 } }, 50),
    570,
  );
});

Deno.test("isInstant() tells a pace that waits for nothing", () => {
  assert.equal(isInstant(UNPACED), true);
  assert.equal(isInstant(lag), false);
  assert.equal(
    isInstant({ ...UNPACED, firstMs: { type: "fixed", ms: 1 } }),
    false,
  );
});

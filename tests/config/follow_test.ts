/**
 * When the follower looks, by a clock that stands still: no file changes here.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Sight } from "../../lib/config/file.ts";
import { Follower } from "../../lib/config/follow.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { eventually } from "../support/process.ts";

async function following(
  pollMs: number | undefined,
  run: (
    bench: {
      clock: ManualClock;
      stir: () => void;
      told: Sight[];
      watched: string[][];
    },
  ) => Promise<void>,
): Promise<void> {
  const file = Deno.makeTempFileSync();
  const clock = new ManualClock();
  const told: Sight[] = [];
  const watched: string[][] = [];
  let stir = () => {};
  const watch = (folders: readonly string[], changed: () => void) => {
    watched.push([...folders]);
    stir = changed;
    return { [Symbol.dispose]: () => {} };
  };
  const follower = new Follower({
    sources: [file],
    clock,
    watch,
    ...(pollMs !== undefined && { pollMs }),
  });
  try {
    await follower.begin();
    follower.follow((sight) => told.push(sight));
    await run({ clock, stir: () => stir(), told, watched });
  } finally {
    follower[Symbol.dispose]();
    assert.equal(clock.nextMs, Infinity, "no timer is left");
    Deno.removeSync(file);
  }
}

Deno.test("a follower notices at the first look what counts only once it holds still", async () => {
  const file = Deno.makeTempFileSync();
  const clock = new ManualClock();
  const heard: string[] = [];
  const follower = new Follower({
    sources: [file],
    clock,
    pollMs: 100,
    watch: () => assert.fail("it looks by itself"),
    noticed: () => heard.push("noticed"),
  });
  await follower.begin();
  follower.follow(() => heard.push("changed"));
  Deno.writeTextFileSync(file, "a: b\n");
  await clock.advance(100);
  await eventually(() => heard.length === 1 || undefined, "the first look");
  for (let nowMs = 105; heard.length < 2; nowMs += 5) {
    await clock.advance(nowMs);
    await new Promise((resolve) => setTimeout(resolve, 1));
    assert.ok(nowMs < 2_000, "it never counts");
  }
  follower[Symbol.dispose]();
  Deno.removeSync(file);
  assert.deepEqual(heard, ["noticed", "changed"]);
});

Deno.test("a follower looks soon after an event, and not later for more of them", () =>
  following(undefined, async ({ clock, stir }) => {
    assert.equal(clock.nextMs, 2_000);
    stir();
    const soonMs = clock.nextMs;
    assert.ok(soonMs <= 10);
    await clock.advance(5);
    stir();
    assert.equal(clock.nextMs, soonMs);
  }));

Deno.test("a follower that looks by itself watches nothing", () =>
  following(250, ({ clock, watched }) => {
    assert.deepEqual(watched, []);
    assert.equal(clock.nextMs, 250);
    return Promise.resolve();
  }));

Deno.test("a follower watches the folders of its file once, and tells nothing while nothing changes", () =>
  following(undefined, async ({ clock, watched, told }) => {
    await clock.advance(1_999);
    assert.equal(watched.length, 1);
    assert.deepEqual(told, []);
  }));

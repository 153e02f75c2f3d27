/**
 * How Deno listens again, with a server that is played: real ones fail when descriptors run out.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  LISTEN_RETRY_MS_MAX,
  LISTEN_RETRY_MS_MIN,
} from "../../lib/core/limits.ts";
import { denoRuntime } from "../../lib/runtime/deno.ts";
import { ManualClock, settle } from "../support/manual_clock.ts";

const OPTIONS = { host: "127.0.0.1", port: 0, sharedPort: false };

/** Runs `body` with a `Deno.serve` that does what `serve` says. */
async function withServe(
  serve: () => unknown,
  body: () => Promise<void>,
): Promise<void> {
  const original = Object.getOwnPropertyDescriptor(Deno, "serve");
  assert.ok(original !== undefined);
  Object.defineProperty(Deno, "serve", { configurable: true, value: serve });
  try {
    await body();
  } finally {
    Object.defineProperty(Deno, "serve", original);
  }
}

Deno.test("a server on Deno listens again after ever longer waits, from the shortest to the longest", async () => {
  const clock = new ManualClock();
  const finished = Promise.withResolvers<void>();
  const triedMs: number[] = [];
  const server = {
    addr: { port: 8000 },
    finished: finished.promise,
    shutdown: () => Promise.resolve(),
  };
  const serve = () => {
    if (triedMs.push(clock.now()) === 1) return server;
    throw new Error("Too many open files");
  };
  await withServe(serve, async () => {
    const troubles: string[] = [];
    const onTrouble = (message: string) => troubles.push(message);
    const listener = await denoRuntime(clock).serve(() => new Response(), {
      ...OPTIONS,
      onTrouble,
    });
    finished.reject(new Error("Too many open files"));
    await settle();
    await clock.advance(10_000);
    const waits = triedMs.slice(1).map((atMs, i) => atMs - (triedMs[i] ?? 0));
    assert.equal(waits[0], LISTEN_RETRY_MS_MIN);
    assert.equal(waits.at(-1), LISTEN_RETRY_MS_MAX);
    for (const [i, waitMs] of waits.slice(1).entries()) {
      assert.equal(waitMs, Math.min(2 * (waits[i] ?? 0), LISTEN_RETRY_MS_MAX));
    }
    assert.deepEqual(troubles, ["Too many open files"]);
    assert.equal(await listener.stop(0), true);
    const tries = triedMs.length;
    await clock.advance(20_000);
    assert.equal(triedMs.length, tries, "a stopped server tries no more");
  });
});

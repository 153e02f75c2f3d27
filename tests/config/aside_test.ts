/**
 * Reading in another process, with one that is played: what is done when it hangs, dies, or was
 * never there.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type Aside, readerAside, serveAside } from "../../lib/config/aside.ts";
import { readConfig, type Verdict } from "../../lib/config/compile.ts";
import { CONFIG_READ_MS_MAX } from "../../lib/core/limits.ts";
import { ManualClock, settle } from "../support/manual_clock.ts";

const GOOD = "responses:\n  a: b\n";

function read(
  aside: Aside,
  { clock = new ManualClock(), signal = new AbortController().signal } = {},
): Promise<Verdict> {
  return readerAside(aside, clock)(GOOD, "r.yml", signal);
}

function codes({ problems }: Verdict): string[] {
  return problems.map(({ code }) => code);
}

/** Ends when it is killed. */
async function* hangs(
  _file: string,
  _text: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield "ready";
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
}

Deno.test("what another process reads arrives as if it had been read here", async () => {
  const verdict = await read((file, text) =>
    serveAside(Promise.resolve(text), file)
  );
  assert.deepEqual(verdict, await readConfig(GOOD, "r.yml"));
});

Deno.test("a reading that takes too long is killed and given up with a problem of its own", async () => {
  const clock = new ManualClock();
  const reading = read(hangs, { clock });
  await clock.advance(CONFIG_READ_MS_MAX - 1);
  await settle();
  assert.notEqual(clock.nextMs, Infinity, "not yet");
  await clock.advance(CONFIG_READ_MS_MAX);
  assert.deepEqual(codes(await reading), ["too-slow"]);
});

Deno.test("a reading that is no longer wanted ends at once and leaves no timer", async () => {
  const clock = new ManualClock();
  const controller = new AbortController();
  const reading = read(hangs, { clock, signal: controller.signal });
  await settle();
  controller.abort();
  assert.equal((await reading).config, undefined);
  assert.equal(clock.nextMs, Infinity);
});

Deno.test("a process that dies over a file is a problem of that file, and the file is not read here", async () => {
  const dies: Aside = async function* () {
    yield await Promise.resolve("ready");
  };
  assert.deepEqual(codes(await read(dies)), ["broke-off"]);
});

Deno.test("where no process can be had, the file is read here", async () => {
  const nobody: Aside = async function* () {};
  const stranger: Aside = async function* () {
    yield await Promise.resolve("Unknown command");
  };
  for (const aside of [nobody, stranger]) {
    assert.deepEqual(await read(aside), await readConfig(GOOD, "r.yml"));
  }
});

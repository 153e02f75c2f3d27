/**
 * Reading in another process, with one that is played: what is done when it hangs, dies, or was
 * never there.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readerAside, readHere, serveAside } from "../../lib/config/aside.ts";
import type { Verdict } from "../../lib/config/compile.ts";
import type { Sight } from "../../lib/config/file.ts";
import type { Aside } from "../../lib/config/reading.ts";
import {
  ADOPT_MS_MAX,
  CONFIG_READ_MS_MAX,
  PREPARED_MS_MAX,
} from "../../lib/core/limits.ts";
import { ManualClock, settle } from "../support/manual_clock.ts";

const GOOD: Sight = [{ file: "r.yml", bytes: utf8("responses:\n  a: b\n") }];
const BOTH: Sight = [
  ...GOOD,
  { file: "s.yml", bytes: utf8("responses:\n  é: 😀\n") },
];

function read(
  aside: Aside,
  {
    clock = new ManualClock(),
    signal = new AbortController().signal,
    sight = GOOD,
  } = {},
): Promise<Verdict> {
  return readerAside(aside, clock)(sight, "r.yml", signal);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** What can be compared: answers as text. */
function plain({ config, ...rest }: Verdict): unknown {
  if (config === undefined) return rest;
  const { exact, normalised, ...others } = config;
  return { ...rest, ...others, exact: [...exact], normalised: [...normalised] };
}

/** A process of its own, played by this one. */
const served: Aside = (input) =>
  serveAside(
    input.then((parts) => new Blob(parts as Uint8Array<ArrayBuffer>[]).bytes()),
  );

function codes({ problems }: Verdict): string[] {
  return problems.map(({ code }) => code);
}

/** Ends when it is killed. */
async function* hangs(
  _input: Promise<readonly Uint8Array[]>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  yield utf8("ready\n");
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
}

Deno.test("what another process reads arrives as if it had been read here", async () => {
  const finding = { code: "no-file", message: "There is no such file" };
  for (const sight of [GOOD, BOTH, [...BOTH, { file: "t.yml", finding }]]) {
    const verdict = await read(served, { sight });
    assert.deepEqual(plain(verdict), plain(await readHere(sight, "r.yml")));
  }
});

Deno.test("what another process writes may come in any pieces", async () => {
  const bitten: Aside = async function* (input, signal) {
    for await (const piece of served(input, signal)) {
      for (const byte of piece) yield Uint8Array.of(byte);
    }
  };
  const glued: Aside = async function* (input, signal) {
    const pieces = await Array.fromAsync(served(input, signal));
    yield await new Blob(pieces as Uint8Array<ArrayBuffer>[]).bytes();
  };
  for (const aside of [bitten, glued]) {
    const verdict = await read(aside, { sight: BOTH });
    assert.deepEqual(plain(verdict), plain(await readHere(BOTH, "r.yml")));
  }
});

Deno.test("a file that is not UTF-8 is told as such, beside what is wrong with the others", async () => {
  const sight = [
    { file: "a.yml", bytes: Uint8Array.of(0xff, 0xfe, 97, 0) },
    { file: "b.yml", bytes: utf8("setings: 1\n") },
  ];
  assert.deepEqual(codes(await read(served, { sight })), [
    "not-utf8",
    "unknown-key",
  ]);
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
    yield await Promise.resolve(utf8("ready\n"));
  };
  assert.deepEqual(codes(await read(dies)), ["broke-off"]);
});

Deno.test("where no process can be had, the file is read here", async () => {
  const nobody: Aside = async function* () {};
  const stranger: Aside = async function* () {
    yield await Promise.resolve(utf8("Unknown command"));
  };
  for (const aside of [nobody, stranger]) {
    assert.deepEqual(
      plain(await read(aside)),
      plain(await readHere(GOOD, "r.yml")),
    );
  }
});

/** Counts how often it is begun and ended. */
function counted(aside: Aside) {
  const count = { begun: 0, ended: 0 };
  const counting: Aside = async function* (input, signal) {
    count.begun++;
    signal.addEventListener("abort", () => count.ended++);
    yield* aside(input, signal);
  };
  return { count, counting };
}

Deno.test("a process that was prepared reads what comes, and another one what comes after that", async () => {
  const clock = new ManualClock();
  const { count, counting } = counted(served);
  const reader = readerAside(counting, clock);
  const { signal } = new AbortController();
  reader.prepare?.();
  reader.prepare?.();
  await settle();
  assert.deepEqual(count, { begun: 1, ended: 0 });
  for (const begun of [1, 2]) {
    const verdict = await reader(GOOD, "r.yml", signal);
    assert.deepEqual(plain(verdict), plain(await readHere(GOOD, "r.yml")));
    assert.deepEqual(count, { begun, ended: begun });
  }
  assert.equal(clock.nextMs, Infinity);
});

Deno.test("a process that was prepared for nothing ends after as long as the limit says, or when told", async () => {
  const clock = new ManualClock();
  const { count, counting } = counted(hangs);
  const reader = readerAside(counting, clock);
  reader.prepare?.();
  await clock.advance(1_000);
  reader.prepare?.();
  await clock.advance(1_000 + PREPARED_MS_MAX - 1);
  assert.deepEqual(count, { begun: 1, ended: 0 });
  await clock.advance(1_000 + PREPARED_MS_MAX);
  assert.deepEqual(count, { begun: 1, ended: 1 });
  reader.prepare?.();
  reader.rest?.();
  assert.deepEqual(count, { begun: 2, ended: 2 });
  assert.equal(clock.nextMs, Infinity);
});

Deno.test("a process that died while it waited is not waited for", async () => {
  let begun = 0;
  const sickly: Aside = async function* (input, signal) {
    if (++begun === 1) yield utf8("ready\n");
    else yield* served(input, signal);
  };
  const reader = readerAside(sickly, new ManualClock());
  reader.prepare?.();
  await settle();
  const { signal } = new AbortController();
  const verdict = await reader(GOOD, "r.yml", signal);
  assert.deepEqual(plain(verdict), plain(await readHere(GOOD, "r.yml")));
  assert.equal(begun, 2);
});

Deno.test("taking in gives others their turn once it took as long as the limit says", async () => {
  for (const tookMs of [ADOPT_MS_MAX - 0.5, ADOPT_MS_MAX]) {
    const clock = new ManualClock();
    let over = false;
    const slow: Aside = async function* (input, signal) {
      const [ready, head = ready, ...rest] = await Array.fromAsync(
        served(input, signal),
      ) as [Uint8Array, ...Uint8Array[]];
      yield ready;
      await clock.advance(clock.now() + tookMs);
      yield head;
      for (const piece of rest) yield piece;
    };
    const reading = read(slow, { clock }).then(() => over = true);
    await new Promise((resolve) => setTimeout(resolve, 0));
    await settle();
    const waits = tookMs >= ADOPT_MS_MAX;
    assert.equal(over, !waits);
    assert.equal(clock.nextMs, waits ? tookMs + 1 : Infinity);
    await clock.advance(clock.now() + 1);
    await reading;
  }
});

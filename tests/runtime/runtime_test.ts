import assert from "node:assert/strict";
import { SystemClock, until } from "../../lib/core/clock.ts";
import { detectRuntime } from "../../lib/runtime/detect.ts";
import { PortError } from "../../lib/runtime/runtime.ts";
import { eventually } from "../support/process.ts";

let clock = new SystemClock();
let runtime = detectRuntime(clock);
const options = { host: "127.0.0.1", port: 0, sharedPort: false };

/** A test with a clock of its own, which is stopped in the end. */
function test(claim: string, body: () => Promise<void>): void {
  Deno.test(claim, async () => {
    clock = new SystemClock();
    runtime = detectRuntime(clock);
    await body();
    clock.close();
  });
}

/** A stream of two pieces, `ms` apart. */
function slowly(ms: number): Response {
  const encoder = new TextEncoder();
  return new Response(
    new ReadableStream({
      async start(controller) {
        controller.enqueue(encoder.encode("begin "));
        await until(clock, clock.now() + ms);
        controller.enqueue(encoder.encode("end"));
        controller.close();
      },
    }),
  );
}

Deno.test("detectRuntime() knows Deno and its version", () => {
  assert.equal(runtime.name, "deno");
  assert.equal(runtime.version, Deno.version.deno);
});

Deno.test("selfCommand() starts Deno with what workers need", () => {
  const [command, ...args] = runtime.selfCommand();
  assert.equal(command, Deno.execPath());
  assert.ok(args.includes("--unstable-net"));
  assert.ok(args.at(-1)?.startsWith("file://"));
});

test("serve() takes a free port and hands the peer's address over", async () => {
  const listener = await runtime.serve(
    (_request, { peer = "?" }) => new Response(peer),
    options,
  );
  const response = await fetch(`http://127.0.0.1:${listener.port}/`);
  assert.equal(await response.text(), "127.0.0.1");
  assert.equal(await listener.stop(1_000), true);
});

test("serve() answers a handler that throws with plain JSON", async () => {
  const listener = await runtime.serve(() => {
    throw new Error("secret");
  }, options);
  const response = await fetch(`http://127.0.0.1:${listener.port}/`);
  assert.equal(response.status, 500);
  assert.deepEqual(await response.json(), {
    error: { message: "Internal server error" },
  });
  await listener.stop(1_000);
});

test("serve() says why a port cannot be had", async () => {
  const listener = await runtime.serve(() => new Response(), options);
  const reason = (expected: PortError["reason"]) => (error: unknown) =>
    error instanceof PortError && error.reason === expected;
  await assert.rejects(
    runtime.serve(() => new Response(), { ...options, port: listener.port }),
    reason("in use"),
  );
  await assert.rejects(
    runtime.serve(() => new Response(), { ...options, host: "192.0.2.1" }),
    reason("no such address"),
  );
  await assert.rejects(
    runtime.serve(() => new Response(), { ...options, host: "a b" }),
    reason("no such address"),
  );
  await listener.stop(1_000);
});

test("stop() lets an open answer finish", async () => {
  const listener = await runtime.serve(() => slowly(100), options);
  const response = await fetch(`http://127.0.0.1:${listener.port}/`);
  const [ended, text] = await Promise.all([
    listener.stop(5_000),
    response.text(),
  ]);
  assert.equal(ended, true);
  assert.equal(text, "begin end");
});

test("stop() waits no longer than asked, and says that something was open", async () => {
  const listener = await runtime.serve(() => slowly(400), options);
  const response = await fetch(`http://127.0.0.1:${listener.port}/`);
  let over = false;
  const reading = response.text().then(() => over = true);
  assert.equal(await listener.stop(50), false);
  assert.equal(over, false);
  await reading;
});

test("watch() tells of changes in a folder, though it vanishes, comes back and is replaced", async () => {
  const folder = await Deno.makeTempDir();
  let heard = 0;
  const watch = runtime.watch([folder], () => heard++);
  const change = async (what: string, act: () => Promise<void>) => {
    const before = heard;
    await act();
    await eventually(() => heard > before || undefined, `news of ${what}`);
    await until(clock, clock.now() + 600); // the rest of what the runtime has to say of it
  };
  const write = () => Deno.writeTextFile(`${folder}/a`, String(heard));
  await change("a new file", write);
  await change(
    "its folder's end",
    () => Deno.remove(folder, { recursive: true }),
  );
  await change("its return", () => Deno.mkdir(folder));
  await change("another file", write);
  await change("a replaced folder", async () => {
    await Deno.remove(folder, { recursive: true });
    await Deno.mkdir(folder);
  });
  await change("a file in that", write);
  watch[Symbol.dispose]();
  await Deno.remove(folder, { recursive: true });
});

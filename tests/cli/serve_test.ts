/**
 * How a server stops, on a runtime that is played.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Log } from "../../lib/cli/log.ts";
import { Server } from "../../lib/cli/serve.ts";
import { ALONE } from "../../lib/cli/workers.ts";
import type { SystemClock } from "../../lib/core/clock.ts";
import { FAREWELL_MS_MAX } from "../../lib/core/limits.ts";
import type { Runtime } from "../../lib/runtime/runtime.ts";
import { ManualClock } from "../support/manual_clock.ts";

const VALUES = {
  responses: [],
  host: "127.0.0.1",
  port: 0,
  seed: 1,
  quiet: true,
  poll: false,
  cors: undefined,
  "allowed-hosts": undefined,
  "admin-token": undefined,
};

const OUTPUT = {
  terminal: false,
  color: false,
  full: false,
  write: () => {},
  flush: () => Promise.resolve(),
};

Deno.test("a server that stops gives open replies the time asked for, and cut ones what the limit says to say so", async () => {
  const clock = new ManualClock();
  const gracesMs: number[] = [];
  const listener = {
    port: 8000,
    stop: (graceMs: number) => {
      gracesMs.push(graceMs);
      return Promise.resolve(false);
    },
  };
  const runtime = {
    name: "deno",
    version: "0",
    serve: () => Promise.resolve(listener),
  } as unknown as Runtime;
  using server = new Server({
    values: VALUES,
    log: new Log({ output: OUTPUT, clock, form: "text" }),
    clock: clock as unknown as SystemClock,
    runtime,
    worker: ALONE,
  });
  await server.listen();
  assert.equal(await server.stop(9_000), false);
  assert.deepEqual(gracesMs, [9_000 + FAREWELL_MS_MAX]);
});

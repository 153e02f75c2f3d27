/**
 * What Bun is told, by a Bun that is played: what it does with that is for `tests/e2e/`.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Connection } from "../../lib/core/handler.ts";
import { IDLE_SECONDS_MAX } from "../../lib/core/limits.ts";
import { bunRuntime } from "../../lib/runtime/bun.ts";
import { ManualClock } from "../support/manual_clock.ts";

interface Told {
  readonly idleTimeout: number;
  fetch(request: Request, server: unknown): unknown;
}

/** Runs `body` where there is a Bun whose `serve` is `serve`. */
async function withBun(
  serve: (told: Told) => unknown,
  body: () => Promise<void>,
): Promise<void> {
  const bun = { version: "0", main: "", isStandaloneExecutable: true, serve };
  Object.assign(globalThis, { Bun: bun });
  try {
    await body();
  } finally {
    Reflect.deleteProperty(globalThis, "Bun");
  }
}

Deno.test("Bun keeps quiet connections as long as the limit says, but for replies that take their time", async () => {
  const told: Told[] = [];
  const seconds: number[] = [];
  const server = {
    port: 8000,
    stop: () => Promise.resolve(),
    timeout: (_request: Request, each: number) => seconds.push(each),
    requestIP: () => null,
  };
  const serve = (each: Told) => {
    told.push(each);
    return server;
  };
  await withBun(serve, async () => {
    const handler = (_request: Request, connection: Connection) => {
      connection.keepOpen();
      connection.release();
      return new Response();
    };
    const options = { host: "127.0.0.1", port: 0, sharedPort: false };
    await bunRuntime(new ManualClock()).serve(handler, options);
    assert.deepEqual(told.map(({ idleTimeout }) => idleTimeout), [
      IDLE_SECONDS_MAX,
    ]);
    told[0]?.fetch(new Request("http://localhost/"), server);
    assert.deepEqual(seconds, [0, IDLE_SECONDS_MAX]);
  });
});

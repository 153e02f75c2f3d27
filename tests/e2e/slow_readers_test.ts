/**
 * Clients that read slowly, or not at all. What it costs in memory is measured by
 * `deno task soak c1`.
 */

import assert from "node:assert/strict";
import { each } from "../soak/row.ts";
import { narrow, streams } from "../soak/readers.ts";
import { CAN_BE_NARROW } from "../support/narrow.ts";
import { ask, launchServer, testEach } from "../support/process.ts";
import { postTokens, Socket } from "../support/socket.ts";

if (CAN_BE_NARROW) {
  testEach(
    "a stream read through a window of 4 KB loses nothing",
    async (program) => {
      await using server = await launchServer(program);
      assert.deepEqual(await narrow(server.url, 0, 1_500), {
        characters: 1_500 * 32,
        finishes: 1,
        ends: 1,
      });
    },
  );
}

testEach(
  "a hundred streams at once bring every token, and each its end",
  async (program) => {
    await using server = await launchServer(program);
    const { tokens, ends } = await streams(server.url, 100, 100, 200);
    assert.deepEqual({ tokens, ends }, { tokens: 10_000, ends: 100 });
  },
);

testEach(
  "streams that nobody reads keep nobody else waiting",
  async (program) => {
    await using server = await launchServer(program);
    using stack = new DisposableStack();
    await each(50, 10, async () => {
      const socket = stack.use(await Socket.open(server.url));
      await socket.send(postTokens(10_000, 1_000, 32));
    });
    const { tokens, ends } = await streams(server.url, 10, 100, 100);
    assert.deepEqual({ tokens, ends }, { tokens: 1_000, ends: 10 });
    assert.match(await ask(server.url, "hello"), /^Hello!/);
  },
);

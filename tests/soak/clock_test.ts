/**
 * A wall clock that jumps: what is paced does not notice, what is dated does.
 */

import assert from "node:assert/strict";
import { json, perform, testApp } from "../support/app.ts";

const HOUR_MS = 3_600_000;
const ASK = json({}, { "x-token-count": "20", "x-tokens-per-second": "10" });

for (const jumpMs of [HOUR_MS, -HOUR_MS]) {
  Deno.test(`a wall clock that jumps by ${jumpMs / HOUR_MS} h moves no token, and the next reply is dated by it`, async () => {
    const [steady, jumping] = [testApp(), testApp()];
    const expected = await perform(steady, "/v1/chat/completions", ASK);
    const streaming = perform(jumping, "/v1/chat/completions", ASK);
    jumping.clock.epochAtZeroMs += jumpMs;
    const { writes } = await streaming;
    assert.deepEqual(
      writes.map(({ atMs }) => atMs),
      expected.writes.map(({ atMs }) => atMs),
    );
    const { text } = await perform(jumping, "/v1/chat/completions", ASK);
    const [, created] = /"created":(\d+)/.exec(text) ?? [];
    assert.equal(
      Number(created),
      Math.floor((jumping.clock.epochMs() - 2_000) / 1_000),
    );
  });
}

Deno.test("a machine suspended for a minute brings no burst: the stream goes on at its pace", async () => {
  const app = testApp();
  const { clock } = app;
  const response = await app.fetch("/v1/chat/completions", ASK);
  const reader = response.body?.getReader() ?? assert.fail();
  const decoder = new TextDecoder();
  let text = "";
  const reading = (async () => {
    for (
      let part = await reader.read();
      !part.done;
      part = await reader.read()
    ) text += decoder.decode(part.value);
  })();
  const tokens = () => text.match(/"content":"[^"]/g)?.length ?? 0;
  await clock.advance(500);
  await clock.jump(60_500);
  const afterJump = tokens();
  await clock.advance(61_500);
  assert.ok(
    tokens() - afterJump <= 15,
    `${tokens() - afterJump} tokens in a second at 10 a second`,
  );
  await clock.advance(70_000);
  await reading;
  assert.equal(tokens(), 20);
  assert.ok(afterJump <= 7, `${afterJump} tokens at once`);
});

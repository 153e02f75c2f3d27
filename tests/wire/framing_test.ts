import assert from "node:assert/strict";
import fc from "fast-check";
import {
  countFrames,
  sse,
  SSE_TYPE,
  sseComment,
} from "../../lib/wire/framing.ts";

Deno.test("countFrames(): as many as events were written, whatever they say", () => {
  const event = fc.tuple(
    fc.string(),
    fc.option(fc.constant("delta"), { nil: undefined }),
  );
  fc.assert(fc.property(fc.array(event), (events) => {
    const text = events.map(([said, name]) => sse(JSON.stringify(said), name))
      .join("");
    assert.equal(countFrames(SSE_TYPE, text), events.length);
  }));
});

Deno.test("countFrames(): anything but a stream is one frame, and nothing is none", () => {
  assert.equal(countFrames("application/json", '{"a": "\\n\\n"}\n\n'), 1);
  assert.equal(countFrames("application/json", ""), 0);
  assert.equal(countFrames("", ""), 0);
});

Deno.test("sseComment(): is a line that no reader takes for an event", () => {
  assert.equal(sseComment("keep-alive"), ": keep-alive\n\n");
});

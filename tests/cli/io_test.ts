import assert from "node:assert/strict";
import { StreamOutput } from "../../lib/cli/io.ts";
import { OUTPUT_QUEUE_BYTES_MAX } from "../../lib/core/limits.ts";

class FakeStream {
  isTTY = true;
  writableLength = 0;
  texts: string[] = [];
  #fail: () => void = () => {};
  #pending: (() => void)[] = [];

  write(text: string, done: () => void): boolean {
    this.texts.push(text);
    this.#pending.push(done);
    return true;
  }

  on(_event: "error", listener: () => void): void {
    this.#fail = listener;
  }

  drain(): void {
    for (const done of this.#pending.splice(0)) done();
  }

  fail(): void {
    this.#fail();
  }
}

Deno.test("StreamOutput has colour on a terminal, unless NO_COLOR or a dumb terminal says no", () => {
  const stream = new FakeStream();
  assert.equal(new StreamOutput(stream, {}).color, true);
  assert.equal(new StreamOutput(stream, { NO_COLOR: "1" }).color, false);
  assert.equal(new StreamOutput(stream, { NO_COLOR: "" }).color, true);
  assert.equal(new StreamOutput(stream, { TERM: "dumb" }).color, false);
  stream.isTTY = false;
  assert.equal(new StreamOutput(stream, {}).color, false);
});

Deno.test("StreamOutput flushes once everything is written", async () => {
  const stream = new FakeStream();
  const output = new StreamOutput(stream, {});
  output.write("a");
  output.write("b");
  let flushed = false;
  const flush = output.flush().then(() => flushed = true);
  await Promise.resolve();
  assert.equal(flushed, false);
  stream.drain();
  await flush;
  assert.deepEqual(stream.texts, ["a", "b"]);
});

Deno.test("StreamOutput forgets a reader that went away", async () => {
  const stream = new FakeStream();
  const output = new StreamOutput(stream, {});
  output.write("a");
  stream.fail();
  output.write("b");
  await output.flush();
  assert.deepEqual(stream.texts, ["a"]);
  assert.equal(output.full, true);
});

Deno.test("StreamOutput survives a stream that throws", () => {
  const stream = new FakeStream();
  stream.write = () => {
    throw new Error("EPIPE");
  };
  const output = new StreamOutput(stream, {});
  output.write("a");
  assert.equal(output.full, true);
});

Deno.test("StreamOutput is full while more waits for its reader than the limit says", () => {
  const stream = new FakeStream();
  const output = new StreamOutput(stream, {});
  stream.writableLength = OUTPUT_QUEUE_BYTES_MAX + 1;
  assert.equal(output.full, true);
  stream.writableLength = OUTPUT_QUEUE_BYTES_MAX;
  assert.equal(output.full, false);
});

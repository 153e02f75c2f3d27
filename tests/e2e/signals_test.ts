import assert from "node:assert/strict";
import {
  type Child,
  eventually,
  launchServer,
  post,
  testEach,
  within,
} from "../support/process.ts";

/** A stream of `seconds`, from its first bytes on. */
async function openStream(
  { url }: Child,
  seconds: number,
): Promise<{ rest(): Promise<string> }> {
  const headers = {
    "X-Token-Count": String(seconds * 20),
    "X-Tokens-Per-Second": "20",
  };
  const response = await post(`${url}/v1/chat/completions`, headers);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = decoder.decode((await reader.read()).value, { stream: true });
  return {
    async rest() {
      for (
        let part = await reader.read();
        !part.done;
        part = await reader.read()
      ) {
        text += decoder.decode(part.value, { stream: true });
      }
      return text;
    },
  };
}

/** Whether nobody accepts connections there any more. */
async function isClosed(url: string): Promise<true | undefined> {
  try {
    const connection = await Deno.connect({
      hostname: "127.0.0.1",
      port: Number(new URL(url).port),
    });
    connection.close();
    return undefined;
  } catch {
    return true;
  }
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  testEach(
    `${signal} refuses newcomers, lets an open stream finish, and exits 0`,
    async (program) => {
      await using server = await launchServer(program);
      const stream = await openStream(server, 1);
      server.kill(signal);
      await eventually(() => isClosed(server.url), "the port to be closed");
      assert.match(
        await within(stream.rest(), "the stream to end"),
        /data: \[DONE\]\n\n$/,
      );
      assert.equal(await server.exit(), 0);
    },
  );
}

testEach("SIGTERM without open replies exits at once", async (program) => {
  await using server = await launchServer(program);
  await (await fetch(`${server.url}/health`)).text();
  const beganMs = performance.now();
  server.kill("SIGTERM");
  assert.equal(await server.exit(), 0);
  assert.ok(performance.now() - beganMs < 2_000);
});

for (const [signal, code] of [["SIGTERM", 143], ["SIGINT", 130]] as const) {
  testEach(`a second ${signal} exits at once with ${code}`, async (program) => {
    await using server = await launchServer(program);
    const stream = await openStream(server, 60);
    server.kill(signal);
    await server.err.until(/Stopping/);
    server.kill(signal);
    assert.equal(await server.exit(), code);
    await assert.rejects(stream.rest());
  });
}

testEach(
  "after the drain time open streams are cut with an error event, and it exits 0",
  async (program) => {
    await using server = await launchServer(program, [
      "--drain-timeout",
      "0.3",
    ]);
    const stream = await openStream(server, 60);
    server.kill("SIGTERM");
    assert.match(
      await within(stream.rest(), "the stream to end"),
      /data: {"error":{"message":"The server is shutting down".*}}\n\n$/,
    );
    assert.equal(await server.exit(), 0);
    assert.match(server.err.text, /Some replies were cut/);
  },
);

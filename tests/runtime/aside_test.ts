import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { runAside } from "../../lib/runtime/aside.ts";

const ECHO = "process.stdin.pipe(process.stdout)";
const CHATTER = "setInterval(() => console.log('alive'), 5)";

const NOTHING = Promise.resolve([]);

function node(code: string): string[] {
  return [
    Deno.execPath(),
    "eval",
    `import process from "node:process"; ${code}`,
  ];
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(pieces));
}

Deno.test("runAside() gives what a program writes that reads its input, byte for byte", async () => {
  const { signal } = new AbortController();
  const large = Buffer.alloc(3_000_000, "é😀\0\xff\n");
  const parts = [Buffer.from("first\n"), large, Buffer.alloc(0)];
  const input = Promise.resolve(parts);
  const written = await collect(
    runAside({ command: node(ECHO), input, signal }),
  );
  assert.ok(written.equals(Buffer.concat(parts)));
});

Deno.test("runAside() kills when told, and says no more", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  let heard = 0;
  for await (
    const _piece of runAside({ command: node(CHATTER), input: NOTHING, signal })
  ) {
    if (++heard === 3) controller.abort();
  }
  assert.ok(heard >= 3);
});

Deno.test("runAside() says nothing for a program that is not there, or not allowed", async () => {
  const { signal } = new AbortController();
  const input = Promise.resolve([Buffer.from("x")]);
  for (const command of [["/nowhere/mockllm"], []]) {
    const said = await collect(runAside({ command, input, signal }));
    assert.equal(said.length, 0);
  }
});

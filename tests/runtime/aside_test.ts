import assert from "node:assert/strict";
import { runAside } from "../../lib/runtime/aside.ts";

const ECHO = "process.stdin.pipe(process.stdout)";
const CHATTER = "setInterval(() => console.log('alive'), 5)";

function node(code: string): string[] {
  return [
    Deno.execPath(),
    "eval",
    `import process from "node:process"; ${code}`,
  ];
}

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  return await Array.fromAsync(lines);
}

Deno.test("runAside() gives the lines of a program that reads its input, characters whole", async () => {
  const { signal } = new AbortController();
  const rows = Array.from({ length: 20_000 }, (_, i) => `${i} é😀`);
  const input = `${rows.join("\n")}\n`;
  const lines = await collect(
    runAside({ command: node(ECHO), input, signal }),
  );
  assert.deepEqual(lines, rows);
});

Deno.test("runAside() kills when told, and says no more", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  let heard = 0;
  for await (
    const _line of runAside({ command: node(CHATTER), input: "", signal })
  ) {
    if (++heard === 3) controller.abort();
  }
  assert.ok(heard >= 3);
});

Deno.test("runAside() says nothing for a program that is not there, or not allowed", async () => {
  const { signal } = new AbortController();
  for (const command of [["/nowhere/mockllm"], []]) {
    assert.deepEqual(
      await collect(runAside({ command, input: "x", signal })),
      [],
    );
  }
});

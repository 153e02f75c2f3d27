// The SDK tests once more through `mock.fetch`, by a process that may open no socket.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { AS_MOCK } from "./_app.ts";

const FOLDER = fileURLToPath(new URL("./", import.meta.url));

Deno.test("every SDK test passes through mock.fetch with no socket open, but those on sockets", async () => {
  const said = await runTests();
  const results = [...said.matchAll(/^(.+) \.\.\. (ok|FAILED) \(/gm)];
  const names = (wanted: string) =>
    results.flatMap(([, name = "", result]) => result === wanted ? [name] : []);
  assert.ok(names("ok").length >= 36, said);
  assert.deepEqual(
    names("FAILED").filter((name) => !name.includes("over a real socket")),
    [],
    said,
  );
  assert.ok(names("FAILED").length > 0, "without leave, sockets fail");
  assert.match(said, /NotCapable: Requires net access/);
});

/** Runs the tests of this folder without leave to use the network; gives what is said. */
async function runTests(): Promise<string> {
  const files = readdirSync(FOLDER).filter((file) =>
    file.endsWith("_test.ts") && file !== "mock_test.ts"
  );
  const may = ["--allow-read", "--allow-env", "--allow-sys", "--deny-net"];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-check", ...may, ...files],
    cwd: FOLDER,
    env: { [AS_MOCK]: "1", NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return decoder.decode(stdout) + decoder.decode(stderr);
}

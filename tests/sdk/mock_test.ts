// The SDK tests once more through `mock.fetch`. That this process may open no socket is checked by
// each server that is made there.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { AS_MOCK } from "./_server.ts";

const FOLDER = fileURLToPath(new URL("./", import.meta.url));

Deno.test("every SDK test passes through mock.fetch, by a process that may open no socket", async () => {
  const said = await runTests();
  const results = [...said.matchAll(/^(.+) \.\.\. (ok|FAILED) \(/gm)];
  const names = (wanted: string) =>
    results.flatMap(([, name = "", result]) => result === wanted ? [name] : []);
  assert.deepEqual(names("FAILED"), [], said);
  assert.match(said, /^ok \| \d+ passed \| 0 failed/m, said);
  const inProcess = names("ok").filter((name) => name.includes("createMock: "));
  assert.ok(inProcess.length >= 190, said);
});

/** Runs the tests of this folder without leave to use the network; gives what is said. */
async function runTests(): Promise<string> {
  const files = readdirSync(FOLDER).filter((file) =>
    file.endsWith("_test.ts") && file !== "mock_test.ts"
  );
  const may = ["--allow-read", "--allow-env", "--allow-sys", "--deny-net"];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--parallel", "--no-check", ...may, ...files],
    cwd: FOLDER,
    env: { [AS_MOCK]: "1", NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return decoder.decode(stdout) + decoder.decode(stderr);
}

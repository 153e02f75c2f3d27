import assert from "node:assert/strict";
import {
  ask,
  launchServer,
  runToEnd,
  temporaryFolder,
  testEach,
} from "../support/process.ts";

testEach("init, validate and start follow one another", async (program) => {
  await using folder = await temporaryFolder();
  const options = { cwd: folder.path };
  const init = await runToEnd(program, ["init"], options);
  assert.deepEqual([init.code, init.out], [
    0,
    "responses.yml is written. Next:\n\n  mockllm start\n",
  ]);
  const check = await runToEnd(program, ["validate", "responses.yml"], options);
  assert.equal(check.code, 0);
  await using server = await launchServer(program, [], options);
  assert.match(await ask(server.url, "what colour is the sky?"), /purple/);
});

testEach(
  "init leaves a file alone that is there, and exits 1",
  async (program) => {
    await using folder = await temporaryFolder();
    await Deno.writeTextFile(`${folder.path}/responses.yml`, "mine");
    const { code, err } = await runToEnd(program, ["init"], {
      cwd: folder.path,
    });
    assert.equal(code, 1);
    assert.match(err, /^responses\.yml is there already, and stays as it is\./);
    assert.equal(
      await Deno.readTextFile(`${folder.path}/responses.yml`),
      "mine",
    );
  },
);

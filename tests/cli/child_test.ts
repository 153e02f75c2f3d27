import assert from "node:assert/strict";
import { runChild } from "../../lib/cli/child.ts";
import { temporaryFolder } from "../support/process.ts";

const ENV = { PATH: Deno.env.get("PATH"), GIVEN: "7", MISSING: undefined };

Deno.test("runChild() gives the exit code of the program, whose environment is the one given", async () => {
  const script = 'exit "${GIVEN}${MISSING-2}${HOME-3}"';
  assert.deepEqual(await runChild(["sh", "-c", script], ENV), {
    code: 723 % 256,
  });
});

Deno.test("runChild() tells a program that a signal killed as a shell does", async () => {
  const end = await runChild(["sh", "-c", "kill -9 $$"], ENV);
  assert.deepEqual(end, { code: 137 });
});

Deno.test("runChild() teaches what to do where there is no such program", async () => {
  const { code, refusal } = await runChild(["no-such-program"], ENV);
  assert.equal(code, 127);
  assert.match(refusal ?? "", /^There is no program "no-such-program"\. Look/);
  const line = await runChild(["echo hello"], ENV);
  assert.equal(line.code, 127);
  assert.match(line.refusal ?? "", /mockllm exec -- sh -c "echo hello"$/);
});

Deno.test("runChild() says so when a file is no program", async () => {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/notes.txt`;
  await Deno.writeTextFile(file, "not a program");
  const { code, refusal } = await runChild([file], ENV);
  assert.equal(code, 126);
  assert.match(refusal ?? "", /cannot be run \(EACCES\)\. Make it executable/);
});

import assert from "node:assert/strict";
import { runToEnd, temporaryFolder, testEach } from "../support/process.ts";

testEach("--version names the program and its runtime", async (program) => {
  const { code, out } = await runToEnd(program, ["--version"]);
  assert.equal(code, 0);
  assert.match(out, /^mockllm \d+\.\d+\.\d+ \((deno|bun) \d+\.\d+\.\d+\)\n$/);
});

testEach("mockllm alone prints its help", async (program) => {
  const { code, out } = await runToEnd(program, []);
  assert.equal(code, 0);
  assert.match(out, /Usage:\n {2}mockllm COMMAND/);
});

testEach(
  "wrong usage is one line with a remedy, and exit code 2",
  async (program) => {
    const { code, out, err } = await runToEnd(program, [
      "start",
      "--prot",
      "1",
    ]);
    assert.deepEqual({ code, out, err }, {
      code: 2,
      out: "",
      err: 'Unknown option "--prot". Did you mean "--port"?\n',
    });
  },
);

testEach(
  "validate says how many responses a good file holds, and exits 0",
  async (program) => {
    await using folder = await temporaryFolder();
    await Deno.writeTextFile(
      `${folder.path}/good.yml`,
      "responses:\n  hi: hello\n  bye: see you\n",
    );
    const { code, out } = await runToEnd(program, ["validate", "good.yml"], {
      cwd: folder.path,
    });
    assert.deepEqual({ code, out }, {
      code: 0,
      out: "good.yml: good, 2 responses\n",
    });
  },
);

testEach(
  "validate exits 1 with every problem of a bad file",
  async (program) => {
    await using folder = await temporaryFolder();
    await Deno.writeTextFile(
      `${folder.path}/bad.yml`,
      "responses:\n  hi: hello\nsetings: {}\ndefualts: {}\n",
    );
    const { code, out } = await runToEnd(program, ["validate", "bad.yml"], {
      cwd: folder.path,
    });
    assert.equal(code, 1);
    assert.match(out, /bad\.yml:3:1: error: /);
    assert.match(out, /bad\.yml:4:1: error: /);
  },
);

testEach("validate --json prints problems as data", async (program) => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(
    `${folder.path}/bad.yml`,
    "responses:\n  hi: hello\nsetings: {}\n",
  );
  const { code, out } = await runToEnd(program, [
    "validate",
    "--json",
    "bad.yml",
  ], { cwd: folder.path });
  assert.equal(code, 1);
  const { ok, problems } = JSON.parse(out);
  assert.equal(ok, false);
  assert.deepEqual([problems[0].file, problems[0].line, problems[0].column], [
    "bad.yml",
    3,
    1,
  ]);
});

testEach("validate without a file is wrong usage", async (program) => {
  const { code, err } = await runToEnd(program, ["validate"]);
  assert.deepEqual({ code, err }, {
    code: 2,
    err: "mockllm validate needs FILE...: mockllm validate FILE...\n",
  });
});

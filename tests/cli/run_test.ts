import assert from "node:assert/strict";
import { COMMANDS } from "../../lib/cli/args.ts";
import { version } from "../../lib/cli/version.ts";
import { say } from "../support/command.ts";

Deno.test("run() prints the same help for nothing, --help, -h and help", async () => {
  const { code, out } = await say();
  assert.equal(code, 0);
  for (const argv of ["--help", "-h", "help"]) {
    assert.deepEqual((await say(argv)).out, out);
  }
});

Deno.test("run() prints the help of a command however it is asked for", async () => {
  const { out } = await say("help", "start");
  assert.equal((await say("start", "--help")).out, out);
  assert.equal((await say("start", "--nonsense", "-h")).out, out);
});

Deno.test("help fits 80 columns and tells every flag, its default and its variable", async () => {
  for (const [name, { flags }] of Object.entries(COMMANDS)) {
    const { out } = await say("help", name);
    for (const line of out.split("\n")) assert.ok(line.length <= 80, line);
    for (
      const [flag, { default: preset }] of Object.entries(flags) as [
        string,
        { default?: unknown },
      ][]
    ) {
      assert.ok(out.includes(`--${flag}`), flag);
      assert.ok(
        out.includes(`MOCKLLM_${flag.toUpperCase().replaceAll("-", "_")}`),
        flag,
      );
      if (preset !== undefined) assert.ok(out.includes(`(${preset})`), flag);
    }
  }
  for (const line of (await say()).out.split("\n")) {
    assert.ok(line.length <= 80, line);
  }
});

Deno.test("run() tells version and runtime", async () => {
  const { out } = await say("--version");
  assert.equal(out, `mockllm ${version} (deno ${Deno.version.deno})\n`);
});

Deno.test("run() answers wrong usage with one line and exit code 2", async () => {
  for (
    const argv of [["strat"], ["start", "--prot"], ["help", "strat"], [
      "validate",
    ]]
  ) {
    const { code, out, err } = await say(...argv);
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.match(err, /^[^\n]+\n$/);
  }
});

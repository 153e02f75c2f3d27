import assert from "node:assert/strict";
import { readConfig } from "../../lib/config/compile.ts";
import { say } from "../support/command.ts";
import { temporaryFolder } from "../support/process.ts";

Deno.test("init writes a file that is good, commented, and no less than the example", async () => {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/mock.yml`;
  const { code, out } = await say("init", file);
  assert.deepEqual([code, out], [
    0,
    `${file} is written. Next:\n\n  mockllm start --responses ${file}\n`,
  ]);
  const text = await Deno.readTextFile(file);
  assert.match(
    text,
    /^# What mockllm answers\. A running server follows this file\.\n/,
  );
  const { config, problems } = await readConfig(text, file);
  assert.deepEqual(problems, []);
  const example = await Deno.readTextFile(
    new URL("../../responses.example.yml", import.meta.url),
  );
  const { config: ofExample } = await readConfig(example, file);
  assert.deepEqual(config?.exact.size, ofExample?.exact.size);
  assert.deepEqual(config?.rules.length, ofExample?.rules.length);
  assert.ok((text.match(/^ *#/gm)?.length ?? 0) > 10);
});

Deno.test("init overwrites nothing", async () => {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/responses.yml`;
  await Deno.writeTextFile(file, "mine");
  const { code, out, err } = await say("init", file);
  assert.deepEqual([code, out], [1, ""]);
  assert.equal(
    err,
    `${file} is there already, and stays as it is. Name another file: mockllm init other.yml\n`,
  );
  assert.equal(await Deno.readTextFile(file), "mine");
  const none = await say("init", `${folder.path}/none/responses.yml`);
  assert.equal(none.code, 1);
  assert.match(
    none.err,
    /^There is no folder to put .* in\. Create it first\n$/,
  );
});

Deno.test("init tells the next command as a shell takes it", async () => {
  await using folder = await temporaryFolder();
  const { out } = await say("init", `${folder.path}/it's mine.yml`);
  assert.match(out, /--responses '.*\/it'\\''s mine\.yml'\n$/);
});

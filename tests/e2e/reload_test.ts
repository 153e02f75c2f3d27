import assert from "node:assert/strict";
import {
  ask,
  eventually,
  launchServer,
  temporaryFolder,
  testEach,
} from "../support/process.ts";

/** New answers must show within this. */
const FRESH_MS = 500;
/** What a busy machine may add to it before a test fails. */
const SLACK_MS = 1_500;

const answering = (text: string) => `responses:\n  question: ${text}\n`;

/** Waits until the server answers `text`; says how long that took. */
async function answers(url: string, text: string): Promise<number> {
  const beganMs = performance.now();
  const what = `the answer "${text}"`;
  await eventually(
    async () => await ask(url, "question") === text ? true : undefined,
    what,
    FRESH_MS + SLACK_MS,
  );
  return performance.now() - beganMs;
}

for (const poll of [false, true]) {
  const mode = poll ? " with --poll" : "";
  const flags = ["-r", "responses.yml", ...(poll ? ["--poll"] : [])];

  testEach(
    `writes, renames, deletion and return are followed${mode}`,
    async (program) => {
      await using folder = await temporaryFolder();
      const file = `${folder.path}/responses.yml`;
      await Deno.writeTextFile(file, answering("one"));
      await using server = await launchServer(program, flags, {
        cwd: folder.path,
      });
      assert.equal(await ask(server.url, "question"), "one");

      await Deno.writeTextFile(file, answering("two"));
      await answers(server.url, "two");

      await Deno.writeTextFile(`${file}.new`, answering("three"));
      await Deno.rename(`${file}.new`, file);
      await answers(server.url, "three");
      await Deno.writeTextFile(file, answering("four"));
      await answers(server.url, "four");

      await Deno.remove(file);
      await server.err.until(/responses\.yml is missing/);
      assert.equal(await ask(server.url, "question"), "four");
      await Deno.writeTextFile(file, answering("five"));
      await answers(server.url, "five");
    },
  );

  testEach(`a swapped symbolic link is followed${mode}`, async (program) => {
    await using folder = await temporaryFolder();
    const { path } = folder;
    for (const name of ["one", "two"]) {
      await Deno.mkdir(`${path}/${name}`);
      await Deno.writeTextFile(
        `${path}/${name}/responses.yml`,
        answering(name),
      );
    }
    // As Kubernetes lays out a ConfigMap.
    await Deno.symlink("one", `${path}/..data`);
    await Deno.symlink("..data/responses.yml", `${path}/responses.yml`);
    await using server = await launchServer(program, flags, { cwd: path });
    assert.equal(await ask(server.url, "question"), "one");
    await Deno.symlink("two", `${path}/..data_tmp`);
    await Deno.rename(`${path}/..data_tmp`, `${path}/..data`);
    await answers(server.url, "two");
  });

  testEach(
    `a broken file never replaces a good one, and the log says where it is broken${mode}`,
    async (program) => {
      await using folder = await temporaryFolder();
      const file = `${folder.path}/responses.yml`;
      await Deno.writeTextFile(file, answering("good"));
      await using server = await launchServer(program, flags, {
        cwd: folder.path,
      });
      await Deno.writeTextFile(
        file,
        "responses:\n  question: bad\nsettings:\n  lag_facter: 10\n",
      );
      await server.err.until(/responses\.yml:4:3: error: .*lag_facter/);
      await server.err.until(/Did you mean "lag_factor"\?/);
      assert.equal(await ask(server.url, "question"), "good");
      const health = await (await fetch(`${server.url}/health`)).json();
      assert.match(health.config_error, /responses\.yml:4:3/);
      await Deno.writeTextFile(file, answering("mended"));
      await answers(server.url, "mended");
      assert.equal(
        (await (await fetch(`${server.url}/health`)).json()).config_error,
        undefined,
      );
    },
  );
}

testEach("the whole folder may go and come back", async (program) => {
  await using folder = await temporaryFolder();
  const inner = `${folder.path}/inner`;
  await Deno.mkdir(inner);
  await Deno.writeTextFile(`${inner}/responses.yml`, answering("before"));
  await using server = await launchServer(program, [
    "-r",
    "inner/responses.yml",
  ], { cwd: folder.path });
  await Deno.remove(inner, { recursive: true });
  await server.err.until(/is missing/);
  assert.equal(await ask(server.url, "question"), "before");
  await Deno.mkdir(inner);
  await Deno.writeTextFile(`${inner}/responses.yml`, answering("after"));
  await answers(server.url, "after");
});

testEach("SIGHUP reads the file again and says so", async (program) => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/responses.yml`, answering("one"));
  await using server = await launchServer(program, [], { cwd: folder.path });
  server.kill("SIGHUP");
  await server.err.until(/responses\.yml loaded again: same responses/);
  assert.equal(await ask(server.url, "question"), "one");
});

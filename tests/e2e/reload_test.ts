import assert from "node:assert/strict";
import {
  ask,
  eventually,
  launchServer,
  temporaryFolder,
  testEach,
} from "../support/process.ts";
import { play } from "../support/lateness.ts";
import { atOnce, fileOf, storm } from "../support/reloads.ts";

/** New answers must show within this. */
const FRESH_MS = 500;
/** What a busy machine may add to it before a test fails. */
const SLACK_MS = 1_500;
/** How many times later than promised a piece may come on a busy machine before a test fails. */
const SLACK = 5;

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

testEach(
  "several files and a folder of them are one configuration, and all are followed",
  async (program) => {
    await using folder = await temporaryFolder();
    const { path } = folder;
    await Deno.mkdir(`${path}/mocks`);
    await Deno.writeTextFile(
      `${path}/base.yml`,
      "settings: {stream_by: word}\n",
    );
    await Deno.writeTextFile(`${path}/mocks/a.yml`, answering("one"));
    const flags = ["-r", "base.yml", "--responses", "mocks"];
    await using server = await launchServer(program, flags, { cwd: path });
    assert.match(
      server.err.text,
      /1 response from base\.yml, mocks, read again/,
    );
    await Deno.writeTextFile(
      `${path}/mocks/b.json`,
      '{"responses": {"b": "B"}}',
    );
    await server.err.until(/base\.yml, mocks loaded again: 1 added/);
    assert.equal(await ask(server.url, "b"), "B");
    await Deno.writeTextFile(`${path}/mocks/c.yml`, answering("twice"));
    await server.err.until(
      /mocks\/c\.yml:2:3: error: The prompt "question" is given twice: here, and in mocks\/a\.yml:2/,
    );
    assert.equal(await ask(server.url, "question"), "one");
    await Deno.remove(`${path}/mocks/a.yml`);
    await answers(server.url, "twice");
    await Deno.remove(`${path}/base.yml`);
    await server.err.until(/base\.yml is missing\. Its last answers stay/);
  },
);

testEach("SIGHUP reads the file again and says so", async (program) => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/responses.yml`, answering("one"));
  await using server = await launchServer(program, [], { cwd: folder.path });
  server.kill("SIGHUP");
  await server.err.until(/responses\.yml loaded again: same responses/);
  assert.equal(await ask(server.url, "question"), "one");
});

testEach(
  "sixty writes in every state of brokenness hurt no request, and the last is seen",
  async (program) => {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/responses.yml`;
    await Deno.writeTextFile(file, fileOf(0));
    await using server = await launchServer(program, ["-q", "-r", file]);
    const { requests, failed, mixed, visibleMs } = await storm({
      url: server.url,
      file,
      writes: 60,
    });
    assert.deepEqual({ failed, mixed }, { failed: 0, mixed: 0 });
    assert.ok(requests >= 60, `only ${requests} requests`);
    assert.ok(visibleMs < FRESH_MS + SLACK_MS, `seen after ${visibleMs} ms`);
  },
);

/** Files that keep a YAML library busy for a very long time, or multiply when read. */
const HOSTILE: Readonly<Record<string, readonly [text: string, says: RegExp]>> =
  {
    "a bomb of depth": ["[".repeat(4_000_000), /deeper than 64 levels/],
    "a bomb of aliases": [aliasBomb(), /More than 100 aliases/],
    "two million entries of nothing": ["? ".repeat(2_000_000), /deeper than/],
  };

function aliasBomb(): string {
  const levels = Array.from({ length: 9 }, (_, i) => {
    const aliases = Array.from({ length: 9 }, () => `*a${i}`).join(", ");
    return `x-${i + 1}: &a${i + 1} [${aliases}]\n`;
  });
  return `x-0: &a0 [lol]\n${levels.join("")}responses:\n  question: bad\n`;
}

for (const [what, [text, says]] of Object.entries(HOSTILE)) {
  testEach(
    `${what} is refused soon, while streams stay on time and the old answers stay`,
    async (program) => {
      await using folder = await temporaryFolder();
      const file = `${folder.path}/responses.yml`;
      await Deno.writeTextFile(file, answering("good"));
      await using server = await launchServer(program, ["-q", "-r", file]);
      const playing = await play(server.url, 600);
      await atOnce(file, text);
      await server.err.until(says);
      const worst = Math.max(...await playing.lateness);
      assert.ok(worst < 20 * SLACK, `a piece came ${worst} ms late`);
      assert.equal(await ask(server.url, "question"), "good");
    },
  );
}

testEach(
  "brackets that would take a library all memory there is never keep requests waiting, and the cure is seen at once",
  async (program) => {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/responses.yml`;
    await Deno.writeTextFile(file, answering("good"));
    await using server = await launchServer(program, ["-q", "-r", file]);
    const playing = await play(server.url, 800);
    await atOnce(file, "]".repeat(4_000_000));
    const worst = Math.max(...await playing.lateness);
    assert.ok(worst < 20 * SLACK, `a piece came ${worst} ms late`);
    await atOnce(file, answering("mended"));
    await answers(server.url, "mended");
  },
);

testEach(
  "a file of 2 MB is taken in while streams stay on time",
  async (program) => {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/responses.yml`;
    await Deno.writeTextFile(file, answering("small"));
    await using server = await launchServer(program, ["-q", "-r", file]);
    const playing = await play(server.url, 1_000);
    await atOnce(file, fileOf(1, 2_000_000));
    await server.err.until(/loaded again/);
    const worst = Math.max(...await playing.lateness);
    assert.ok(worst < 20 * SLACK, `a piece came ${worst} ms late`);
  },
);

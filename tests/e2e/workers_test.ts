import assert from "node:assert/strict";
import {
  ask,
  type Child,
  eventually,
  launchServer,
  runToEnd,
  temporaryFolder,
  testEach,
} from "../support/process.ts";

const LINUX = Deno.build.os === "linux";

/** The processes whose parent is `pid`. */
async function childrenOf(pid: number): Promise<number[]> {
  const text = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
  return text.trim().split(/\s+/).filter((each) => each !== "").map(Number);
}

function workersOf({ pid }: Child, count: number): Promise<number[]> {
  return eventually(async () => {
    const pids = await childrenOf(pid);
    return pids.length === count ? pids : undefined;
  }, `${count} workers`);
}

async function isAlive(pid: number): Promise<boolean> {
  try {
    // A zombie is dead, though it still has an entry.
    return !/^\d+ \(.*\) Z /.test(await Deno.readTextFile(`/proc/${pid}/stat`));
  } catch {
    return false;
  }
}

async function allGone(pids: readonly number[]): Promise<true | undefined> {
  const alive = await Promise.all(pids.map(isAlive));
  return alive.includes(true) ? undefined : true;
}

if (LINUX) {
  testEach(
    "--workers 2 serves one port from two processes with one first screen",
    async (program) => {
      await using server = await launchServer(program, [
        "--workers",
        "2",
        "--seed",
        "5",
      ]);
      await workersOf(server, 2);
      assert.match(server.out.text, /^http:\/\/127\.0\.0\.1:\d+\n$/);
      for (let round = 0; round < 20; round++) {
        await (await fetch(`${server.url}/health`)).text();
      }
      server.kill("SIGTERM");
      assert.equal(await server.exit(), 0);
      assert.equal(server.err.text.match(/OPENAI_BASE_URL/g)?.length, 1);
      assert.match(server.err.text, /workers +2/);
    },
  );

  testEach(
    "a killed worker is replaced, and requests go on",
    async (program) => {
      await using server = await launchServer(program, ["--workers", "2"]);
      const [victim = 0] = await workersOf(server, 2);
      Deno.kill(victim, "SIGKILL");
      await server.err.until(/Worker \d ended. Starting it again/);
      const pids = await workersOf(server, 2);
      assert.ok(!pids.includes(victim));
      await (await fetch(`${server.url}/health`)).text();
    },
  );

  testEach(
    "workers end within a second of a killed parent",
    async (program) => {
      await using server = await launchServer(program, ["--workers", "2"]);
      const pids = await workersOf(server, 2);
      server.kill("SIGKILL");
      await eventually(() => allGone(pids), "the workers to end", 1_000);
    },
  );

  testEach(
    "one worker reports a reload, all of them follow it",
    async (program) => {
      await using folder = await temporaryFolder();
      const file = `${folder.path}/responses.yml`;
      await Deno.writeTextFile(file, "responses:\n  question: one\n");
      await using server = await launchServer(program, ["--workers", "2"], {
        cwd: folder.path,
      });
      await workersOf(server, 2);
      await Deno.writeTextFile(file, "responses:\n  question: two\n");
      await server.err.until(/loaded again/);
      const asked = () =>
        Promise.all(
          Array.from({ length: 8 }, () => ask(server.url, "question")),
        );
      const followed = async () =>
        (await asked()).every((text) => text === "two")
          ? true as const
          : undefined;
      await eventually(followed, "all workers to follow");
      server.kill("SIGTERM");
      assert.equal(await server.exit(), 0);
      assert.equal(server.err.text.match(/loaded again/g)?.length, 1);
    },
  );

  testEach(
    "workers read the files that their parent was given, whatever their names",
    async (program) => {
      await using folder = await temporaryFolder();
      const { path } = folder;
      await Deno.writeTextFile(`${path}/a, b.yml`, "responses: {a: A}\n");
      await Deno.writeTextFile(`${path}/c.yml`, "responses: {c: C}\n");
      const flags = ["--workers", "2", "-r", "a, b.yml", "-r", "c.yml"];
      await using server = await launchServer(program, flags, {
        cwd: path,
        env: { MOCKLLM_RESPONSES: "nothing.yml" },
      });
      assert.match(server.err.text, /2 responses from a, b\.yml, c\.yml/);
      for (let round = 0; round < 8; round++) {
        assert.equal(await ask(server.url, "c"), "C");
      }
    },
  );

  testEach(
    "a limit that requests to all workers meet is told once",
    async (program) => {
      await using folder = await temporaryFolder();
      const { path } = folder;
      const text = "responses: {a: b}\nsettings: {max_body_bytes: 1000}\n";
      await Deno.writeTextFile(`${path}/responses.yml`, text);
      await using server = await launchServer(program, ["--workers", "2"], {
        cwd: path,
      });
      const refused = async () => {
        const body = "x".repeat(2_000);
        const headers = { connection: "close" }; // the kernel chooses a worker anew
        const url = `${server.url}/v1/messages`;
        const response = await fetch(url, { method: "POST", body, headers });
        assert.equal(response.status, 413);
        await response.text();
      };
      for (let round = 0; round < 40; round++) await refused();
      server.kill("SIGTERM");
      assert.equal(await server.exit(), 0);
      const said = server.err.text;
      assert.equal(said.match(/Refused a request/g)?.length, 1, said);
      assert.equal(said.match(/ 413 anthropic_messages/g)?.length, 40);
    },
  );

  testEach("workers do not share a port with a stranger", async (program) => {
    await using server = await launchServer(program, ["--workers", "2"]);
    const { port } = new URL(server.url);
    const { code, err } = await runToEnd(program, [
      "start",
      "--port",
      port,
      "--workers",
      "2",
    ]);
    assert.equal(code, 2);
    assert.match(err, /the port is in use/);
  });

  testEach(
    "a broken file ends --workers with exit code 1 and one report",
    async (program) => {
      await using folder = await temporaryFolder();
      await Deno.writeTextFile(
        `${folder.path}/responses.yml`,
        "responses: {}\nsetings: {}\n",
      );
      const { code, err } = await runToEnd(program, [
        "start",
        "--port",
        "0",
        "--workers",
        "2",
      ], { cwd: folder.path });
      assert.equal(code, 1);
      assert.equal(err.match(/Unknown/g)?.length, 1, err);
    },
  );

  testEach(
    "--workers refuses rules that would have to be counted together",
    async (program) => {
      await using folder = await temporaryFolder();
      await Deno.writeTextFile(
        `${folder.path}/responses.yml`,
        "rules:\n  - name: flaky\n    replies: [{ error: overloaded }, Hi.]\n",
      );
      const { code, err } = await runToEnd(program, [
        "start",
        "--port",
        "0",
        "--workers",
        "2",
      ], { cwd: folder.path });
      assert.equal(code, 1);
      assert.match(err, /responses\.yml:2:1: .*"flaky" has replies in turn/);
    },
  );
} else {
  testEach(
    "--workers says why not and serves from one process",
    async (program) => {
      await using server = await launchServer(program, ["--workers", "2"]);
      assert.match(server.err.text, /--workers needs Linux/);
    },
  );
}

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import {
  ask,
  launch,
  launchServer,
  type Program,
  PROGRAMS,
  runToEnd,
  temporaryFolder,
  testEach,
} from "../support/process.ts";

const SCRIPT = `responses:
  hello: Hello from the file
  bye: See you
`;

/** A folder with `responses.yml`, in which commands are run. */
async function scripted() {
  const folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/responses.yml`, SCRIPT);
  return folder;
}

/** Runs `mockllm exec ARGS` in a folder of its own. */
async function exec(program: Program, ...args: string[]) {
  await using folder = await scripted();
  return await runToEnd(program, ["exec", ...args], { cwd: folder.path });
}

/** A test of each program that needs a program of the machine as well. */
function testWith(
  tool: string,
  claim: string,
  body: (program: Program) => Promise<void>,
): void {
  const missing = !isInstalled(tool);
  const reason = missing ? ` (skipped: there is no ${tool} here)` : "";
  for (const program of PROGRAMS) {
    Deno.test({
      name: `${program.name}: ${claim}${reason}`,
      ignore: missing,
      fn: () => body(program),
    });
  }
}

function isInstalled(tool: string): boolean {
  try {
    return new Deno.Command(tool, { args: ["--version"] }).outputSync().success;
  } catch {
    return false;
  }
}

function path(file: string): string {
  return fileURLToPath(new URL(`programs/${file}`, import.meta.url));
}

testWith("node", "exec answers a Node program", async (program) => {
  const { code, out, err } = await exec(
    program,
    ...["--", "node", path("chat.mjs"), "hello"],
  );
  assert.deepEqual([code, out], [0, "Hello from the file\n"], err);
  assert.match(err, /^mockllm: 1 request, 1 response never used\n/);
});

testWith("python3", "exec answers a Python program", async (program) => {
  const { code, out, err } = await exec(
    program,
    ...["--", "python3", path("chat.py"), "bye"],
  );
  assert.deepEqual([code, out], [0, "See you\n"], err);
});

testWith("curl", "exec answers a shell program", async (program) => {
  const script = [
    'curl -s "$OPENAI_BASE_URL/chat/completions" -d \'{"model": "gpt-4o",',
    '"messages": [{"role": "user", "content": "hello"}]}\' | grep content',
  ].join(" ");
  const { code, out, err } = await exec(program, "--", "sh", "-c", script);
  assert.equal(code, 0, err);
  assert.match(out, /"content": "Hello from the file"/);
});

testEach(
  "exec answers the official clients, made without options",
  async (program) => {
    const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
    const command = [Deno.execPath(), "run", "-A", "--config", config];
    const { code, out, err } = await exec(
      program,
      ...["--", ...command, path("sdks.ts"), "hello"],
    );
    assert.equal(code, 0, err);
    assert.equal(out, "Hello from the file\nHello from the file\n");
  },
);

testEach("exec passes on the exit status of the command", async (program) => {
  assert.equal((await exec(program, "--", "sh", "-c", "exit 3")).code, 3);
  assert.equal((await exec(program, "--", "sh", "-c", "kill -9 $$")).code, 137);
});

testEach(
  "exec without such a command says so, and exits 127",
  async (program) => {
    const { code, out, err } = await exec(program, "--", "no-such-command");
    assert.deepEqual([code, out], [127, ""]);
    assert.match(
      err,
      /^There is no program "no-such-command"\. Look [^\n]+\n$/,
    );
  },
);

testEach(
  "exec without -- says where the command goes, and exits 2",
  async (program) => {
    const { code, err } = await exec(program, "npm", "test");
    assert.deepEqual([code, err], [
      2,
      "mockllm exec needs a command after --: mockllm exec -- CMD [ARGS]\n",
    ]);
  },
);

testEach("exec with a broken file runs nothing", async (program) => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/bad.yml`, "respnses: {}\n");
  const args = ["exec", "-r", "bad.yml", "--", "echo", "ran"];
  const { code, out, err } = await runToEnd(program, args, {
    cwd: folder.path,
  });
  assert.deepEqual([code, out], [1, ""]);
  assert.match(err, /bad\.yml:1:1: error/);
});

testEach("exec --quiet has no word but for failures", async (program) => {
  const { err } = await exec(program, "-q", "--", "true");
  assert.equal(err, "");
  const { err: told } = await exec(program, "--", "true");
  assert.match(told, /^mockllm: 0 requests, 2 responses never used\n/);
});

/** Asks for `prompt` in a shell. */
function asking(prompt: string): string {
  const body = JSON.stringify({
    model: "gpt-4o",
    messages: [{ role: "user", content: prompt }],
  });
  return `curl -s -o /dev/null "$MOCKLLM_URL/v1/chat/completions" -d '${body}'`;
}

testWith(
  "curl",
  "exec tells what matched nothing; --fail-on-unmatched makes it a failure",
  async (program) => {
    const command = ["--", "sh", "-c", `${asking("helo")}; ${asking("hello")}`];
    const { code, err } = await exec(program, ...command);
    assert.equal(code, 0);
    assert.match(
      err,
      /^mockllm: 2 requests, 1 matched nothing, 1 response never/,
    );
    assert.match(err, /Matched nothing:\n {2}POST \S+ gpt-4o "helo"\n/);
    const failed = await exec(program, "--fail-on-unmatched", ...command);
    assert.equal(failed.code, 1);
    assert.match(
      failed.err,
      /\nmockllm: failed: 1 request matched nothing \(--fail-on-unmatched\)\n$/,
    );
  },
);

testWith(
  "curl",
  "exec --fail-on-unused fails because of responses nobody asked for, unless the command failed itself",
  async (program) => {
    const half = asking("hello");
    const all = `${half} && ${asking("bye")}`;
    const run = (script: string) =>
      exec(program, "--fail-on-unused", "--", "sh", "-c", script);
    assert.equal((await run(all)).code, 0);
    assert.equal((await run(half)).code, 1);
    assert.equal((await run(`${half}; exit 4`)).code, 4);
  },
);

testWith(
  "curl",
  "exec --report writes what was asked as JSON",
  async (program) => {
    await using folder = await scripted();
    const args = [
      "exec",
      "-q",
      "--report",
      "report.json",
      "--fail-on-unmatched",
    ];
    const { code } = await runToEnd(
      program,
      [...args, "--", "sh", "-c", `${asking("hello")}; ${asking("helo")}`],
      { cwd: folder.path },
    );
    assert.equal(code, 1);
    const text = await Deno.readTextFile(`${folder.path}/report.json`);
    const report = JSON.parse(text);
    assert.deepEqual(
      [report.exit_code, report.requests, report.unmatched, report.failures],
      [1, 2, 1, ["1 request matched nothing (--fail-on-unmatched)"]],
    );
    assert.deepEqual(report.unused, { rules: [], responses: ["bye"] });
    assert.deepEqual(report.responses[0], {
      name: "hello",
      place: "responses.yml:2",
      hits: 1,
    });
  },
);

testEach("exec fails when its report cannot be written", async (program) => {
  const { code, err } = await exec(
    program,
    ...["-q", "--report", "no/such/folder.json", "--", "true"],
  );
  assert.equal(code, 1);
  assert.match(
    err,
    /^The report cannot be written to no\/such\/folder\.json \(ENOENT\)\. Name /,
  );
});

testWith(
  "curl",
  "exec --log writes a line for each request",
  async (program) => {
    const command = ["--", "sh", "-c", asking("hello")];
    const { err } = await exec(program, "--log", "text", ...command);
    assert.match(err, / 200 openai_chat +gpt-4o +whole +responses\.yml:2 /);
    const { err: json } = await exec(program, "--log", "json", ...command);
    const events = json.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(events.map(({ event }) => event), [
      "loaded",
      "request",
      "outcome",
    ]);
  },
);

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  testEach(
    `exec hands ${signal} on to the command, and ends when that does`,
    async (program) => {
      const name = signal.slice(3);
      const script =
        `trap 'echo caught; exit 5' ${name}; echo ready; while :; do sleep 0.02; done`;
      await using folder = await scripted();
      const args = ["exec", "-q", "--", "sh", "-c", script];
      await using child = launch(program, args, { cwd: folder.path });
      await child.out.until(/ready\n/);
      child.kill(signal);
      assert.equal(await child.exit(), 5);
      assert.equal(child.out.text, "ready\ncaught\n");
    },
  );
}

testEach(
  "exec whose command dies of a signal tells so as a shell does",
  async (program) => {
    await using folder = await scripted();
    const args = ["exec", "-q", "--", "sh", "-c", "echo ready; exec sleep 60"];
    await using child = launch(program, args, { cwd: folder.path });
    await child.out.until(/ready\n/);
    child.kill("SIGTERM");
    assert.equal(await child.exit(), 143);
  },
);

testEach(
  "start --fail-on-unmatched decides the exit code once it is stopped",
  async (program) => {
    for (const [prompt, code] of [["hello", 0], ["helo", 1]] as const) {
      await using folder = await scripted();
      const args = ["--fail-on-unmatched", "--report", "report.json"];
      await using server = await launchServer(program, args, {
        cwd: folder.path,
      });
      await ask(server.url, prompt);
      server.kill("SIGTERM");
      assert.equal(await server.exit(), code);
      const report = await Deno.readTextFile(`${folder.path}/report.json`);
      assert.equal(JSON.parse(report).unmatched, code);
      assert.equal(
        /mockllm: failed: 1 request/.test(server.err.text),
        code === 1,
      );
    }
  },
);

testEach(
  "start without such options says nothing of what came of it",
  async (program) => {
    await using server = await launchServer(program);
    await ask(server.url, "xyzzy");
    server.kill("SIGTERM");
    assert.equal(await server.exit(), 0);
    assert.doesNotMatch(server.err.text, /never used|matched nothing/);
  },
);

testEach("--workers refuses what needs the counts of all", async (program) => {
  for (const flag of ["--fail-on-unmatched", "--fail-on-unused"]) {
    const args = ["start", "--port", "0", "--workers", "2", flag];
    const { code, out, err } = await runToEnd(program, args);
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, new RegExp(`^${flag} needs a single process, [^\n]+\n$`));
  }
});

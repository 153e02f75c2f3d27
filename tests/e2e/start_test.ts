import assert from "node:assert/strict";
import {
  ask,
  launch,
  launchServer,
  postJson,
  runToEnd,
  temporaryFolder,
  testEach,
} from "../support/process.ts";

const ANSWER = /^http:\/\/127\.0\.0\.1:\d+\n$/;

testEach(
  "start on port 0 prints its URL, and nothing else, on standard output",
  async (program) => {
    await using server = await launchServer(program);
    assert.match(server.out.text, ANSWER);
    const health = await (await fetch(`${server.url}/health`)).json();
    assert.equal(health.status, "ok");
    assert.equal(health.service, "mock-llm-server");
  },
);

testEach(
  "the first screen tells URL, source, number of responses, seed and what to paste",
  async (program) => {
    await using folder = await temporaryFolder();
    await Deno.writeTextFile(
      `${folder.path}/responses.yml`,
      "responses:\n  hi: hello\n  bye: see you\n",
    );
    await using server = await launchServer(program, ["--seed", "42"], {
      cwd: folder.path,
    });
    const screen = server.err.text;
    assert.ok(screen.includes(`listens on  ${server.url}\n`), screen);
    assert.ok(
      screen.includes(
        "2 responses from responses.yml, read again when it changes",
      ),
      screen,
    );
    assert.match(screen, /seed +42\n/);
    assert.ok(
      screen.includes(
        `OPENAI_BASE_URL=${server.url}/v1 ANTHROPIC_BASE_URL=${server.url}\n`,
      ),
      screen,
    );
    assert.equal(await ask(server.url, "hi"), "hello");
  },
);

testEach(
  "start without a file answers from the built-in example and says so",
  async (program) => {
    await using folder = await temporaryFolder();
    await using server = await launchServer(program, [], { cwd: folder.path });
    assert.match(
      server.err.text,
      /built-in example: there is no \.\/responses\.yml here/,
    );
    const text = await ask(server.url, "what colour is the sky?");
    assert.equal(
      text,
      "The sky is purple except on Tuesday when it is  hue green.",
    );
  },
);

testEach("the same seed gives the same ids", async (program) => {
  const ids: string[] = [];
  for (let round = 0; round < 2; round++) {
    await using server = await launchServer(program, ["--seed", "7"]);
    const messages = [{ role: "user", content: "hi" }];
    const response = await postJson(`${server.url}/v1/chat/completions`, {
      model: "gpt-4o",
      messages,
    });
    ids.push((await response.json()).id);
  }
  assert.equal(ids[0], ids[1]);
});

testEach(
  "a port in use is one line that says what to do, and exit code 2",
  async (program) => {
    await using server = await launchServer(program);
    const { port } = new URL(server.url);
    const { code, out, err } = await runToEnd(program, [
      "start",
      "--port",
      port,
    ]);
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.equal(
      err,
      `Cannot listen on 127.0.0.1:${port}: the port is in use. Stop what uses it, or try --port 0\n`,
    );
  },
);

testEach(
  "an address of another machine is one line, and exit code 2",
  async (program) => {
    const { code, err } = await runToEnd(program, [
      "start",
      "--port",
      "0",
      "--host",
      "192.0.2.1",
    ]);
    assert.equal(code, 2);
    assert.match(
      err,
      /^Cannot listen on 192\.0\.2\.1:0: this machine has no such address\. .*\n$/,
    );
  },
);

testEach("a reader that stops reading does no harm", async (program) => {
  await using server = await launchServer(program);
  const { url } = server;
  await server.out.close();
  await server.err.close();
  for (let round = 0; round < 20; round++) {
    assert.equal((await (await fetch(`${url}/health`)).json()).status, "ok");
  }
  server.kill("SIGHUP");
  assert.equal(
    await ask(url, "what colour is the sky?"),
    "The sky is purple except on Tuesday when it is  hue green.",
  );
});

testEach(
  "environment variables stand in for options, and options win",
  async (program) => {
    const env = {
      MOCKLLM_PORT: "1",
      MOCKLLM_SEED: "99",
      MOCKLLM_LOG: "json",
      MOCKLLM_QUIET: "",
    };
    await using server = await launchServer(program, [], { env });
    const [line = ""] = server.err.text.split("\n");
    assert.equal(JSON.parse(line).seed, 99);
  },
);

testEach("another address than loopback brings a warning", async (program) => {
  await using server = await launchServer(program, ["--host", "0.0.0.0"]);
  await server.err.until(/Warning: 0\.0\.0\.0 is not a loopback address/);
  assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
});

testEach(
  "a request is one line, without control characters and without colour",
  async (program) => {
    await using server = await launchServer(program);
    const messages = [{ role: "user", content: "hi" }];
    const model = "gpt\x1b[31m\nx";
    await (await postJson(`${server.url}/v1/chat/completions`, {
      model,
      messages,
    })).text();
    const [line] = await server.err.until(/^.*gpt.*$/m);
    assert.match(
      line,
      /^\d\d:\d\d:\d\d\.\d{3} 200 openai_chat +gpt\\x1b\[31m\\nx +whole /,
    );
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(server.err.text, /\x1b/);
  },
);

testEach("--log json is one JSON object a line", async (program) => {
  await using server = await launchServer(program, ["--log", "json"]);
  await (await fetch(`${server.url}/health`)).text();
  await server.err.until(/"request".*\n/);
  const lines = server.err.text.trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  assert.deepEqual(lines.map(({ event }) => event), ["started", "request"]);
  assert.equal(lines[1].path, "/health");
  assert.equal(lines[1].status, 200);
});

testEach("--quiet writes no line for a request", async (program) => {
  await using server = await launchServer(program, ["--quiet"]);
  await (await fetch(`${server.url}/health`)).text();
  server.kill("SIGTERM");
  assert.equal(await server.exit(), 0);
  assert.doesNotMatch(server.err.text, /\/health/);
});

testEach(
  "a broken file is reported with its places, and exit code 1",
  async (program) => {
    await using folder = await temporaryFolder();
    await Deno.writeTextFile(
      `${folder.path}/bad.yml`,
      "responses:\n  hi: hello\nsetings: {}\n",
    );
    const { code, err } = await runToEnd(program, [
      "start",
      "--port",
      "0",
      "-r",
      "bad.yml",
    ], { cwd: folder.path });
    assert.equal(code, 1);
    assert.match(err, /^bad\.yml:3:1: error: .*setings/);
  },
);

testEach(
  "what lies in the working folder is neither loaded nor run",
  async (program) => {
    await using folder = await temporaryFolder();
    const { path } = folder;
    await Deno.writeTextFile(
      `${path}/.env`,
      "MOCKLLM_SEED=666\nMOCKLLM_LOG=json\n",
    );
    await Deno.writeTextFile(
      `${path}/bunfig.toml`,
      'preload = ["./evil.ts"]\n',
    );
    await Deno.writeTextFile(
      `${path}/evil.ts`,
      'require("node:fs").writeFileSync("evil.txt", "");\n',
    );
    await Deno.writeTextFile(
      `${path}/tsconfig.json`,
      '{"compilerOptions": {"paths": {"yaml": ["./evil.ts"]}}}\n',
    );
    await Deno.writeTextFile(
      `${path}/package.json`,
      '{"imports": {"yaml": "./evil.ts"}, "type": "commonjs"}\n',
    );
    await using server = await launchServer(program, [], { cwd: path });
    assert.match(server.err.text, /seed +\d+, drawn/);
    await assert.rejects(Deno.stat(`${path}/evil.txt`), Deno.errors.NotFound);
  },
);

testEach(
  "start answers its first request within five seconds of the command",
  async (program) => {
    const beganMs = performance.now();
    await using server = launch(program, ["start", "--port", "0"]);
    await server.out.until(/\n/);
    await (await fetch(`${server.url}/health`)).text();
    assert.ok(performance.now() - beganMs < 5_000);
  },
);

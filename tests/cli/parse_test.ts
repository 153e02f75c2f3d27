import assert from "node:assert/strict";
import { type Command, COMMANDS } from "../../lib/cli/args.ts";
import { DRAIN_SECONDS_DEFAULT } from "../../lib/core/limits.ts";
import { findCommand, parse, UsageError } from "../../lib/cli/parse.ts";

function values(args: readonly string[], env: Record<string, string> = {}) {
  return parse("start", findCommand("start"), args, env).values;
}

function complaint(
  name: string,
  args: readonly string[],
  env: Record<string, string> = {},
): string {
  try {
    parse(name, findCommand(name), args, env);
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
  throw new Error("nothing to complain about");
}

Deno.test("parse() fills in defaults", () => {
  assert.deepEqual(values([]), {
    responses: [],
    host: "127.0.0.1",
    port: 8000,
    seed: undefined,
    quiet: false,
    log: "text",
    workers: 1,
    poll: false,
    "cors": undefined,
    "allowed-hosts": undefined,
    "admin-token": undefined,
    "no-admin": false,
    "drain-timeout": 9,
    "fail-on-unmatched": false,
    "fail-on-unused": false,
    report: undefined,
  });
});

Deno.test("parse() gives open replies less time than containers are given before they are killed", () => {
  assert.equal(values([])["drain-timeout"], DRAIN_SECONDS_DEFAULT);
  assert.ok(DRAIN_SECONDS_DEFAULT < 10);
});

Deno.test("parse() takes short and long options, with and without an equals sign", () => {
  const { responses, port, quiet, host } = values([
    "-r",
    "a.yml",
    "-p0",
    "-q",
    "--host=::1",
  ]);
  assert.deepEqual([responses, port, quiet, host], [
    ["a.yml"],
    0,
    true,
    "::1",
  ]);
});

Deno.test("parse() prefers an option to its variable, and the variable to the default", () => {
  const env = {
    MOCKLLM_PORT: "1",
    MOCKLLM_DRAIN_TIMEOUT: "0.5",
    MOCKLLM_POLL: "yes",
  };
  const { port, poll, "drain-timeout": drain } = values(["--port", "2"], env);
  assert.deepEqual([port, poll, drain], [2, true, 0.5]);
});

Deno.test("parse() takes an empty variable as unset", () => {
  assert.equal(values([], { MOCKLLM_PORT: "", MOCKLLM_QUIET: "" }).port, 8000);
});

Deno.test("parse() takes the last of an option given twice", () => {
  assert.equal(values(["--port", "1", "--port", "2"]).port, 2);
});

Deno.test("parse() takes all of --responses in the order given, commas and all", () => {
  const args = ["-r", "b.yml", "--responses=a,c.yml", "-r", "mocks/"];
  const { responses } = values(args, { MOCKLLM_RESPONSES: "d.yml" });
  assert.deepEqual(responses, ["b.yml", "a,c.yml", "mocks/"]);
});

Deno.test("parse() parts what MOCKLLM_RESPONSES names at commas", () => {
  const given = (text: string) =>
    values([], { MOCKLLM_RESPONSES: text }).responses;
  assert.deepEqual(given("a.yml"), ["a.yml"]);
  assert.deepEqual(given("b.yml, a.yml,,mocks/ "), [
    "b.yml",
    "a.yml",
    "mocks/",
  ]);
  assert.deepEqual(given(" , "), []);
});

Deno.test("every flag has a variable", () => {
  for (const [name, command] of Object.entries(COMMANDS)) {
    for (
      const [flag, { kind, choices, value = "FILE" }] of Object.entries(
        command.flags,
      )
    ) {
      const sample = kind === "text" ? choices?.[0] ?? value : "1";
      const env = {
        [`MOCKLLM_${flag.toUpperCase().replaceAll("-", "_")}`]: sample,
      };
      const given = parse(name, command, operandsOf(command), env)
        .values[flag];
      assert.equal(String(given), kind === "switch" ? "true" : sample, flag);
    }
  }
});

Deno.test("parse() collects an option that may be given several times, and its variable's parts", () => {
  const command = findCommand("explain");
  const given = (args: readonly string[], env: Record<string, string> = {}) =>
    parse("explain", command, ["a.yml", "b.json", ...args], env).values.header;
  assert.deepEqual(given([]), []);
  assert.deepEqual(given(["-H", "a: 1", "--header=b: 2, 3"]), [
    "a: 1",
    "b: 2, 3",
  ]);
  assert.deepEqual(given([], { MOCKLLM_HEADER: "a: 1, b: 2" }), [
    "a: 1",
    "b: 2",
  ]);
});

/** What a command wants besides its flags. */
function operandsOf({ operand, operands = [1, 1], rest }: Command): string[] {
  const own = operand === undefined ? 0 : operands[0];
  return [
    ...Array.from({ length: own }, () => "x"),
    ...(rest === undefined ? [] : ["--", "x"]),
  ];
}

Deno.test("parse() leaves what follows -- to the other program", () => {
  const command = findCommand("exec");
  const args = ["-q", "--", "npm", "--port", "7", "--", "-q"];
  const { values, rest } = parse("exec", command, args, {});
  assert.deepEqual([values.quiet, values.port], [true, 0]);
  assert.deepEqual(rest, ["npm", "--port", "7", "--", "-q"]);
});

const COMPLAINTS: readonly (readonly [string, readonly string[], string])[] = [
  ["start", ["--prot", "1"], 'Unknown option "--prot". Did you mean "--port"?'],
  [
    "start",
    ["--zzzzzzzz"],
    'Unknown option "--zzzzzzzz". See mockllm help start',
  ],
  [
    "start",
    ["--__proto__"],
    'Unknown option "--__proto__". See mockllm help start',
  ],
  ["start", ["-z"], 'Unknown option "-z". See mockllm help start'],
  ["start", ["--port"], "--port needs a value: --port PORT"],
  [
    "start",
    ["--responses", "--port", "1"],
    "--responses needs a value: --responses FILE",
  ],
  [
    "start",
    ["--port", "-1"],
    '--port must be a whole number from 0 to 65535, not "-1"',
  ],
  [
    "start",
    ["--port", "65536"],
    '--port must be a whole number from 0 to 65535, not "65536"',
  ],
  [
    "start",
    ["--port", "80.5"],
    '--port must be a whole number from 0 to 65535, not "80.5"',
  ],
  ["start", ["--log", "xml"], '--log must be text or json or debug, not "xml"'],
  ["start", ["--quiet=yes"], "--quiet takes no value"],
  ["start", ["a.yml"], 'Unexpected "a.yml". Did you mean --responses a.yml?'],
  [
    "exec",
    ["npm", "test"],
    "mockllm exec needs a command after --: mockllm exec -- CMD [ARGS]",
  ],
  [
    "exec",
    ["--"],
    "mockllm exec needs a command after --: mockllm exec -- CMD [ARGS]",
  ],
  [
    "exec",
    ["x.yml", "--", "npm"],
    'Unexpected "x.yml". The command comes after --: mockllm exec -- x.yml',
  ],
  [
    "validate",
    [],
    "mockllm validate needs FILE...: mockllm validate FILE...",
  ],
  [
    "explain",
    ["a.yml"],
    "mockllm explain needs FILE... REQUEST: mockllm explain FILE... REQUEST",
  ],
  ["init", ["a.yml", "b.yml"], 'Unexpected "b.yml".'],
];

for (const [name, args, message] of COMPLAINTS) {
  Deno.test(`parse() refuses ${name} ${args.join(" ")}`, () =>
    assert.equal(complaint(name, args), message));
}

Deno.test("parse() names the variable that is wrong", () => {
  const message =
    'MOCKLLM_PORT must be a whole number from 0 to 65535, not "x"';
  assert.equal(complaint("start", [], { MOCKLLM_PORT: "x" }), message);
  assert.equal(
    complaint("start", [], { MOCKLLM_POLL: "maybe" }),
    'MOCKLLM_POLL must be 1 or 0, not "maybe"',
  );
});

Deno.test("findCommand() suggests what was meant", () => {
  assert.throws(
    () => findCommand("strat"),
    /^UsageError: Unknown command "strat"\. Did you mean "start"\?$/,
  );
  assert.throws(
    () => findCommand("xyzzyx"),
    /Commands: start, exec, .*, help$/,
  );
  assert.throws(
    () => findCommand("--hepl"),
    /Unknown option "--hepl"\. Did you mean "--help"\?/,
  );
  assert.throws(() => findCommand("constructor"), /Unknown command/);
});

// `dist/mockllm.js` as other programs use it, on each runtime, and its types.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { createMock, version } from "../../main.ts";
import { jsRuntimes, testOnEach } from "../support/runtimes.ts";

const PROGRAM = fileURLToPath(new URL("_program.mjs", import.meta.url));
const DIST = new URL("../../dist/", import.meta.url);
const runtimes = jsRuntimes();

/** What the program says. */
interface Told {
  readonly version: string;
  readonly answers: readonly string[];
  readonly body: string;
  readonly stream: string;
  readonly pages: Readonly<Record<string, string>>;
  readonly aborted: string;
  readonly stopped: { readonly deltas: number; readonly ended: string };
  readonly socket: string;
  readonly upload: readonly [number, string];
  readonly verified: { readonly ok: boolean };
  readonly refused: readonly [boolean, string];
  readonly unexpected: readonly [string, string];
  readonly place: string;
  readonly closed: string;
}

async function run(
  [command = "", ...args]: readonly string[],
  program: string,
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args, program],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  assert.equal(code, 0, decoder.decode(stderr));
  return decoder.decode(stdout);
}

testOnEach(
  runtimes,
  "a program mocks, in process and on a port",
  async (command) => {
    const told: Told = JSON.parse(await run(command, PROGRAM));
    assert.equal(told.version, version);
    const texts = told.answers.map((text) =>
      JSON.parse(text.replace(/\n *,/, "")).choices[0].message.content
    );
    assert.deepEqual(texts.slice(0, 3), ["Purple.", "Order 7.", "ran abc"]);
    assert.match(told.body, /"mine"/);
    await using mock = await createMock();
    for (const [path, text] of Object.entries(told.pages)) {
      const page = await (await mock.fetch(path)).text();
      assert.ok(page === text, `${path} is not what it is from source`);
    }
    assert.equal(told.aborted, "AbortError");
    assert.equal(told.stopped.ended, "client_left");
    assert.ok(told.stopped.deltas >= 2 && told.stopped.deltas <= 4);
    assert.match(told.socket, /\[DONE\]/);
    assert.deepEqual(told.upload, [400, "invalid_request_error"]);
    assert.deepEqual(told.verified, { ok: true, count: 3 });
    assert.match(told.refused[1], /Did you mean "prompt"\?/);
    assert.deepEqual(told.refused[0], true);
    assert.match(
      told.unexpected.join(" "),
      /^AssertionError Wanted at least 1/,
    );
    assert.equal(told.place, "_program.mjs:N");
    assert.match(told.closed, /closed/);
  },
);

Deno.test("the program says the very same on every runtime", async () => {
  const said = await Promise.all(
    runtimes.flatMap(({ command }) => command ? [run(command, PROGRAM)] : []),
  );
  assert.deepEqual(said, said.map(() => said[0]));
});

testOnEach(
  runtimes,
  "a program that only imports it does nothing, and ends",
  async (command) => {
    await using folder = await temporary();
    const file = `${folder.path}/import.mjs`;
    const bundle = new URL("mockllm.js", DIST).href;
    const names = `Object.keys(await import("${bundle}"))`;
    await Deno.writeTextFile(file, `console.log(${names}.sort().join())`);
    assert.equal(
      await run(command, file),
      "ExpectationError,MockError,createMock,version\n",
    );
  },
);

testOnEach(
  runtimes.filter(({ name }) => name !== "Bun"), // where no timer is told of
  "a program that forgets to close its mock is kept by no timer",
  async (command) => {
    await using folder = await temporary();
    const file = `${folder.path}/forgets.mjs`;
    const bundle = new URL("mockllm.js", DIST).href;
    await Deno.writeTextFile(
      file,
      `import process from "node:process";
import { createMock } from "${bundle}";
const mock = await createMock();
await (await mock.fetch("/v1/messages", { method: "POST", body: '{"messages":[]}' })).text();
console.log(process.getActiveResourcesInfo().filter((each) => each === "Timeout").length);`,
    );
    assert.equal(await run(command, file), "0\n");
  },
);

testOnEach(
  runtimes.filter(({ name }) => name !== "Node 22"),
  "run, the bundle is the command line",
  async (command) => {
    const bundle = fileURLToPath(new URL("mockllm.js", DIST));
    assert.match(await run(command, bundle), /^mockllm .*\n\nUsage:/);
  },
);

/** A program that uses everything that has a type; what is wrong is marked. */
const TYPED = `
import { createMock, ExpectationError, type Mock, type MockRule, type RequestEntry } from "./mockllm.js";

const rules: MockRule[] = [
  { name: "a", when: { prompt: /a/, header: { "x-a": "b" }, images: true }, reply: "a" },
  { when: ({ prompt, captures, headers }) => prompt === captures["x"] && headers.has("y"), replies: ["a", { error: "overloaded" }] },
  { reply: async ({ model }) => ({ text: model, finish: "length", usage: { output: 1 } }), pace: { ttft: "1s", jitter: 0.1 } },
  // @ts-expect-error a key that does not exist
  { when: { promt: "a" }, reply: "a" },
  // @ts-expect-error a reply that is none
  { reply: 5 },
];
const mock: Mock = await createMock({ responses: { a: "b" }, rules, settings: { stream_by: { characters: 3 } }, speed: Infinity });
const response: Response = await mock.fetch("/v1/models", { signal: AbortSignal.timeout(1) });
const requests: readonly RequestEntry[] = mock.requests;
const text: string | undefined = requests[0]?.usage?.output.toFixed() ?? requests[0]?.error;
mock.session("s").expect({ model: ["a", { not: "b" }] }, { times: 2, ended: "client_left" });
// @ts-expect-error no such end
mock.expect({}, { ended: "left" });
mock.expectInOrder([{ prompt: "a" }, ({ turn }) => turn === 2]);
const { url, env } = await mock.listen({ port: 0 });
const variable: string | undefined = env["OPENAI_BASE_URL"];
// @ts-expect-error not an option
await createMock({ respones: {} });
await using other = await createMock();
if (new Error() instanceof ExpectationError) console.log(url, variable, response, text, other);
await mock.close();
`;

Deno.test("its types are right for a strict program, in one file that imports nothing", () => {
  const types = readFileSync(new URL("mockllm.d.ts", DIST), "utf8");
  assert.doesNotMatch(types, /\\b(import|from) /);
  assert.deepEqual(complaints(TYPED), []);
});

Deno.test("the judge of types sees what is wrong", () => {
  const wrong = TYPED.replace("// @ts-expect-error no such end", "");
  assert.match(complaints(wrong).join(), /"left"/);
});

/** What the compiler says of a program beside the bundle. */
function complaints(program: string): string[] {
  const name = fileURLToPath(new URL("program.ts", DIST));
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ESNext,
    noEmit: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => file === name || fileExists.call(host, file);
  host.getSourceFile = (file, ...rest) =>
    file === name
      ? ts.createSourceFile(file, program, ts.ScriptTarget.ESNext)
      : getSourceFile.call(host, file, ...rest);
  // The folder of a program says whether it is a module.
  host.readFile = (file) =>
    file.endsWith("package.json") ? '{"type":"module"}' : ts.sys.readFile(file);
  const { fileExists: known } = host;
  const manifest = fileURLToPath(new URL("package.json", DIST));
  host.fileExists = (file) => file === manifest || known.call(host, file);
  return ts.getPreEmitDiagnostics(ts.createProgram([name], options, host))
    .map(({ messageText }) =>
      ts.flattenDiagnosticMessageText(messageText, " ")
    );
}

async function temporary() {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

// The examples of docs/testing.md, as their readers run them.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { jsRuntimes } from "../support/runtimes.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What the examples import, from npm; installed once, and kept. */
const PACKAGES = ["openai@7.57.0", "vitest@5.1.1"];

/** What a command said, and how it ended. */
interface Ran {
  readonly code: number;
  readonly said: string;
}

async function run(
  [command = "", ...args]: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd,
    env: { NO_COLOR: "1", CI: "true", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, said: decoder.decode(stdout) + decoder.decode(stderr) };
}

function succeeds({ code, said }: Ran, words: RegExp): void {
  assert.equal(code, 0, said);
  assert.match(said, words);
}

/** A project outside of this one, with the bundle, the examples and what they import. */
async function project() {
  const home = join(tmpdir(), `mockllm-examples-${PACKAGES.join("-")}`);
  if (!existsSync(join(home, "node_modules", ".package-lock.json"))) {
    await Deno.mkdir(home, { recursive: true });
    const install = ["npm", "install", "--no-audit", "--no-fund", "--prefix"];
    succeeds(await run([...install, home, ...PACKAGES], home), /added/);
  }
  const path = await Deno.makeTempDir({ dir: home });
  for (const file of ["dist/mockllm.js", "examples/assistant.ts"]) {
    await Deno.mkdir(join(path, file, ".."), { recursive: true });
    await Deno.copyFile(join(ROOT, file), join(path, file));
  }
  await Deno.writeTextFile(join(path, "package.json"), '{"type":"module"}');
  return {
    path,
    async copy(folder: string, file: string) {
      await Deno.mkdir(join(path, folder), { recursive: true });
      await Deno.copyFile(join(ROOT, folder, file), join(path, folder, file));
    },
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

Deno.test("examples: deno test, which may open no socket", async () => {
  const may = ["--no-check", "--allow-env", "--allow-read", "--allow-sys"];
  const ran = await run(
    [Deno.execPath(), "test", ...may, "--deny-net", "examples/deno"],
    ROOT,
  );
  succeeds(ran, /7 passed \| 0 failed/);
});

const [, bun, node] = jsRuntimes();

Deno.test({
  name: `examples: bun test${bun?.command ? "" : " (skipped: no Bun)"}`,
  ignore: !bun?.command,
  async fn() {
    await using folder = await project();
    await folder.copy("examples/bun", "assistant.test.ts");
    const command = [...bun?.command ?? [], "test", "examples/bun"];
    succeeds(await run(command, folder.path), /4 pass\n *0 fail/);
  },
});

Deno.test({
  name: `examples: Vitest${node?.command ? "" : " (skipped: no Node 22)"}`,
  ignore: !node?.command,
  async fn() {
    await using folder = await project();
    await folder.copy("examples/vitest", "assistant.test.ts");
    const vitest = join(folder.path, "../node_modules/vitest/vitest.mjs");
    const command = [...node?.command ?? [], vitest, "run", "--root", "."];
    succeeds(await run(command, folder.path), /4 passed/);
  },
});

const python = await pythonWith("pytest", "openai");

Deno.test({
  name: `examples: pytest${
    python ? "" : " (skipped: no Python with pytest and openai here)"
  }`,
  ignore: python === undefined,
  async fn() {
    const ran = await run(
      [
        python ?? "",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "examples/pytest",
      ],
      ROOT,
      {
        MOCKLLM: join(ROOT, "dist", "mockllm"),
        PYTHONDONTWRITEBYTECODE: "1",
      },
    );
    succeeds(ran, /4 passed/);
  },
});

/** A Python that has these packages: that of the environment, else the machine's. */
async function pythonWith(...packages: string[]): Promise<string | undefined> {
  const command = Deno.env.get("MOCKLLM_PYTHON") ?? "python3";
  try {
    const { code } = await run(
      [command, "-c", `import ${packages.join(", ")}`],
      ROOT,
    );
    return code === 0 ? command : undefined;
  } catch {
    return undefined; // no Python
  }
}

// The document ────────────────────────────────────────────────────────────────

Deno.test("what docs/testing.md shows of an example is in it", async () => {
  const document = await Deno.readTextFile(join(ROOT, "docs/testing.md"));
  const blocks = [
    ...document.matchAll(/^```\w+ (examples\/\S+)\n([\s\S]*?)^```$/gm),
  ];
  assert.ok(blocks.length >= 8, `${blocks.length} blocks`);
  const flat = (text: string) => text.replace(/^ +/gm, "");
  for (const [, file = "", shown = ""] of blocks) {
    const text = await Deno.readTextFile(join(ROOT, file));
    const isSaid = flat(text).includes(flat(shown));
    assert.ok(isSaid, `${file} does not say:\n${shown}`);
  }
});

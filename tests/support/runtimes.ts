/**
 * The JavaScript runtimes that the bundle is for, as far as they can be had: the one at hand,
 * else npm's.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { bun } from "../../scripts/bundle.ts";

/** The newest of the oldest line of Node that the bundle is for. */
const NODE = "node@22.23.3";

/** A runtime, or why it cannot be had. */
export interface JsRuntime {
  /** Its name in test names. */
  readonly name: string;
  /** The command that runs a file; undefined where it cannot be had. */
  readonly command: readonly string[] | undefined;
}

/** Deno, Bun and Node 22. */
export function jsRuntimes(): readonly JsRuntime[] {
  return [
    { name: "Deno", command: [Deno.execPath(), "run", "-A", "--no-config"] },
    { name: "Bun", command: works([...bun(), "--version"]) && bun() },
    { name: "Node 22", command: node22() },
  ];
}

/** Registers a test on each runtime; where there is none of its kind, it is skipped and says so. */
export function testOnEach(
  runtimes: readonly JsRuntime[],
  claim: string,
  body: (command: readonly string[]) => Promise<void>,
): void {
  for (const { name, command } of runtimes) {
    const reason = command ? "" : ` (skipped: no ${name}, here or from npm)`;
    Deno.test({
      name: `${name}: ${claim}${reason}`,
      ignore: command === undefined,
      fn: () => body(command ?? []),
    });
  }
}

/** npm's package is asked once where its program is: `npx` takes a second each time. */
function node22(): readonly string[] | undefined {
  const { stdout } = run(["node", "--version"]);
  if (Number(/^v(\d+)/.exec(stdout)?.[1]) >= 22) return ["node"];
  const { stdout: path } = run([
    "npx",
    "--yes",
    NODE,
    "-p",
    "process.execPath",
  ]);
  return path.trim() === "" ? undefined : [path.trim()];
}

function works(command: readonly string[]): true | undefined {
  return run(command).ok || undefined;
}

function run([command = "", ...args]: readonly string[]) {
  const { status, stdout } = spawnSync(command, args, {
    encoding: "utf8",
    timeout: 120_000,
  });
  return { ok: status === 0, stdout: stdout ?? "" };
}

/**
 * Builds `dist/mockllm`, the executable for this machine: one file of JavaScript, and Bun
 * around it. `--if-stale` does nothing when no source is younger than the executable.
 *
 * `deno bundle --code-splitting` was tried: it starts no faster than one file.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const BUN_VERSION = "1.4.5";
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const TARGET = join(ROOT, "dist", "mockllm");
const SOURCES = [
  "main.ts",
  "lib",
  "deno.json",
  "responses.example.yml",
  "scripts/build.ts",
];

/** Without these the executable would load, and run, what lies in its user's folder. */
const CLOSED = ["dotenv", "bunfig", "tsconfig", "package-json"].map((each) =>
  `--no-compile-autoload-${each}`
);

if (import.meta.main) {
  if (process.argv.includes("--if-stale") && !isStale()) process.exit(0);
  build();
}

function build(): void {
  mkdirSync(dirname(TARGET), { recursive: true });
  // Of its own name until it is whole: others may be running or building the same.
  const bundle = `${TARGET}-${process.pid}.js`;
  const executable = `${TARGET}-${process.pid}`;
  try {
    call([
      process.execPath,
      "bundle",
      "--quiet",
      "--output",
      bundle,
      join(ROOT, "main.ts"),
    ]);
    const shape = ["--compile", "--minify", "--bytecode", "--format=esm"];
    call([
      ...bun(),
      "build",
      ...shape,
      ...CLOSED,
      bundle,
      "--outfile",
      executable,
    ]);
    renameSync(bundle, `${TARGET}.js`);
    renameSync(executable, TARGET);
  } finally {
    for (const file of [bundle, executable]) rmSync(file, { force: true });
  }
  console.log(`dist/mockllm: ${(statSync(TARGET).size / 1e6).toFixed(1)} MB`);
}

/** Bun of the very version pinned: the one at hand, else npm's. */
function bun(): string[] {
  const { status, stdout } = spawnSync("bun", ["--version"], {
    encoding: "utf8",
  });
  return status === 0 && stdout.trim() === BUN_VERSION
    ? ["bun"]
    : ["npx", "--yes", `bun@${BUN_VERSION}`];
}

function call([command = "", ...args]: string[]): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status === 0) return;
  console.error(
    `Cannot build: ${[command, ...args].join(" ")}\n${stdout ?? ""}${
      stderr ?? ""
    }${error ?? ""}`,
  );
  process.exit(1);
}

function isStale(): boolean {
  if (!existsSync(TARGET) || !existsSync(`${TARGET}.js`)) return true;
  const builtMs = statSync(`${TARGET}.js`).mtimeMs; // when the sources were read
  return SOURCES.some((source) => youngestMs(join(ROOT, source)) >= builtMs);
}

function youngestMs(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(
    stat.mtimeMs,
    ...readdirSync(path).map((name) => youngestMs(join(path, name))),
  );
}

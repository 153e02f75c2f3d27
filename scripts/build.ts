/**
 * Builds `dist/mockllm`, the executable for this machine: the bundle, and Bun around it.
 * `--if-stale` does nothing when no source is younger than the executable.
 *
 * `deno bundle --code-splitting` was tried: it starts no faster than one file.
 *
 * @module
 */

import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { bun, BUNDLE, bundle, call, ROOT, tell } from "./bundle.ts";

const TARGET = join(ROOT, "dist", "mockllm");
const SOURCES = [
  "main.ts",
  "lib",
  "deno.json",
  "responses.example.yml",
  "scripts/build.ts",
  "scripts/bundle.ts",
  "scripts/types.ts",
];

/** Without these the executable would load, and run, what lies in its user's folder. */
const CLOSED = ["dotenv", "bunfig", "tsconfig", "package-json"].map((each) =>
  `--no-compile-autoload-${each}`
);

if (import.meta.main) {
  if (process.argv.includes("--if-stale") && !isStale()) process.exit(0);
  await build();
}

async function build(): Promise<void> {
  await bundle();
  const executable = `${TARGET}-${process.pid}`;
  try {
    const shape = ["--compile", "--minify", "--bytecode", "--format=esm"];
    const out = ["--outfile", executable];
    call([...bun(), "build", ...shape, ...CLOSED, BUNDLE, ...out]);
    renameSync(executable, TARGET);
  } finally {
    rmSync(executable, { force: true });
  }
  tell(TARGET);
}

function isStale(): boolean {
  if (!existsSync(TARGET) || !existsSync(BUNDLE)) return true;
  const builtMs = statSync(BUNDLE).mtimeMs; // when the sources were read
  if (statSync(TARGET).mtimeMs < builtMs) return true;
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

/**
 * `mockllm init [FILE]`: a commented file to begin with. Never overwrites.
 *
 * @module
 */

import { writeFile } from "node:fs/promises";
import example from "../../responses.example.yml" with { type: "text" };
import type { Io } from "./io.ts";

const FILE_DEFAULT = "responses.yml";

/** Writes the starter file; 0 when it is there now, 1 when it cannot be. */
export async function init(
  file: string | undefined,
  io: Io,
): Promise<number> {
  const name = file ?? FILE_DEFAULT;
  try {
    await writeFile(name, starter(), { flag: "wx" });
  } catch (error) {
    io.err.write(`${refusalOf(name, error)}\n`);
    return 1;
  }
  const option = file === undefined ? "" : ` --responses ${quoted(name)}`;
  io.out.write(`${name} is written. Next:\n\n  mockllm start${option}\n`);
  return 0;
}

/** The example, but for its first words, which are about itself. */
function starter(): string {
  const [, ...rest] = example.split("\n\n");
  return [OPENING, ...rest].join("\n\n");
}

const OPENING = `# What mockllm answers. A running server follows this file.
# Is it good? mockllm validate FILE. What would answer? mockllm explain FILE request.json`;

function refusalOf(file: string, error: unknown): string {
  const code = error instanceof Error && "code" in error
    ? String(error.code)
    : String(error);
  switch (code) {
    case "EEXIST":
      return `${file} is there already, and stays as it is. Name another file: mockllm init other.yml`;
    case "ENOENT":
      return `There is no folder to put ${file} in. Create it first`;
    default:
      return `${file} cannot be written (${code}). Name a file in a folder that may be written to`;
  }
}

/** An argument as a shell takes it. */
function quoted(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * The command line: which command, with what, and which exit code comes of it.
 *
 * 0 fine · 1 problems found or a failure · 2 wrong usage, or a port that cannot be had.
 *
 * @module
 */

import process from "node:process";
import { commandHelp, generalHelp } from "./help.ts";
import { type Io, processIo } from "./io.ts";
import { findCommand, parse, UsageError } from "./parse.ts";
import { READ_CONFIG, readAside } from "./read.ts";
import { version } from "./version.ts";

/** Runs the process's own arguments and exits. */
export async function main(): Promise<void> {
  const io = processIo();
  const code = await run(process.argv.slice(2), io);
  await Promise.all([io.out.flush(), io.err.flush()]);
  process.exit(code);
}

/** Runs `argv`; resolves to the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.err.write(`${error.message}\n`);
    return 2;
  }
}

function dispatch(
  [name = "help", ...args]: readonly string[],
  io: Io,
): number | Promise<number> {
  if (name === "--version") {
    return print(io, `mockllm ${version} (${runtimeText()})\n`);
  }
  if (name === "--help" || name === "-h" || name === "help") {
    return help(args.find((arg) => !arg.startsWith("-")), io);
  }
  if (name === READ_CONFIG) return readAside();
  const command = findCommand(name);
  if (asksForHelp(args)) return help(name, io);
  return command.run(parse(name, command, args, io.env), io);
}

function help(name: string | undefined, io: Io): number {
  if (name === undefined || name === "help") return print(io, generalHelp());
  return print(io, commandHelp(name, findCommand(name)));
}

/** Wherever it stands: whoever asks for help has the rest not right yet. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const options = end < 0 ? args : args.slice(0, end);
  return options.includes("--help") || options.includes("-h");
}

function print(io: Io, text: string): number {
  io.out.write(text);
  return 0;
}

/** Both runtimes tell Node's version first; theirs is beside it. */
function runtimeText(): string {
  const { deno, bun } = process.versions as Record<string, string | undefined>;
  if (deno !== undefined) return `deno ${deno}`;
  return bun === undefined ? `node ${process.versions.node}` : `bun ${bun}`;
}

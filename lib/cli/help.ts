/**
 * Help, printed from the tables of `args.ts`: usage, common options, other options, examples.
 *
 * @module
 */

import { type Command, COMMANDS } from "./args.ts";
import { type Flag, variableOf } from "./flags.ts";
import { version } from "./version.ts";

/** Widest line. */
const COLUMNS = 80;
const MARGIN = 2;

const LAST_LINE =
  "A started server documents itself: http://127.0.0.1:8000/docs";

/** The help of the whole program. */
export function generalHelp(): string {
  const commands = Object.entries(COMMANDS).map((
    [name, command],
  ) => [[name, ...takes(command)].join(" "), command.doc] as const);
  return text([
    `mockllm ${version}: a stand-in for LLM APIs`,
    section("Usage", [["mockllm COMMAND [OPTIONS]", ""]]),
    section("Commands", [...commands, [
      "help COMMAND",
      "options of a command",
    ]]),
    section("Options", [["-h, --help", "print this"], [
      "--version",
      "print the version",
    ]]),
    section(
      "Examples",
      Object.values(COMMANDS).flatMap(({ examples }) => examples.slice(0, 2)),
    ),
  ]);
}

/** The help of one command. */
export function commandHelp(name: string, command: Command): string {
  const flags = Object.entries(command.flags);
  const other = flags.filter(([, flag]) => flag.common !== true);
  return text([
    `mockllm ${name}: ${command.doc}`,
    section("Usage", [[
      usage(name, command),
      "",
    ]]),
    section(
      "Common options",
      flags.filter(([, flag]) => flag.common === true).map(flagLine),
    ),
    section("Other options", [...other.map(flagLine), [
      "-h, --help",
      "print this",
    ]]),
    section("Examples", command.examples),
    section(
      "Environment, where the option is not given",
      variables(flags.map(([flag]) => flag)),
    ),
  ]);
}

function usage(name: string, { operand, rest }: Command): string {
  const words = ["mockllm", name, operand, "[OPTIONS]", rest && `-- ${rest}`];
  return words.filter(Boolean).join(" ");
}

/** What a command takes besides its flags. */
function takes({ operand, rest }: Command): string[] {
  return [operand ?? "", rest === undefined ? "" : `-- ${rest}`].filter(
    Boolean,
  );
}

function flagLine([name, flag]: [string, Flag]): readonly [string, string] {
  const short = flag.short === undefined ? "    " : `-${flag.short}, `;
  const value = flag.value === undefined ? "" : ` ${flag.value}`;
  const preset = flag.default === undefined ? "" : ` (${flag.default})`;
  return [`${short}--${name}${value}`, `${flag.doc}${preset}`];
}

function variables(flags: readonly string[]): [string, string][] {
  if (flags.length === 0) return [];
  return wrap(flags.map(variableOf).join(", "), COLUMNS - MARGIN).map((
    line,
  ) => [line, ""]);
}

type Line = readonly [string, string];

/** A heading and its lines, the second column aligned and folded; nothing where there are none. */
function section(heading: string, lines: readonly Line[]): string {
  if (lines.length === 0) return "";
  const left = 2 +
    Math.max(
      ...lines.map(([first, second]) => second === "" ? 0 : first.length),
    );
  const body = lines.flatMap(([first, second]) =>
    wrap(second, COLUMNS - MARGIN - left).map((part, index) =>
      `${" ".repeat(MARGIN)}${(index === 0 ? first : "").padEnd(left)}${part}`
        .trimEnd()
    )
  );
  return [`${heading}:`, ...body].join("\n");
}

/** Folds `words` into lines of at most `width`; never none. */
function wrap(words: string, width: number): string[] {
  const lines = [""];
  for (const word of words.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

function text(parts: readonly string[]): string {
  return `${[...parts, LAST_LINE].filter(Boolean).join("\n\n")}\n`;
}

/**
 * Arguments and environment → values, or what is wrong in one line.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { nearName } from "../config/near.ts";
import { type Command, COMMANDS, type Given } from "./args.ts";
import { type Flag, type Flags, type Value, variableOf } from "./flags.ts";
import type { Io } from "./io.ts";

/** A command line that makes no sense. */
export class UsageError extends Error {
  /** Says what is wrong, in one line. */
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** The command called `name`. */
export function findCommand(name: string): Command {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) return command;
  const known = [...Object.keys(COMMANDS), "help"];
  if (name.startsWith("-")) {
    throw new UsageError(
      `Unknown option "${name}". ${
        near(
          name,
          ["--help", "--version"],
          `Options come after the command: mockllm start ${name}`,
        )
      }`,
    );
  }
  throw new UsageError(
    `Unknown command "${name}". ${
      near(name, known, `Commands: ${known.join(", ")}`)
    }`,
  );
}

/** What `args` and `env` give to `command`: an argument beats a variable beats the default. */
export function parse(
  name: string,
  command: Command,
  args: readonly string[],
  env: Io["env"],
): Given {
  const { flags } = command;
  const given: Values = {};
  const operands: string[] = [];
  const [own, rest] = command.rest === undefined
    ? [args, []]
    : divided(name, command.rest, args);
  for (const token of tokensOf(own, flags)) {
    if (token.kind === "positional") operands.push(token.value);
    else if (token.kind === "option") {
      const value = fromToken(name, flags, token);
      const before = given[token.name];
      given[token.name] = Array.isArray(before) && Array.isArray(value)
        ? [...before, ...value]
        : value;
    }
  }
  const set = fromEnv(flags, env, new Set(Object.keys(given)));
  const values = { ...defaultsOf(flags), ...set, ...given };
  checkOperands(name, command, operands);
  return { values, operand: operands[0] ?? "", operands, rest };
}

/** What stands before `--`, and the command line after it. */
function divided(
  name: string,
  rest: string,
  args: readonly string[],
): readonly [readonly string[], readonly string[]] {
  const at = args.indexOf("--");
  if (at >= 0 && at + 1 < args.length) {
    return [args.slice(0, at), args.slice(at + 1)];
  }
  throw new UsageError(
    `mockllm ${name} needs a command after --: mockllm ${name} -- ${rest}`,
  );
}

type Values = Record<string, Value | undefined>;

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function tokensOf(args: readonly string[], flags: Flags) {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { kind, short }]) => [name, {
      type: kind === "switch" ? "boolean" as const : "string" as const,
      ...(short !== undefined && { short }),
    }]),
  );
  // Not strict: its complaints differ from runtime to runtime and suggest nothing.
  return parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  }).tokens;
}

function fromToken(
  command: string,
  flags: Flags,
  { name, rawName, value, inlineValue }: OptionToken,
) {
  const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
  if (flag === undefined) {
    const known = [...Object.keys(flags).map((each) => `--${each}`), "--help"];
    throw new UsageError(
      `Unknown option "${rawName}". ${
        near(rawName, known, `See mockllm help ${command}`)
      }`,
    );
  }
  if (flag.kind === "switch") {
    if (inlineValue === true) throw new UsageError(`${rawName} takes no value`);
    return true;
  }
  // Most likely the value was forgotten and this is the next option.
  const forgotten = inlineValue !== true && value !== undefined &&
    /^-[^\d]/.test(value);
  if (value === undefined || value === "" || forgotten) {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${flag.value}`);
  }
  return flag.many === true ? [value] : convert(rawName, flag, value);
}

/**
 * Set to nothing is how compose files and CI say "not set"; and Kubernetes sets `MOCKLLM_PORT`
 * to the address of a service called mockllm.
 */
function isNotMeant(text: string): boolean {
  return text === "" || /^tcp:\/\//.test(text);
}

/** What the environment says of flags that were not given. */
function fromEnv(
  flags: Flags,
  env: Io["env"],
  given: ReadonlySet<string>,
): Values {
  const values: Values = {};
  for (const [name, flag] of Object.entries(flags)) {
    const variable = variableOf(name);
    const text = env[variable];
    if (given.has(name) || text === undefined || isNotMeant(text)) continue;
    values[name] = flag.many === true
      ? text.split(",").map((each) => each.trim()).filter(Boolean)
      : convert(variable, flag, text);
  }
  return values;
}

function defaultsOf(flags: Flags): Values {
  const entries = Object.entries(flags);
  return Object.fromEntries(
    entries.map(([name, flag]) => [name, defaultOf(flag)]),
  );
}

function defaultOf({ kind, many, default: preset }: Flag): Value | undefined {
  if (many === true) return [];
  return kind === "switch" ? false : preset;
}

/** `text`, given for `source`, as the value of `flag`. */
function convert(
  source: string,
  flag: Flag,
  text: string,
): string | number | boolean {
  if (flag.kind === "switch") return truth(source, text);
  if (flag.kind === "text") return choice(source, flag, text);
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  const whole = flag.kind === "number" || Number.isSafeInteger(number);
  const [min, max] = flag.range ?? [0, Infinity];
  if (whole && number >= min && number <= max) return number;
  throw new UsageError(
    `${source} must be a ${
      flag.kind === "whole" ? "whole " : ""
    }number from ${min} to ${max}, not "${text}"`,
  );
}

function choice(source: string, { choices }: Flag, text: string): string {
  if (choices === undefined || choices.includes(text)) return text;
  throw new UsageError(
    `${source} must be ${choices.join(" or ")}, not "${text}"`,
  );
}

function truth(source: string, text: string): boolean {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw new UsageError(`${source} must be 1 or 0, not "${text}"`);
}

function checkOperands(
  name: string,
  { operand, operands = [1, 1], rest }: Command,
  given: readonly string[],
): void {
  const [min, max] = operand === undefined ? [0, 0] : operands;
  const extra = given[max];
  if (extra !== undefined) {
    throw new UsageError(
      `Unexpected "${extra}".${remedyOf(name, rest, extra)}`,
    );
  }
  if (given.length < min) {
    const what = max === 1 ? `a ${operand}` : operand;
    throw new UsageError(
      `mockllm ${name} needs ${what}: mockllm ${name} ${operand}`,
    );
  }
}

function remedyOf(
  name: string,
  rest: string | undefined,
  extra: string,
): string {
  if (rest !== undefined) {
    return ` The command comes after --: mockllm ${name} -- ${extra}`;
  }
  return name === "start" ? ` Did you mean --responses ${extra}?` : "";
}

/** What was probably meant by `name`, or else `otherwise`. */
export function near(
  name: string,
  known: readonly string[],
  otherwise: string,
): string {
  const candidate = nearName(name, known);
  return candidate === undefined ? otherwise : `Did you mean "${candidate}"?`;
}

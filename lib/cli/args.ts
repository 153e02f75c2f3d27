/**
 * Commands, declared once: what they take, what help says of them, what runs them.
 *
 * @module
 */

import {
  EXEC_FLAGS,
  type ExecValues,
  EXPLAIN_FLAGS,
  type ExplainValues,
  type Flags,
  START_FLAGS,
  type StartValues,
  VALIDATE_FLAGS,
  type Value,
} from "./flags.ts";
import type { Io } from "./io.ts";

/** One command. */
export interface Command {
  /** What it does, for the list of commands. */
  readonly doc: string;
  /** What it takes besides flags, as help writes it: `FILE`. */
  readonly operand?: string;
  /** How many operands it takes, at least and at most; one unless said. */
  readonly operands?: readonly [number, number];
  /** What follows `--`, as help writes it: the command line of another program. */
  readonly rest?: string;
  /** Its flags. */
  readonly flags: Flags;
  /** Command lines to copy, each with what it does. */
  readonly examples: readonly (readonly [string, string])[];
  /** Loads and runs it; resolves to the exit code. */
  run(given: Given, io: Io): Promise<number>;
}

/** What a command was given. */
export interface Given {
  /** Values of its flags, defaults and environment included. */
  readonly values: Readonly<
    Record<string, Value | undefined>
  >;
  /** The first operand; empty when there is none. */
  readonly operand: string;
  /** All operands. */
  readonly operands: readonly string[];
  /** What follows `--`, for a command that takes it. */
  readonly rest: readonly string[];
}

/** Every command, in the order of the help. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  start: {
    doc: "answer like an LLM API",
    flags: START_FLAGS,
    examples: [
      ["mockllm start", "answers from ./responses.yml on port 8000"],
      ["mockllm start -r answers.yml -p 0", "another file, any free port"],
      ["MOCKLLM_PORT=9000 mockllm start", "every option has its variable"],
    ],
    run: async (given, io) =>
      (await import("./start.ts")).start(given.values as StartValues, io),
  },
  exec: {
    doc: "run a command whose LLM clients are answered by mockllm",
    rest: "CMD [ARGS]",
    flags: EXEC_FLAGS,
    examples: [
      ["mockllm exec -- npm test", "on a free port; clients find it"],
      [
        "mockllm exec --fail-on-unmatched -- pytest",
        "fails if a request matched nothing",
      ],
    ],
    run: async (given, io) =>
      (await import("./exec.ts")).exec(
        given.values as ExecValues,
        given.rest,
        io,
      ),
  },
  validate: {
    doc: "check responses files as one configuration",
    operand: "FILE...",
    operands: [1, Infinity],
    flags: VALIDATE_FLAGS,
    examples: [
      ["mockllm validate responses.yml", "0 good, 1 problems, 2 wrong usage"],
      ["mockllm validate -v responses.yml", "tells how patterns were read"],
    ],
    run: async (given, io) =>
      (await import("./validate.ts")).validate(given, io),
  },
  explain: {
    doc: "tell what would answer a request, and why",
    operand: "FILE... REQUEST",
    operands: [2, Infinity],
    flags: EXPLAIN_FLAGS,
    examples: [
      ["mockllm explain responses.yml request.json", "rule, plan and times"],
      ["mockllm explain responses.yml - < request.json", "from standard input"],
    ],
    run: async (given, io) =>
      (await import("./explain.ts")).explain(
        given.operands,
        given.values as ExplainValues,
        io,
      ),
  },
  init: {
    doc: "write a commented file to begin with",
    operand: "[FILE]",
    operands: [0, 1],
    flags: {},
    examples: [["mockllm init", "writes ./responses.yml, if there is none"]],
    run: async (given, io) =>
      (await import("./init.ts")).init(given.operands[0], io),
  },
};

/**
 * Flags of every command, declared once: parsing, environment and help all read these tables.
 *
 * @module
 */

import { DRAIN_SECONDS_DEFAULT } from "../core/limits.ts";

/** One flag of a command. */
export interface Flag {
  /** What its value is; a switch has none. */
  readonly kind: "text" | "whole" | "number" | "switch";
  /** What help calls the value: `FILE`. */
  readonly value?: string;
  /** One letter. */
  readonly short?: string;
  /** Its value when it is not given. */
  readonly default?: string | number;
  /** Whether it may be given several times; its variable has them separated by commas. */
  readonly many?: boolean;
  /** The only texts it takes. */
  readonly choices?: readonly string[];
  /** Smallest and largest number it takes. */
  readonly range?: readonly [number, number];
  /** Whether help lists it first. */
  readonly common?: boolean;
  /** What it does, for the help. */
  readonly doc: string;
}

/** The flags of a command, by name. */
export type Flags = Readonly<Record<string, Flag>>;

/** What was given for flags: the value, or undefined where there is neither value nor default. */
export type Values<F extends Flags> = {
  readonly [Name in keyof F]: F[Name] extends { readonly many: true }
    ? readonly string[]
    : F[Name] extends { readonly kind: "switch" } ? boolean
    :
      | One<F[Name]>
      | (F[Name] extends { readonly default: string | number } ? never
        : undefined);
};

type One<F extends Flag> = F["kind"] extends "text" ? string : number;

/** What a flag may be worth. */
export type Value = string | number | boolean | readonly string[];

/** Flags of `start`. */
export const START_FLAGS = {
  responses: {
    kind: "text",
    value: "FILE",
    short: "r",
    many: true,
    common: true,
    doc:
      "answers to give: a file, or a folder of them; read again when they change; may be given several times; default ./responses.yml, else an example",
  },
  host: {
    kind: "text",
    value: "HOST",
    default: "127.0.0.1",
    common: true,
    doc: "address to listen on; 0.0.0.0 lets other machines in",
  },
  port: {
    kind: "whole",
    value: "PORT",
    short: "p",
    default: 8000,
    range: [0, 65535],
    common: true,
    doc: "port to listen on; 0 takes a free one",
  },
  seed: {
    kind: "whole",
    value: "N",
    range: [0, Number.MAX_SAFE_INTEGER],
    common: true,
    doc:
      "repeats ids, tokens and jitter; default settings.seed, else drawn and printed",
  },
  quiet: {
    kind: "switch",
    short: "q",
    common: true,
    doc: "no line for each request",
  },
  log: {
    kind: "text",
    value: "FORM",
    default: "text",
    choices: ["text", "json", "debug"],
    doc:
      "how to talk: text, json for one object a line, or debug to tell why rules did not match",
  },
  workers: {
    kind: "whole",
    value: "N",
    default: 1,
    range: [1, 256],
    doc: "processes that share the port (Linux)",
  },
  poll: {
    kind: "switch",
    doc:
      "look at the file every 200 ms instead of waiting for events, for bind mounts",
  },
  cors: {
    kind: "text",
    value: "ORIGINS",
    doc:
      "web pages besides loopback ones that may read answers, comma-separated; * for all",
  },
  "allowed-hosts": {
    kind: "text",
    value: "NAMES",
    doc:
      "host names besides loopback ones under which /_mock answers, comma-separated",
  },
  "admin-token": {
    kind: "text",
    value: "TOKEN",
    doc:
      "lets other machines use /_mock with X-Mock-Admin-Token; better given by its variable",
  },
  "no-admin": {
    kind: "switch",
    doc: "no /_mock, and nothing kept of requests for it",
  },
  "drain-timeout": {
    kind: "number",
    value: "SECONDS",
    default: DRAIN_SECONDS_DEFAULT,
    range: [0, 86_400],
    doc: "how long open replies may go on after SIGTERM",
  },
  "fail-on-unmatched": {
    kind: "switch",
    doc: "once stopped, exit 1 if a request matched neither rule nor response",
  },
  "fail-on-unused": {
    kind: "switch",
    doc: "once stopped, exit 1 if a rule or response never answered",
  },
  report: {
    kind: "text",
    value: "FILE",
    doc: "once stopped, write there as JSON what was asked and what matched",
  },
} as const satisfies Flags;

/** Values of the flags of `start`. */
export type StartValues = Values<typeof START_FLAGS>;

/** Flags of `exec`: those of `start` that concern a server for one command. */
export const EXEC_FLAGS = {
  responses: START_FLAGS.responses,
  "fail-on-unmatched": {
    kind: "switch",
    common: true,
    doc: "exit 1 if a request matched neither rule nor response",
  },
  "fail-on-unused": {
    kind: "switch",
    common: true,
    doc: "exit 1 if a rule or response never answered",
  },
  report: {
    kind: "text",
    value: "FILE",
    common: true,
    doc: "write there as JSON what was asked and what matched",
  },
  quiet: {
    kind: "switch",
    short: "q",
    common: true,
    doc: "no word at the end but of failures",
  },
  log: {
    kind: "text",
    value: "FORM",
    choices: ["text", "json", "debug"],
    doc: "a line for each request: text, json, or debug with reasons",
  },
  host: START_FLAGS.host,
  port: { ...START_FLAGS.port, default: 0, common: false },
  seed: START_FLAGS.seed,
  poll: START_FLAGS.poll,
  cors: START_FLAGS.cors,
  "allowed-hosts": START_FLAGS["allowed-hosts"],
  "admin-token": START_FLAGS["admin-token"],
} as const satisfies Flags;

/** Values of the flags of `exec`. */
export type ExecValues = Values<typeof EXEC_FLAGS>;

/** Flags of `validate`. */
export const VALIDATE_FLAGS = {
  json: { kind: "switch", common: true, doc: "print the result as JSON" },
  verbose: {
    kind: "switch",
    short: "v",
    common: true,
    doc: "tell how each pattern was read",
  },
} as const satisfies Flags;

/** Flags of `explain`. */
export const EXPLAIN_FLAGS = {
  dialect: {
    kind: "text",
    value: "NAME",
    short: "d",
    common: true,
    doc: "whose API the request asks; guessed unless given",
  },
  header: {
    kind: "text",
    value: "'NAME: VALUE'",
    short: "H",
    many: true,
    common: true,
    doc: "a header of the request; may be repeated",
  },
  json: { kind: "switch", common: true, doc: "print the result as JSON" },
  session: {
    kind: "text",
    value: "NAME",
    doc: "the session it belongs to, as X-Mock-Session would say",
  },
  state: {
    kind: "text",
    value: "NAME",
    doc: "the state that session is in",
  },
  seed: {
    kind: "whole",
    value: "N",
    range: [0, Number.MAX_SAFE_INTEGER],
    doc: "seed of the server; default settings.seed, else 1",
  },
} as const satisfies Flags;

/** Values of the flags of `explain`. */
export type ExplainValues = Values<typeof EXPLAIN_FLAGS>;

/** The environment variable of a flag. */
export function variableOf(flag: string): string {
  return `MOCKLLM_${flag.toUpperCase().replaceAll("-", "_")}`;
}

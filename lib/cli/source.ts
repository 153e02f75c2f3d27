/**
 * Where answers come from: the file asked for, `./responses.yml`, or the built-in example.
 *
 * @module
 */

import { existsSync } from "node:fs";
import example from "../../responses.example.yml" with { type: "text" };
import { readerAside } from "../config/aside.ts";
import { readConfig } from "../config/compile.ts";
import {
  ConfigError,
  type Live,
  openLive,
  type Report,
} from "../config/live.ts";
import type { Clock } from "../core/clock.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { READ_CONFIG } from "./read.ts";

/** What is taken when no file is named. */
const FILE_DEFAULT = "responses.yml";

/** How often `--poll` looks. */
const POLL_MS = 200;

/** How {@linkcode openSource} opens. */
export interface SourceOptions {
  /** The file asked for. */
  readonly file: string | undefined;
  /** Whether to look now and then instead of waiting for events. */
  readonly poll: boolean;
  /** Time. */
  readonly clock: Clock;
  /** The runtime, which watches. */
  readonly runtime: Runtime;
  /** Told of every change. */
  report(report: Report): void;
}

/** A source in use. */
export interface Source {
  /** The configuration in force. */
  readonly live: Live;
  /** Whether it is a file that is followed. */
  readonly followed: boolean;
}

/** Opens the source; rejects with {@linkcode ConfigError} when it is not good. */
export async function openSource(options: SourceOptions): Promise<Source> {
  const file = options.file ??
    (existsSync(FILE_DEFAULT) ? FILE_DEFAULT : undefined);
  if (file === undefined) return { live: await builtIn(), followed: false };
  const { clock, runtime, poll } = options;
  const live = await openLive({
    file,
    clock,
    watch: (folders, changed) => runtime.watch(folders, changed),
    report: (report) => options.report(report),
    read: readerAside(
      (file, text, signal) => runtime.aside([READ_CONFIG, file], text, signal),
      clock,
    ),
    ...(poll && { pollMs: POLL_MS }),
  });
  return { live, followed: true };
}

/** The example, which never changes. */
async function builtIn(): Promise<Live> {
  const { config, problems, more } = await readConfig(
    example,
    "built-in example",
  );
  if (config === undefined) throw new ConfigError(problems, more);
  return {
    current: () => config,
    error: () => undefined,
    reload: () => Promise.resolve(),
    [Symbol.dispose]: () => {},
  };
}

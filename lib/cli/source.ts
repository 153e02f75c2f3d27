/**
 * Where answers come from: the files and folders asked for, `./responses.yml`, or the built-in
 * example.
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
import { refuseCounting } from "../config/several.ts";
import type { Clock } from "../core/clock.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { READ_CONFIG } from "./read.ts";

/** What is taken when no file is named. */
const FILE_DEFAULT = "responses.yml";

/** How often `--poll` looks. */
const POLL_MS = 200;

/** How {@linkcode openSource} opens. */
export interface SourceOptions {
  /** The files and folders asked for, if any. */
  readonly sources: readonly string[];
  /** Whether to look now and then instead of waiting for events. */
  readonly poll: boolean;
  /** Time. */
  readonly clock: Clock;
  /** The runtime, which watches. */
  readonly runtime: Runtime;
  /** Whether several processes serve: what they would have to count together is refused. */
  readonly several: boolean;
  /** Told of every change. */
  report(report: Report): void;
}

/** A source in use. */
export interface Source {
  /** The configuration in force. */
  readonly live: Live;
  /** Whether it is files, which are followed. */
  readonly followed: boolean;
}

/** Opens the source; rejects with {@linkcode ConfigError} when it is not good. */
export async function openSource(options: SourceOptions): Promise<Source> {
  const asked = options.sources;
  const sources = asked.length === 0 && existsSync(FILE_DEFAULT)
    ? [FILE_DEFAULT]
    : asked;
  if (sources.length === 0) return { live: await builtIn(), followed: false };
  const { clock, runtime, poll } = options;
  const live = await openLive({
    sources,
    clock,
    watch: (folders, changed) => runtime.watch(folders, changed),
    report: (report) => options.report(report),
    read: readerAside(
      (input, signal) => runtime.aside([READ_CONFIG], input, signal),
      clock,
    ),
    ...(poll && { pollMs: POLL_MS }),
    ...(options.several && { refuse: refuseCounting }),
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

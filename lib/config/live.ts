/**
 * The configuration in force: swapped whole or not at all.
 *
 * Whatever happens to the file, the last good configuration stays until there is a better one.
 * A reference is replaced, nothing is changed in place: who began with a configuration ends
 * with it.
 *
 * @module
 */

import { until } from "../core/clock.ts";
import { ADOPT_MS_MAX, CONFIG_HERE_BYTES_MAX } from "../core/limits.ts";
import type { Problem } from "../core/problem.ts";
import type { Config } from "../match/rule.ts";
import { readHere, type ReadSight } from "./aside.ts";
import { type Changed, changesBetween } from "./changes.ts";
import type { Verdict } from "./compile.ts";
import { isMissing, type Sight } from "./file.ts";
import { Follower, type FollowOptions } from "./follow.ts";

export type { Changed } from "./changes.ts";

/** How a {@linkcode Live} is made. */
export interface LiveOptions extends FollowOptions {
  /** Told of every change, and of the first load. */
  readonly report: (report: Report) => void;
  /** Reads what is read while requests are served, and what is long; left out: as the rest, here. */
  readonly read?: ReadSight;
  /** Why a configuration without mistakes cannot be used here, if it cannot. */
  readonly refuse?: (config: Config) => Problem | undefined;
}

/** What became of a change. */
export type Report = Loaded | Kept | Gone;

/** A configuration came into force. */
export interface Loaded {
  /** Tells the reports apart. */
  readonly type: "loaded";
  /** What is in force now. */
  readonly config: Config;
  /** Warnings. */
  readonly problems: readonly Problem[];
  /** How many further warnings there are. */
  readonly more: number;
  /** How it differs from the one before. */
  readonly changed: Changed;
  /** Whether there was none before. */
  readonly first: boolean;
}

/** The files cannot be used; what was in force stays. */
export interface Kept {
  /** Tells the reports apart. */
  readonly type: "kept";
  /** What is wrong, in order of place. */
  readonly problems: readonly Problem[];
  /** How many further problems there are. */
  readonly more: number;
}

/** Nothing is wrong but that files are missing; what was in force stays. */
export interface Gone {
  /** Tells the reports apart. */
  readonly type: "gone";
  /** The missing ones as the user named them. */
  readonly files: readonly string[];
}

/** The configuration in force. */
export interface Live extends Disposable {
  /** The last good configuration. */
  current(): Config;
  /** What is wrong with the files on disk while an older configuration is in force. */
  error(): string | undefined;
  /** Looks at the files at once, and reports even if nothing changed; for SIGHUP. Never rejects. */
  reload(): Promise<void>;
}

/** A configuration that cannot be loaded. */
export class ConfigError extends Error {
  /** What is wrong, in order of place. */
  readonly problems: readonly Problem[];
  /** How many further problems there are. */
  readonly more: number;

  /** Refuses files for `problems`, and for `more` that are not told. */
  constructor(problems: readonly Problem[], more: number) {
    super(brief(problems));
    this.name = "ConfigError";
    this.problems = problems;
    this.more = more;
  }
}

/** Loads the files and follows them. Rejects with {@linkcode ConfigError} when the first load fails. */
export async function openLive(options: LiveOptions): Promise<Live> {
  const noticed = () => options.read?.prepare?.();
  const follower = new Follower({ noticed, ...options });
  try {
    let verdict = await judgeFirst(await follower.begin(), options);
    // One may be half-written: it gets the time to hold still.
    if (verdict.config === undefined) {
      verdict = await judgeFirst(await follower.still(), options);
    }
    if (verdict.config === undefined) {
      throw new ConfigError(verdict.problems, verdict.more);
    }
    return new LiveFile(options, follower, {
      ...verdict,
      config: verdict.config,
    });
  } catch (error) {
    follower[Symbol.dispose]();
    throw error;
  }
}

interface Good extends Verdict {
  readonly config: Config;
}

class LiveFile implements Live {
  readonly #options: LiveOptions;
  readonly #follower: Follower;
  #config: Config;
  #error: string | undefined;
  #reading = new AbortController();
  #taking: Promise<void> = Promise.resolve();

  constructor(
    options: LiveOptions,
    follower: Follower,
    { config, problems, more }: Good,
  ) {
    this.#options = options;
    this.#follower = follower;
    this.#config = config;
    const changed = { added: config.exact.size, removed: 0, altered: 0 };
    options.report({
      type: "loaded",
      config,
      problems,
      more,
      changed,
      first: true,
    });
    follower.follow((sight) => this.#take(sight));
  }

  current(): Config {
    return this.#config;
  }

  error(): string | undefined {
    return this.#error;
  }

  async reload(): Promise<void> {
    await this.#follower.refresh();
    await this.#taking;
  }

  [Symbol.dispose](): void {
    this.#follower[Symbol.dispose]();
    this.#reading.abort();
    this.#options.read?.rest?.();
  }

  /** What is newer makes what is being read not worth the while. */
  #take(sight: Sight): void {
    this.#reading.abort();
    this.#reading = new AbortController();
    this.#taking = this.#adopt(sight, this.#reading.signal);
  }

  async #adopt(sight: Sight, signal: AbortSignal): Promise<void> {
    const verdict = await judge(sight, this.#options, signal);
    if (signal.aborted) return;
    if (verdict.config === undefined) this.#refuse(sight, verdict);
    else await this.#replace({ ...verdict, config: verdict.config }, signal);
  }

  #refuse(sight: Sight, { problems, more }: Verdict): void {
    const { report } = this.#options;
    const errors = problems.filter(({ severity }) => severity === "error");
    const files = sight.filter(isMissing).map(({ file }) => file);
    this.#error = brief(problems);
    if (files.length > 0 && files.length === errors.length + more) {
      report({ type: "gone", files });
    } else report({ type: "kept", problems, more });
  }

  async #replace(
    { config, problems, more }: Good,
    signal: AbortSignal,
  ): Promise<void> {
    const { report } = this.#options;
    const changed = await this.#changes(config);
    if (signal.aborted) return;
    this.#error = undefined;
    this.#config = config;
    report({ type: "loaded", config, problems, more, changed, first: false });
  }

  /** Counts a few milliseconds at a time, while the old ones still answer. */
  async #changes(config: Config): Promise<Changed> {
    const { clock } = this.#options;
    const counting = changesBetween(this.#config, config);
    let sinceMs = clock.now();
    for (;;) {
      const { done, value } = counting.next();
      if (done === true) return value;
      if (clock.now() - sinceMs < ADOPT_MS_MAX) continue;
      await until(clock, clock.now() + 1); // others first
      sinceMs = clock.now();
    }
  }
}

/** Nobody waits for an answer yet: what is short is read here, which takes less time. */
function judgeFirst(sight: Sight, options: LiveOptions): Promise<Verdict> {
  const { read = readHere } = options;
  const bytes = sight.reduce(
    (sum, seen) => sum + ("bytes" in seen ? seen.bytes.length : 0),
    0,
  );
  const { signal } = new AbortController();
  const short = bytes <= CONFIG_HERE_BYTES_MAX;
  return judge(sight, { ...options, read: short ? readHere : read }, signal);
}

/** What is wrong with no file at all needs no process of its own to be said. */
async function judge(
  sight: Sight,
  { sources, read = readHere, refuse }: Pick<
    LiveOptions,
    "sources" | "read" | "refuse"
  >,
  signal: AbortSignal,
): Promise<Verdict> {
  const nothing = sight.every((seen) => "finding" in seen);
  const source = sources.join(", ");
  const verdict = await (nothing ? readHere : read)(sight, source, signal);
  const refusal = verdict.config && refuse?.(verdict.config);
  if (refusal === undefined) return verdict;
  const problems = [...verdict.problems, refusal];
  return { config: undefined, problems, more: verdict.more };
}

/** The first error in one line: `responses.yml:3:5: Unknown key "modle"`. */
function brief(problems: readonly Problem[]): string {
  const first = problems.find(({ severity }) => severity === "error");
  if (first === undefined) return "";
  const { file, line, column } = first.place;
  return first.line === ""
    ? `${file}: ${first.message}`
    : `${file}:${line}:${column}: ${first.message}`;
}

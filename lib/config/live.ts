/**
 * The configuration in force: swapped whole or not at all.
 *
 * Whatever happens to the file, the last good configuration stays until there is a better one.
 * A reference is replaced, nothing is changed in place: who began with a configuration ends
 * with it.
 *
 * @module
 */

import { CONFIG_HERE_CHARS_MAX } from "../core/limits.ts";
import type { Problem } from "../core/problem.ts";
import type { Config } from "../match/rule.ts";
import type { ReadText } from "./aside.ts";
import { readConfig, type Verdict } from "./compile.ts";
import { missingFile, type Sight } from "./file.ts";
import { Follower, type FollowOptions } from "./follow.ts";

/** How a {@linkcode Live} is made. */
export interface LiveOptions extends FollowOptions {
  /** Told of every change, and of the first load. */
  readonly report: (report: Report) => void;
  /** Reads what is read while requests are served, and what is long; left out: as the rest, here. */
  readonly read?: ReadText;
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

/** The file cannot be used; what was in force stays. */
export interface Kept {
  /** Tells the reports apart. */
  readonly type: "kept";
  /** What is wrong, in order of place. */
  readonly problems: readonly Problem[];
  /** How many further problems there are. */
  readonly more: number;
}

/** The file is missing; what was in force stays. */
export interface Gone {
  /** Tells the reports apart. */
  readonly type: "gone";
  /** The file as the user named it. */
  readonly file: string;
}

/** How many responses and rules a change concerned. */
export interface Changed {
  /** Prompts that are new. */
  readonly added: number;
  /** Prompts that are no more. */
  readonly removed: number;
  /** Prompts with another answer. */
  readonly altered: number;
  /** How many names of rules are new, and how many are no more; absent where there are no rules. */
  readonly rulesChanged?: { readonly added: number; readonly removed: number };
}

/** The configuration in force. */
export interface Live extends Disposable {
  /** The last good configuration. */
  current(): Config;
  /** What is wrong with the file on disk while an older configuration is in force. */
  error(): string | undefined;
  /** Looks at the file at once, and reports even if nothing changed; for SIGHUP. Never rejects. */
  reload(): Promise<void>;
}

/** A configuration that cannot be loaded. */
export class ConfigError extends Error {
  /** What is wrong, in order of place. */
  readonly problems: readonly Problem[];
  /** How many further problems there are. */
  readonly more: number;

  /** Refuses a file for `problems`, and for `more` that are not told. */
  constructor(problems: readonly Problem[], more: number) {
    super(brief(problems));
    this.name = "ConfigError";
    this.problems = problems;
    this.more = more;
  }
}

/** Loads the file and follows it. Rejects with {@linkcode ConfigError} when the first load fails. */
export async function openLive(options: LiveOptions): Promise<Live> {
  const follower = new Follower(options);
  try {
    let verdict = await judgeFirst(await follower.begin(), options);
    // It may be half-written: it gets the time to hold still.
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
  }

  /** What is newer makes what is being read not worth the while. */
  #take(sight: Sight): void {
    this.#reading.abort();
    this.#reading = new AbortController();
    this.#taking = this.#adopt(sight, this.#reading.signal);
  }

  async #adopt(sight: Sight, signal: AbortSignal): Promise<void> {
    const verdict = await judge(sight, this.#options, signal);
    if (!signal.aborted) this.#settle(sight, verdict);
  }

  #settle(sight: Sight, { config, problems, more }: Verdict): void {
    const { file, report } = this.#options;
    this.#error = config === undefined ? brief(problems) : undefined;
    if (config !== undefined) {
      const changed = compare(this.#config, config);
      this.#config = config;
      report({ type: "loaded", config, problems, more, changed, first: false });
    } else if (sight.type === "missing") report({ type: "gone", file });
    else report({ type: "kept", problems, more });
  }
}

/** Nobody waits for an answer yet: what is short is read here, which takes less time. */
function judgeFirst(sight: Sight, { file, read }: LiveOptions) {
  const short = sight.type === "text" &&
    sight.text.length <= CONFIG_HERE_CHARS_MAX;
  const { signal } = new AbortController();
  return judge(sight, { file, read: short ? readHere : read }, signal);
}

async function judge(
  sight: Sight,
  { file, read = readHere }: {
    readonly file: string;
    readonly read?: ReadText | undefined;
  },
  signal: AbortSignal,
): Promise<Verdict> {
  if (sight.type === "text") return await read(sight.text, file, signal);
  const problem = sight.type === "missing" ? missingFile(file) : sight.problem;
  return { config: undefined, problems: [problem], more: 0 };
}

const readHere: ReadText = (text, file) => readConfig(text, file);

/** The first error in one line: `responses.yml:3:5: Unknown key "modle"`. */
function brief(problems: readonly Problem[]): string {
  const first = problems.find(({ severity }) => severity === "error");
  if (first === undefined) return "";
  const { file, line, column } = first.place;
  return first.line === ""
    ? `${file}: ${first.message}`
    : `${file}:${line}:${column}: ${first.message}`;
}

function compare(before: Config, after: Config): Changed {
  let kept = 0;
  let altered = 0;
  for (const [prompt, { text }] of after.exact) {
    const old = before.exact.get(prompt);
    if (old === undefined) continue;
    kept++;
    if (old.text !== text) altered++;
  }
  return {
    added: after.exact.size - kept,
    removed: before.exact.size - kept,
    altered,
    ...compareRules(before, after),
  };
}

function compareRules(
  before: Config,
  after: Config,
): Pick<Changed, "rulesChanged"> {
  const [old, now] = [namesOf(before), namesOf(after)];
  if (old.size + now.size === 0) return {};
  const kept = now.intersection(old).size;
  return { rulesChanged: { added: now.size - kept, removed: old.size - kept } };
}

function namesOf({ rules }: Config): Set<string> {
  return new Set(rules.map(({ name }) => name));
}

/**
 * The world outside a command: its two outputs, its environment, whether a person looks.
 *
 * Writing never throws and never blocks: a reader that went away is forgotten, and one that
 * does not keep up loses lines, not the server.
 *
 * @module
 */

import { OUTPUT_QUEUE_BYTES_MAX } from "../core/limits.ts";
import process from "node:process";

/** What a command may touch. */
export interface Io {
  /** What was asked for: a URL, a report. */
  readonly out: Output;
  /** Talk. */
  readonly err: Output;
  /** The environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One output. */
export interface Output {
  /** Whether a person reads it. */
  readonly terminal: boolean;
  /** Whether it understands colours and its reader wants them. */
  readonly color: boolean;
  /** Whether its reader is gone, or so far behind that more should be kept back. */
  readonly full: boolean;
  /** Writes text as it is. */
  write(text: string): void;
  /** Resolves when all has been written, or cannot be. */
  flush(): Promise<void>;
}

/** The process's own. */
export function processIo(): Io {
  const { env, stdout, stderr } = process;
  return {
    env,
    out: new StreamOutput(stdout, env),
    err: new StreamOutput(stderr, env),
  };
}

/** The part of a Node stream used here. */
interface Sink {
  readonly isTTY?: boolean;
  readonly writableLength: number;
  write(text: string, done: () => void): boolean;
  on(event: "error", listener: () => void): unknown;
}

/** An output that is a stream. */
export class StreamOutput implements Output {
  readonly terminal: boolean;
  readonly color: boolean;
  readonly #sink: Sink;
  #closed = false;
  #pending = 0;
  #idle: () => void = () => {};

  /** Writes to `sink`, in colour if `env` has nothing against it. */
  constructor(sink: Sink, env: Io["env"]) {
    this.terminal = sink.isTTY === true;
    this.color = this.terminal && !env.NO_COLOR && env.TERM !== "dumb";
    this.#sink = sink;
    sink.on("error", () => this.#close());
  }

  get full(): boolean {
    return this.#closed || this.#sink.writableLength > OUTPUT_QUEUE_BYTES_MAX;
  }

  write(text: string): void {
    if (this.#closed) return;
    this.#pending++;
    try {
      this.#sink.write(text, this.#written);
    } catch {
      this.#close();
    }
  }

  flush(): Promise<void> {
    if (this.#pending === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle = resolve);
  }

  #written = (): void => {
    if (!this.#closed && --this.#pending === 0) this.#idle();
  };

  /** Nobody reads any more: `mockllm start | head -1`. */
  #close(): void {
    this.#closed = true;
    this.#pending = 0;
    this.#idle();
  }
}

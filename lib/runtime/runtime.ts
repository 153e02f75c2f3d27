/**
 * The little that Deno and Bun do differently. Nothing outside this folder names either.
 *
 * @module
 */

import type { Handler } from "../core/handler.ts";

/** One JavaScript runtime. */
export interface Runtime {
  /** Its name. */
  readonly name: "deno" | "bun";
  /** Its version, for `--version`. */
  readonly version: string;
  /** Binds a port and answers with `handler`. Rejects with {@linkcode PortError} when it cannot. */
  serve(handler: Handler, options: ServeOptions): Promise<Listener>;
  /** Calls `changed` after anything in one of `folders` changed. May call too often, never too seldom. */
  watch(folders: readonly string[], changed: () => void): Disposable;
  /** The command that starts this very program again, arguments not included. */
  selfCommand(): readonly string[];
  /**
   * Starts this very program again with `input` to read, once that is known; gives what it
   * writes, as long as it lives or until `signal` kills it. Never throws: one that may not be
   * started says nothing.
   */
  aside(
    args: readonly string[],
    input: Promise<readonly Uint8Array[]>,
    signal: AbortSignal,
  ): AsyncIterable<Uint8Array>;
}

/** Where and how to listen. */
export interface ServeOptions {
  /** Address to bind. */
  readonly host: string;
  /** Port to bind; 0 takes a free one. */
  readonly port: number;
  /** Whether other processes may bind the same port (Linux). */
  readonly sharedPort: boolean;
  /** Told when listening fails for a while, and why; at most once a minute. */
  onTrouble?(message: string): void;
}

/** A bound server. */
export interface Listener {
  /** The port it really got. */
  readonly port: number;
  /**
   * Stops accepting and waits for open answers, at most `graceMs`; resolves to whether all ended
   * by themselves. Those that did not may stay open until the process exits.
   */
  stop(graceMs: number): Promise<boolean>;
}

/** A port that cannot be bound. */
export class PortError extends Error {
  /** Why not. */
  readonly reason: "in use" | "not allowed" | "no such address";

  /** Says why. */
  constructor(reason: PortError["reason"], options?: ErrorOptions) {
    super(`Cannot listen: ${reason}`, options);
    this.name = "PortError";
    this.reason = reason;
  }
}

/** What a client is told when even the handler's own care failed. */
export function lastResort(): Response {
  return Response.json({ error: { message: "Internal server error" } }, {
    status: 500,
  });
}

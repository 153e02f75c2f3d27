/**
 * mockllm on Deno.
 *
 * Never listens to `request.signal`: Deno aborts it after good answers too. The body
 * stream's `cancel()` is the truth about a client that left.
 *
 * @module
 */

import { LISTEN_RETRY_MS_MAX, LISTEN_RETRY_MS_MIN } from "../core/limits.ts";
import { type Clock, until } from "../core/clock.ts";
import type { Connection, Handler } from "../core/handler.ts";
import { runAside } from "./aside.ts";
import { endedWithin } from "./grace.ts";
import {
  lastResort,
  type Listener,
  PortError,
  type Runtime,
  type ServeOptions,
} from "./runtime.ts";
import { nameSpan } from "./spans.ts";
import { watchFolders } from "./watch.ts";

/** V8's guard against regular expressions that run away; `deno.json` passes it as well. */
const V8_FLAGS =
  "--v8-flags=--enable-experimental-regexp-engine-on-excessive-backtracks";

const TROUBLE_EVERY_MS = 60_000;

/** Deno as a {@linkcode Runtime}. */
export function denoRuntime(clock: Clock): Runtime {
  return {
    name: "deno",
    version: Deno.version.deno,
    // Async, so that a port that cannot be bound rejects instead of throwing.
    serve: (handler, options) =>
      Promise.try(() => new DenoListener(handler, options, clock)),
    watch: (folders, changed) =>
      watchFolders(folders, changed, { clock, open: watchFolder }),
    selfCommand,
    aside: (args, input, signal) =>
      runAside({
        command: mayRun() ? [...selfCommand(), ...args] : [],
        input,
        signal,
      }),
  };
}

/** A server that goes on listening when accepting a connection fails. */
class DenoListener implements Listener {
  readonly #handler: Handler;
  readonly #options: ServeOptions;
  readonly #clock: Clock;
  #server: Deno.HttpServer<Deno.NetAddr>;
  #stopping = false;
  #troubleToldMs = -Infinity;

  /** Binds, or throws {@linkcode PortError}. */
  constructor(handler: Handler, options: ServeOptions, clock: Clock) {
    this.#handler = handler;
    this.#options = options;
    this.#clock = clock;
    this.#server = this.#listen(options.port);
    this.#outlive();
  }

  get port(): number {
    return this.#server.addr.port;
  }

  /** What is open after `graceMs` stays so until the process exits: Deno cannot cut after a shutdown. */
  stop(graceMs: number): Promise<boolean> {
    this.#stopping = true;
    return endedWithin(this.#server.shutdown(), graceMs, this.#clock);
  }

  #listen(port: number): Deno.HttpServer<Deno.NetAddr> {
    const handler = this.#handler;
    try {
      return Deno.serve({
        hostname: this.#options.host,
        port,
        reusePort: this.#options.sharedPort,
        onListen: () => {},
        onError: lastResort,
      }, (request, info) => handler(request, new DenoConnection(info)));
    } catch (error) {
      throw portError(error);
    }
  }

  /** Listens again whenever Deno gave up, as it does when file descriptors run out. */
  async #outlive(): Promise<void> {
    for (;;) {
      try {
        return await this.#server.finished;
      } catch (error) {
        if (this.#stopping) return;
        this.#tell(error);
        await this.#listenAgain();
      }
    }
  }

  async #listenAgain(): Promise<void> {
    const { port } = this;
    for (
      let waitMs = LISTEN_RETRY_MS_MIN;
      !this.#stopping;
      waitMs = Math.min(2 * waitMs, LISTEN_RETRY_MS_MAX)
    ) {
      await until(this.#clock, this.#clock.now() + waitMs);
      if (this.#stopping) return;
      try {
        this.#server = this.#listen(port);
        return;
      } catch {
        // Still no descriptor to be had: wait longer.
      }
    }
  }

  #tell(error: unknown): void {
    const nowMs = this.#clock.now();
    if (nowMs - this.#troubleToldMs < TROUBLE_EVERY_MS) return;
    this.#troubleToldMs = nowMs;
    this.#options.onTrouble?.(
      error instanceof Error ? error.message : String(error),
    );
  }
}

/** What Deno knows of a connection; asks for the address only when somebody wants it. */
class DenoConnection implements Connection {
  readonly #info: Deno.ServeHandlerInfo<Deno.NetAddr>;

  constructor(info: Deno.ServeHandlerInfo<Deno.NetAddr>) {
    this.#info = info;
  }

  get peer(): string {
    return this.#info.remoteAddr.hostname;
  }

  /** Deno times nothing out. */
  keepOpen(): void {}

  routed(route: string): void {
    nameSpan(route);
  }

  release(): void {}
}

function portError(error: unknown): unknown {
  const options = { cause: error };
  if (error instanceof Deno.errors.AddrInUse) {
    return new PortError("in use", options);
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new PortError("not allowed", options);
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return new PortError("no such address", options);
  }
  if (error instanceof URIError || isLookupFailure(error)) {
    return new PortError("no such address", options);
  }
  return error;
}

/** A name that no resolver knows, and an address without its zone, are ordinary errors in Deno. */
function isLookupFailure(error: unknown): boolean {
  return error instanceof Error &&
    /^failed to lookup address|os error 22/.test(error.message);
}

function watchFolder(folder: string, changed: () => void): Disposable {
  const watcher = Deno.watchFs(folder, { recursive: false });
  follow(watcher, changed);
  return watcher;
}

async function follow(
  watcher: Deno.FsWatcher,
  changed: () => void,
): Promise<void> {
  try {
    for await (const _event of watcher) changed();
  } catch {
    // The folder is gone: watchFolders() sees that for itself.
  }
}

function selfCommand(): readonly string[] {
  if (Deno.build.standalone) return [Deno.execPath()];
  return [
    Deno.execPath(),
    "run",
    "-A",
    "--unstable-net",
    V8_FLAGS,
    Deno.mainModule,
  ];
}

/** Asked first: without leave, Deno would ask the person at the terminal, and serve nobody meanwhile. */
function mayRun(): boolean {
  return (["run", "env"] as const).every((name) =>
    Deno.permissions.querySync({ name }).state === "granted"
  );
}

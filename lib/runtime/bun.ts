/**
 * mockllm on Bun, from a bundle or as the executable.
 *
 * @module
 */

import { IDLE_SECONDS_MAX } from "../core/limits.ts";
import { watch } from "node:fs";
import process from "node:process";
import type { Clock } from "../core/clock.ts";
import type { Connection, Handler } from "../core/handler.ts";
import { runAside } from "./aside.ts";
import { endedWithin } from "./grace.ts";
import { portErrorOf } from "./port_error.ts";
import {
  lastResort,
  type Listener,
  type Runtime,
  type ServeOptions,
} from "./runtime.ts";
import { watchFolders } from "./watch.ts";

/** Bun's own 413 has no body; `wire/body.ts` stops reading in time and says more. */
const BODY_BYTES_MAX = Number.MAX_SAFE_INTEGER;

/** The part of Bun that is used here, declared so that Deno can check this file. */
interface Bun {
  readonly version: string;
  readonly main: string;
  readonly isStandaloneExecutable: boolean;
  serve(options: BunServeOptions): BunServer;
}

interface BunServeOptions {
  hostname: string;
  port: number;
  reusePort: boolean;
  idleTimeout: number;
  maxRequestBodySize: number;
  development: false;
  error(): Response;
  fetch(request: Request, server: BunServer): Promise<Response> | Response;
}

interface BunServer {
  readonly port: number;
  stop(closeConnections?: boolean): Promise<void>;
  timeout(request: Request, seconds: number): void;
  requestIP(request: Request): { readonly address: string } | null;
}

/** Bun as a {@linkcode Runtime}. */
export function bunRuntime(clock: Clock): Runtime {
  const bun = (globalThis as unknown as { Bun: Bun }).Bun;
  return {
    name: "bun",
    version: bun.version,
    serve: (handler, options) =>
      Promise.try(() => listen(bun, handler, options, clock)),
    watch: (folders, changed) =>
      watchFolders(folders, changed, { clock, open: watchFolder }),
    selfCommand: () => selfCommand(bun),
    aside: (args, input, signal) =>
      runAside({ command: [...selfCommand(bun), ...args], input, signal }),
  };
}

function selfCommand(bun: Bun): readonly string[] {
  return bun.isStandaloneExecutable
    ? [process.execPath]
    : [process.execPath, bun.main];
}

function listen(
  bun: Bun,
  handler: Handler,
  options: ServeOptions,
  clock: Clock,
): Listener {
  try {
    const server = bun.serve({
      hostname: options.host,
      port: options.port,
      reusePort: options.sharedPort,
      idleTimeout: IDLE_SECONDS_MAX,
      maxRequestBodySize: BODY_BYTES_MAX,
      development: false, // else an error answers with a page of our source
      error: lastResort,
      fetch: (request, server) =>
        handler(request, new BunConnection(request, server)),
    });
    return {
      port: server.port,
      stop: (graceMs) => stop(server, graceMs, clock),
    };
  } catch (error) {
    throw portErrorOf(error);
  }
}

async function stop(
  server: BunServer,
  graceMs: number,
  clock: Clock,
): Promise<boolean> {
  const ended = await endedWithin(server.stop(), graceMs, clock);
  if (!ended) server.stop(true);
  return ended;
}

/** What Bun knows of a connection; asks for the address only when somebody wants it. */
class BunConnection implements Connection {
  readonly #request: Request;
  readonly #server: BunServer;

  constructor(request: Request, server: BunServer) {
    this.#request = request;
    this.#server = server;
  }

  get peer(): string {
    return this.#server.requestIP(this.#request)?.address ?? "";
  }

  keepOpen(): void {
    this.#server.timeout(this.#request, 0);
  }

  /** Bun's time-out is the connection's, and outlives the request it was set for. */
  release(): void {
    this.#server.timeout(this.#request, IDLE_SECONDS_MAX);
  }
}

function watchFolder(folder: string, changed: () => void): Disposable {
  const watcher = watch(folder, changed);
  watcher.on("error", () => {}); // a folder that is gone: watchFolders() sees that for itself
  return { [Symbol.dispose]: () => watcher.close() };
}

/**
 * A mock on a port, for clients in other processes.
 *
 * @module
 */

import { type ClientEnvironment, clientEnvironment } from "../clients.ts";
import type { Clock } from "../core/clock.ts";
import type { Handler } from "../core/handler.ts";
import { FAREWELL_MS_MAX } from "../core/limits.ts";
import { type Listener, PortError } from "../runtime/runtime.ts";
import { serve } from "../runtime/serve.ts";

/** Where a mock listens. */
export interface ListenOptions {
  /** Port to bind; 0, the default, takes a free one. */
  readonly port?: number;
  /** Address to bind; `127.0.0.1` unless given. */
  readonly host?: string;
}

/** A mock on a port. */
export interface MockListener extends AsyncDisposable {
  /** `http://127.0.0.1:40123`, without a slash at the end. */
  readonly url: string;
  /** The port it really got. */
  readonly port: number;
  /** What the environment of a program must say so that its SDKs come here; undefined for what must not be set. */
  readonly env: ClientEnvironment;
  /** Stops listening. Replies that are being given may take half a second to end. */
  close(): Promise<void>;
}

/** Puts `handler` on a port; `closed` is told when it is there no more. */
export async function listenWith(
  handler: Handler,
  { port = 0, host = "127.0.0.1" }: ListenOptions,
  clock: Clock,
  closed: (listener: MockListener) => void,
): Promise<MockListener> {
  const bound = await bind(handler, { host, port }, clock);
  const shown = host.includes(":") ? `[${host}]` : host;
  const url = `http://${shown}:${bound.port}`;
  let closing: Promise<unknown> | undefined;
  const close = async () => {
    await (closing ??= bound.stop(FAREWELL_MS_MAX));
    closed(listener);
  };
  const listener = {
    url,
    port: bound.port,
    env: clientEnvironment(url),
    close,
    [Symbol.asyncDispose]: close,
  };
  return listener;
}

async function bind(
  handler: Handler,
  where: { readonly host: string; readonly port: number },
  clock: Clock,
): Promise<Listener> {
  try {
    return await serve(handler, where, clock);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    throw new Error(
      `The mock cannot listen on ${where.host}:${where.port}: ${error.reason}. Leave the port out to take a free one`,
      { cause: error },
    );
  }
}

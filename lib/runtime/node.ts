/**
 * Serving on Node: its requests and responses as web-standard ones.
 *
 * Only what a mock in a test needs: no watching, no second process.
 *
 * @module
 */

import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../core/clock.ts";
import type { Connection, Handler } from "../core/handler.ts";
import { endedWithin } from "./grace.ts";
import { portErrorOf } from "./port_error.ts";
import { lastResort, type Listener, type ServeOptions } from "./runtime.ts";

/** Binds a port and answers with `handler`. Rejects with `PortError` when it cannot. */
export async function serveOnNode(
  handler: Handler,
  { host, port }: Pick<ServeOptions, "host" | "port">,
  clock: Clock,
): Promise<Listener> {
  let stopping = false;
  const server = createServer((incoming, outgoing) => {
    // A connection that was busy when the server was closed is kept by Node for seconds.
    const idle = () => stopping && server.closeIdleConnections();
    for (const end of [outgoing, incoming]) end.once("close", idle);
    void answer(handler, incoming, outgoing);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(portErrorOf(error)));
    server.listen({ host, port }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop(graceMs) {
      stopping = true;
      return stop(server, graceMs, clock);
    },
  };
}

async function stop(
  server: Server,
  graceMs: number,
  clock: Clock,
): Promise<boolean> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const ended = await endedWithin(closed, graceMs, clock);
  if (!ended) server.closeAllConnections();
  return ended;
}

async function answer(
  handler: Handler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const response = await responseTo(handler, incoming);
  try {
    await send(response, incoming, outgoing);
  } catch {
    outgoing.destroy(); // a stream that was broken off
  }
  if (!incoming.readableEnded) dump(incoming);
}

async function responseTo(
  handler: Handler,
  incoming: IncomingMessage,
): Promise<Response> {
  try {
    return await handler(requestOf(incoming), new NodeConnection(incoming));
  } catch {
    return lastResort();
  }
}

/** What Node knows of a connection. It times no answer out. */
class NodeConnection implements Connection {
  readonly #incoming: IncomingMessage;

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming;
  }

  get peer(): string {
    return this.#incoming.socket.remoteAddress ?? "";
  }

  keepOpen(): void {}

  release(): void {}
}

// Requests ────────────────────────────────────────────────────────────────────

function requestOf(incoming: IncomingMessage): Request {
  const { method = "GET", headers } = incoming;
  const hasBody = method !== "GET" && method !== "HEAD" &&
    (headers["content-length"] !== undefined ||
      headers["transfer-encoding"] !== undefined);
  return new Request(urlOf(incoming), {
    method,
    headers: headersOf(incoming),
    ...hasBody && { body: bodyOf(incoming), duplex: "half" },
  });
}

/** A host that is none is refused later, in the provider's words. */
function urlOf({ url = "/", headers, socket }: IncomingMessage): string {
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return url;
  const asked = `http://${headers.host ?? ""}${url}`;
  if (headers.host !== undefined && URL.canParse(asked)) return asked;
  return `http://127.0.0.1:${socket.localPort}${
    url.startsWith("/") ? url : "/"
  }`;
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
  }
  return headers;
}

/** Read no faster than somebody pulls. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      incoming.pause();
      incoming.on("data", (chunk: Uint8Array) => {
        controller.enqueue(new Uint8Array(chunk)); // out of a buffer that Node uses again
        incoming.pause();
      });
      incoming.once("end", () => controller.close());
      incoming.once("error", (error) => controller.error(error));
    },
    pull: () => void incoming.resume(),
    cancel: () => dump(incoming),
  }, { highWaterMark: 0 });
}

/** Lets the rest of a request pass, read by nobody: its connection may bring another. */
function dump(incoming: IncomingMessage): void {
  for (const event of ["data", "end"]) incoming.removeAllListeners(event);
  incoming.resume();
}

// Responses ───────────────────────────────────────────────────────────────────

async function send(
  { status, headers, body }: Response,
  { method }: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (outgoing.destroyed) return await body?.cancel();
  outgoing.writeHead(status, [...headers].flat());
  if (body === null || method === "HEAD") {
    outgoing.end();
    return await body?.cancel();
  }
  outgoing.flushHeaders();
  const reader = body.getReader();
  const left = () => void reader.cancel().catch(() => {});
  outgoing.once("close", left);
  await copy(reader, outgoing);
  outgoing.off("close", left);
  outgoing.end();
}

async function copy(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  outgoing: ServerResponse,
): Promise<void> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done || outgoing.destroyed) return;
    if (!outgoing.write(value)) await drained(outgoing);
  }
}

/** Resolves when there is room again, or nobody to write for. */
function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off("drain", done).off("close", done);
      resolve();
    };
    outgoing.on("drain", done).on("close", done);
  });
}

/**
 * A client that writes bytes as they are and reads what comes, for all that `fetch` is too
 * polite to do: half requests, slow readers, aborts. Every wait is bounded.
 *
 * @module
 */

import net from "node:net";
import { PATIENCE_MS, within } from "./process.ts";

/** One reply as it came over a socket. */
export interface RawReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const encoder = new TextEncoder();

/** A connection to 127.0.0.1. Dispose of it. */
export class Socket implements Disposable {
  readonly #connection: Deno.TcpConn;
  #pending = new Uint8Array();
  #closed = false;

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  /** Connects. */
  static async open(url: string): Promise<Socket> {
    const port = Number(new URL(url).port);
    return new Socket(
      await within(
        Deno.connect({ hostname: "127.0.0.1", port }),
        `a connection to ${url}`,
      ),
    );
  }

  /** Writes text or bytes, all of them. */
  async send(what: string | Uint8Array): Promise<void> {
    let bytes = typeof what === "string" ? encoder.encode(what) : what;
    while (bytes.length > 0) {
      bytes = bytes.subarray(await this.#connection.write(bytes));
    }
  }

  /** Says that nothing more will be written. */
  async closeWrite(): Promise<void> {
    await this.#connection.closeWrite();
  }

  /** The next bytes; undefined at the end, however rude. */
  async read(
    patienceMs: number = PATIENCE_MS,
  ): Promise<Uint8Array | undefined> {
    if (this.#pending.length > 0) return this.#taken(this.#pending.length);
    return await within(this.#fresh(), "bytes", patienceMs);
  }

  /** All that comes until the server closes, as text. */
  async readToEnd(patienceMs: number = PATIENCE_MS): Promise<string> {
    const decoder = new TextDecoder();
    const deadlineMs = performance.now() + patienceMs;
    let text = "";
    for (;;) {
      const bytes = await this.read(
        Math.max(1, deadlineMs - performance.now()),
      );
      if (bytes === undefined) return text + decoder.decode();
      text += decoder.decode(bytes, { stream: true });
    }
  }

  /** The next whole reply; `toHead` when it was asked by HEAD, and so has no body. */
  async reply(toHead = false): Promise<RawReply> {
    const head = (await this.#until("\r\n\r\n")).trimEnd().split("\r\n");
    const [, status = ""] = /^HTTP\/1\.1 (\d{3})/.exec(head[0] ?? "") ?? [];
    const headers = new Map(
      head.slice(1).map((line) => {
        const colon = line.indexOf(":");
        return [
          line.slice(0, colon).toLowerCase(),
          line.slice(colon + 1).trim(),
        ];
      }),
    );
    const bodiless = toHead || status.startsWith("1") || status === "204";
    return {
      status: Number(status),
      headers,
      body: bodiless ? "" : await this.#body(headers),
    };
  }

  /** Closes the connection. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#connection.close();
    } catch {
      // It was closed by its end.
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #body(headers: ReadonlyMap<string, string>): Promise<string> {
    if (headers.get("transfer-encoding") !== "chunked") {
      return decode(
        await this.#exactly(Number(headers.get("content-length") ?? 0)),
      );
    }
    let body = "";
    for (;;) {
      const size = parseInt(await this.#until("\r\n"), 16);
      const chunk = decode(await this.#exactly(size + 2)).slice(0, -2);
      if (size === 0) return body;
      body += chunk;
    }
  }

  async #until(mark: string): Promise<string> {
    for (;;) {
      const at = latin1(this.#pending).indexOf(mark);
      if (at >= 0) return latin1(this.#taken(at + mark.length));
      await this.#more();
    }
  }

  async #exactly(size: number): Promise<Uint8Array> {
    while (this.#pending.length < size) await this.#more();
    return this.#taken(size);
  }

  #taken(size: number): Uint8Array {
    const taken = this.#pending.slice(0, size);
    this.#pending = this.#pending.slice(size);
    return taken;
  }

  async #more(): Promise<void> {
    const fresh = await within(this.#fresh(), "more of a reply");
    if (fresh === undefined) {
      throw new Error(
        `The connection ended in the middle of a reply: ${
          decode(this.#pending)
        }`,
      );
    }
    const joined = new Uint8Array(this.#pending.length + fresh.length);
    joined.set(this.#pending);
    joined.set(fresh, this.#pending.length);
    this.#pending = joined;
  }

  async #fresh(): Promise<Uint8Array | undefined> {
    const buffer = new Uint8Array(64 * 1024);
    try {
      const size = await this.#connection.read(buffer);
      return size === null ? undefined : buffer.subarray(0, size);
    } catch {
      return undefined; // reset by the server
    }
  }
}

/** Sends `text`, and resolves to all that comes until the server closes. */
export async function exchange(
  url: string,
  text: string | Uint8Array,
  patienceMs?: number,
): Promise<string> {
  using socket = await Socket.open(url);
  await socket.send(text).catch(() => {}); // the server may answer and close before it has all
  return await socket.readToEnd(patienceMs);
}

/** A POST of JSON as it is written on the wire. */
export function post(
  path: string,
  body: string,
  headers: readonly string[] = [],
): string {
  const size = encoder.encode(body).length;
  const lines = [
    "Host: localhost",
    "Content-Type: application/json",
    `Content-Length: ${size}`,
    ...headers,
  ];
  return `POST ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** A token stream as it is asked for on the wire: POST without a body. */
export function postTokens(
  count: number,
  rate: number,
  length: number,
): string {
  const headers = [
    `X-Token-Count: ${count}`,
    `X-Tokens-Per-Second: ${rate}`,
    `X-Token-Length: ${length}`,
  ];
  return post("/v1/chat/completions", "", headers);
}

/**
 * Asks, reads the first bytes of the answer, and leaves: politely (FIN) or by a reset (RST).
 * Resolves to the bytes seen.
 */
export function askAndLeave(
  url: string,
  request: string,
  how: "FIN" | "RST",
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const socket = net.connect(
    Number(new URL(url).port),
    "127.0.0.1",
    () => socket.write(request),
  );
  socket.on("error", reject);
  socket.once("data", (bytes) => {
    if (how === "RST") socket.resetAndDestroy();
    else socket.destroy();
    resolve(bytes.length);
  });
  return within(promise, "the first bytes of a stream");
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

/**
 * Bytes at a socket: requests that are nearly HTTP, and bodies mutated as elsewhere, sent as
 * they are.
 *
 * @module
 */

import type { Random } from "../../lib/core/random.ts";
import { Socket } from "../support/socket.ts";
import { type EndpointPath, ENDPOINTS, mutatedRequest } from "./bodies.ts";
import { type Complaint, type RawCase, utf8 } from "./case.ts";
import { chance, mutateBytes, pick, spliced } from "./mutate.ts";
import { ENGINE_TEXT } from "./property.ts";

const BODY = '{"model":"m","messages":[{"role":"user","content":"hello"}]}';
const HEAD = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n";

/** Requests worth mutating: plain ones, every framing, and shapes that smuggle. */
const SEEDS: readonly string[] = [
  "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "GET /v1/models HTTP/1.0\r\n\r\n",
  "GET http://evil.example/v1/models?a=b#c HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0",
  "GET /health HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
  `${HEAD}Content-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
  `${HEAD}Transfer-Encoding: chunked\r\n\r\n${
    BODY.length.toString(16)
  }\r\n${BODY}\r\n0\r\n\r\n`,
  `${HEAD}Transfer-Encoding: chunked\r\nTrailer: X\r\n\r\n5;a=b\r\n${
    BODY.slice(0, 5)
  }\r\n37\r\n${BODY.slice(5)}\r\n0\r\nX: y\r\n\r\n`,
  `${HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n`,
  `${HEAD}Content-Length: 3\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
  `${HEAD}Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n`,
  `${HEAD}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
  `${HEAD}Expect: 100-continue\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
  `${HEAD}Content-Length: 99999999999999999999\r\n\r\n${BODY}`,
  `${HEAD}Content-Length: -1\r\n\r\n${BODY}`,
  "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /docs HTTP/1.1\r\nHost: a\r\n\r\nPOST /v1/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}",
];

/** What is put into a request somewhere. */
const FRAGMENTS: readonly string[] = [
  "\r\n",
  "\n",
  "\r",
  "\0",
  " ",
  "\t",
  ":",
  "\r\n ",
  "\r\nContent-Length: 5",
  "\r\nTransfer-Encoding: chunked",
  "\r\nHost: a b/@:99999",
  "\r\nHost: evil, localhost",
  "\r\nExpect: foo",
  "\r\nConnection: close",
  "\r\nConnection: upgrade",
  "\r\nContent-Encoding: gzip",
  "\r\nX-Token-Count: 99999999999",
  "\r\nX-Model-Id: \x80\xff",
  "\r\nOrigin: null",
  "\r\nCookie: " + "a".repeat(5_000),
  "\r\nA: b".repeat(120),
  "%",
  "%00",
  "%ff",
  "/../",
  "//",
  "\\",
  "?".repeat(9_000),
  "[::1]",
  "HTTP/9.9",
  "ffffffffffffffff",
  "-1",
  "\x16\x03\x01\x02\0\x01\0",
  "\u{1f600}",
];

/** One stream of bytes. */
export function mutatedRaw(random: Random): RawCase {
  let bytes = chance(random, 0.2) ? ofBody(random) : utf8(pick(random, SEEDS));
  for (let left = random.below(4); left > 0; left--) {
    bytes = spliced(
      bytes,
      random.below(bytes.length + 1),
      random.below(4),
      utf8(pick(random, FRAGMENTS)),
    );
  }
  if (chance(random, 0.7)) bytes = mutateBytes(bytes, random);
  return {
    kind: "raw",
    bytes: chance(random, 0.02) ? randomBytes(random) : bytes,
  };
}

function ofBody(random: Random): Uint8Array {
  const path = pick(random, Object.keys(ENDPOINTS) as EndpointPath[]);
  const { bytes } = mutatedRequest(path, random);
  const head =
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  return spliced(utf8(head), head.length, 0, bytes);
}

function randomBytes(random: Random): Uint8Array {
  return Uint8Array.from(
    { length: 1 + random.below(400) },
    () => random.below(256),
  );
}

/** How long a server is heard that keeps the connection open, as it may. */
const LISTEN_MS = 60;

/** Sends the bytes, then listens a while; half of the streams are followed by the end of writing. */
export function tryRaw(
  url: string,
): (one: RawCase) => Promise<Complaint | undefined> {
  return async ({ bytes }) => {
    try {
      return complaintAboutRaw(await heard(url, bytes));
    } catch (error) {
      return { kind: "unreachable", message: String(error) };
    }
  };
}

async function heard(url: string, bytes: Uint8Array): Promise<string> {
  using socket = await Socket.open(url);
  let text = "";
  try {
    await socket.send(bytes);
    if (bytes.length % 2 === 0) await socket.closeWrite();
    const decoder = new TextDecoder("latin1");
    // A token stream would go on for long: enough is enough.
    for (let reads = 0; reads < 20; reads++) {
      const part = await socket.read(LISTEN_MS);
      if (part === undefined) break;
      text += decoder.decode(part, { stream: true });
    }
  } catch {
    // Closed while we wrote, or nothing more within the time.
  }
  return text;
}

/** 505 is what Bun itself says to a version it does not know: a 4xx in all but number. */
function complaintAboutRaw(text: string): Complaint | undefined {
  for (const reply of text.split(/(?=HTTP\/1\.[01] \d{3})/)) {
    const [, status = ""] = /^HTTP\/1\.[01] (\d{3})/.exec(reply) ?? [];
    if (status.startsWith("5") && status !== "505") {
      return { kind: `status ${status}`, message: reply.slice(0, 300) };
    }
    if (status.startsWith("4") && ENGINE_TEXT.test(reply)) {
      return { kind: "engine text", message: reply.slice(0, 600) };
    }
  }
  return undefined;
}

/** How long `/health` takes on a connection of its own, at best of `tries`: other loads of the machine aside. */
export async function healthMs(url: string, tries = 1): Promise<number> {
  let best = Infinity;
  for (let left = tries; left > 0; left--) {
    const beganMs = performance.now();
    using socket = await Socket.open(url);
    await socket.send(
      "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    const { status } = await socket.reply();
    if (status === 200) best = Math.min(best, performance.now() - beganMs);
  }
  return best;
}

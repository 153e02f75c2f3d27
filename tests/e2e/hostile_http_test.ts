/**
 * Requests that no honest client sends: deep, malformed, ambiguous, absurd.
 */

import assert from "node:assert/strict";
import { DEEP } from "../soak/bodies.ts";
import {
  launchServer,
  post as fetchPost,
  testEach,
} from "../support/process.ts";
import { exchange, post, Socket } from "../support/socket.ts";

const PATHS = [
  "/v1/chat/completions",
  "/v1/messages",
  "/v1/messages/count_tokens",
];

/** The message of either dialect's envelope. */
function messageOf(body: string): string {
  const { type, error } = JSON.parse(body);
  assert.ok(type === "error" || "code" in error, body);
  return error.message;
}

testEach(
  "JSON of 100,000 levels is a 400 that says so, in every shape",
  async (program) => {
    await using server = await launchServer(program);
    for (const [shape, body] of Object.entries(DEEP)) {
      for (const path of PATHS) {
        using socket = await Socket.open(server.url);
        await socket.send(post(path, body));
        const reply = await socket.reply();
        assert.equal(reply.status, 400, `${shape} at ${path}`);
        assert.match(messageOf(reply.body), /deeper than 512 levels/);
      }
    }
  },
);

/** One of each way not to be UTF-8. */
const NOT_UTF8 = {
  "a byte that never occurs": [0xff],
  "an overlong form": [0xc0, 0xaf],
  "a lone continuation": [0x80],
  "half a surrogate pair": [0xed, 0xa0, 0x80],
  "a character that ends early": [0xe2, 0x82],
};

testEach(
  "a body that is not UTF-8 is a 400 that says so, on one connection that stays open",
  async (program) => {
    await using server = await launchServer(program);
    using socket = await Socket.open(server.url);
    const [before, after] = JSON.stringify({
      model: "m",
      messages: [{ role: "user", content: "|" }],
    }).split("|");
    for (const bytes of Object.values(NOT_UTF8)) {
      for (const path of PATHS) {
        const size = `${before}${after}`.length + bytes.length;
        await socket.send(
          `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${size}\r\n\r\n${before}`,
        );
        await socket.send(new Uint8Array(bytes));
        await socket.send(after ?? "");
        const { status, body } = await socket.reply();
        assert.equal(status, 400);
        assert.match(messageOf(body), /not valid UTF-8/);
      }
    }
  },
);

const ABSURD = [
  "0",
  "-1",
  "-0",
  "1",
  "1e9",
  "1e-9",
  "1e400",
  "9".repeat(400),
  "NaN",
  "Infinity",
  "",
  "abc",
  "0x10",
  "1_000",
  "1,5",
  " 5 ",
  "5;",
  "\xff",
];

testEach(
  "an absurd number in an X-Token header is clamped and told, or a 400 that names it",
  async (program) => {
    await using server = await launchServer(program);
    for (
      const name of ["X-Token-Count", "X-Tokens-Per-Second", "X-Token-Length"]
    ) {
      for (const value of ABSURD) {
        const response = await fetchPost(`${server.url}/v1/chat/completions`, {
          [name]: value,
        }).catch(() => undefined);
        if (response === undefined) continue; // fetch() itself does not send it
        if (response.status === 400) {
          assert.match(
            messageOf(await response.text()),
            new RegExp(`^${name}: expected`),
          );
        } else {
          assert.equal(response.status, 200, `${name}: ${value}`);
          assertActual(response.headers);
          await response.body?.cancel();
        }
      }
    }
  },
);

/** What is told must lie within what is possible. */
function assertActual(headers: Headers): void {
  const actual = (name: string, missing: number) =>
    Number(headers.get(`x-actual-${name}`) ?? missing);
  const [count, rate, length] = [
    actual("token-count", 0),
    actual("tokens-per-second", 0),
    actual("token-length", 4),
  ];
  assert.ok(count >= 1 && count <= 10_000, `count ${count}`);
  assert.ok(rate >= 0.1 && rate <= 1_000, `rate ${rate}`);
  assert.ok(length >= 1 && length <= 32, `length ${length}`);
}

const HEAD = "POST /v1/messages/count_tokens HTTP/1.1\r\nHost: localhost\r\n";
const SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";

/** Two readers of these could disagree about where the request ends. The first twelve nobody should take. */
const PROBES: readonly string[] = [
  `${HEAD}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  `${HEAD}Content-Length: 0\r\nContent-Length: 44\r\n\r\n${SMUGGLED}`,
  `${HEAD}Content-Length: 5, 6\r\n\r\n${SMUGGLED}`,
  `${HEAD}Content-Length: +5\r\n\r\n${SMUGGLED}`,
  `${HEAD}Content-Length: 0x5\r\n\r\n${SMUGGLED}`,
  `${HEAD}Content-Length: -1\r\n\r\n${SMUGGLED}`,
  `${HEAD}Transfer-Encoding: xchunked\r\n\r\n${SMUGGLED}`,
  `${HEAD}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  `${HEAD}Content-Length : 44\r\n\r\n${SMUGGLED}`,
  `${HEAD}X: a\r\n Content-Length: 44\r\n\r\n${SMUGGLED}`,
  `${HEAD}X: a\0b\r\n\r\n${SMUGGLED}`,
  `${HEAD}X: a\rContent-Length: 44\r\n\r\n${SMUGGLED}`,
  `${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n${SMUGGLED}`,
  `${HEAD}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n${SMUGGLED}`,
  `${HEAD}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  `${HEAD}Transfer-Encoding: chunked\r\nTrailer: GET\r\n\r\n0\r\nGET /smuggled HTTP/1.1\r\n\r\n`,
];

testEach(
  "a request with two possible ends is refused, and what may follow it is never answered",
  async (program) => {
    await using server = await launchServer(program);
    for (const [index, probe] of PROBES.entries()) {
      const answers = await all(server.url, probe);
      const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((
        [, status],
      ) => Number(status));
      const taken = statuses.filter((status) => status !== 400);
      const shown = `${JSON.stringify(probe)}\n${answers}`;
      if (index < 12) assert.ok(taken.length === 0, shown);
      assert.ok(
        taken.length < 2 && statuses.every((status) => status < 500),
        shown,
      );
    }
  },
);

/** All that is answered to `text` and to the end of writing. */
async function all(url: string, text: string): Promise<string> {
  using socket = await Socket.open(url);
  await socket.send(text);
  await socket.closeWrite().catch(() => {});
  return await socket.readToEnd();
}

testEach(
  "every refusal of a method or path is in the dialect's envelope, a 405 with Allow",
  async (program) => {
    await using server = await launchServer(program);
    for (const path of [...PATHS, "/v1/models", "/health", "/nowhere"]) {
      for (const method of ["PUT", "PATCH", "DELETE", "TRACE"]) {
        const answer = await exchange(
          server.url,
          `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
        );
        const [head = "", body = ""] = answer.split("\r\n\r\n");
        assert.ok(messageOf(body).includes(method), answer);
        if (path === "/nowhere") assert.match(head, /^HTTP\/1\.1 404 /);
        else {assert.match(
            head,
            /^HTTP\/1\.1 405 [\s\S]*^allow: (POST|GET, HEAD)/im,
          );}
      }
    }
  },
);

testEach(
  "HEAD is GET without its body, OPTIONS a 204 that tells what is allowed",
  async (program) => {
    await using server = await launchServer(program);
    using socket = await Socket.open(server.url);
    for (const path of ["/health", "/v1/models", "/"]) {
      await socket.send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      const { body } = await socket.reply();
      await socket.send(`HEAD ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      const head = await socket.reply(true);
      assert.equal(head.status, 200);
      assert.equal(
        Number(head.headers.get("content-length")),
        new TextEncoder().encode(body).length,
        path,
      );
    }
    await socket.send(
      "OPTIONS /v1/messages HTTP/1.1\r\nHost: localhost\r\n\r\n",
    );
    const { status, headers } = await socket.reply();
    assert.equal(status, 204);
    assert.match(headers.get("allow") ?? "", /POST/);
  },
);

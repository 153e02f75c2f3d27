/**
 * Clients that send oddly but rightly: in crumbs, with pauses, several requests at once.
 */

import assert from "node:assert/strict";
import { crumbs } from "../soak/bodies.ts";
import { ask, launchServer, testEach, within } from "../support/process.ts";
import { post, Socket } from "../support/socket.ts";

const BODY = JSON.stringify({
  model: "m",
  messages: [{ role: "user", content: "hello" }],
});
const HEAD =
  "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

testEach(
  "a client that expects 100 is told to go on, and then answered",
  async (program) => {
    await using server = await launchServer(program);
    using socket = await Socket.open(server.url);
    await socket.send(
      `${HEAD}Expect: 100-continue\r\nContent-Length: ${BODY.length}\r\n\r\n`,
    );
    assert.equal((await within(socket.reply(), "100", 1_000)).status, 100);
    await socket.send(BODY);
    assert.equal((await socket.reply()).status, 200);
  },
);

testEach("a body in chunks of one byte is read", async (program) => {
  await using server = await launchServer(program);
  assert.equal(await crumbs(server.url), 200);
});

testEach("chunk extensions and trailers change nothing", async (program) => {
  await using server = await launchServer(program);
  using socket = await Socket.open(server.url);
  const [first, second] = [BODY.slice(0, 20), BODY.slice(20)];
  const chunks = `14;name=value\r\n${first}\r\n${
    second.length.toString(16)
  };x="y"\r\n${second}\r\n0\r\n`;
  await socket.send(
    `${HEAD}Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n${chunks}X-Sum: 1\r\n\r\n`,
  );
  assert.equal((await socket.reply()).status, 200);
});

testEach(
  "half requests, of header or body, keep nobody else waiting, and one that is completed is answered",
  async (program) => {
    await using server = await launchServer(program);
    using stack = new DisposableStack();
    const half = async (text: string) => {
      const socket = stack.use(await Socket.open(server.url));
      await socket.send(text);
      return socket;
    };
    for (let left = 50; left > 0; left--) {
      await half("POST /v1/messages HTTP/1.1\r\nHost: lo");
    }
    for (let left = 50; left > 0; left--) {
      await half(`${HEAD}Content-Length: 999\r\n\r\n{`);
    }
    const slow = await half(`${HEAD}Content-Length: ${BODY.length}\r\n\r\n`);
    for (const letter of BODY) {
      await slow.send(letter);
      await ask(server.url, "hello");
    }
    assert.equal((await slow.reply()).status, 200);
  },
);

testEach(
  "twenty requests in one write are answered in their order",
  async (program) => {
    await using server = await launchServer(program);
    using socket = await Socket.open(server.url);
    const path = (index: number) => `/v1/models/${index}`;
    const requests = Array.from(
      { length: 20 },
      (_, index) => `GET ${path(index)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    );
    await socket.send(requests.join(""));
    for (let index = 0; index < 20; index++) {
      const { status, body } = await socket.reply();
      assert.equal(status, 404);
      assert.match(body, new RegExp(`\\b${index}\\b`));
    }
  },
);

testEach(
  "one connection serves 500 requests, of which every fifth is refused",
  async (program) => {
    await using server = await launchServer(program);
    using socket = await Socket.open(server.url);
    const refused = [
      post("/v1/chat/completions", "{"),
      post("/v1/messages", "[]"),
      post("/nowhere", BODY),
      "PUT /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx",
      post("/v1/chat/completions", BODY, ["Content-Encoding: zstd"]),
    ];
    for (let index = 0; index < 500; index++) {
      const bad = index % 5 === 4
        ? refused[(index - 4) / 5 % refused.length]
        : undefined;
      await socket.send(bad ?? post("/v1/chat/completions", BODY));
      const { status, headers } = await socket.reply();
      assert.ok(
        bad === undefined ? status === 200 : status >= 400 && status < 500,
        `request ${index}: ${status}`,
      );
      assert.notEqual(
        headers.get("connection"),
        "close",
        `request ${index}: ${bad}`,
      );
    }
  },
);

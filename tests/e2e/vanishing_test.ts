/**
 * Clients that leave before the end.
 */

import assert from "node:assert/strict";
import { descriptors } from "../soak/gauge.ts";
import { aborts } from "../soak/readers.ts";
import { eventually, launchServer, testEach } from "../support/process.ts";
import { post, postTokens, Socket } from "../support/socket.ts";

testEach(
  "aborted streams, by FIN or RST, are each told of and leave no descriptor",
  async (program) => {
    await using server = await launchServer(program);
    await (await fetch(`${server.url}/health`)).text();
    const before = Deno.build.os === "linux" ? descriptors(server.pid) : 0;
    await aborts(server.url, 100);
    const told = () =>
      (server.err.text.match(/client left after \d+ deltas?/g)?.length ?? 0) ===
        100 || undefined;
    await eventually(told, "100 lines about clients that left");
    if (before === 0) return;
    await eventually(
      () => descriptors(server.pid) <= before || undefined,
      "the descriptors to close",
    );
  },
);

testEach(
  "a client that ends its side early gets the whole of a regular reply",
  async (program) => {
    await using server = await launchServer(program);
    using socket = await Socket.open(server.url);
    await socket.send(
      post(
        "/v1/chat/completions",
        JSON.stringify({
          model: "m",
          messages: [{ role: "user", content: "hello" }],
        }),
      ),
    );
    await socket.closeWrite();
    const { status, body } = await socket.reply();
    assert.equal(status, 200);
    assert.match(JSON.parse(body).choices[0].message.content, /^Hello!/);
  },
);

testEach(
  "a stream whose client ended its side ends within three seconds",
  async (program) => {
    await using server = await launchServer(program);
    using socket = await Socket.open(server.url);
    await socket.send(postTokens(1_000, 10, 4));
    await socket.read();
    await socket.closeWrite();
    await socket.readToEnd(3_000);
    await server.err.until(/client left after \d+ delta/);
  },
);

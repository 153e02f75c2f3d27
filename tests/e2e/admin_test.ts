/**
 * `/_mock` over sockets: what was asked is known after the connection has forgotten it.
 */

import assert from "node:assert/strict";
import {
  eventually,
  launchServer,
  postJson,
  temporaryFolder,
  testEach,
  within,
} from "../support/process.ts";

const CHAT = "/v1/chat/completions";
const QUESTION = {
  model: "gpt-4o",
  messages: [{ role: "user", content: "hello" }],
};

// deno-lint-ignore no-explicit-any
async function told(url: string, path: string): Promise<any> {
  return await (await fetch(`${url}/_mock${path}`)).json();
}

testEach(
  "headers, body and bytes of requests long answered are still known",
  async (program) => {
    await using server = await launchServer(program);
    const bodies: string[] = [];
    for (const stream of [false, true, true]) {
      const response = await fetch(server.url + CHAT, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "authorization": "Bearer sk-hush-0123456789",
          "x-stainless-lang": "js",
        },
        body: JSON.stringify({ ...QUESTION, stream }),
      });
      bodies.push(await response.text());
    }
    for (const [at, body] of bodies.entries()) {
      const view = await told(server.url, `/requests/${at + 1}`);
      assert.equal(view.sent, body);
      assert.equal(view.headers.authorization, "[redacted]");
      assert.equal(view.headers["x-stainless-lang"], "js");
      assert.equal(view.body.model, "gpt-4o");
      assert.equal(view.ended, "complete");
      assert.ok(!JSON.stringify(view).includes("hush"));
    }
  },
);

testEach(
  "a client that left a stream after 3 deltas left after 3, within one",
  async (program) => {
    await using server = await launchServer(program);
    const headers = { "x-tokens-per-second": "20", "x-mock-session": "stop" };
    const response = await fetch(server.url + CHAT, {
      method: "POST",
      headers,
    });
    const reader = response.body?.getReader();
    let text = "";
    while (text.split('"content":"').length - 1 < 4) { // the first is empty
      const chunk = await reader?.read();
      text += new TextDecoder().decode(chunk?.value);
    }
    await reader?.cancel();
    const wanted = { ended: "client_left", exactly: 1 };
    const verify = `${server.url}/_mock/verify?session=stop`;
    await eventually(async () => {
      const { ok } = await (await postJson(verify, wanted)).json();
      return ok || undefined;
    }, "the server to know that the client left");
    const { requests } = await told(server.url, "/requests?session=stop");
    assert.ok(Math.abs(requests[0].deltas - 3) <= 1, JSON.stringify(requests));
  },
);

testEach(
  "requests are told live, and whoever listens keeps no server from stopping",
  async (program) => {
    await using server = await launchServer(program);
    const response = await fetch(`${server.url}/_mock/requests/stream`);
    const reader = response.body?.getReader();
    const read = async () =>
      new TextDecoder().decode((await reader?.read())?.value);
    assert.match(await read(), /^: /);
    await (await postJson(server.url + CHAT, QUESTION)).text();
    let text = "";
    while (!text.includes("event: end")) text += await within(read(), "an end");
    assert.match(text, /^event: open\ndata: \{"id":"1"/);
    server.kill("SIGTERM");
    assert.equal(await server.exit(), 0);
    await reader?.cancel().catch(() => {});
  },
);

testEach(
  "a file that is read again is told to be good, or what is wrong with it",
  async (program) => {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/r.yml`;
    await Deno.writeTextFile(file, "responses: { hello: one }");
    await using server = await launchServer(program, ["-r", file]);
    const reload = async () => {
      const response = await postJson(`${server.url}/_mock/reload`, {});
      return { status: response.status, ...await response.json() };
    };
    assert.deepEqual(await reload(), { status: 200, source: file });
    await Deno.writeTextFile(file, "respones: { hello: two }");
    const { status, error } = await reload();
    assert.equal(status, 422);
    assert.equal(error.problems[0].line, 1);
    const { config_error, responses } = await told(server.url, "/config");
    assert.match(config_error, /respones/);
    assert.equal(responses, 1);
  },
);

testEach(
  "--no-admin leaves nothing under /_mock, and says so",
  async (program) => {
    await using server = await launchServer(program, ["--no-admin"]);
    await (await postJson(server.url + CHAT, QUESTION)).text();
    for (const path of ["", "/requests", "/config"]) {
      const response = await fetch(`${server.url}/_mock${path}`);
      assert.equal(response.status, 404);
      assert.match((await response.json()).error.message, /--no-admin/);
    }
  },
);

testEach(
  "several workers refuse what they do not share, and say why",
  async (program) => {
    if (Deno.build.os !== "linux") return;
    await using server = await launchServer(program, ["--workers", "2"]);
    for (const path of ["/requests", "/rules", "/coverage"]) {
      const response = await fetch(`${server.url}/_mock${path}`);
      assert.equal(response.status, 409);
      const { error } = await response.json();
      assert.match(error.message, /--workers above 1/);
    }
    assert.equal((await told(server.url, "/config")).source !== "", true);
  },
);

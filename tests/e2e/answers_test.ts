import assert from "node:assert/strict";
import {
  eventually,
  launchServer,
  post,
  postJson,
  temporaryFolder,
  testEach,
} from "../support/process.ts";

const QUESTION = "what colour is the sky?";
const SKY = "The sky is purple except on Tuesday when it is  hue green.";

/** Exactly what users of the YAML ancestor send: no key, no version, no `max_tokens`. */
const ASKED = {
  model: "claude-3-sonnet-20240229",
  messages: [{ role: "user", content: QUESTION }],
};

function dataOf(stream: string): string[] {
  return stream.split("\n").filter((line) => line.startsWith("data: ")).map((
    line,
  ) => line.slice(6));
}

testEach(
  "X-Token headers stream so many tokens of that length at that rate",
  async (program) => {
    await using server = await launchServer(program);
    const headers = {
      "X-Token-Count": "50",
      "X-Tokens-Per-Second": "100",
      "X-Token-Length": "6",
    };
    const beganMs = performance.now();
    const response = await post(`${server.url}/v1/chat/completions`, headers);
    const data = dataOf(await response.text());
    const tookMs = performance.now() - beganMs;
    assert.equal(response.headers.get("x-actual-token-count"), "50");
    assert.equal(data.at(-1), "[DONE]");
    const contents = data.slice(1, -2).map((line) =>
      JSON.parse(line).choices[0].delta.content
    );
    assert.equal(contents.length, 50);
    assert.ok(
      contents.every((content) => content.length === 6),
      String(contents),
    );
    assert.ok(tookMs >= 490 && tookMs < 1_500, `${tookMs} ms`);
  },
);

testEach(
  "a bare POST streams, at ten tokens a second, from the first moment",
  async (program) => {
    await using server = await launchServer(program);
    const response = await post(`${server.url}/v1/chat/completions`);
    assert.equal(
      response.headers.get("content-type")?.split(";")[0],
      "text/event-stream",
    );
    assert.equal(response.headers.get("x-actual-tokens-per-second"), "10.0");
    const reader = response.body?.getReader();
    const first = await reader?.read();
    await reader?.cancel();
    assert.match(new TextDecoder().decode(first?.value), /"role":"assistant"/);
    await server.err.until(/client left after \d+ delta/);
  },
);

testEach(
  "a scripted answer comes back over both dialects, whole",
  async (program) => {
    await using server = await launchServer(program);
    const message = await (await postJson(`${server.url}/v1/messages`, ASKED))
      .json();
    assert.equal(message.content[0].text, SKY);
    const completion =
      await (await postJson(`${server.url}/v1/chat/completions`, ASKED)).json();
    assert.equal(completion.choices[0].message.content, SKY);
  },
);

testEach(
  "a scripted answer comes back over both dialects, streamed",
  async (program) => {
    await using server = await launchServer(program);
    const asked = { ...ASKED, stream: true };
    const messages = dataOf(
      await (await postJson(`${server.url}/v1/messages`, asked)).text(),
    );
    assert.equal(
      messages.map((line) => JSON.parse(line).delta?.text ?? "").join(""),
      SKY,
    );
    const chunks = dataOf(
      await (await postJson(`${server.url}/v1/chat/completions`, asked)).text(),
    ).slice(0, -1);
    assert.equal(
      chunks.map((line) => JSON.parse(line).choices[0]?.delta.content ?? "")
        .join(""),
      SKY,
    );
  },
);

testEach(
  "a body over 32 MiB is a 413 in the dialect's words",
  async (program) => {
    await using server = await launchServer(program);
    const body = { ...ASKED, padding: "x".repeat(33 * 1024 * 1024) };
    const response = await postJson(`${server.url}/v1/chat/completions`, body);
    assert.equal(response.status, 413);
    assert.equal(typeof (await response.json()).error.message, "string");
  },
);

testEach("no request brings an error page of the runtime", async (program) => {
  await using server = await launchServer(program);
  const { port } = new URL(server.url);
  for (const host of ["a b/@:99999", "", "[", "x:y:z"]) {
    const answer = await raw(
      Number(port),
      `GET /v1/models HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 [24]\d\d /, `Host: ${host}\n${answer}`);
  }
});

async function raw(port: number, text: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(text));
  let answer = "";
  const buffer = new Uint8Array(4096);
  for (
    let size = await connection.read(buffer);
    size !== null;
    size = await connection.read(buffer)
  ) {
    answer += new TextDecoder().decode(buffer.subarray(0, size));
  }
  return answer;
}

testEach("the pages are served", async (program) => {
  await using server = await launchServer(program);
  for (
    const path of [
      "/",
      "/docs",
      "/redoc",
      "/openapi.json",
      "/health",
      "/v1/models",
    ]
  ) {
    const response = await fetch(server.url + path);
    assert.equal(response.status, 200, path);
    assert.ok((await response.text()).length > 50, path);
  }
});

testEach(
  "a vocabulary counts from the first request on, and another after a reload",
  async (program) => {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/responses.yml`;
    const responses = 'responses: { hi: "Antidisestablishment, お誕生日!" }';
    const write = (tokenizer: string) =>
      Deno.writeTextFile(
        file,
        `${responses}\nsettings: { tokenizer: ${tokenizer} }\n`,
      );
    await write("o200k_base");
    await using server = await launchServer(program, ["-r", file]);
    const asked = { ...ASKED, messages: [{ role: "user", content: "hi" }] };
    const tokens = async () => {
      const url = `${server.url}/v1/chat/completions`;
      const { usage } = await (await postJson(url, asked)).json();
      return `${usage.prompt_tokens} ${usage.completion_tokens}`;
    };
    assert.equal(await tokens(), "8 10");
    await write("cl100k_base");
    const counted = async () => await tokens() === "8 12" || undefined;
    await eventually(counted, "another count", 2_000);
  },
);

/**
 * Planted defects that the fuzzer must find: proof that it can fail.
 */

import assert from "node:assert/strict";
import { readConfig } from "../../lib/config/compile.ts";
import { testApp } from "../support/app.ts";
import { run } from "./campaign.ts";
import { bodies } from "./campaigns.ts";
import type { BodyCase, Found } from "./case.ts";
import {
  complaintAboutConfig,
  mutatedConfig,
  type ReadConfig,
} from "./config.ts";
import { type Fetch, tryOn } from "./in_process.ts";
import { mutatedRaw, tryRaw } from "./raw.ts";

const SEED = 1;
const PATH = "/v1/chat/completions";

/** What is found in a server that has `defect`; it is healthy where that gives undefined. */
async function foundIn(
  defect: (body: string) => Response | Promise<Response> | undefined,
): Promise<readonly Found[]> {
  const app = testApp();
  const fetch: Fetch = async (path, init) => {
    const request = new Request(`http://mock${path}`, init);
    return await defect(await request.clone().text()) ??
      await app.fetch(request);
  };
  const campaign = {
    ...bodies(PATH, 2_000, tryOn(fetch, app.clock, 200)),
    foundMax: 1,
  };
  return (await run(campaign, SEED)).found;
}

function refusal(status: number, message: unknown): Response {
  const error = {
    message,
    type: "invalid_request_error",
    param: null,
    code: null,
  };
  return Response.json({ error }, { status });
}

Deno.test("the fuzzer finds a 500, and makes the body small", async () => {
  const [found] = await foundIn((body) =>
    body.includes("__proto__") ? refusal(500, "oh") : undefined
  );
  assert.equal(found?.complaint.kind, "status 500");
  assert.deepEqual((found?.case as BodyCase).headers, {});
  assert.equal(new TextDecoder().decode(found?.case.bytes), "__proto__");
});

Deno.test("the fuzzer finds an engine's words in a message", async () => {
  const [found] = await foundIn((body) => {
    try {
      JSON.parse(body);
      return undefined;
    } catch (error) {
      return refusal(400, String(error));
    }
  });
  assert.equal(found?.complaint.kind, "engine text");
});

Deno.test("the fuzzer finds a refusal without a message, and one in the wrong envelope", async () => {
  const [silent] = await foundIn((body) =>
    body.includes("1e999") ? refusal(400, " ") : undefined
  );
  assert.equal(silent?.complaint.kind, "no message");
  const [wrong] = await foundIn((body) =>
    body.includes("1e999")
      ? Response.json({ detail: "no" }, { status: 422 })
      : undefined
  );
  assert.equal(wrong?.complaint.kind, "envelope");
});

Deno.test("the fuzzer finds what never answers, and what throws", async () => {
  const never = new Promise<Response>(() => {});
  const [hang] = await foundIn((body) =>
    body.includes("\\ud800") ? never : undefined
  );
  assert.equal(hang?.complaint.kind, "hang");
  const [thrown] = await foundIn((body) =>
    body.includes("\\ud800") ? Promise.reject(new Error("boom")) : undefined
  );
  assert.equal(thrown?.complaint.kind, "thrown");
});

Deno.test("the fuzzer finds a stream that breaks off", async () => {
  const broken = () =>
    new Response("data: {\n", {
      headers: { "content-type": "text/event-stream" },
    });
  const [found] = await foundIn((body) =>
    body.includes('"stream":true') ? broken() : undefined
  );
  assert.equal(found?.complaint.kind, "broken reply");
});

Deno.test("the raw fuzzer finds a server that fails at a bad escape", async () => {
  const handle = (request: Request): Response => {
    try {
      return new Response(decodeURIComponent(request.url));
    } catch {
      return new Response("oh", { status: 500 });
    }
  };
  await using server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
  }, handle);
  const attempt = tryRaw(`http://127.0.0.1:${server.addr.port}`);
  const campaign = {
    name: "canary",
    count: 2_000,
    atOnce: 16,
    foundMax: 1,
    draw: mutatedRaw,
    attempt,
  };
  const { found: [found] } = await run(campaign, SEED);
  assert.equal(found?.complaint.kind, "status 500");
});

Deno.test("the configuration fuzzer finds what throws, pollutes, and speaks for an engine", async () => {
  const kinds = async (read: ReadConfig) => {
    const attempt = (one: Parameters<typeof complaintAboutConfig>[0]) =>
      Promise.resolve(complaintAboutConfig(one, read));
    const { found } = await run({
      name: "canary",
      count: 500,
      atOnce: 1,
      foundMax: 1,
      draw: mutatedConfig,
      attempt,
    }, SEED);
    return found.map(({ complaint }) => complaint.kind);
  };
  const ifOdd = (act: () => void): ReadConfig => (text, file) => {
    if (text.includes("constructor")) act();
    return readConfig(text, file);
  };
  const pollute = () => Object.assign(Object.prototype, { polluted: true });
  assert.deepEqual(await kinds(ifOdd(() => assert.fail("boom"))), ["thrown"]);
  assert.deepEqual(await kinds(ifOdd(pollute)), ["pollution"]);
  assert.deepEqual(
    await kinds(async (text, file) => ({
      ...await readConfig(text, file),
      config: undefined,
    })),
    ["verdict"],
  );
});

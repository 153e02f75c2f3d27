/** Who may ask `/_mock`, and what is never told: rows b1 to b6 of the threat model. */

import assert from "node:assert/strict";
import { json } from "../support/app.ts";
import { type Administered, administered } from "../support/administered.ts";

const CHAT = "/v1/chat/completions";
const EVIL = "https://evil.example";
const ROUTES = [
  ["GET", "/_mock"],
  ["GET", "/_mock/requests"],
  ["GET", "/_mock/requests/1"],
  ["GET", "/_mock/requests/stream"],
  ["DELETE", "/_mock/requests"],
  ["POST", "/_mock/verify"],
  ["GET", "/_mock/rules"],
  ["POST", "/_mock/rules"],
  ["PUT", "/_mock/rules"],
  ["DELETE", "/_mock/rules"],
  ["DELETE", "/_mock/rules/a"],
  ["POST", "/_mock/reset"],
  ["GET", "/_mock/coverage"],
  ["GET", "/_mock/config"],
  ["POST", "/_mock/reload"],
  ["GET", "/_mock/none"],
] as const;

/** Statuses of all routes, asked with `headers` by `peer`; each in the envelope of no provider. */
async function statuses(
  headers: Record<string, string>,
  { server = used(), peer = "127.0.0.1", origin = "http://localhost:8000" } =
    {},
): Promise<number[]> {
  return await Promise.all(ROUTES.map(async ([method, path]) => {
    const init = {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(method === "POST" || method === "PUT" ? { body: "{}" } : {}),
    };
    const response = await server.ask(origin + path, init, peer);
    if (response.status >= 400) {
      const { error } = await response.json();
      assert.equal(typeof error.message, "string");
      assert.deepEqual(
        Object.keys(error).filter((key) =>
          !/^(message|field|problems)$/.test(key)
        ),
        [],
      );
    } else await response.body?.cancel();
    return response.status;
  }));
}

function used(options: Parameters<typeof administered>[0] = {}): Administered {
  return administered({ ...options, unknown: "hello" });
}

function all(status: number): number[] {
  return ROUTES.map(() => status);
}

Deno.test("/_mock: refuses foreign names, in the Host header and in the URL, on every route", async () => {
  const host = "evil.example";
  assert.deepEqual(await statuses({ host }), all(403));
  assert.deepEqual(await statuses({}, { origin: `http://${host}` }), all(403));
  const forwarded = { host, "x-forwarded-host": "localhost" };
  assert.deepEqual(await statuses(forwarded), all(403));
  const many = await statuses({ host: "localhost, evil.example" });
  assert.deepEqual(many, all(400));
});

Deno.test("/_mock: refuses pages of other sites, on every route", async () => {
  for (
    const headers of [
      { origin: EVIL },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
    ]
  ) assert.deepEqual(await statuses(headers), all(403));
});

Deno.test("/_mock: refuses other machines without the token, on every route", async () => {
  const peer = "192.168.0.7";
  assert.deepEqual(await statuses({}, { peer }), all(403));
  const access = { corsOrigins: [], allowedHosts: [], adminToken: "token" };
  const server = used({ access });
  const wrong = { "x-mock-admin-token": "nope" };
  assert.deepEqual(await statuses(wrong, { server, peer }), all(403));
  const right = { "x-mock-admin-token": "token" };
  const answered = await statuses(right, { server, peer });
  assert.ok(!answered.includes(403), answered.join());
});

Deno.test("/_mock: changes nothing for what a form could send, nor for GET and HEAD", async () => {
  const server = used();
  await (await server.ask(CHAT, json({ messages: [] }))).text();
  for (const type of ["text/plain", "application/x-www-form-urlencoded", ""]) {
    for (const path of ["/_mock/reset", "/_mock/rules", "/_mock/verify"]) {
      const headers: Record<string, string> = type === ""
        ? {}
        : { "content-type": type };
      const init = {
        method: "POST",
        headers,
        body: new Uint8Array([123, 125]),
      };
      const response = await server.ask(path, init);
      assert.equal(response.status, 415);
      assert.match((await response.json()).error.message, /curl --json/);
    }
  }
  for (const method of ["GET", "HEAD"]) {
    const { status, headers } = await server.ask("/_mock/reset", { method });
    assert.deepEqual([status, headers.get("allow")], [405, "POST"]);
  }
  assert.equal(server.journal.size, 1);
});

Deno.test("/_mock: no page may read, frame, sniff or cache what it says", async () => {
  const server = used();
  for (
    const path of ["/_mock/requests", "/_mock/none", "/_mock/requests/stream"]
  ) {
    const origin = "http://localhost:3000";
    const { headers, body } = await server.ask(path, { headers: { origin } });
    assert.equal(headers.get("access-control-allow-origin"), null);
    assert.equal(headers.get("access-control-allow-private-network"), null);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("cross-origin-resource-policy"), "same-origin");
    assert.equal(headers.get("cache-control"), "no-store");
    await body?.cancel();
  }
  const preflight = await server.ask("/_mock/reset", {
    method: "OPTIONS",
    headers: {
      origin: "http://localhost:3000",
      "access-control-request-method": "POST",
      "access-control-request-private-network": "true",
    },
  });
  assert.equal(preflight.headers.get("access-control-allow-origin"), null);
  assert.equal(
    preflight.headers.get("access-control-allow-private-network"),
    null,
  );
});

Deno.test("/_mock: no secret of a request is told by any route", async () => {
  const key = "sk-proj-hush0123456789abcdef";
  const plain = "hush and nothing else";
  const server = used();
  for (
    const [path, headers] of [
      [CHAT, { authorization: `Bearer ${key}` }],
      ["/v1/messages", { "x-api-key": plain, cookie: "id=hush" }],
      [`${CHAT}?key=hush1234`, { "openai-organization": "org-hush" }],
      [CHAT, { "x-custom-hush": "hush", "x-mock-admin-token": "hush" }],
    ] as const
  ) {
    const content = `is ${key} or ${plain} my key?`;
    const said = headers && "x-api-key" in headers ? content : `is ${key} it?`;
    const body = { model: "m", messages: [{ role: "user", content: said }] };
    await (await server.ask(path, json(body, headers))).text();
  }
  const told = [];
  for (const path of ["/_mock/requests", "/_mock/coverage", "/_mock/rules"]) {
    told.push(await server.json(path));
  }
  for (const id of [1, 2, 3, 4]) {
    told.push(await server.json(`/_mock/requests/${id}`));
  }
  const wanted = {
    when: { key: "hush-wanted", header: { cookie: "hush-wanted" } },
  };
  told.push(await server.json("/_mock/verify", json(wanted)));
  assert.ok(
    !JSON.stringify(told).includes("hush"),
    JSON.stringify(told, null, 1),
  );
});

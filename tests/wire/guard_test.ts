import assert from "node:assert/strict";
import { URL_CHARS_MAX } from "../../lib/core/limits.ts";
import { BadRequest } from "../../lib/core/reply.ts";
import {
  type Access,
  checkAdmin,
  checkHost,
  checkUrl,
  corsHeaders,
  isAdmin,
  LOOPBACK_ONLY,
  preflightHeaders,
} from "../../lib/wire/guard.ts";

const HERE = "http://localhost:8000";

/** Fetch's own rules forbid setting Host and Origin: a bare record stands in for a request. */
function request(
  headers: Record<string, string> = {},
  { url = `${HERE}/_mock/requests`, method = "GET" } = {},
): Request {
  const all = new Headers({ host: "localhost:8000", ...headers });
  return { url, method, headers: all } as Request;
}

function admitted(
  asked: Request,
  peer: string | undefined = "127.0.0.1",
  access: Access = LOOPBACK_ONLY,
): number {
  return checked(asked, peer, access);
}

function checked(
  asked: Request,
  peer: string | undefined,
  access: Access,
): number {
  try {
    checkAdmin(asked, peer, access);
    return 200;
  } catch (error) {
    assert.ok(error instanceof BadRequest);
    return {
      forbidden: 403,
      "unsupported-media": 415,
    }[error.failure.kind as string] ?? 400;
  }
}

Deno.test("checkHost() takes names, addresses and ports, and refuses what is no single host", () => {
  for (
    const host of [
      "localhost",
      "LOCALHOST:8000",
      "127.0.0.1:1",
      "[::1]:8000",
      "mock_llm.svc.cluster.local:80",
    ]
  ) {
    checkHost(new Headers({ host }));
  }
  checkHost(new Headers());
  for (
    const host of [
      "a b",
      "a, b",
      "a b/@:99999",
      "user@host",
      "host:port",
      "host:123456",
      "ho st",
      "",
      "[::1",
      "http://x",
    ]
  ) {
    assert.throws(
      () => checkHost(new Headers({ host })),
      /does not name one host/,
      host,
    );
  }
});

Deno.test("isAdmin() is for /_mock and what is below it", () => {
  assert.deepEqual(
    ["/_mock", "/_mock/x", "/_mocks", "/v1/_mock"].map(isAdmin),
    [true, true, false, false],
  );
});

Deno.test("checkAdmin() answers loopback names only, in the header and in the URL, and those allowed", () => {
  for (
    const host of [
      "localhost",
      "LocalHost:9",
      "127.0.0.1",
      "127.8.9.1:80",
      "[::1]:8000",
    ]
  ) {
    assert.equal(admitted(request({ host })), 200, host);
  }
  for (
    const host of [
      "evil.example",
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "10.0.0.1",
      "1270.0.1",
    ]
  ) {
    assert.equal(admitted(request({ host })), 403, host);
    assert.equal(
      admitted(request({}, { url: `http://${host}/_mock/x` })),
      403,
      host,
    );
  }
  const access = { ...LOOPBACK_ONLY, allowedHosts: ["mock.test"] };
  assert.equal(
    admitted(request({ host: "Mock.test:8000" }), "127.0.0.1", access),
    200,
  );
  assert.equal(
    admitted(
      request({ host: "evil.example", "x-forwarded-host": "localhost" }),
    ),
    403,
  );
});

Deno.test("checkAdmin() refuses pages of other sites, whatever they say they are", () => {
  for (
    const origin of [
      "https://evil.example",
      "null",
      "http://localhost.evil.example",
      "file://",
      "http://127.0.0.1@evil",
    ]
  ) {
    assert.equal(admitted(request({ origin })), 403, origin);
  }
  for (const site of ["cross-site", "same-site"]) {
    assert.equal(admitted(request({ "sec-fetch-site": site })), 403, site);
  }
  for (
    const headers of [{ origin: HERE }, { "sec-fetch-site": "same-origin" }, {
      "sec-fetch-site": "none",
    }]
  ) {
    assert.equal(admitted(request(headers as Record<string, string>)), 200);
  }
});

Deno.test("checkAdmin() wants a content type that no form can send for whatever changes something", () => {
  const post = (type: string) =>
    admitted(
      request(type === "" ? {} : { "content-type": type }, { method: "POST" }),
    );
  assert.equal(post("application/json"), 200);
  assert.equal(post("application/json; charset=utf-8"), 200);
  for (const type of ["application/yaml", "text/yaml", "application/x-yaml"]) {
    assert.equal(post(type), 200, type);
  }
  for (
    const type of [
      "",
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
      "application/jsonx",
      "application/yamlx",
      "text/plain; application/json",
    ]
  ) {
    assert.equal(post(type), 415, type);
  }
});

Deno.test("checkAdmin() takes a DELETE without a body as it is: no page can send one unasked", () => {
  const delete_ = (headers: Record<string, string>) =>
    admitted(request(headers, { method: "DELETE" }));
  assert.equal(delete_({}), 200);
  assert.equal(delete_({ "content-type": "application/json" }), 200);
  assert.equal(delete_({ "content-type": "text/plain" }), 415);
  assert.equal(delete_({ origin: "https://evil.example" }), 403);
  assert.equal(admitted(request({}, { method: "PUT" })), 415);
});

Deno.test("checkAdmin() holds names against requests of this process too: somebody may serve it", () => {
  const asked = (headers: Record<string, string>) =>
    checked(request(headers), undefined, LOOPBACK_ONLY);
  assert.equal(asked({}), 200);
  assert.equal(asked({ host: "evil.example" }), 403);
  assert.equal(asked({ origin: "https://evil.example" }), 403);
  assert.equal(admitted(request(), ""), 403, "an unknown peer is a stranger");
});

Deno.test("checkAdmin() answers pages of the names that are allowed, and of no others", () => {
  const access = { ...LOOPBACK_ONLY, allowedHosts: ["mock.test"] };
  const from = (origin: string) =>
    admitted(request({ host: "mock.test", origin }), "127.0.0.1", access);
  assert.equal(from("http://mock.test:8000"), 200);
  assert.equal(from("https://MOCK.test"), 200);
  for (
    const origin of ["http://x.mock.test", "http://mock.test.evil", "null"]
  ) {
    assert.equal(from(origin), 403, origin);
  }
});

Deno.test("checkAdmin() answers other machines only with the token, and none without one", () => {
  const access = { ...LOOPBACK_ONLY, adminToken: "secret" };
  const with_ = (token: string) => request({ "x-mock-admin-token": token });
  assert.equal(admitted(with_("secret"), "10.0.0.7", access), 200);
  for (const token of ["", "secre", "secrets", "SECRET"]) {
    assert.equal(admitted(with_(token), "10.0.0.7", access), 403);
  }
  assert.equal(admitted(request(), "10.0.0.7", access), 403);
  assert.equal(admitted(with_(""), "10.0.0.7"), 403);
  for (const peer of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) {
    assert.equal(admitted(request(), peer), 200);
  }
});

Deno.test("corsHeaders() lets loopback pages read, others by name, and never /_mock or null", () => {
  const allowed = (
    origin: string,
    path = "/v1/messages",
    corsOrigins: string[] = [],
  ) =>
    corsHeaders(new Headers({ origin }), path, {
      ...LOOPBACK_ONLY,
      corsOrigins,
    })
      ?.["access-control-allow-origin"];
  for (
    const origin of [
      "http://localhost:3000",
      "https://127.0.0.1",
      "http://[::1]:5173",
    ]
  ) {
    assert.equal(allowed(origin), origin);
    assert.equal(allowed(origin, "/_mock/requests"), undefined);
  }
  for (
    const origin of [
      "https://app.example",
      "null",
      "http://localhost.evil.example",
    ]
  ) {
    assert.equal(allowed(origin), undefined);
  }
  assert.equal(
    allowed("https://app.example", "/", ["https://app.example"]),
    "https://app.example",
  );
  assert.equal(
    allowed("https://app.example", "/", ["*"]),
    "https://app.example",
  );
  assert.equal(allowed("null", "/", ["*"]), undefined);
});

Deno.test("corsHeaders() varies by origin, exposes what a page needs, and says nothing to programs", () => {
  const headers = corsHeaders(
    new Headers({ origin: HERE }),
    "/",
    LOOPBACK_ONLY,
  );
  assert.equal(headers?.vary, "Origin");
  assert.match(
    headers?.["access-control-expose-headers"] ?? "",
    /X-Actual-Token-Count.*X-Mock-Seed.*X-Mock-Rule/,
  );
  assert.equal(headers?.["access-control-allow-credentials"], undefined);
  assert.equal(corsHeaders(new Headers(), "/", LOOPBACK_ONLY), undefined);
});

Deno.test("preflightHeaders() allows the headers asked for, unless they are none", () => {
  const asked = (names: string) =>
    preflightHeaders(new Headers({ "access-control-request-headers": names }), [
      "POST",
      "OPTIONS",
    ]);
  assert.equal(
    asked("x-token-count, authorization")["access-control-allow-headers"],
    "x-token-count, authorization",
  );
  assert.equal(asked("a: b")["access-control-allow-headers"], undefined);
  assert.equal(asked("a")["access-control-allow-methods"], "POST, OPTIONS");
});

Deno.test("checkUrl() takes a URL at the limit and refuses one character more", () => {
  const base = "http://localhost/?";
  checkUrl(base.padEnd(URL_CHARS_MAX, "x"));
  assert.throws(
    () => checkUrl(base.padEnd(URL_CHARS_MAX + 1, "x")),
    (error) => {
      return error instanceof BadRequest && error.failure.status === 414;
    },
  );
});

Deno.test("corsHeaders() lets no other page load or sniff what /_mock says", () => {
  const headers = corsHeaders(new Headers(), "/_mock/requests", LOOPBACK_ONLY);
  assert.equal(headers?.["x-content-type-options"], "nosniff");
  assert.equal(headers?.["cross-origin-resource-policy"], "same-origin");
});

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  adminRoutes,
  askOf,
  bodyText,
  refusalOf,
} from "../../lib/admin/admin.ts";
import { safeJson } from "../../lib/admin/ask.ts";
import { BadRequest } from "../../lib/core/reply.ts";
import { testAdmin } from "../support/admin.ts";
import { ManualClock } from "../support/manual_clock.ts";

Deno.test("GET /_mock: names every other route, and what it does", async () => {
  const { body } = await testAdmin().ask("GET /_mock");
  const routes = adminRoutes(testAdmin()).map(({ route }) => route);
  assert.deepEqual(
    ["GET /_mock", ...Object.keys(body.routes)].toSorted(),
    routes.toSorted(),
  );
  assert.ok(Object.values(body.routes).every((does) => does !== ""));
  assert.equal(body.version, "1.2.3");
});

Deno.test("adminRoutes(): what processes would have to share is refused where they do not", async () => {
  const shared = "Not with --workers above 1";
  const reload = () => Promise.resolve({ ok: true, problems: [] });
  const admin = testAdmin({ shared, reload });
  const told = ["GET /_mock", "GET /_mock/config", "POST /_mock/reload"];
  for (const { route } of adminRoutes(admin)) {
    const { status, body } = await admin.ask(route.replace(/:\w+/, "1"));
    if (told.includes(route)) assert.equal(status, 200, route);
    else {
      assert.equal(status, 409, route);
      assert.deepEqual(body, { error: { message: shared } });
    }
  }
  admin.coverage.count({ type: "rule", name: "a", place: "" });
  const { body } = await admin.ask("GET /_mock/config");
  assert.ok(!JSON.stringify(body).includes("hits"));
});

Deno.test("adminRoutes(): a defect is thrown, not worded", async () => {
  const config = () => {
    throw new TypeError("oops");
  };
  await assert.rejects(
    testAdmin({ config }).ask("GET /_mock/config"),
    TypeError,
  );
  assert.equal(refusalOf(new TypeError("oops")), undefined);
});

Deno.test("refusalOf(): the guard's refusals have the status of their kind, and one envelope", () => {
  for (
    const [kind, status] of [
      ["forbidden", 403],
      ["unknown-path", 404],
      ["method-not-allowed", 405],
      ["timeout", 408],
      ["too-large", 413],
      ["unsupported-media", 415],
      ["bad-request", 400],
      ["bad-json", 400],
    ] as const
  ) {
    const error = new BadRequest({ kind, message: "no", field: "f" });
    const answer = refusalOf(error);
    assert.deepEqual(JSON.parse(JSON.stringify(answer)), {
      status,
      body: { error: { message: "no", field: "f" } },
    });
  }
  const headers = { allow: "GET" };
  const kind = "method-not-allowed";
  const wrong = refusalOf(new BadRequest({ kind, message: "no", headers }));
  assert.deepEqual(wrong && "headers" in wrong && wrong.headers, headers);
  const own = new BadRequest({ status: 414, message: "long" });
  assert.equal(refusalOf(own)?.status, 414);
});

Deno.test("askOf(): the query, the session, the body", async () => {
  const ask = (query: string, init: RequestInit = {}) =>
    askOf(
      new Request(`http://localhost/_mock/x${query}`, init),
      "p",
      new ManualClock(),
    );
  assert.equal(ask("?a=1&b=%20#c=2").query.toString(), "a=1&b=+");
  assert.equal(ask("").parameter, "p");
  assert.equal(ask("").session, undefined);
  assert.equal(ask("?session=").session, "");
  const headers = { "x-mock-session": "h" };
  assert.equal(ask("", { headers }).session, "h");
  assert.equal(ask("?session=q", { headers }).session, "q");
  const long = ask(`?session=${"x".repeat(300)}`).session;
  assert.equal(long?.length, 256, "as long as that of any other request");
  const post = (body: string) => ask("", { method: "POST", body });
  assert.equal(await post("a: b").text(), "a: b");
  assert.deepEqual(await post('{"a":1}').json(), { a: 1 });
  assert.equal(await post("").json(), undefined);
});

Deno.test("bodyText(): is JSON that a person can read", () => {
  const text = bodyText({ status: 200, body: { a: [1], b: undefined } });
  assert.equal(text, '{\n  "a": [\n    1\n  ]\n}\n');
});

Deno.test("safeJson(): no control character is left, and nothing is lost", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const all = `${text}\x1b[31m\x7f\x9b2J\u2028`;
    const json = safeJson({ [all]: all });
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(json, /[\x00-\x1f\x7f-\x9f\u2028\u2029]/);
    assert.deepEqual(JSON.parse(json), { [all]: all });
  }));
});

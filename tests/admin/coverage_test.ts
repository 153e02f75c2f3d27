import assert from "node:assert/strict";
import { COVERAGE_SHOWN_MAX, VERIFY_FOUND_MAX } from "../../lib/core/limits.ts";
import type { Source } from "../../lib/core/plan.ts";
import { RuleBook } from "../../lib/match/rulebook.ts";
import { testAdmin } from "../support/admin.ts";
import { testConfig } from "../support/app.ts";
import { record } from "../support/records.ts";
import { rule } from "../support/rules.ts";

function source(type: Source["type"], name: string): Source {
  return { type, name, place: "" };
}

Deno.test("GET /_mock/coverage: what answered, most first; what never did; what nothing matched", async () => {
  const config = testConfig({
    rules: [rule("a"), rule("bb")],
    responses: { hi: "hello", bye: "so long" },
  });
  const admin = testAdmin({ config: () => config });
  const { coverage, journal } = admin;
  admin.sessions.of("s").overlay = new RuleBook([rule("mine")]);
  for (const name of ["a", "mine", "mine"]) {
    coverage.count(source("rule", name));
  }
  coverage.count(source("response", "bye"));
  coverage.count(source("default", ""));
  coverage.count(source("tokens", "random tokens"));
  journal.open(record({ source: { type: "rule" } }));
  journal.open(record({ source: { type: "default" } }));
  const { status, body } = await admin.ask("GET /_mock/coverage");
  assert.equal(status, 200);
  assert.deepEqual(body, {
    rules: {
      count: 3,
      hit: 2,
      hits: [
        { name: "mine", place: "test.yml:4", hits: 2 },
        { name: "a", place: "test.yml:1", hits: 1 },
      ],
      never_hit: [{ name: "bb", place: "test.yml:2" }],
    },
    responses: {
      count: 2,
      hit: 1,
      hits: [{ name: "bye", place: "test.yml:3", hits: 1 }],
      never_hit: [{ name: "hi", place: "test.yml:2" }],
    },
    unmatched: { count: 1, requests: ["2"] },
    random_tokens: 1,
  });
});

Deno.test("GET /_mock/coverage: lists COVERAGE_SHOWN_MAX of what never answered, and the newest unmatched", async () => {
  const responses = Object.fromEntries(
    Array.from({ length: COVERAGE_SHOWN_MAX + 1 }, (_, i) => [`p${i}`, "x"]),
  );
  const config = testConfig({ responses });
  const admin = testAdmin({ config: () => config });
  for (let i = 0; i <= VERIFY_FOUND_MAX; i++) {
    admin.journal.open(record({ source: { type: "none" } }));
  }
  const { body } = await admin.ask("GET /_mock/coverage");
  assert.equal(body.responses.count, COVERAGE_SHOWN_MAX + 1);
  assert.equal(body.responses.never_hit.length, COVERAGE_SHOWN_MAX);
  assert.equal(body.unmatched.requests.length, VERIFY_FOUND_MAX);
  assert.equal(body.unmatched.requests.at(-1), String(VERIFY_FOUND_MAX + 1));
});

Deno.test("GET /_mock/coverage: knows no parameters", async () => {
  const { status } = await testAdmin().ask("GET /_mock/coverage?session=s");
  assert.equal(status, 400);
});

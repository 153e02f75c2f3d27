import assert from "node:assert/strict";
import { COVERAGE_NAMES_MAX } from "../../lib/core/limits.ts";
import type { Source } from "../../lib/core/plan.ts";
import { Coverage, unused } from "../../lib/match/coverage.ts";
import { testConfig } from "../support/app.ts";
import { rule } from "../support/rules.ts";

function source(type: Source["type"], name: string): Source {
  return { type, name, place: "anywhere" };
}

const config = testConfig({
  rules: [rule("a"), rule("bb")],
  responses: { hi: "hello", bye: "so long" },
});

Deno.test("Coverage: counts answers of rules by name and of responses by prompt", () => {
  const coverage = new Coverage();
  for (const name of ["a", "a"]) coverage.count(source("rule", name));
  coverage.count(source("response", "bye"));
  const { rules, responses } = coverage.report(config);
  assert.deepEqual(rules, [
    { name: "a", place: "test.yml:1", hits: 2 },
    { name: "bb", place: "test.yml:2", hits: 0 },
  ]);
  assert.deepEqual(responses.map(({ name, hits }) => [name, hits]), [
    ["hi", 0],
    ["bye", 1],
  ]);
  assert.deepEqual(unused(rules).map(({ name }) => name), ["bb"]);
});

Deno.test("Coverage: a rule and a response of one name are two", () => {
  const coverage = new Coverage();
  coverage.count(source("response", "a"));
  assert.equal(coverage.hits("a"), 0);
});

Deno.test("Coverage: defaults and strict refusals are unmatched, tokens and settings are not", () => {
  const coverage = new Coverage();
  for (const type of ["default", "none", "tokens", "setting"] as const) {
    coverage.count(source(type, type));
  }
  assert.equal(coverage.unmatched, 2);
  const { unmatched, tokens } = coverage.report(config);
  assert.deepEqual([unmatched, tokens], [2, 1]);
});

Deno.test("Coverage: what was counted outlives a reload, by name", () => {
  const coverage = new Coverage();
  coverage.count(source("rule", "a"));
  const reloaded = testConfig({ rules: [rule("new"), rule("a")] });
  assert.deepEqual(
    coverage.report(reloaded).rules.map(({ name, hits }) => [name, hits]),
    [["new", 0], ["a", 1]],
  );
});

Deno.test("Coverage: rules given at run time stand before those of the file", () => {
  const { rules } = new Coverage().report(config, [rule("first")]);
  assert.deepEqual(rules.map(({ name }) => name), ["first", "a", "bb"]);
});

Deno.test("Coverage: names up to COVERAGE_NAMES_MAX are counted, further ones only together", () => {
  const coverage = new Coverage();
  for (let i = 0; i <= COVERAGE_NAMES_MAX; i++) {
    coverage.count(source("rule", `r${i}`));
  }
  coverage.count(source("rule", "r0"));
  assert.equal(coverage.report(config).uncounted, 1);
  assert.equal(coverage.hits("r0"), 2);
  assert.equal(coverage.hits(`r${COVERAGE_NAMES_MAX}`), 0);
});

Deno.test("Coverage: names such as __proto__ are names", () => {
  const coverage = new Coverage();
  coverage.count(source("rule", "__proto__"));
  assert.deepEqual([coverage.hits("__proto__"), coverage.hits("toString")], [
    1,
    0,
  ]);
});

Deno.test("Coverage: reset() begins anew", () => {
  const coverage = new Coverage(1);
  for (const name of ["a", "b"]) coverage.count(source("rule", name));
  for (const type of ["response", "default", "tokens"] as const) {
    coverage.count(source(type, "hi"));
  }
  coverage.reset();
  assert.deepEqual(coverage.report(config), new Coverage().report(config));
});

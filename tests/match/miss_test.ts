import assert from "node:assert/strict";
import { missText, nearest } from "../../lib/match/miss.ts";
import { RuleBook } from "../../lib/match/rulebook.ts";
import type { RuleSpec } from "../../lib/match/rule.ts";
import { asks, pattern, rule } from "../support/rules.ts";

function because(spec: RuleSpec, context = asks("hello"), state = "start") {
  return new RuleBook([spec]).explain(context, state).map(missText);
}

Deno.test("a miss names the rule, its place, what was found and what is wanted", () => {
  const weather = { ...rule("weather"), place: "responses.yml:12" };
  const when = [{ field: "model", pattern: pattern("claude-*") }] as const;
  assert.deepEqual(because({ ...weather, when }), [
    'rule "weather" (responses.yml:12): model is "gpt-4o", wants "claude-*"',
  ]);
});

Deno.test("a miss names a rule without a name by its place", () => {
  const unnamed = { ...rule("r", { prompt: "x" }), name: "f:3", place: "f:3" };
  assert.deepEqual(because(unnamed), [
    'rule at f:3: prompt is "hello", wants "x"',
  ]);
});

Deno.test("a miss tells what is absent, the state, and results that are not named", () => {
  assert.deepEqual(because(rule("a", { system: "*" })), [
    'rule "a" (test.yml:1): system is absent, wants "*"',
  ]);
  assert.deepEqual(because(rule("a", {}, { requires: "in" })), [
    'rule "a" (test.yml:1): state is "start", wants "in"',
  ]);
});

Deno.test("a miss never tells values of headers, keys and body fields", () => {
  const headers = new Headers({ authorization: "Bearer hush", "x-a": "hush" });
  const context = asks("hello", {}, { headers, body: { a: "hush" } });
  for (
    const condition of [
      { field: "key", pattern: pattern("psst") },
      { field: "header", key: "x-a", pattern: pattern("psst") },
      { field: "body", key: "$.a", pattern: pattern("psst") },
    ] as const
  ) {
    const [line = ""] = because({ ...rule("a"), when: [condition] }, context);
    assert.doesNotMatch(line, /hush|psst/);
    assert.match(line, /is (absent|not as wanted)$/);
  }
});

Deno.test("a miss cuts long texts and keeps to well-formed ones", () => {
  const [line = ""] = because(
    rule("a", { prompt: "x" }),
    asks("🙂".repeat(500)),
  );
  assert.ok(line.length < 400);
  assert.ok(line.isWellFormed());
});

Deno.test("nearest() puts what failed least first, then what held most, then file order", () => {
  const book = new RuleBook([
    rule("two", { prompt: "x", model: "y" }),
    rule("one", { prompt: "x" }),
    rule("held", { prompt: "x", model: "gpt-4o" }),
    rule("hit", { prompt: "hello" }),
  ]);
  const misses = book.explain(asks("hello"), "start");
  assert.deepEqual(nearest(misses, 3).map((miss) => miss.rule), [
    "held",
    "one",
    "two",
  ]);
});

Deno.test("nearest() puts what the prompt is most like first where as much failed and held", () => {
  const book = new RuleBook([
    rule("first", { prompt: "*alpha*" }),
    rule("second", { prompt: "/b(e|i)ta/" }),
    rule("third", { prompt: { type: "not", pattern: pattern("*wether*") } }),
    rule("one of", { prompt: { type: "any", of: [pattern("*whether*")] } }),
    rule("weather", { prompt: "*Weather in  Paris*" }),
  ]);
  const misses = book.explain(asks("wether in paris?"), "start");
  assert.deepEqual(nearest(misses, 3).map((miss) => miss.rule), [
    "weather",
    "one of",
    "first",
  ]);
});

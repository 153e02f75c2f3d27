import assert from "node:assert/strict";
import { RuleBook } from "../../lib/match/rulebook.ts";
import type { Pattern } from "../../lib/match/pattern.ts";
import { asks, pattern, rule } from "../support/rules.ts";

function matches(wanted: Pattern, value: unknown): boolean {
  const when = [{ field: "body", key: "$.a", pattern: wanted }] as const;
  const book = new RuleBook([{ ...rule("r"), when }]);
  const context = asks("hi", {}, { body: { a: value } });
  return book.find(context, "start") !== undefined;
}

Deno.test("a value of the body is that value, and no text that reads like it", () => {
  const zero = { type: "value", text: "0" } as const;
  assert.deepEqual([0, "0", 1].map((each) => matches(zero, each)), [
    true,
    false,
    false,
  ]);
  const nothing = { type: "value", text: "null" } as const;
  assert.deepEqual([null, "null", 0].map((each) => matches(nothing, each)), [
    true,
    false,
    false,
  ]);
});

Deno.test("a pattern judges values of the body by their JSON", () => {
  assert.ok(matches(pattern("1*"), 12));
  assert.ok(matches(pattern("true"), true));
  assert.ok(!matches(pattern("2*"), 12));
});

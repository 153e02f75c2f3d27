/**
 * What is said to be never reached is never reached.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { shadowed } from "../../lib/config/shadows.ts";
import { SHADOW_TESTS_MAX } from "../../lib/core/limits.ts";
import type { Pattern } from "../../lib/match/pattern.ts";
import type { Condition, RuleSpec } from "../../lib/match/rule.ts";
import { RuleBook } from "../../lib/match/rulebook.ts";
import { asks, pattern, reply, rule } from "../support/rules.ts";

/** The names of the rules that are never reached, each with the one that answers first. */
function late(...rules: RuleSpec[]): Record<string, string> {
  const found = [...shadowed(rules).rules];
  return Object.fromEntries(found.map(([late, first]) => [
    late.name,
    first.name,
  ]));
}

Deno.test("a rule that always matches hides all that follow", () => {
  assert.deepEqual(
    late(
      rule("a", { prompt: "a" }),
      rule("all"),
      rule("b", { prompt: "b" }),
      rule("c"),
    ),
    { b: "all", c: "all" },
  );
});

Deno.test("a rule that calls tools hides only what stands back after a tool's result as well", () => {
  const call = reply({
    type: "blocks",
    blocks: [{ type: "tool-call", name: "f", text: "{}" }],
  });
  const calls = rule("calls", {}, { replies: [call] });
  const after = rule("after", { tool_result: "*" });
  const open = rule("open", { model: "a" });
  const closed = rule("closed", { prompt: "a" });
  const second = rule("second", { model: "b" }, { replies: [call] });
  assert.deepEqual(late(calls, after, open, closed, second), {
    closed: "calls",
    second: "calls",
  });
  const prompts = shadowed([calls], ["hello"]).prompts;
  assert.deepEqual([...prompts.keys()], ["hello"]);
});

Deno.test("a rule hides one that wants the same and more, in any spelling and order", () => {
  assert.deepEqual(
    late(
      rule("a", { prompt: "How  are you?", model: "gpt-*" }),
      rule("same", { model: "GPT-*", prompt: "how are you?" }),
      rule("more", {
        model: "gpt-*",
        prompt: { type: "exact", text: "how are YOU?" },
        key: "sk",
      }),
      rule("less", { prompt: "how are you?" }),
      rule("other", { prompt: "how are you?", session: "x" }),
    ),
    { same: "a", more: "a", other: "less" },
  );
});

Deno.test("a glob hides plain prompts that it matches, if all else that it wants is wanted too", () => {
  assert.deepEqual(
    late(
      rule("glob", { prompt: "*weather*", model: "gpt-*" }),
      rule("hidden", { prompt: "The Weather?", model: "gpt-*" }),
      rule("both", {
        prompt: {
          type: "any",
          of: [pattern("weather"), pattern("a weather b")],
        },
        model: "gpt-*",
      }),
      rule("other model", { prompt: "The Weather?" }),
      rule("other prompt", { prompt: "rain", model: "gpt-*" }),
      rule("a glob", { prompt: "weather*", model: "gpt-*" }),
    ),
    { hidden: "glob", both: "glob" },
  );
});

Deno.test("a rule of one state hides nothing, and is hidden by a rule of all states", () => {
  assert.deepEqual(
    late(
      rule("in a state", { prompt: "a" }, { requires: "x" }),
      rule("any state", { prompt: "a" }),
      rule("in another", { prompt: "a" }, { requires: "y" }),
    ),
    { "in another": "any state" },
  );
});

Deno.test("a rule about the prompt does not hide one that also names a tool's result", () => {
  assert.deepEqual(
    late(
      rule("prompt", { prompt: "*" }),
      rule("result", { prompt: "*", tool_result: "*" }),
      rule("exact", { prompt: "a", tool_result: "*" }),
    ),
    { exact: "result" },
  );
});

Deno.test("responses are hidden by rules that answer their prompt in every spelling", () => {
  const rules = [
    rule("exact", { prompt: { type: "exact", text: "a" } }),
    rule("plain", { prompt: "B" }),
    rule("glob", { prompt: "c*" }),
    rule("model", { prompt: "d", model: "x" }),
    rule("state", { prompt: "e" }, { requires: "x" }),
  ];
  const found = shadowed(rules, ["a", "b", "cd", "d", "e"]).prompts;
  assert.deepEqual(
    [...found].map(([prompt, { name }]) => [prompt, name]),
    [["b", "plain"], ["cd", "glob"]],
  );
});

Deno.test("the search is bounded, however many globs and prompts there are", () => {
  const count = Math.ceil(Math.sqrt(SHADOW_TESTS_MAX)) + 50;
  const globs = Array.from(
    { length: count },
    (_, i) => rule(`g${i}`, { prompt: `*x${i}*`, model: `m${i}` }),
  );
  const prompts = Array.from({ length: count }, (_, i) => `none ${i}`);
  const last = rule("last", { prompt: "*none*" });
  assert.equal(shadowed([...globs, last], prompts.slice(0, 5)).prompts.size, 5);
  assert.ok(shadowed([...globs, last], prompts).prompts.size < count);
});

const text = fc.constantFrom("a", "A", "ab", "b", " a  b", "*", "a*", "*b*");
const leaf: fc.Arbitrary<Pattern> = fc.oneof(
  text.map((text): Pattern => pattern(text)),
  text.map((text): Pattern => ({ type: "exact", text })),
);
const anyPattern: fc.Arbitrary<Pattern> = fc.oneof(
  { weight: 4, arbitrary: leaf },
  fc.array(leaf, { minLength: 1, maxLength: 2 })
    .map((of): Pattern => ({ type: "any", of })),
  leaf.map((pattern): Pattern => ({ type: "not", pattern })),
);
const condition: fc.Arbitrary<Condition> = fc.record({
  field: fc.constantFrom("prompt", "model", "session", "tool_result"),
  pattern: anyPattern,
});
const someRules = fc.array(
  fc.record({
    when: fc.uniqueArray(condition, {
      maxLength: 3,
      selector: ({ field }) => field,
    }),
    requires: fc.option(fc.constantFrom("start", "x"), { nil: undefined }),
  }),
  { minLength: 2, maxLength: 6 },
);

Deno.test("law: no question in any state is answered by a rule that is said to be never reached", () => {
  fc.assert(
    fc.property(
      someRules,
      text,
      text,
      fc.option(text, { nil: undefined }),
      fc.constantFrom("start", "x"),
      (shapes, prompt, model, result, state) => {
        const rules = shapes.map(({ when, requires }, i): RuleSpec => ({
          ...rule(`r${i}`),
          when,
          ...(requires !== undefined && { requires }),
        }));
        const context = asks(prompt, {
          model,
          messages: [
            { role: "user", parts: [{ type: "text", text: prompt }] },
            ...(result === undefined ? [] : [{
              role: "tool" as const,
              parts: [{ type: "tool-result" as const, id: "1", text: result }],
            }]),
          ],
        });
        const hit = new RuleBook(rules).find(context, state);
        const names = [...shadowed(rules).rules.keys()].map(({ name }) => name);
        assert.ok(hit === undefined || !names.includes(hit.rule.name));
      },
    ),
    { numRuns: 2_000 },
  );
});

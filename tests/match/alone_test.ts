import assert from "node:assert/strict";
import { needsOneProcess } from "../../lib/match/alone.ts";
import { reply, rule } from "../support/rules.ts";

const TEXT = reply({ type: "text", text: "hi" });

Deno.test("needsOneProcess() names the first rule whose answer depends on earlier ones, and how", () => {
  const plain = rule("plain", { prompt: "*" });
  const counted = reply({ type: "template", source: "No. {{ counter }}" });
  for (
    const [more, why] of [
      [{ sets: "done" }, "a state"],
      [{ requires: "done" }, "a state"],
      [{ replies: [TEXT, TEXT] }, "replies in turn"],
      [{ onEnd: "error" }, "replies in turn"],
      [{ replies: [counted] }, "a counter in its template"],
    ] as const
  ) {
    const other = rule("other", {}, more);
    assert.deepEqual(needsOneProcess([plain, other]), { rule: other, why });
  }
});

Deno.test("needsOneProcess() lets pass what answers the same each time", () => {
  const named = reply({ type: "template", source: "counter: {{ prompt }}" });
  assert.equal(
    needsOneProcess([rule("a"), rule("b", {}, { replies: [named] })]),
    undefined,
  );
});

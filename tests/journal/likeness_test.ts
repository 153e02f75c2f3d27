import assert from "node:assert/strict";
import { LIKENESS_CHARS_MAX } from "../../lib/core/limits.ts";
import { likeness } from "../../lib/journal/likeness.ts";
import type { Pattern } from "../../lib/match/pattern.ts";
import { pattern } from "../support/rules.ts";

const like = (wanted: string | Pattern, ...texts: string[]) =>
  likeness(typeof wanted === "string" ? pattern(wanted) : wanted, texts);

Deno.test("likeness(): the same is 1, nothing in common is 0, a slip is between", () => {
  assert.equal(like("what colour", "What  Colour"), 1);
  assert.equal(like("what colour", "xyz"), 0);
  const slip = like("what color is the sky?", "what colour is the sky?");
  assert.ok(slip > 0.8 && slip < 1, String(slip));
});

Deno.test("likeness(): what is in common by chance is nothing", () => {
  assert.equal(like("never", "weather now"), 0);
  assert.equal(like("*weather*", "what colour is the sky?"), 0);
});

Deno.test("likeness(): of globs and expressions, what stands around does not count", () => {
  const long = `${"so ".repeat(50)}what is the wether like?`;
  assert.ok(like("*weather*", long) > like("*weather*", "sunshine today"));
  assert.ok(like("/weather/i", long) > like("/weather/i", "sunshine today"));
});

Deno.test("likeness(): the likest of several texts, and of several patterns; none of what must not be", () => {
  assert.equal(like("abc", "xyz", "abc"), 1);
  assert.equal(
    like({ type: "any", of: [pattern("abc"), pattern("def")] }, "def"),
    1,
  );
  assert.equal(like({ type: "not", pattern: pattern("abc") }, "abc"), 0);
  assert.equal(like("abc"), 0);
  assert.equal(like("", ""), 0);
});

Deno.test("likeness(): sees LIKENESS_CHARS_MAX characters of a text", () => {
  const before = "x".repeat(LIKENESS_CHARS_MAX - 3);
  assert.equal(like("*abc*", `${before}abc`), 1);
  assert.equal(like("*abc*", `x${before}abc`), 0);
});

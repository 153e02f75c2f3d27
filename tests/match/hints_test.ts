import assert from "node:assert/strict";
import fc from "fast-check";
import { hintOf } from "../../lib/match/hints.ts";
import { compilePattern, Subject } from "../../lib/match/pattern.ts";
import { RuleBook } from "../../lib/match/rulebook.ts";
import { asks, pattern, rule } from "../support/rules.ts";

/** Whether a text is passed over for a pattern. */
function passesOver(written: string, text: string): boolean {
  const hint = hintOf(pattern(written));
  return hint !== undefined && !new Subject(text).pairs.hold(hint);
}

Deno.test("hints pass over texts that lack what every match holds", () => {
  assert.ok(passesOver("*weather*", "what colour is the sky?"));
  assert.ok(passesOver("/order #(?<id>\\d+)/i", "what colour is the sky?"));
  assert.ok(passesOver("/\\bticket[ #]7\\b/i", "an article"));
  assert.ok(!passesOver("*weather*", "The WEATHER?"));
  assert.ok(!passesOver("/Order #(?<id>\\d+)/i", "ORDER #7"));
});

Deno.test("hints know nothing of what may be missing from a match", () => {
  for (
    const written of ["/a|b/", "/(ab)*c/", "/(?!ab)/", "*", "/s/iu", "/./"]
  ) {
    assert.equal(hintOf(pattern(written)), undefined, written);
  }
  assert.equal(hintOf({ type: "not", pattern: pattern("*ab*") }), undefined);
});

const PIECES = [
  "ab",
  "Ab",
  "k",
  "\u212a",
  "s",
  "\u017f",
  " ",
  "  ",
  "#",
  "\u0130",
  "c",
  "\u03c3",
  "\u03c2 ",
  "7",
];
const texts = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 })
  .map((pieces) => pieces.join(""));
const globs = fc.array(fc.constantFrom(...PIECES, "*"), { maxLength: 6 })
  .map((pieces) => pieces.join("")).filter((text) => !text.startsWith("/"));
const regexes = fc.tuple(
  fc.array(
    fc.constantFrom(
      ...PIECES,
      "\\d",
      "[a-c]",
      "(ab)",
      "(a|b)",
      "b?",
      "\\b",
      "^",
    ),
    { minLength: 1, maxLength: 5 },
  ),
  fc.constantFrom("", "i", "u", "iu", "im"),
).map(([parts, flags]) => `/${parts.join("")}/${flags}`);

Deno.test("hints never pass over a text that matches", () => {
  fc.assert(
    fc.property(fc.oneof(globs, regexes), texts, (written, text) => {
      const matches = compilePattern(pattern(written)).match(text);
      assert.ok(matches === undefined || !passesOver(written, text));
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("RuleBook finds among many rules what it finds among few", () => {
  const written = fc.oneof(globs, regexes);
  fc.assert(
    fc.property(
      fc.array(written, { minLength: 8, maxLength: 20 }),
      texts,
      (all, text) => {
        const rules = all.map((each, at) => rule(`r${at}`, { prompt: each }));
        const context = asks(text);
        const one = rules.find((each) =>
          new RuleBook([each]).find(context, "start")
        );
        assert.equal(
          new RuleBook(rules).find(context, "start")?.rule.name,
          one?.name,
        );
      },
    ),
    { numRuns: 500 },
  );
});

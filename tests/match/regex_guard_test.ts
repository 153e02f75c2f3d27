import assert from "node:assert/strict";
import fc from "fast-check";
import { guarded } from "../../lib/match/regex_guard.ts";
import { readTree } from "../../lib/match/regex_tree.ts";

const guards: readonly (readonly [string, string])[] = [
  ["\\d+ apples", "(?<!\\d+?)\\d+ apples"],
  ["(?<n>\\d+) apples", "(?<n>(?<!\\d+?)\\d+) apples"],
  ["weather.*paris", "(?=weather)(?<!weather.*?)weather.*paris"],
  ["(?:rain|sun).*!", "(?=(?:rain|sun))(?<!(?:rain|sun).*?)(?:rain|sun).*!"],
  [
    "(?<w>ra(?<x>in)).*!",
    "(?=(?:ra(?:in)))(?<!(?:ra(?:in)).*?)(?<w>ra(?<x>in)).*!",
  ],
  ["\\b\\w+@", "(?=\\b)(?<!\\b\\w+?)\\b\\w+@"],
  ["(?:a )?.*!", "(?=(?:(?:a )){0,1})(?<!(?:(?:a )){0,1}.+?)(?:a )?.*!"],
  ["^\\s+|\\s+$", "^\\s+|(?<!\\s+?)\\s+$"],
  ["(\\d+a|b\\w+c)d", "((?<!\\d+?)\\d+a|(?=b)(?<!b\\w*?)b\\w+c)d"],
];

for (const [source, expected] of guards) {
  Deno.test(`guarded() refuses vain starts of /${source}/`, () =>
    assert.equal(guarded(source, ""), expected));
}

const left: Record<string, string> = {
  "weather": "nothing is repeated",
  "order #(\\d+)": "its end is free",
  "order #(\\d+)!": "what is repeated never takes the beginning",
  "^.*x": "it begins in one place",
  "(\\w+) \\1": "it refers to a group",
  "\\d{1,50}x": "the repetition has an end",
  "(?:ab)+x": "more than one character is repeated",
  "(?:\\d+a)?b": "the repetition is optional",
  "(?i:\\d+)x": "flags change",
};

for (const [source, why] of Object.entries(left)) {
  Deno.test(`guarded() leaves /${source}/ alone: ${why}`, () =>
    assert.equal(guarded(source, ""), source));
}

// Laws ────────────────────────────────────────────────────────────────────────

const atoms = fc.constantFrom(
  "a",
  "b",
  "\\w",
  "\\d",
  "\\s",
  ".",
  "[ab]",
  "[^a]",
  " ",
  "\\S",
  "[^]",
  "é",
);
const counts = fc.constantFrom(
  "",
  "",
  "*",
  "+",
  "?",
  "*?",
  "+?",
  "{1,3}",
  "{2,}",
);
const parts = fc.letrec<{ part: string; some: string; any: string }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 2 },
    {
      weight: 6,
      arbitrary: fc.tuple(atoms, counts).map((two) => two.join("")),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(
        fc.constantFrom("(", "(?:", "(?=", "(?<!"),
        tie("any"),
      )
        .map(([open, any]) => `${open}${any})`),
    },
    // No ^: V8 15 misses what /[ab][^]*?a^|a*a/ finds in "a".
    { weight: 1, arbitrary: fc.constantFrom("\\b", "$", "\\B", "\\1") },
  ),
  some: fc.array(tie("part"), { minLength: 1, maxLength: 3 })
    .map((each) => each.join("")),
  any: fc.array(tie("some"), { minLength: 1, maxLength: 2 })
    .map((each) => each.join("|")),
}));
/** Such as begin with what is repeated, so that there is something to guard. */
const begun = fc.tuple(
  fc.constantFrom("", "a", "ab?", "\\b", "(?:a|bb)", "[ab]", "("),
  fc.constantFrom("a", "\\w", ".", "[ab]", "[^]"),
  fc.constantFrom("*", "+", "*?", "+?", "{2,}"),
  parts.some,
).map(([head, atom, count, rest]) =>
  `${head}${atom}${count}${head === "(" ? ")" : ""}${rest}`
);
const expressions = fc.oneof(
  begun,
  fc.tuple(begun, begun).map((two) => two.join("|")),
  fc.tuple(begun, begun, parts.part).map(([a, b, rest]) =>
    `(${a}|${b})${rest}`
  ),
);
const texts = fc.array(
  fc.string({
    unit: fc.constantFrom("a", "b", " ", "\n", "1", "é"),
    maxLength: 9,
  }),
  { minLength: 10, maxLength: 10 },
);

Deno.test("guarded() leaves alone what the flag v lets take several characters", () => {
  assert.equal(guarded("\\d+x", "v"), "(?<!\\d+?)\\d+x");
  for (const source of ["[\\q{abc}]+x", "\\p{RGI_Emoji}+x"]) {
    assert.equal(guarded(source, "v"), source);
  }
});

Deno.test("law: a guarded expression matches where and what the bare one does", () => {
  let different = 0;
  const flags = fc.constantFrom("", "i", "m", "s", "u", "v");
  fc.assert(
    fc.property(expressions, flags, texts, (source, flags, texts) => {
      const bare = valid(source, flags);
      if (bare === undefined) return;
      const other = guarded(source, flags);
      if (other !== source) different++;
      const quick = new RegExp(other, flags);
      for (const text of texts) {
        const expected = bare.exec(text);
        const found = quick.exec(text);
        assert.deepEqual(found && [...found], expected && [...expected]);
        assert.equal(found?.index, expected?.index);
      }
    }),
    { numRuns: 2_000 },
  );
  assert.ok(different > 500, `only ${different} were guarded`);
});

Deno.test("law: what the engine takes, the tree reads", () => {
  const unit = fc.constantFrom(
    ..."/\\()[]{}*+?.|^$-,<>=!:ab12kpPiuvxcdsn0&",
    "(?:",
    "(?<n>",
    "\\k<n>",
    "{1,2}",
    "\\u{61}",
    "\\p{L}",
    "(?=",
    "(?<!",
    "\\1",
    "[^",
    "(?i:",
  );
  let read = 0;
  fc.assert(
    fc.property(
      fc.string({ unit, maxLength: 9 }),
      fc.constantFrom("", "u", "v"),
      (source, flags) => {
        if (valid(source, flags) === undefined) return;
        assert.equal(readTree(source, flags).end, source.length);
        read++;
      },
    ),
    { numRuns: 5_000 },
  );
  assert.ok(read > 500, `only ${read} were valid`);
});

function valid(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}

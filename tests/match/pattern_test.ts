import assert from "node:assert/strict";
import fc from "fast-check";
import {
  PATTERN_SHOWN_CHARS_MAX,
  REGEX_INPUT_CHARS_MAX,
} from "../../lib/core/limits.ts";
import { normalise } from "../../lib/match/normalise.ts";
import {
  captureNames,
  compilePattern,
  describePattern,
  isFault,
  NO_CAPTURES,
  type Pattern,
  readPattern,
  readRegex,
  Subject,
} from "../../lib/match/pattern.ts";

const equal = (text: string): Pattern => ({ type: "equal", text });
const glob = (text: string): Pattern => ({ type: "glob", text });
const exact = (text: string): Pattern => ({ type: "exact", text });
const regex = (source: string, flags = ""): Pattern => ({
  type: "regex",
  source,
  flags,
});
const any = (...of: Pattern[]): Pattern => ({ type: "any", of });
const not = (pattern: Pattern): Pattern => ({ type: "not", pattern });

function matches(pattern: Pattern, text: string | undefined): boolean {
  return compilePattern(pattern).match(text) !== undefined;
}

// Reading ─────────────────────────────────────────────────────────────────────

const read: Record<string, Pattern> = {
  "hello": equal("hello"),
  "": equal(""),
  "/": equal("/"),
  "//": equal("//"),
  "//i": equal("//i"),
  "what? (really)": equal("what? (really)"),
  "gpt-*": glob("gpt-*"),
  "*": glob("*"),
  "/abc/": regex("abc"),
  "/order #(?<id>\\d+)/i": regex("order #(?<id>\\d+)", "i"),
  "/a/imsu": regex("a", "imsu"),
  "/a/v": regex("a", "v"),
  "/a*/": regex("a*"),
  "/a/b/i": regex("a/b", "i"),
  "/a\nb/s": regex("a\nb", "s"),
  "/usr/bin/g": equal("/usr/bin/g"),
  "/usr/*/g": glob("/usr/*/g"),
  "/a/y": equal("/a/y"),
  "/a/d": equal("/a/d"),
  "/a/ii": equal("/a/ii"),
  "/a/uv": equal("/a/uv"),
  "/a/I": equal("/a/I"),
  " /a/": equal(" /a/"),
  "/a/ ": equal("/a/ "),
  "a/b/": equal("a/b/"),
};

for (const [text, pattern] of Object.entries(read)) {
  Deno.test(`readPattern() takes ${JSON.stringify(text)} for ${describePattern(pattern)}, type ${pattern.type}`, () =>
    assert.deepEqual(readPattern(text), pattern));
}

const broken: Record<string, [message: string, remedy: RegExp]> = {
  "/order (\\d+/": [
    'Cannot read the regular expression /order (\\d+/: the "(" at character 7 is never closed',
    /Close it with "\)"/,
  ],
  "/a)/i": [
    'Cannot read the regular expression /a)/i: the ")" at character 2 closes nothing',
    /Open it with "\("/,
  ],
  "/[a-z/": [
    'Cannot read the regular expression /[a-z/: the "[" at character 1 is never closed',
    /Close it with "\]"/,
  ],
  "/[z-a]/": [
    'Cannot read the regular expression /[z-a]/: the range "z-a" at character 1 runs backwards',
    /Write "a-z"/,
  ],
  "/*a/": [
    'Cannot read the regular expression /*a/: the "*" at character 1 has nothing to repeat',
    /write "\\\*"/,
  ],
  "/a|+b/": [
    'Cannot read the regular expression /a|+b/: the "+" at character 3 has nothing to repeat',
    /write "\\\+"/,
  ],
  "/a**/": [
    'Cannot read the regular expression /a**/: the "*" at character 3 has nothing to repeat',
    /write "\\\*"/,
  ],
  "/^*a/": [
    'Cannot read the regular expression /^*a/: the "*" at character 2 has nothing to repeat',
    /write "\\\*"/,
  ],
  "/a{3,2}/": [
    'Cannot read the regular expression /a{3,2}/: the "{3,2}" at character 2 counts backwards',
    /\{2,3\}/,
  ],
  "/a\\/": [
    "Cannot read the regular expression /a\\/: it ends in a single backslash",
    /YAML/,
  ],
  "/(?P<id>a)/": [
    'Cannot read the regular expression /(?P<id>a)/: it does not know "(?P<" at character 1',
    /"\(\?<name>\.\.\.\)"/,
  ],
  "/(?i)a/": [
    'Cannot read the regular expression /(?i)a/: it does not know "(?i)" at character 1',
    /flags at the end/,
  ],
  "/(?<1a>b)/": [
    "Cannot read the regular expression /(?<1a>b)/: the name of the group at character 1 is not one",
    /"\(\?<name>\.\.\.\)"/,
  ],
  "/(?>a)/": [
    'Cannot read the regular expression /(?>a)/: it does not know what "(?" begins at character 1',
    /"\(\?:\.\.\.\)"/,
  ],
  "/(?<a>b)(?<a>c)/": [
    'Cannot read the regular expression /(?<a>b)(?<a>c)/: two of its groups are called "a"',
    /name of its own/,
  ],
  "/(?<a>b)\\k<c>/": [
    'Cannot read the regular expression /(?<a>b)\\k<c>/: "\\k<c>" at character 8 refers to a group that is not there',
    /name or number/,
  ],
  "/a\\-b/u": [
    'Cannot read the regular expression /a\\-b/u: it does not know the escape "\\-" at character 2',
    /leave out the flag/,
  ],
  "/a{/u": [
    'Cannot read the regular expression /a{/u: the "{" at character 2 stands alone',
    /write "\\\{"/i,
  ],
  "/\\p{Nonsense}/u": [
    "Cannot read the regular expression /\\p{Nonsense}/u: it is not one that JavaScript knows",
    /as JavaScript does/,
  ],
};

for (const [text, [message, remedy]] of Object.entries(broken)) {
  Deno.test(`readPattern() says why ${text} is none, and what to do`, () => {
    const fault = readPattern(text);
    assert.ok(isFault(fault));
    assert.equal(fault.code, "bad-regex");
    assert.equal(fault.message, message);
    assert.match(fault.remedy, remedy);
  });
}

Deno.test("readPattern() throws at no text, and its faults never quote the engine", () => {
  const unit = fc.constantFrom(..."/\\()[]{}*+?.|^$-,<>=!:ab12kpPiuv\n");
  fc.assert(fc.property(fc.string({ unit, maxLength: 20 }), (source) => {
    for (const flags of ["", "i", "u", "v"]) {
      const pattern = readRegex(source, flags);
      if (!isFault(pattern)) continue;
      assert.doesNotMatch(pattern.message, /Invalid regular expression/);
      assert.match(
        pattern.message,
        pattern.code === "bad-regex"
          ? /^Cannot read the regular expression \//
          : /^The regular expression .* can run away: /s,
      );
    }
  }));
});

Deno.test("readRegex() refuses flags that would remember, and those that exclude each other", () => {
  for (const flags of ["g", "y", "d", "ii", "uv", "q"]) {
    assert.deepEqual(readRegex("a", flags), {
      code: "bad-regex",
      message: `The flags "${flags}" are not those of a pattern`,
      remedy: "Use each of i, m, s and u (or v) at most once",
    });
  }
});

// Equal and exact ─────────────────────────────────────────────────────────────

Deno.test("equal ignores case and white space, exact nothing", () => {
  for (const text of ["what is it?", "  What\nis\t it? ", "WHAT IS IT?"]) {
    assert.ok(matches(equal(" What is  it?"), text), text);
  }
  assert.ok(!matches(equal("What is it?"), "what is it"));
  assert.ok(matches(exact("A *"), "A *"));
  assert.ok(!matches(exact("A *"), "a *"));
  assert.ok(!matches(exact("A *"), "A * "));
});

Deno.test("equal knows that a sigma looks different at the end of a word", () => {
  assert.ok(matches(equal("ΟΔΟΣ"), "οδος"));
  assert.ok(matches(equal("ΟΔΟΣ"), "οδοσ"));
  assert.ok(matches(glob("ΟΔΟΣ*"), "οδοση"));
  assert.ok(matches(glob("*Σ"), "ΟΔΟΣ"));
});

const texts = fc.string({
  unit: fc.constantFrom("a", "A", "b", " ", "\n", "*", "?", "é", "É", "😀"),
  maxLength: 12,
});

Deno.test("law: equal is an equivalence, the one of normalise()", () => {
  fc.assert(fc.property(texts, texts, texts, (a, b, c) => {
    assert.ok(matches(equal(a), a));
    assert.equal(matches(equal(a), b), matches(equal(b), a));
    assert.equal(matches(equal(a), b), normalise(a) === normalise(b));
    if (matches(equal(a), b) && matches(equal(b), c)) {
      assert.ok(matches(equal(a), c));
    }
  }));
});

// Globs ───────────────────────────────────────────────────────────────────────

Deno.test("a glob covers the whole text, and only the asterisk means something", () => {
  assert.ok(matches(glob("gpt-*"), "GPT-4o"));
  assert.ok(matches(glob("gpt-*"), "gpt-"));
  assert.ok(!matches(glob("gpt-*"), "my gpt-4o"));
  assert.ok(matches(glob("*weather*"), "How is\nthe Weather today?"));
  assert.ok(matches(glob("what?*"), "what? me"));
  assert.ok(!matches(glob("what?*"), "whats me"));
  assert.ok(matches(glob("*.[x]\\(*"), "a.[x]\\(b"));
  assert.ok(matches(glob("*"), ""));
  assert.ok(!matches(glob("a*a"), "a"), "ends do not overlap");
  assert.ok(!matches(glob("ab*bc"), "abc"));
  assert.ok(!matches(glob("*ab*b"), "xab"), "nor do the middle and the end");
});

Deno.test("law: a glob is the regular expression with .* for the asterisk", () => {
  const unit = fc.constantFrom("a", "b", "B", "*", " ", ".");
  const globs = fc.string({ unit, maxLength: 8 }).filter((text) =>
    text.includes("*")
  );
  fc.assert(
    fc.property(globs, texts, (pattern, text) => {
      const source = normalise(pattern).split("*")
        .map((piece) => piece.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
        .join("[^]*");
      const expected = new RegExp(`^${source}$`).test(normalise(text));
      assert.equal(matches(glob(pattern), text), expected);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("globs and equality see all of a text, regular expressions its beginning", () => {
  const long = " x".repeat(REGEX_INPUT_CHARS_MAX) + "end";
  assert.ok(matches(glob("*end"), long));
  assert.ok(matches(equal(long.toUpperCase()), long));
  assert.ok(!matches(regex("end"), long));
  const edge = "x".repeat(REGEX_INPUT_CHARS_MAX - 3) + "end";
  assert.ok(matches(regex("end$"), edge));
  assert.ok(matches(regex("end$"), `${edge} and more`));
  assert.ok(!matches(regex("end"), `x${edge}`));
});

// Regular expressions ─────────────────────────────────────────────────────────

Deno.test("a regular expression is found anywhere, and its named groups are caught", () => {
  const compiled = compilePattern(
    regex("order #(?<id>\\d+)( by (?<who>\\w+))?", "i"),
  );
  assert.deepEqual({ ...compiled.match("My Order #42 by Ann") }, {
    id: "42",
    who: "Ann",
  });
  assert.deepEqual({ ...compiled.match("order #7") }, { id: "7", who: "" });
  assert.equal(compiled.match("no order"), undefined);
});

Deno.test("captures have no prototype, whatever their groups are called", () => {
  const caught = compilePattern(regex("(?<__proto__>a)(?<constructor>b)"))
    .match(
      "ab",
    );
  assert.ok(caught !== undefined);
  assert.equal(Object.getPrototypeOf(caught), null);
  assert.deepEqual(Object.entries(caught), [
    ["__proto__", "a"],
    ["constructor", "b"],
  ]);
});

Deno.test("without named groups the captures are the shared empty ones", () => {
  for (const pattern of [regex("(a)"), equal("a"), glob("a*"), exact("a")]) {
    assert.equal(compilePattern(pattern).match("a"), NO_CAPTURES);
  }
  assert.ok(Object.isFrozen(NO_CAPTURES));
});

Deno.test("a regular expression judges the same text the same way each time", () => {
  const compiled = compilePattern(regex("a", "i"));
  for (let time = 0; time < 3; time++) assert.ok(compiled.match("a"));
});

Deno.test("law: captures are those of the engine", () => {
  fc.assert(fc.property(texts, (text) => {
    const source = "(?<first>[ab]+)(?: (?<second>[ab]+))?";
    const caught = compilePattern(regex(source, "i")).match(text);
    const groups = new RegExp(source, "i").exec(text)?.groups;
    assert.deepEqual(
      caught === undefined ? undefined : { ...caught },
      groups && { first: groups.first, second: groups.second ?? "" },
    );
  }));
});

// Any and not ─────────────────────────────────────────────────────────────────

Deno.test("any takes the captures of the first that matches", () => {
  const compiled = compilePattern(
    any(equal("x"), regex("(?<a>b)"), regex("(?<c>b)")),
  );
  assert.deepEqual({ ...compiled.match("b") }, { a: "b" });
  assert.equal(compilePattern(any()).match("b"), undefined);
});

Deno.test("only not matches an absent text", () => {
  for (
    const pattern of [
      equal(""),
      glob("*"),
      regex(""),
      exact(""),
      any(equal("")),
    ]
  ) {
    assert.ok(!matches(pattern, undefined), describePattern(pattern));
    assert.ok(matches(not(pattern), undefined), describePattern(pattern));
  }
});

Deno.test("matchAny() wants one text of several, and under not none of them", () => {
  const search = compilePattern(regex("get_(?<what>\\w+)"));
  const tools = ["search", "get_weather", "get_time"];
  assert.deepEqual({ ...search.matchAny(tools) }, { what: "weather" });
  assert.equal(search.matchAny([]), undefined);
  assert.equal(compilePattern(not(glob("get_*"))).matchAny(tools), undefined);
  assert.equal(compilePattern(not(equal("x"))).matchAny(tools), NO_CAPTURES);
  assert.equal(compilePattern(not(equal("x"))).matchAny([]), NO_CAPTURES);
  assert.equal(
    compilePattern(any(not(glob("s*")), equal("get_time"))).matchAny(tools),
    NO_CAPTURES,
  );
});

const patterns: fc.Arbitrary<Pattern> =
  fc.letrec<{ pattern: Pattern }>((tie) => ({
    pattern: fc.oneof(
      { maxDepth: 3 },
      texts.map(equal),
      texts.map(exact),
      texts.map((text) => glob(`${text}*`)),
      fc.constantFrom(regex("a"), regex("^b", "i"), regex("(?<x>\\s)")),
      fc.array(tie("pattern"), { maxLength: 3 }).map((of) => any(...of)),
      tie("pattern").map(not),
    ),
  })).pattern;

Deno.test("law: not is the complement, of one text and of several", () => {
  fc.assert(fc.property(patterns, fc.array(texts), (pattern, several) => {
    for (const text of [...several, undefined]) {
      assert.notEqual(matches(pattern, text), matches(not(pattern), text));
    }
    const both = [pattern, not(pattern)].map((each) =>
      compilePattern(each).matchAny(several) !== undefined
    );
    assert.deepEqual(both.toSorted(), [false, true]);
  }));
});

Deno.test("law: match() is matchAny() of one, of a subject as of its text", () => {
  fc.assert(fc.property(patterns, texts, (pattern, text) => {
    const compiled = compilePattern(pattern);
    assert.deepEqual(compiled.matchAny([text]), compiled.match(text));
    assert.deepEqual(compiled.match(new Subject(text)), compiled.match(text));
  }));
});

Deno.test("law: a pattern crosses as JSON", () => {
  fc.assert(
    fc.property(
      patterns,
      (pattern) =>
        assert.deepEqual(JSON.parse(JSON.stringify(pattern)), pattern),
    ),
  );
});

// Telling ─────────────────────────────────────────────────────────────────────

Deno.test("captureNames() tells every name that may be caught", () => {
  const first = regex("(?<a>x)|(?<b>y)");
  assert.deepEqual(captureNames(first), ["a", "b"]);
  assert.deepEqual(captureNames(any(first, regex("(?<b>z)(?<c>z)"))), [
    "a",
    "b",
    "c",
  ]);
  assert.deepEqual(captureNames(not(first)), []);
  assert.deepEqual(captureNames(glob("a*")), []);
});

const described: [Pattern, string][] = [
  [equal("gpt-4o"), '"gpt-4o"'],
  [glob("gpt-*"), '"gpt-*"'],
  [exact("A *"), 'exactly "A *"'],
  [regex("order", "i"), "/order/i"],
  [any(equal("a"), equal("b")), '"a" or "b"'],
  [not(equal("x")), 'not "x"'],
  [not(any(equal("a"), glob("b*"))), 'not ("a" or "b*")'],
  [any(), "nothing"],
  [equal("two\nlines"), '"two\\nlines"'],
];

for (const [pattern, words] of described) {
  Deno.test(`describePattern() says ${words}`, () =>
    assert.equal(describePattern(pattern), words));
}

Deno.test("describePattern() is short and well-formed, whatever the pattern", () => {
  const long = any(
    ...Array.from({ length: 50 }, () => equal("😀 ".repeat(50))),
  );
  const told = describePattern(long);
  assert.equal([...told].length, PATTERN_SHOWN_CHARS_MAX);
  assert.ok(told.isWellFormed() && told.endsWith("…"));
});

import assert from "node:assert/strict";
import {
  REGEX_CHARS_MAX,
  REGEX_DEPTH_MAX,
  REGEX_INPUT_CHARS_MAX,
  REGEX_JUDGED_STEPS_MAX,
  REGEX_SLOW_INPUT_CHARS_MAX,
  REGEX_STEPS_MAX,
} from "../../lib/core/limits.ts";
import {
  compilePattern,
  isFault,
  readPattern,
  readRegex,
} from "../../lib/match/pattern.ts";
import { runaway } from "../../lib/match/runaway.ts";

/** Each keeps an engine busy for seconds, years or for ever, on 64 Ki characters made for it. */
const bad: Record<string, readonly string[]> = {
  "repeats what is repeated": [
    "(a+)+$",
    "(a*)*b",
    "^(a+)+$",
    "(.*)*x",
    "(\\d+)*x",
    "(\\w+\\s?)*$",
    "^(\\w+\\s?)*$",
    "(\\w+\\s*)+:",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "([a-zA-Z]+)*\\d",
    "(x+x+)+y",
    "^\\s*(\\S+\\s*)+$x",
    "(?:.*,)*x",
    "(.+,)+x",
    "^(?:a*)+b",
    "(a{1,5}){1,50}b",
    "(a?){30}a{30}x",
    "(?:a+|b)*c",
    "(?=(a+)+b)a",
    "(?<!(a+)+b)c",
    "(?:\\s*,?\\s*)*;",
    "^(?:(?:\\d{1,3})*\\.)*$",
  ],
  "has choices that begin alike": [
    "(a|a)*b",
    "(a|aa)+$",
    "(?:a|b|ab)*c",
    "^(a|b|ab)*c",
    "(\\d|\\w)+$",
    "([ab]|[bc])+d",
    '(?:[^"]|\\\\.)*"$',
    "(?:\\s|\\n)+$",
    "(?i:a|A)+!",
    "([a]|[a])*A",
  ],
  "has repetitions side by side": [
    "\\s*\\s*$",
    "\\d+\\d+x",
    "\\d*\\d*\\d*x",
    ".*.*=.*",
    "^.*.*$x",
    "[\\s\\S]*[\\s\\S]*x",
    "\\w*\\d+\\w*x",
    "^.*weather.*paris",
    ".*weather.*paris.*",
    "^from (.+) to (.+)$",
    "<(.|\\n)*>.*<(.|\\n)*>x",
  ],
  "may begin anywhere": [
    "(a|ab)*c",
    "(\\.\\w+)*@",
    "(\\w+) \\1",
    "<(\\w+)>.*<\\/\\1>",
    '"([^"\\\\]|\\\\.)*"',
    "(?=.*x)y",
    "(?<=a\\d*)b",
    "(foo|\\d{2,})+!",
  ],
};

for (const [what, expressions] of Object.entries(bad)) {
  for (const source of expressions) {
    Deno.test(`/${source}/ is refused: it ${what}`, () => {
      assert.match(runaway(source, "")?.reason ?? "", /^can run away: /);
    });
  }
}

/** Measured on the worst of 300 texts of 64 Ki characters: none takes the engines 100 ms. */
const good: readonly string[] = [
  "/order #(?<id>\\d+)/i",
  "/^(hi|hello)\\b.*/",
  "/\\b(foo|bar)s?\\b/",
  "/^\\s*\\w+(, \\w+)*$/",
  "/^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$/",
  "/\\b[\\w.+-]+@[\\w-]+\\.[a-z]{2,}\\b/i",
  "/\\w+@\\w+\\.\\w+/",
  "/weather/i",
  "/weather.*paris/i",
  "/.*weather.*/",
  "/\\d{4}-\\d{2}-\\d{2}/",
  "/https?:\\/\\/\\S+/",
  "/https?:\\/\\/[^\\s/]+(\\/\\S*)?/",
  "/my name is (?<name>.+)/i",
  "/what is (?<a>\\d+) ?\\+ ?(?<b>\\d+)/",
  "/(\\d+)\\s*\\+\\s*(\\d+)/",
  '/translate "(?<text>[^"]*)" to (?<lang>\\w+)/',
  "/^\\/(help|start)(@\\w+)?$/",
  "/(?<city>\\w+) weather/",
  "/\\d+ apples/",
  "/in (?<city>[\\w\\s]+)\\?/",
  "/from (.+) to (.+)/",
  "/^$/",
  "/\\p{L}+/u",
  "/^[^a-z]*$/",
  "/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i",
  "/(?:^|\\s)#(\\w+)/",
  "/^(?=.*\\bfoo\\b)(?=.*\\bbar\\b)/s",
  "/\\bv?\\d+\\.\\d+(\\.\\d+)?\\b/",
  "/^(?:\\d{1,3}\\.){3}\\d{1,3}$/",
  "/^gpt-4o(-mini)?(-\\d{4}-\\d{2}-\\d{2})?$/",
  "/^claude-(opus|sonnet|haiku)-\\d/",
  "/(cat|dog|bird)s?/i",
  "/^(yes|no|y|n)[.!]?$/i",
  "/\\s+$/",
  "/^\\s+|\\s+$/",
  "/^(\\w+)=(.*)$/m",
  "/^[\\s\\S]*END$/",
  "/\\$(\\d+(?:,\\d{3})*(?:\\.\\d{2})?)/",
  "/^(\\w+\\.)+com$/",
  "/^(\\w+,)*\\w+$/",
  "/\\b(\\d{1,2}):(\\d{2}) ?(am|pm)?\\b/i",
  "/^(?!.*secret).*$/",
  "/x.{0,20}y.{0,20}z/",
  "/(?:^\\s*\\w+:.*$\\n)+/m",
  "/(?:\\b\\w+\\b\\s*)+end/",
  "/(a+)+/",
  "/(\\w+\\s?)*/",
];

for (const text of good) {
  Deno.test(`${text} is taken`, () => {
    const pattern = readPattern(text);
    assert.ok(!isFault(pattern), "message" in pattern ? pattern.message : "");
    assert.equal(pattern.type, "regex");
  });
}

const told: readonly [string, string, RegExp][] = [
  [
    "/(\\w+\\s?)*$/",
    'The regular expression /(\\w+\\s?)*$/ can run away: "(\\w+\\s?)*" can take the same text in ever more ways',
    /"a\+" instead of "\(a\+\)\+".*"\*weather\*paris\*", never runs away$/,
  ],
  [
    "/.*weather.*paris.*today.*/i",
    'The regular expression /.*weather.*paris.*today.*/i can run away: ".*" and then ".*" can share the same text in many ways',
    /^Let only one of them take a character, or bound them: \{0,20\} instead of \*/,
  ],
  [
    "/^from (.+) to (.+) on (.+)$/",
    'The regular expression /^from (.+) to (.+) on (.+)$/ can run away: ".+" and then ".+" can share the same text in many ways',
    /^Leave out the \$, since what is before it goes to the end/,
  ],
];

for (const [text, message, remedy] of told) {
  Deno.test(`readPattern() refuses ${text} in words that help`, () => {
    const fault = readPattern(text);
    assert.ok(isFault(fault));
    assert.equal(fault.code, "runaway-regex");
    assert.equal(fault.message, message);
    assert.match(fault.remedy, remedy);
  });
}

Deno.test("runaway() tells that an expression may begin at many places", () => {
  const found = runaway("(\\w+) \\1", "");
  assert.equal(
    found?.reason,
    'can run away: it may begin at many places, and "\\w+" goes far from each',
  );
  assert.match(found.remedy, /^Begin it with \^, or bound what it repeats/);
});

Deno.test("readPattern() takes what needs the square of the length, and has it see little", () => {
  for (const text of ["/^from (.+) to (.+)$/", "/^.*weather.*$/"]) {
    const read = readPattern(text);
    assert.ok(!isFault(read) && read.type === "regex", text);
    assert.equal(read.inputChars, REGEX_SLOW_INPUT_CHARS_MAX);
    const filler = "from ".padEnd(REGEX_SLOW_INPUT_CHARS_MAX, "x");
    assert.ok(compilePattern(read).match(`from a weather to b`));
    assert.equal(
      compilePattern(read).match(`${filler} weather to b`),
      undefined,
    );
  }
});

Deno.test("readPattern() refuses repetitions side by side in one that nothing can follow", () => {
  for (const text of ["/(?:x*[^a]*$z)+/", "/(x*?([^a]*$)y{1000}){1,3}/"]) {
    const read = readPattern(text);
    assert.equal(isFault(read) && read.code, "runaway-regex", text);
  }
});

Deno.test("what the remedies say is taken", () => {
  const mended = [
    "/(\\w+ ?)*/",
    "/^from (.+) to (.+)/",
    "/^(\\w+) \\1/",
    "/\\d{1,20}\\d{1,20}x/",
    "/from .{1,20} to .{1,20} on (\\w+)/",
    "/^[ab]*c/",
  ];
  for (const text of mended) assert.ok(!isFault(readPattern(text)), text);
  assert.ok(!isFault(readPattern("*weather*paris*")));
});

Deno.test("long loops in a message are cut", () => {
  const fault = readPattern(`/(${"abcdefghij".repeat(6)}|a.*)*!/`);
  assert.ok(isFault(fault));
  assert.match(fault.message, /"\(abcdefghij[a-z]+…" can take/);
});

// Bounds ──────────────────────────────────────────────────────────────────────

Deno.test("bounded repetitions are taken up to the steps that they may cost", () => {
  const most = Math.floor(REGEX_STEPS_MAX / REGEX_INPUT_CHARS_MAX);
  assert.equal(runaway(`\\d{1,${most}}x`, ""), undefined);
  assert.ok(runaway(`\\d{1,${most + 1}}x`, ""));
  const rounds = Math.floor(Math.log2(most));
  assert.equal(runaway(`(?:a|a){1,${rounds}}x`, ""), undefined);
  assert.ok(runaway(`(?:a|a){1,${rounds + 1}}x`, ""));
});

Deno.test(`no more than ${REGEX_JUDGED_STEPS_MAX} steps are spent on judging`, () => {
  const words = Array.from({ length: 150 }, (_, at) => `w${at}x?`).join("|");
  const verdict = runaway(`(?:\\b(?:${words})\\b.?)+!`, "i");
  assert.equal(
    verdict?.reason,
    "is too tangled to tell whether it can run away",
  );
  assert.match(verdict.remedy, /^Repeat less in it/);
  assert.equal(runaway(`\\b(?:${words})\\b`, "i"), undefined);
});

Deno.test(`an expression has at most ${REGEX_CHARS_MAX} characters`, () => {
  const source = "a".repeat(REGEX_CHARS_MAX);
  assert.ok(!isFault(readRegex(source, "")));
  const fault = readRegex(`${source}a`, "");
  assert.ok(isFault(fault));
  assert.match(fault.message, /: it is longer than 4000 characters$/);
  assert.ok(isFault(readRegex("(".repeat(100_000), "")));
});

Deno.test(`groups nest ${REGEX_DEPTH_MAX} deep and no deeper`, () => {
  const nested = (depth: number) =>
    `${"(".repeat(depth)}a*${")".repeat(depth)}`;
  assert.ok(!isFault(readRegex(nested(REGEX_DEPTH_MAX), "")));
  const fault = readRegex(nested(REGEX_DEPTH_MAX + 1), "");
  assert.ok(isFault(fault));
  assert.match(fault.message, /: its groups are nested too deep$/);
});

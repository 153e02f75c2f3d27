import assert from "node:assert/strict";
import fc from "fast-check";
import { JSONPathEnvironment } from "json-p3";
import {
  JSON_DEPTH_MAX,
  JSON_PATH_CHARS_MAX,
  JSON_PATH_DEPTH_MAX,
  JSON_PATH_NODES_MAX,
  JSON_PATHS_KEPT_MAX,
} from "../../lib/core/limits.ts";
import {
  type JsonPath,
  jsonTexts,
  readJsonPath,
  selectJson,
} from "../../lib/match/json_path.ts";

function read(path: string): JsonPath {
  const query = readJsonPath(path);
  assert.ok(
    "steps" in query,
    `${path}: ${"message" in query && query.message}`,
  );
  return query;
}

const select = (path: string, body: unknown) => selectJson(read(path), body);

// Finding ─────────────────────────────────────────────────────────────────────

const body = {
  model: "gpt-4o",
  stream: true,
  temperature: 0.5,
  stop: null,
  metadata: { user: "ann", "team name": "blue", "it's": 1, "é": "e" },
  messages: [
    { role: "system", content: "Be kind." },
    { role: "user", content: [{ type: "text", text: "Hi" }] },
    { role: "assistant", content: "Hello", refusal: null },
  ],
  tools: [
    { type: "function", function: { name: "a", strict: true } },
    { type: "function", function: { name: "b" } },
  ],
};

const found: Record<string, readonly unknown[]> = {
  "$": [body],
  "$.model": ["gpt-4o"],
  "$['model']": ["gpt-4o"],
  '$["metadata"] .user': ["ann"],
  "$.metadata['team name', 'user']": ["blue", "ann"],
  "$.metadata['it\\'s']": [1],
  "$.metadata['\\u00e9']": ["e"],
  "$.metadata.é": ["e"],
  "$.stop": [null],
  "$.missing": [],
  "$.model.length": [],
  "$.messages[0].role": ["system"],
  "$.messages[-1].role": ["assistant"],
  "$.messages[3]": [],
  "$.messages[-4]": [],
  "$.messages['0']": [],
  "$.messages.length": [],
  "$.messages[*].role": ["system", "user", "assistant"],
  "$.messages[1:].role": ["user", "assistant"],
  "$.messages[::-1].role": ["assistant", "user", "system"],
  "$.messages[0:2:0].role": [],
  "$.messages[:-1].role": ["system", "user"],
  "$.messages[ 2 : 0 : -1 ].role": ["assistant", "user"],
  "$..name": ["a", "b"],
  "$..[0].type": ["text", "function"],
  "$.metadata.*": ["ann", "blue", 1, "e"],
  "$.messages[?@.role == 'user'].content[0].text": ["Hi"],
  '$.messages[?@.role=="user" || @.role=="system"].role': ["system", "user"],
  "$.messages[?@.role != 'user' && @.content != 'Hello' && @.role == 'system'].role":
    ["system"],
  "$.tools[?@.function.strict].function.name": ["a"],
  "$.tools[?!@.function.strict].function.name": ["b"],
  "$.tools[?!(@.function.name == 'a')].function.name": ["b"],
  "$.messages[?@.refusal == null].role": ["assistant"],
  "$.messages[?@.content == 'Hello' && $.stream == true].role": ["assistant"],
  "$.messages[?length(@.content) > 5].role": ["system"],
  "$.tools[?count(@.function.*) >= 2].function.name": ["a"],
  "$.tools[?value(@..name) == 'b'].function.name": ["b"],
  "$[?@ == 0.5]": [0.5],
  "$[?@ < 1e0]": [0.5],
  "$[?@ > 'gpt-4' && @ <= 'gpt-4o']": ["gpt-4o"],
  "$.messages[?@.missing == $.missing].role": ["system", "user", "assistant"],
};

for (const [path, values] of Object.entries(found)) {
  Deno.test(`${path} finds ${JSON.stringify(values).slice(0, 60)}`, () =>
    assert.deepEqual(select(path, body), values));
}

Deno.test("only own properties are found, whatever they are called", () => {
  const smuggled = JSON.parse('{"__proto__": {"a": 1}, "b": {}}');
  assert.deepEqual(select("$.__proto__.a", smuggled), [1]);
  for (
    const path of [
      "$.b.__proto__",
      "$.b.constructor",
      "$.constructor",
      "$..toString",
    ]
  ) {
    assert.deepEqual(select(path, smuggled), [], path);
  }
  assert.deepEqual(select("$.toString", "text"), []);
});

Deno.test("a request without a body has nothing to find", () => {
  assert.deepEqual(select("$", undefined), []);
  assert.deepEqual(jsonTexts("$..*", undefined), []);
});

// The reference ───────────────────────────────────────────────────────────────

const reference = new JSONPathEnvironment({ maxRecursionDepth: 600 });

const names = fc.constantFrom("a", "b", "c", "é", "x y");
const bodies = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      1,
      -1.5,
      2e3,
      "",
      "a",
      "b",
      "é",
      "\u{d7ff}",
    ),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(names, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

const integers = fc.integer({ min: -5, max: 5 });
const optional = fc.option(integers, { nil: "" });
const singles = fc.array(
  fc.oneof(
    names.map((name) => `['${name}']`),
    integers.map((at) => `[${at}]`),
  ),
  { maxLength: 2 },
).map((steps) => steps.join(""));

const conditions = fc.letrec<{ test: string; path: string }>((tie) => ({
  path: fc.array(
    fc.oneof(
      { maxDepth: 2 },
      names.map((name) => `["${name}"]`),
      fc.constantFrom("[*]", "..*", "..a", ".a", "..['b',0]", " .c"),
      fc.tuple(
        optional,
        optional,
        fc.constantFrom("", ":1", ":-1", ":2", ":-2", ":0"),
      )
        .map(([start, end, step]) => `[${start}:${end}${step}]`),
      integers.map((at) => `[${at}]`),
      tie("test").map((test) => `[?${test}]`),
    ),
    { maxLength: 3 },
  ).map((steps) => steps.join("")),
  test: fc.oneof(
    { maxDepth: 2 },
    tie("path").map((path) => `@${path}`),
    tie("path").map((path) => `!@${path}`),
    fc.tuple(
      operands(tie("path")),
      fc.constantFrom("==", "!=", "<", "<=", ">", ">="),
      operands(tie("path")),
    )
      .map(([left, sign, right]) => `${left} ${sign} ${right}`),
    fc.tuple(
      tie("test"),
      fc.constantFrom("&&", "||"),
      tie("test"),
      fc.constantFrom("&&", "||"),
      tie("test"),
    )
      .map((parts) => parts.join(" ")),
    tie("test").map((test) => `(${test})`),
    tie("test").map((test) => `!(${test})`),
  ),
}));

function operands(paths: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(
      "1",
      "-1.5",
      "2e3",
      "null",
      "true",
      "'a'",
      '"\\u00e9"',
      "'\u{d7ff}'",
      "''",
    ),
    singles.map((path) => `@${path}`),
    singles.map((path) => `$${path}`),
    singles.map((path) => `length(@${path})`),
    paths.map((path) => `count(@${path})`),
    paths.map((path) => `value(@${path})`),
  );
}

// The reference counts and compares units of UTF-16, RFC 9535 characters.
Deno.test("texts are counted and compared by characters", () => {
  const body = ["\u{1f600}", "\uffff"];
  assert.deepEqual(select("$[?@ > '\uffff']", body), ["\u{1f600}"]);
  assert.deepEqual(select("$[?@ < '\u{1f600}']", body), ["\uffff"]);
  assert.deepEqual(select("$[?length(@) == 1]", body), body);
});

Deno.test("$ is the whole body in a filter within a filter, too", () => {
  const body = { a: [null] };
  assert.deepEqual(select("$[?!@[?$[0] == length(@)]]", body), []);
});

Deno.test("law: a path finds what the reference implementation finds, in its order", () => {
  fc.assert(
    fc.property(conditions.path, bodies, (path, body) => {
      // In a filter within a filter, the reference's $ is not the whole body.
      fc.pre(!/\[\?.*\[\?.*\$/.test(path));
      const expected = reference.query(`$${path}`, body as never).values();
      assert.deepEqual(select(`$${path}`, body), expected);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("law: what is read, the reference implementation reads too", () => {
  const unit = fc.constantFrom(
    "$",
    "@",
    ".",
    "..",
    "[",
    "]",
    "*",
    "?",
    "a",
    "é",
    "0",
    "1",
    "-",
    ":",
    ",",
    " ",
    "'",
    '"',
    "\\",
    "==",
    "<",
    "&&",
    "||",
    "!",
    "(",
    ")",
    "true",
    "length(",
    "count(",
    "1.5",
    "\\u0061",
  );
  const paths = fc.tuple(fc.string({ unit, maxLength: 8 }), fc.boolean())
    .map(([text, filter]) => filter ? `$[?${text}]` : `$${text}`);
  fc.assert(
    fc.property(paths, (path) => {
      if ("steps" in readJsonPath(path)) reference.compile(path);
    }),
    { numRuns: 10_000 },
  );
});

// Hostile bodies ──────────────────────────────────────────────────────────────

Deno.test(`a path looks at ${JSON_PATH_NODES_MAX} values and no more`, () => {
  const list = Array.from({ length: JSON_PATH_NODES_MAX + 1 }, (_, at) => at);
  assert.equal(select("$[*]", list).length, JSON_PATH_NODES_MAX);
  assert.deepEqual(select(`$[${JSON_PATH_NODES_MAX}]`, list), [
    JSON_PATH_NODES_MAX,
  ]);
  assert.equal(select("$[?@ >= 0]", list).length < JSON_PATH_NODES_MAX, true);
  assert.equal(select("$[0:]", list).length, JSON_PATH_NODES_MAX);
  const members = Object.fromEntries(list.map((at) => [`k${at}`, at]));
  assert.equal(select("$.*", members).length, JSON_PATH_NODES_MAX);
});

Deno.test("paths into paths do not multiply what is looked at", () => {
  const list = Array.from(
    { length: 500 },
    () => Array.from({ length: 500 }, () => 0),
  );
  for (
    const path of [
      "$..*..*..*",
      "$..[?@..*]",
      "$[?count($..*) > 1]",
      "$[?@ == $[0]]",
    ]
  ) {
    assert.ok(select(path, list).length <= JSON_PATH_NODES_MAX, path);
  }
});

Deno.test("the deepest body there may be is searched to its bottom", () => {
  let deep: unknown = { bottom: true };
  for (let depth = 2; depth < JSON_DEPTH_MAX; depth++) {
    deep = depth % 2 ? [deep] : { a: deep };
  }
  assert.deepEqual(select("$..bottom", deep), [true]);
  assert.deepEqual(select("$[?@..bottom]", [deep]).length, 1);
});

Deno.test("the text of lists inside lists does not multiply", () => {
  let nested: unknown = ["x".repeat(1_000_000)];
  for (let depth = 0; depth < 100; depth++) nested = [nested];
  const texts = jsonTexts("$..*", nested).map(String);
  const total = texts.reduce((sum, text) => sum + text.length, 0);
  assert.ok(total < JSON_PATH_CHARS_MAX + 2_100_000, String(total));
  assert.ok(texts.includes("x".repeat(1_000_000)), "text is always told");
});

// Texts ───────────────────────────────────────────────────────────────────────

Deno.test("jsonTexts() gives texts as they are, everything else as JSON", () => {
  const value = ["a", 1, 1.5, true, null, { b: ["c"] }, []];
  assert.deepEqual(jsonTexts("$[*]", value).map(String), [
    "a",
    "1",
    "1.5",
    "true",
    "null",
    '{"b":["c"]}',
    "[]",
  ]);
});

Deno.test("more paths than are kept still find what they name", () => {
  const value = Object.fromEntries(
    Array.from({ length: JSON_PATHS_KEPT_MAX + 5 }, (_, at) => [`k${at}`, at]),
  );
  for (const key of Object.keys(value)) {
    assert.deepEqual(jsonTexts(`$.${key}`, value).map(String), [
      String(value[key]),
    ]);
  }
  assert.deepEqual(jsonTexts("$.k0", value).map(String), ["0"]);
});

// Faults ──────────────────────────────────────────────────────────────────────

const faults: Record<
  string,
  [column: number, message: string, remedy: RegExp]
> = {
  "": [1, "A JSON path begins with $", /\$\.name/],
  "metadata.user": [1, "A JSON path begins with $", /\$\.name/],
  "$metadata": [2, 'The path does not go on with "m"', /\.name/],
  "$.a b": [4, 'The path does not go on with " "', /\.name/],
  "$.": [3, "After the dot a name is missing", /\["a-b"\]/],
  "$.team-name": [7, 'The path does not go on with "-"', /\.name/],
  "$.0": [3, "After the dot a name is missing", /name/],
  "$..": [4, "After the dot a name is missing", /name/],
  "$.a[": [5, "In brackets there is nothing", /number/],
  "$.a[name]": [5, 'In brackets there is "n"', /"a name"/],
  "$.a[0": [4, 'The "[" is never closed', /"\]"/],
  "$.a[0 1]": [7, 'There is "1" where "]" should be', /quotes/],
  "$.a[01]": [6, "This is no position in a list", /whole number/],
  "$.a[1.5]": [6, "This is no position in a list", /whole number/],
  "$.a[99999999999999999999]": [
    25,
    "This is no position in a list",
    /whole number/,
  ],
  "$['a": [
    3,
    "The text in quotes is not closed, or has a character that it may not",
    /same quote/,
  ],
  "$['\\x']": [
    3,
    "The text in quotes is not closed, or has a character that it may not",
    /backslash/,
  ],
  "$[?]": [4, 'There is "]" where a value should be', /@\.name/],
  "$[?a == 1]": [4, 'There is "a" where a value should be', /@\.name/],
  "$[?'a']": [4, "A value alone is no condition", /Compare/],
  "$[?@.a == ]": [11, 'There is "]" where a value should be', /@\.name/],
  "$[?@.a = 1]": [8, 'There is "=" where "]" should be', /Close/],
  "$[?@.* == 1]": [4, "A path to several values cannot be compared", /count/],
  "$[?1 == @..a]": [9, "A path to several values cannot be compared", /count/],
  "$[?(@.a]": [8, 'There is "]" where ")" should be', /Close/],
  "$[?!1]": [5, "What ! stands before is neither a path nor a condition", /!@/],
  "$[?match(@.a, 'b')]": [4, "match() is not for conditions here", /pattern/],
  "$[?search(@.a, 'b')]": [4, "search() is not for conditions here", /pattern/],
  "$[?upper(@.a) == 'A']": [4, "There is no upper()", /length/],
  "$[?count(1) == 1]": [
    10,
    "count() is given something else than a path",
    /count\(@/,
  ],
  "$[?length(@.a, 1) == 1]": [
    14,
    'There is "," where ")" should be',
    /one thing/,
  ],
};

for (const [path, [column, message, remedy]] of Object.entries(faults)) {
  Deno.test(`readJsonPath() says of ${JSON.stringify(path)}: ${message}`, () => {
    const fault = readJsonPath(path);
    assert.ok("code" in fault);
    assert.equal(fault.code, "bad-json-path");
    assert.equal(fault.message, message);
    assert.equal(fault.column, column);
    assert.match(fault.remedy, remedy);
  });
}

Deno.test(`conditions nest ${JSON_PATH_DEPTH_MAX} deep and no deeper`, () => {
  const nested = (depth: number) =>
    `$[?${"(".repeat(depth)}1 == 1${")".repeat(depth)}]`;
  read(nested(JSON_PATH_DEPTH_MAX));
  for (
    const path of [
      nested(JSON_PATH_DEPTH_MAX + 1),
      nested(100_000),
      `$${"[?@".repeat(50_000)}`,
    ]
  ) {
    const fault = readJsonPath(path);
    assert.ok("message" in fault);
    assert.equal(fault.message, "Conditions are nested too deep");
  }
});

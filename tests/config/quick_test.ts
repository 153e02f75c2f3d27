import assert from "node:assert/strict";
import fc from "fast-check";
import { readConfig } from "../../lib/config/compile.ts";
import { Findings } from "../../lib/config/findings.ts";
import { readQuickly } from "../../lib/config/quick.ts";
import { readValues, readWholly } from "../../lib/config/read.ts";
import type { Value } from "../../lib/config/value.ts";

/** What the short way took: names at the left margin, and the rest of the text. */
function taken(text: string): [names: string[], rest: string] {
  const { entries, end } = readQuickly(text);
  return [[...entries.keys()], text.slice(end)];
}

Deno.test("readQuickly() takes simple entries, and leaves the rest", () => {
  const text =
    '# hello\n\nresponses:\n  "a": b\n\n  # more\n  \'c\': "d"\nmodels: [a]\nsettings: !!map\n  seed: 1\n';
  assert.deepEqual(taken(text), [
    ["responses", "models"],
    "settings: !!map\n  seed: 1\n",
  ]);
});

/** Values as data: but for the ends of what takes several lines, which nobody looks at. */
function plain(value: Value, text: string): unknown {
  if (value.type === "list") return value.items.map((it) => plain(it, text));
  if (value.type === "table") {
    return [...value.entries].map((
      [name, { key, value }],
    ) => [name, key, plain(value, text)]);
  }
  return text[value.start] === "|" ? { ...value, end: 0 } : value;
}

/** The short way, and the library alone, say the same of `text`. */
function assertSame(text: string): void {
  const short = new Findings("r.yml", text);
  const long = new Findings("r.yml", text);
  const [a, b] = [readValues(short), readWholly(long, text)];
  assert.deepEqual(a && plain(a.root, text), b && plain(b.root, text), text);
  assert.deepEqual(short.report(), long.report(), text);
}

const simple: Record<string, string> = {
  "blocks of keys and dashes":
    "rules:\n  - name: a\n    when:\n      model: [b, c]\n    reply: d\n  -\n    reply: e\n  - f\n",
  "dashes in the column of their key":
    "rules:\n- reply: a\n- reply: b\nmodels:\n- c\n",
  "brackets in a line": 'a: { b: "c, d", "e": [f, { g: h }, []], i: {} }\n',
  "texts behind |": "a: |\n  b\n\n    c # d\ne:\n  f: |-\n      g: h\n\n# i\n",
  "comments": "# a\na: b # c\n\nd: # e\n  f: g   # h\n  # i\n",
  "a last line without end": "responses:\n  a: b",
  "JSON in a line": '"rules": [{"reply": "a", "when": {"prompt":"b"}}]\n',
  "paths and dollars": "a: /usr/bin\n$.b: { $.c: /d/i }\n",
};

for (const [what, text] of Object.entries(simple)) {
  Deno.test(`readQuickly() takes ${what}`, () => {
    const { end } = readQuickly(text);
    assert.ok(end >= text.length, text.slice(end));
    assertSame(text);
  });
}

const notSimple: Record<string, string> = {
  "nothing below": "responses:\nsettings:\n",
  "a value on several lines": "responses:\n  a: b\n    c\n",
  "a folded block": "responses:\n  a: >\n    b\n",
  "a block that keeps its end": "responses:\n  a: |+\n    b\n",
  "a block that says its indentation": "responses:\n  a: |2\n    b\n",
  "an alias": "responses:\n  a: *b\n",
  "an anchor": "responses: &a\n  b: c\n",
  "a tag": "responses:\n  a: !!str b\n",
  "a merge": "responses:\n  <<: *b\n",
  "an escape that is not plain to see": 'responses:\n  a: "\\x41"\n',
  "a key twice": "responses:\n  a: b\n  a: c\n",
  "a key twice in brackets": "responses: { a: b, a: c }\n",
  "a comma at the end": "responses: { a: b, }\n",
  "brackets on several lines": "responses: {\n  a: b }\n",
  "another indentation": "responses:\n  a: b\n   c: d\n",
  "a dash among keys": "responses:\n  a: b\n  - c\n",
  "a tab": "responses:\n  a:\tb\n",
  "a colon in plain text": "responses:\n  a: b: c\n",
  "a complex key": "responses:\n  ? a\n  : b\n",
  "deep nesting": `responses: ${"[".repeat(30)}a${"]".repeat(30)}\n`,
};

for (const [what, text] of Object.entries(notSimple)) {
  Deno.test(`readQuickly() leaves ${what} to the library`, () =>
    assert.deepEqual(taken(text), [[], text]));
}

Deno.test("what follows the first that is not simple is left to the library", () => {
  assert.deepEqual(taken("a: b\nc: *d\ne: f\n"), [["a"], "c: *d\ne: f\n"]);
  const text = "a: b\nx: &x { y: z }\nc: *x\na: c\n";
  const findings = new Findings("r.yml", text);
  readValues(findings);
  assert.deepEqual(findings.report().problems.map(({ code }) => code), [
    "duplicate-key",
  ]);
});

for (const marker of ["---\nb: c\n", "...\nb: c\n", "...\n", "---\n"]) {
  Deno.test(`documents are counted however the first is read: ${JSON.stringify(marker)}`, () => {
    assertSame(`a: b\n${marker}`);
  });
}

Deno.test("readQuickly() passes millions of blank lines, and overflows no stack", () => {
  const blank = "\n".repeat(4_000_000);
  assert.deepEqual(taken(blank)[0], []);
  const [names, rest] = taken(`responses:\n  a: b\n${blank}  c: d\n`);
  assert.deepEqual([names, rest], [["responses"], ""]);
});

Deno.test("law: the short way and the library say the same", () => {
  const piece = fc.constantFrom(
    ..."ab1 .,;!?()/+=-:#'\"\\{}[]&*|>%@`~<é😀\t",
    "\\n",
    '\\"',
    "''",
    ": ",
    " #",
    "null",
    "---",
  );
  const text = fc.array(piece, { maxLength: 6 }).map((pieces) =>
    pieces.join("")
  );
  const written = fc.oneof(
    text,
    text.map((t) => `"${t}"`),
    text.map((t) => `'${t}'`),
    fc.constantFrom("yes", "42", "~", "a b", '"c"', "'d'", "null", "e"),
  );
  const line = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.tuple(
        written,
        fc.constantFrom(": ", ":  ", ":", " : "),
        written,
      ).map((parts) => `  ${parts.join("")}\n`),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "\n",
        "  # c\n",
        "# c\n",
        "   \n",
        "    x\n",
        "settings:\n",
        "...\n",
        "---\n",
        "- a\n",
        "x: &y z\n",
      ),
    },
  );
  let quick = 0;
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 3 }), (lines) => {
      const file = `responses:\n${lines.join("")}`;
      if (readQuickly(file).entries.size > 0) quick++;
      assertSame(file);
    }),
    { numRuns: 5_000 },
  );
  assert.ok(quick > 250, `only ${quick} files took the short way`);
});

Deno.test("law: the short way and the library say the same of rules", () => {
  const word = fc.constantFrom(
    "a",
    "b c",
    '"d: e"',
    "'f''g'",
    "1",
    "$.h",
    "/i/",
    "~",
    "j # k",
    "*l",
    "",
    "- m",
    "n:",
  );
  const flow = fc.oneof(
    word,
    fc.array(word, { maxLength: 3 }).map((all) => `[${all.join(", ")}]`),
    fc.array(fc.tuple(word, word), { maxLength: 3 }).map((all) =>
      `{ ${all.map(([key, value]) => `${key}: ${value}`).join(", ")} }`
    ),
  );
  const indent = fc.constantFrom("  ", "    ", "      ");
  const line = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(word, flow).map((p) => p.join(": ")) },
    { weight: 2, arbitrary: word.map((key) => `${key}:`) },
    {
      weight: 4,
      arbitrary: fc.tuple(word, flow).map((p) => `- ${p.join(": ")}`),
    },
    { weight: 2, arbitrary: flow.map((value) => `- ${value}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("-", "# x", "", "a: |", "- b: |-"),
    },
  );
  let quick = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(indent, line), { minLength: 1, maxLength: 6 }),
      fc.constantFrom("", "\n", "z: y\n", "# x"),
      (lines, end) => {
        const body = lines.map((parts) => parts.join("")).join("\n");
        const file = `rules:\n${body}\n${end}`;
        if (readQuickly(file).entries.has("rules")) quick++;
        assertSame(file);
      },
    ),
    { numRuns: 10_000 },
  );
  assert.ok(quick > 250, `only ${quick} files took the short way`);
});

Deno.test("readConfig() reads 20,000 responses the short way, the rest of the file too", async () => {
  const lines = Array.from(
    { length: 20_000 },
    (_, i) => `  "question number ${i}?": "Answer ${"and so on ".repeat(8)}"\n`,
  );
  const { config } = await readConfig(
    `responses:\n${lines.join("")}settings:\n  seed: 1\n`,
    "r.yml",
  );
  assert.equal(config?.exact.size, 20_000);
  assert.equal(config?.settings.seed, 1);
});

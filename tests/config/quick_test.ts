import assert from "node:assert/strict";
import fc from "fast-check";
import { readConfig } from "../../lib/config/compile.ts";
import { Findings } from "../../lib/config/findings.ts";
import { readQuickly } from "../../lib/config/quick.ts";
import { readValues, readWholly } from "../../lib/config/read.ts";
import type { Value } from "../../lib/config/value.ts";

Deno.test("readQuickly() takes simple entries, and leaves the rest as long as it was", () => {
  const text =
    '# hello\n\nresponses:\n  "a": b\n\n  # more\n  \'c\': "d"\nsettings:\n  seed: 1\n';
  const quick = readQuickly(text) ?? assert.fail();
  assert.deepEqual([...quick.responses.entries.keys()], ["a", "c"]);
  assert.equal(quick.rest.length, text.length);
  assert.match(
    quick.rest,
    /^# hello\n\nresponses:\n#\.+\nsettings:\n {2}seed: 1\n$/,
  );
});

const notSimple: Record<string, string> = {
  "nothing below": "responses:\nsettings:\n",
  "a value on several lines": "responses:\n  a: b\n    c\n",
  "a block": "responses:\n  a: |\n    b\n",
  "an alias": "responses:\n  a: *b\n",
  "a merge": "responses:\n  <<: *b\n",
  "a comment beside a value": "responses:\n  a: b # c\n",
  "an escape that is not plain to see": 'responses:\n  a: "\\x41"\n',
  "a key twice": "responses:\n  a: b\n  a: c\n",
  "another indentation": "responses:\n  a: b\n   c: d\n",
  "another section first": "settings:\nresponses:\n  a: b\n",
  "a last line without end": "responses:\n  a: b",
};

for (const [what, text] of Object.entries(notSimple)) {
  Deno.test(`readQuickly() leaves ${what} to the library`, () =>
    assert.equal(readQuickly(text), undefined));
}

Deno.test("readQuickly() leaves millions of blank lines to the library, and overflows no stack", () => {
  const blank = "\n".repeat(4_000_000);
  assert.equal(readQuickly(blank), undefined);
  assert.equal(
    readQuickly(`responses:\n  a: b\n${blank}  c: d\n`)?.rest.includes("c: d"),
    true,
  );
});

/** Values as data: maps and ends of collections aside, which nobody looks at. */
function plain(value: Value): unknown {
  if (value.type === "scalar") return value;
  if (value.type === "list") return value.items.map(plain);
  return [...value.entries].map((
    [name, entry],
  ) => [name, entry.key, plain(entry.value)]);
}

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
      if (readQuickly(file) !== undefined) quick++;
      const [short, long] = [
        new Findings("r.yml", file),
        new Findings("r.yml", file),
      ];
      const [a, b] = [readValues(short), readWholly(long, file)];
      assert.deepEqual(a && plain(a.root), b && plain(b.root), file);
      assert.deepEqual(short.report(), long.report(), file);
    }),
    { numRuns: 5_000 },
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

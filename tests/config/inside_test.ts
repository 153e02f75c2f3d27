/**
 * Places inside texts.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import { Findings } from "../../lib/config/findings.ts";
import { holeIn, spanInside } from "../../lib/config/inside.ts";
import { readValues } from "../../lib/config/read.ts";
import type { Scalar } from "../../lib/config/value.ts";

/** The value of `a` in `text`. */
function scalarIn(text: string): Scalar {
  const root = readValues(new Findings("r.yml", text))?.root;
  const value = root?.type === "table"
    ? root.entries.get("a")?.value
    : undefined;
  assert.ok(value?.type === "scalar", text);
  return value;
}

/** What stands at a place inside the value of `a`. */
function at(text: string, line: number, column: number): string {
  const { start, end } = spanInside(scalarIn(text), line, column, text);
  return text.slice(start, end);
}

Deno.test("spanInside() finds the place in a plain and in a quoted text", () => {
  assert.equal(at("a: hello there\n", 1, 7), "there");
  assert.equal(at('a: "hello there"\n', 1, 7), "there");
  assert.equal(at("a: 'hello there' # c\n", 1, 7), "there");
  assert.equal(at("{ a: hello there }\n", 1, 7), "there");
});

Deno.test("spanInside() finds the place in a block, whatever its indentation", () => {
  const block = "a: |-\n\n      one\n        two\n      three\nb: c\n";
  assert.equal(at(block, 2, 2), "ne");
  assert.equal(at(block, 3, 3), "two");
  assert.equal(at(block, 4, 1), "three");
});

Deno.test("spanInside() gives the whole text where escapes or folding make it unsure", () => {
  assert.equal(at('a: "one\\ntwo"\n', 2, 1), '"one\\ntwo"');
  assert.equal(at("a: one\n  two\n", 1, 5), "one\n  two");
  assert.equal(at("a: >\n  one\n  two\n", 1, 5), ">\n  one\n  two\n");
  assert.equal(at("a: |2\n    one\n", 1, 2), "|2\n    one\n");
  assert.equal(at("a: one\n", 7, 7), "one");
});

Deno.test("law: whatever it points at lies within the text, and is not empty", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", " ", "\n", "{", "'", '"', "é") }),
      fc.constantFrom("QUOTE_DOUBLE", "QUOTE_SINGLE", "BLOCK_LITERAL", "PLAIN"),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      (value, style, line, column) => {
        const text = stringify({ a: value }, {
          defaultStringType: style as "PLAIN",
        });
        const scalar = scalarIn(text);
        const span = spanInside(scalar, line, column, text);
        assert.ok(span.start >= scalar.start && span.end <= scalar.end);
        assert.ok(span.end > span.start || scalar.end === scalar.start);
      },
    ),
  );
});

Deno.test("holeIn() takes the hole, or the name, that a line begins with", () => {
  const hole = (text: string) => {
    const { start, end } = holeIn({ start: 0, end: text.length }, text);
    return text.slice(start, end);
  };
  assert.equal(hole("{{ a }} and {{ b }}"), "{{ a }}");
  assert.equal(hole("{% if a %} {% endif %}"), "{% if a %}");
  assert.equal(hole("name | filter }}"), "name");
  assert.equal(hole("{{ never closed"), "{{ never closed");
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { plainOf } from "../../lib/config/plain.ts";
import { readValues } from "../../lib/config/read.ts";
import { Findings } from "../../lib/config/findings.ts";
import { isScalar, type Value } from "../../lib/config/value.ts";
import { write } from "../../lib/mock/written.ts";

/** A value without its places. */
function bare(value: Value): unknown {
  const undo = (plain: unknown): unknown => {
    if (isScalar(plain)) return { text: plain.text, plain: plain.plain };
    if (Array.isArray(plain)) return plain.map(undo);
    return Object.entries(plain as object).map(([name, item]) => [
      name,
      undo(item),
    ]);
  };
  return undo(plainOf(value));
}

Deno.test("data is written down as a file of JSON would say it", () => {
  const data = fc.jsonValue({ maxDepth: 4 }).filter((value) =>
    !JSON.stringify(value).includes('""')
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), data), (given) => {
      const file = new Findings("a.json", JSON.stringify(given));
      const root = readValues(file)?.root;
      if (root === undefined) return; // keys longer than YAML takes
      assert.deepEqual(bare(write(given).value), bare(root));
    }),
  );
});

Deno.test("every value stands where it says it does", () => {
  const { text, value } = write({ rules: [{ when: { prompt: "a b" }, n: 1 }] });
  assert.equal(
    text,
    '{\n  rules: [\n    {\n      when: {\n        prompt: "a b"\n      },\n      n: 1\n    }\n  ]\n}',
  );
  assert.ok(value.type === "table");
  const { key, value: rules } = value.entries.get("rules") ?? {};
  assert.equal(text.slice(key?.start, key?.end), "rules");
  assert.equal(text.slice(rules?.start, rules?.end), text.slice(11, -2));
});

Deno.test("a RegExp is a pattern in text, without flags of iteration", () => {
  assert.deepEqual(bare(write(/a\/b/gimy).value), {
    text: "/a\\/b/im",
    plain: false,
  });
});

Deno.test("text is never more than text, nothing is nothing, and what is undefined is left out", () => {
  const value = bare(write({ a: "yes", b: null, c: undefined, d: 1 }).value);
  assert.deepEqual(value, [
    ["a", { text: "yes", plain: false }],
    ["b", { text: "null", plain: true }],
    ["d", { text: "1", plain: true }],
  ]);
});

Deno.test("a function is of no kind that a key takes", () => {
  assert.deepEqual(bare(write({ a: () => "" }).value), [["a", []]]);
});

Deno.test("an object that holds itself is refused; one that is there twice is not", () => {
  const twice = { a: 1 };
  write([twice, twice]);
  const knot: Record<string, unknown> = {};
  knot.knot = knot;
  assert.throws(() => write(knot), TypeError);
});

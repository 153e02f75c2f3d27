import assert from "node:assert/strict";
import fc from "fast-check";
import { parsePartialJson } from "../../lib/wire/partial_json.ts";

Deno.test("parsePartialJson(): what is whole is itself, whatever white space is in it", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.nat(4), (value, spaces) => {
    const text = JSON.stringify(value, null, spaces);
    // A number at the very end may go on; in a list or an object it cannot.
    const held = `[${text}]`;
    assert.deepEqual(parsePartialJson(held), JSON.parse(held));
  }));
});

Deno.test("parsePartialJson(): wherever an object is cut, what is left of it is a part of it", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }),
      fc.nat(),
      (whole, at) => {
        const text = JSON.stringify(whole);
        const part = parsePartialJson(text.slice(0, 1 + at % text.length));
        assert.ok(isPart(part, JSON.parse(text)), text);
      },
    ),
    { numRuns: 500 },
  );
});

/** Whether all that `part` holds is in `whole`; only the last of it may be less. */
function isPart(part: unknown, whole: unknown): boolean {
  if (typeof part !== "object" || part === null) return Object.is(part, whole);
  if (typeof whole !== "object" || whole === null) return false;
  if (Array.isArray(part) !== Array.isArray(whole)) return false;
  const all = new Map(Object.entries(whole));
  return Object.entries(part).every(([key, value]) =>
    all.has(key) && isPart(value, all.get(key))
  );
}

Deno.test("parsePartialJson(): members without their whole value are left out", () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ["{", {}],
    ['{"a', {}],
    ['{"a"', {}],
    ['{"a":', {}],
    ['{"a":"b', {}],
    ['{"a":"b\\', {}],
    ['{"a":"b"', { a: "b" }],
    ['{"a":"b","c":12', { a: "b" }],
    ['{"a":12,', { a: 12 }],
    ['{"a":tru', {}],
    ['{"a":true', { a: true }],
    ['{"a":-', {}],
    ['{"a":[1,2', { a: [1] }],
    ['{"a":[{"b":"c"},{"d', { a: [{ b: "c" }, {}] }],
    ['{"a":"}]","b":"\\"', { a: "}]" }],
  ];
  for (const [text, wanted] of cases) {
    assert.deepEqual(parsePartialJson(text), wanted, text);
  }
});

Deno.test("parsePartialJson(): what is no JSON from the start is nothing", () => {
  for (const text of ["", " ", "]", "nonsense ", '{"a"}', '{"a":b,']) {
    assert.equal(parsePartialJson(text), undefined, text);
  }
});

Deno.test("parsePartialJson(): a hundred thousand lists in one another are cut where they are", () => {
  const depth = 100_000;
  assert.doesNotThrow(() => parsePartialJson("[".repeat(depth)));
});

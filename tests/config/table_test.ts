/**
 * A table of responses says what a map of them says.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { changesBetween } from "../../lib/config/changes.ts";
import { type Answers, openTable } from "../../lib/config/table.ts";
import { makeTable } from "../../lib/config/table_maker.ts";
import { type Answer, type Config, normalise } from "../../lib/match/rule.ts";

/** Answers as `compile.ts` makes them. */
function maps(responses: Iterable<readonly [string, string]>): Answers {
  const exact = new Map<string, Answer>();
  const normalised = new Map<string, Answer>();
  for (const [prompt, text] of responses) {
    const place = `r${exact.size % 2}.yml:${exact.size + 1}`;
    exact.set(prompt, { prompt, text, place });
  }
  for (const [prompt, answer] of exact) {
    const folded = normalise(prompt);
    if (!normalised.has(folded)) normalised.set(folded, answer);
  }
  return { exact, normalised };
}

function table(answers: Answers): Answers {
  const { shape, bytes } = makeTable(answers);
  return openTable(shape, bytes);
}

const text = fc.string({ unit: "grapheme" });
const responses = fc.dictionary(text, text).map((each) => Object.entries(each));

Deno.test("law: a table finds what a map finds, and nothing else", () => {
  fc.assert(fc.property(responses, fc.array(text), (responses, others) => {
    const written = maps(responses);
    const { exact, normalised } = table(written);
    const keys = [
      ...others,
      ...written.exact.keys(),
      ...written.normalised.keys(),
    ];
    for (const key of keys) {
      assert.deepEqual(exact.get(key), written.exact.get(key));
      assert.deepEqual(normalised.get(key), written.normalised.get(key));
      assert.equal(exact.has(key), written.exact.has(key));
    }
  }));
});

Deno.test("law: a table reads like a map, in the same order", () => {
  fc.assert(fc.property(responses, (responses) => {
    const written = maps(responses);
    const made = table(written);
    for (const way of ["exact", "normalised"] as const) {
      const [it, map] = [made[way], written[way]];
      assert.equal(it.size, map.size);
      assert.deepEqual([...it], [...map]);
      assert.deepEqual([...it.keys()], [...map.keys()]);
      assert.deepEqual([...it.values()], [...map.values()]);
      const seen: unknown[] = [];
      it.forEach((answer, key) => seen.push([key, answer]));
      assert.deepEqual(seen, [...map]);
    }
  }));
});

Deno.test("an answer is the same object however it is found, and however often", () => {
  const { exact, normalised } = table(maps([["A b", "c"], ["plain", "d"]]));
  assert.equal(exact.get("A b"), normalised.get("a b"));
  assert.equal(exact.get("plain"), normalised.get("plain"));
  assert.equal(exact.get("plain"), [...exact.values()][1]);
});

Deno.test("a table keeps byte order marks, characters beyond 16 bits and empty texts", () => {
  const pairs = [["\ufeffa", "\ufeffb"], ["😀", "𝒳"], ["", ""]] as const;
  const { exact } = table(maps(pairs));
  for (const [prompt, answer] of pairs) {
    assert.equal(exact.get(prompt)?.text, answer);
  }
});

Deno.test("half a surrogate pair is not taken for the character that stands for it", () => {
  const { exact } = table(maps([["\ufffd", "a"]]));
  assert.equal(exact.get("\ufffd")?.text, "a");
  assert.equal(exact.get("\ud800"), undefined);
});

Deno.test("a table of 20,000 finds each, whatever their length", () => {
  const pairs = Array.from(
    { length: 20_000 },
    (_, i) => [`Question ${"?".repeat(i % 9)} ${i}`, `${i}`] as const,
  );
  const long = "long ".repeat(10_000);
  const { exact } = table(maps([...pairs, [long, "long"]]));
  for (const [prompt, answer] of pairs) {
    assert.equal(exact.get(prompt)?.text, answer);
  }
  assert.equal(exact.get(long)?.text, "long");
  assert.equal(exact.get(`${long}!`), undefined);
});

function count(before: Answers, after: Answers) {
  const config = (answers: Answers) =>
    ({ ...answers, rules: [] }) as unknown as Config;
  const counting = changesBetween(config(before), config(after));
  for (;;) {
    const { done, value } = counting.next();
    if (done === true) return value;
  }
}

Deno.test("law: what changed is counted the same for tables as for maps", () => {
  const near = fc.dictionary(
    fc.constantFrom(..."abcdefg"),
    fc.constantFrom("x", "y"),
  );
  fc.assert(fc.property(near, near, (one, two) => {
    const before = maps(Object.entries(one));
    const after = maps(Object.entries(two));
    const changed = count(before, after);
    assert.deepEqual(count(table(before), table(after)), changed);
    assert.deepEqual(count(before, table(after)), changed);
    const kept = Object.keys(two).filter((key) => key in one);
    assert.deepEqual(changed, {
      added: Object.keys(two).length - kept.length,
      removed: Object.keys(one).length - kept.length,
      altered: kept.filter((key) => one[key] !== two[key]).length,
    });
  }));
});

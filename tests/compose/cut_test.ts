/** Laws of cutting text into chunks. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { characters, chunkEnd, cut } from "../../lib/compose/cut.ts";
import type { Cut } from "../../lib/core/plan.ts";

const WAYS: readonly Cut[] = [
  "character",
  "token",
  "word",
  "line",
  "whole",
  { characters: 1 },
  { characters: 8 },
];

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 }))
    .map((units) => String.fromCharCode(...units)),
  fc.string({
    unit: fc.constantFrom("a", " ", "\n", "\r\n", "\u3000", "😀", "\ud83d"),
  }),
);

for (const how of WAYS) {
  const name = JSON.stringify(how);

  Deno.test(`cut(${name}): the chunks joined are the text, and none is empty`, () => {
    fc.assert(fc.property(anyText, (text) => {
      const chunks = [...cut(text, how)];
      assert.equal(chunks.join(""), text);
      assert.ok(chunks.every((chunk) => chunk !== ""));
    }));
  });

  Deno.test(`cut(${name}) never halves a surrogate pair`, () => {
    fc.assert(fc.property(anyText, (text) => {
      const chunks = [...cut(text, how)];
      for (const [i, chunk] of chunks.entries()) {
        const seam = chunk.slice(-1) + (chunks[i + 1] ?? "").slice(0, 1);
        assert.equal([...seam].length, seam.length);
      }
    }));
  });

  Deno.test(`cut(${name}) of an empty text is no chunk`, () => {
    assert.deepEqual([...cut("", how)], []);
  });

  Deno.test(`cut(${name}) can be walked twice`, () => {
    const chunks = cut("one two\nthree", how);
    assert.deepEqual([...chunks], [...chunks]);
  });

  Deno.test(`chunkEnd(${name}) steps as cut() does`, () => {
    fc.assert(fc.property(anyText, (text) => {
      const end = chunkEnd(how);
      let at = 0;
      for (const chunk of cut(text, how)) {
        at = assertStep(end(text, at), at + chunk.length);
      }
      assert.equal(at, text.length);
    }));
  });
}

Deno.test("cut() by character is by code points, a lone surrogate alone", () => {
  const chunks = [...cut("a😀\ud83d😀\ude00é", "character")];
  assert.deepEqual(chunks, ["a", "😀", "\ud83d", "😀", "\ude00", "é"]);
  fc.assert(fc.property(anyText, (text) => {
    assert.deepEqual([...cut(text, "character")], [...text]);
  }));
});

Deno.test("cut() by characters takes so many code points at a time", () => {
  assert.deepEqual([...cut("a😀bcd", { characters: 2 })], ["a😀", "bc", "d"]);
});

Deno.test("cut() by word gives white space to the word after it", () => {
  const chunks = [...cut("  one two\n\nthree\u00a0four ", "word")];
  assert.deepEqual(chunks, ["  one", " two", "\n\nthree\u00a0four", " "]);
});

Deno.test("cut() by line ends each chunk with its newline", () => {
  assert.deepEqual([...cut("a\r\n\nb", "line")], ["a\r\n", "\n", "b"]);
  assert.deepEqual([...cut("a\n", "line")], ["a\n"]);
});

Deno.test("cut() by token is where tokens end", () => {
  assert.deepEqual([...cut("Hello, world!", "token")], [
    "Hello",
    ",",
    " world",
    "!",
  ]);
});

Deno.test("characters() is the number of code points", () => {
  fc.assert(fc.property(anyText, (text) => {
    assert.equal(characters(text), [...text].length);
  }));
});

function assertStep(actual: number, expected: number): number {
  assert.equal(actual, expected);
  return actual;
}

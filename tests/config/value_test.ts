import assert from "node:assert/strict";
import {
  flagOf,
  isNull,
  numberOf,
  type Scalar,
  textOf,
} from "../../lib/config/value.ts";

function scalar(text: string, plain = true): Scalar {
  return { type: "scalar", start: 0, end: text.length, text, plain };
}

Deno.test("textOf() takes any scalar as it is written", () => {
  for (const text of ["42", "yes", "0x1F", " "]) {
    assert.equal(textOf(scalar(text)), text);
  }
  assert.equal(textOf(scalar("", false)), "");
});

Deno.test("isNull() knows the words for nothing, unless they are quoted", () => {
  for (const word of ["", "~", "null", "Null", "NULL"]) {
    assert.ok(isNull(scalar(word)), word);
    assert.ok(!isNull(scalar(word, false)), word);
    assert.equal(textOf(scalar(word)), undefined);
  }
});

Deno.test("numberOf() refuses what is no number, quoted or endless", () => {
  for (
    const text of [
      "",
      ".",
      "ten",
      "1 2",
      "1__0",
      "_1",
      "1e",
      ".inf",
      "NaN",
      "0x",
      "32MiB",
    ]
  ) {
    assert.equal(numberOf(scalar(text)), undefined, text);
  }
  assert.equal(numberOf(scalar("10", false)), undefined);
});

Deno.test("flagOf() refuses what is neither", () => {
  for (const text of ["1", "y", "", "truely"]) {
    assert.equal(flagOf(scalar(text)), undefined, text);
  }
});

Deno.test("readers take scalars only", () => {
  for (const read of [textOf, flagOf, numberOf]) {
    for (const value of [undefined, null, 5, [], { type: "list", items: [] }]) {
      assert.equal(read(value), undefined);
    }
  }
});

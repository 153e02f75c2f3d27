import assert from "node:assert/strict";
import fc from "fast-check";
import {
  headerText,
  packHeaders,
  unpackHeaders,
} from "../../lib/wire/headers.ts";

Deno.test("headerText() reads UTF-8 that arrived as Latin-1, and leaves real Latin-1 alone", () => {
  const asLatin1 = (text: string) =>
    String.fromCharCode(...new TextEncoder().encode(text));
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    assert.equal(headerText(asLatin1(text)), text);
  }));
  assert.equal(headerText("caf\u00e9"), "caf\u00e9");
});

Deno.test("packHeaders() loses nothing, unpackHeaders() gives it back", () => {
  for (
    const pairs of [[], [["a", ""]], [["x-a", "1"], ["accept", "b, c"]], [
      ["x-latin", "caf\u00e9"],
      ["x-a", "1"],
      ["x-a", "2"],
    ]] as [string, string][][]
  ) {
    const headers = new Headers(pairs);
    const again = unpackHeaders(packHeaders(headers));
    assert.deepEqual([...again], [...headers]);
  }
});

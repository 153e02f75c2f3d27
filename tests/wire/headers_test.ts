import assert from "node:assert/strict";
import fc from "fast-check";
import { headerSafe, headerText } from "../../lib/wire/headers.ts";

Deno.test("headerSafe() makes any text a header value that a response accepts", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const value = headerSafe(text);
    assert.match(value, /^[\x20-\x7e]{0,256}$/);
    new Headers({ "x-test": value });
  }));
  assert.equal(headerSafe("gpt-4o"), "gpt-4o");
  assert.equal(headerSafe("a\r\nb"), "a%0D%0Ab");
});

Deno.test("headerText() reads UTF-8 that arrived as Latin-1, and leaves real Latin-1 alone", () => {
  const asLatin1 = (text: string) =>
    String.fromCharCode(...new TextEncoder().encode(text));
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    assert.equal(headerText(asLatin1(text)), text);
  }));
  assert.equal(headerText("caf\u00e9"), "caf\u00e9");
});

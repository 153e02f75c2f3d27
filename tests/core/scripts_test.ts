/** The table of scripts against Unicode's own. */

import assert from "node:assert/strict";
import { KIND, kindAt } from "../../lib/core/scripts.ts";

const SAMPLES:
  readonly (readonly [kind: keyof typeof KIND, characters: string])[] = [
    ["SPACE", " \t\u00a0\u3000"],
    ["NEWLINE", "\n\r"],
    ["DIGIT", "0189"],
    ["MARK", "!\"'-/:@[_`{~"],
    ["SYMBOL", "§—…。，「」→★￥"],
    ["SURROGATE", "\ud800\udfff"],
    ["COMBINING", "\u0301\u0e31\u093e\u094d\u200d\ufe0f"],
    ["LOWER", "azäßœếǎ"],
    ["UPPER", "AZ"],
    ["HAN", "一我龥㐀"],
    ["KANA", "あンー"],
    ["HANGUL", "가힣"],
    ["CYRILLIC", "аЯёў"],
    ["OTHER", "αΩאبनกაἀ"],
  ];

for (const [kind, characters] of SAMPLES) {
  Deno.test(`kindAt() knows ${kind}`, () => {
    for (let i = 0; i < characters.length; i++) {
      assert.equal(kindAt(characters, i), KIND[kind], characters[i]);
    }
  });
}

Deno.test("kindAt() past the end is END", () =>
  assert.equal(kindAt("a", 1), KIND.END));

Deno.test("kindAt() knows no letter of the large scripts as a symbol", () => {
  const letter =
    /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Han}]/u;
  for (let code = 0xc0; code < 0xd800; code++) {
    const char = String.fromCharCode(code);
    if (!letter.test(char) || !/\p{L}/u.test(char)) continue;
    const rare = code >= 0x2000 && code < 0x3400 || code >= 0xa640;
    assert.ok(rare || kindAt(char, 0) >= KIND.COMBINING, code.toString(16));
  }
});

/** Byte pairs: as OpenAI's encoder has them, whole characters, and no text that takes for ever. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { encode as cl100k } from "gpt-tokenizer/encoding/cl100k_base";
import { decode, encode as o200k } from "gpt-tokenizer/encoding/o200k_base";
import {
  TOKENIZER_PIECE_CHARS_MAX,
  TOKENIZER_PIECES_MAX,
  TOKENIZER_WINDOW_CHARS,
  TOKENS_EXACT_CHARS_MAX,
  TOKENS_SAMPLE_CHARS_MIN,
} from "../../lib/core/limits.ts";
import { APPROX } from "../../lib/core/tokens.ts";
import { BytePairs } from "../../lib/match/byte_pairs.ts";
import { loadTokenizer } from "../../lib/match/tokenizers.ts";

const tokenizers = [
  [await loadTokenizer("cl100k_base"), cl100k],
  [await loadTokenizer("o200k_base"), o200k],
] as const;

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.array(fc.integer({ min: 0, max: 0x250 })).map((codes) =>
    String.fromCharCode(...codes)
  ),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) =>
    String.fromCharCode(...units)
  ),
  fc.array(
    fc.constantFrom(
      ..."the| The|'s|'LL| don't|  |\n|\r\n|\t|123|4567|{\"|://|中|文字|слово| がら|\u0301|👩‍👩‍👧|🎉|\ud83d|<|endoftext|>|😀"
        .split("|"),
    ),
    { maxLength: 80 },
  ).map((parts) => parts.join("")),
);

/** The library takes texts for special tokens unless it is told that none is. */
const PLAIN = { disallowedSpecial: new Set<string>() };

for (const [tokenizer, encode] of tokenizers) {
  const { name } = tokenizer;

  Deno.test(`${name}: count() is what the reference encoder counts`, () => {
    fc.assert(
      fc.property(anyText, (any) => {
        const text = any.replaceAll("\ufeff", ""); // the library loses some
        assert.equal(tokenizer.count(text), encode(text, PLAIN).length);
      }),
      { numRuns: 1_000 },
    );
  });

  Deno.test(`${name}: each character counts as the reference has it`, () => {
    for (let code = 0; code < 0x3000; code++) {
      const text = String.fromCharCode(code);
      assert.equal(
        tokenizer.count(text),
        encode(text, PLAIN).length,
        `U+${code.toString(16)}`,
      );
    }
  });

  Deno.test(`${name}: split() joined is the text, and halves no character`, () => {
    fc.assert(fc.property(anyText, (text) => {
      const tokens = [...tokenizer.split(text)];
      assert.equal(tokens.join(""), text);
      assert.ok(tokens.every((token) => token !== ""));
      assert.ok(tokens.length <= tokenizer.count(text));
      if (!text.isWellFormed()) return;
      assert.ok(tokens.every((token) => token.isWellFormed()));
    }));
  });

  Deno.test(`${name}: first() is what the first tokens say, in whole characters`, () => {
    fc.assert(fc.property(anyText, fc.nat({ max: 12 }), (text, count) => {
      const first = tokenizer.first(text, count);
      assert.ok(text.startsWith(first));
      if (tokenizer.count(text) <= count) return assert.equal(first, text);
      let whole = "";
      for (const token of tokenizer.split(text)) {
        if (first.length < whole.length + token.length) break;
        whole += token;
      }
      assert.equal(first, whole);
    }));
  });
}

Deno.test("first() is the text of the first tokens of the reference", () => {
  const text = "Tokens of של and 你好世界: several,\n\n    mid-sentence 12345.";
  const [, [tokenizer]] = tokenizers;
  const tokens = o200k(text);
  for (let count = 0; count <= tokens.length; count++) {
    assert.equal(tokenizer.first(text, count), decode(tokens.slice(0, count)));
  }
});

Deno.test("tokens that share a character are one piece of text with it", () => {
  const [, [tokenizer]] = tokenizers;
  assert.ok(tokenizer.count("🫠") > 1);
  assert.deepEqual([...tokenizer.split("🫠")], ["🫠"]);
  assert.equal(tokenizer.first("🫠", 1), "");
});

Deno.test("half a surrogate pair counts as U+FFFD does, and is kept", () => {
  for (const [tokenizer] of tokenizers) {
    assert.equal(tokenizer.count("a\ud800b"), tokenizer.count("a\ufffdb"));
    assert.equal([...tokenizer.split("a\ud800b")].join(""), "a\ud800b");
  }
});

Deno.test("what looks like a special token is text", () => {
  for (const [tokenizer] of tokenizers) {
    assert.ok(tokenizer.count("<|endoftext|>") > 1);
  }
});

Deno.test("two splits at once do not disturb each other", () => {
  const [, [tokenizer]] = tokenizers;
  const texts = ["one two three four", "uno dos tres cuatro"] as const;
  const [a, b] = texts.map((text) => tokenizer.split(text)[Symbol.iterator]());
  assert.ok(a && b);
  const said = ["", ""];
  for (;;) {
    const [x, y] = [a.next(), b.next()];
    said[0] += x.value ?? "";
    said[1] += y.value ?? "";
    if (x.done && y.done) break;
  }
  assert.deepEqual(said, texts);
});

Deno.test("a text is the same wherever windows end", () => {
  const words = 'Words, 中文 and 🎉; don\'t stop:   \n\n\t{"a": 12345}\r\n';
  const [, [tokenizer]] = tokenizers;
  for (let shift = 0; shift < 60; shift++) {
    const text = "x".repeat(shift) +
      words.repeat(2 + Math.ceil(TOKENIZER_WINDOW_CHARS / words.length));
    assert.equal(tokenizer.count(text), o200k(text).length, `shift ${shift}`);
  }
});

Deno.test("a run as long as a window is counted exactly; longer ones are cut there", () => {
  const [, [tokenizer]] = tokenizers;
  const whole = "a".repeat(TOKENIZER_WINDOW_CHARS);
  assert.equal(tokenizer.count(whole), o200k(whole).length);
  const cut = tokenizer.count(whole + whole);
  const exact = o200k(whole + whole).length;
  assert.ok(cut >= exact && cut <= exact + 2, `${cut} for ${exact}`);
});

Deno.test("no run of anything takes time that grows with its square", () => {
  const [, [tokenizer]] = tokenizers;
  const runs = ["a", "A", " ", "\n", "!", "1", "中", "\u0301", "\ud83d", "🎉"];
  for (const run of runs) {
    const text = run.repeat(TOKENS_EXACT_CHARS_MAX / run.length);
    assert.ok(tokenizer.count(text) > 0);
    assert.equal([...tokenizer.split(text)].join(""), text);
  }
});

// Long texts ─────────────────────────────────────────────────────────────────

const MAX = TOKENS_EXACT_CHARS_MAX;
const STORY = "Mr. Škvorecký's 中文 book 🎉 of 1972 isn't long.\n";

/** Text of so many units; without the halves of a character. */
function storyOf(chars: number): string {
  const text = STORY.repeat(Math.ceil(chars / STORY.length)).slice(0, chars);
  return text.isWellFormed() ? text : `${text.slice(0, -1)}.`;
}

for (const [tokenizer, encode] of tokenizers) {
  const { name } = tokenizer;

  Deno.test(`${name}: a text of TOKENS_EXACT_CHARS_MAX is exact; of a longer one only so much is looked at`, () => {
    const text = storyOf(MAX);
    const exact = encode(text, PLAIN).length;
    assert.equal(tokenizer.count(text), exact);
    assert.equal([...tokenizer.split(text)].join(""), text);
    const scale = exact / APPROX.count(text);
    assert.notEqual(scale, 1);
    const more = "Fifteen words of something else.".repeat(1_000);
    const rest = Math.round(APPROX.count(more) * scale);
    assert.equal(tokenizer.count(text + more), exact + rest);
  });

  Deno.test(`${name}: of a long text everything is said, in order and in whole characters`, () => {
    for (const shift of ["", "x"]) {
      const text = shift + "🎉".repeat(MAX / 2 + 5_000);
      const tokens = [...tokenizer.split(text)];
      assert.ok(tokens.every((token) => token.isWellFormed()));
      assert.equal(tokens.join(""), text);
      const all = tokenizer.count(text);
      for (const part of [0.1, 0.9, 0.99, 0.999]) {
        const first = tokenizer.first(text, Math.round(all * part));
        assert.ok(text.startsWith(first) && first.isWellFormed());
        assert.ok(Math.abs(first.length / text.length - part) < 0.01);
      }
      assert.equal(tokenizer.first(text, all), text);
      assert.notEqual(tokenizer.first(text, all - 3), text);
    }
  });
}

Deno.test("less of a text may be looked at, and none where that would say nothing of the rest", () => {
  const [[tokenizer]] = tokenizers;
  const text = storyOf(10_000);
  const exact = tokenizer.count(text);
  assert.equal(tokenizer.count(text, 10_000), exact);
  const near = tokenizer.count(text, 5_000);
  assert.ok(Math.abs(near / exact - 1) < 0.02, `${near} for ${exact}`);
  for (const chars of [0, TOKENS_SAMPLE_CHARS_MIN - 1]) {
    assert.equal(tokenizer.count(text, chars), APPROX.count(text));
  }
});

/** A vocabulary of one letter, its pair and its double pair. */
const SMALL = { tokens: ["a", "b", "aa", "aaaa", "ba"], pattern: /[^]+/gu };

Deno.test("the lowest rank is joined first, and of equal ones the first", () => {
  const small = new BytePairs("small", SMALL);
  assert.deepEqual([...small.split("aaaaa")], ["aaaa", "a"]);
  assert.deepEqual([...small.split("baa")], ["b", "aa"]);
  assert.deepEqual([...small.split("bab")], ["ba", "b"]);
});

Deno.test("what is remembered does not change what is counted", () => {
  const small = new BytePairs("small", SMALL);
  const pieces = Array.from(
    { length: TOKENIZER_PIECES_MAX + 2 },
    (_, index) => index.toString(2).replaceAll("0", "a").replaceAll("1", "b"),
  );
  const counts = () => pieces.map((piece) => small.count(piece));
  assert.deepEqual(counts(), counts());
  for (const more of [0, 1]) {
    const long = "ab".repeat((TOKENIZER_PIECE_CHARS_MAX + 2 * more) / 2);
    assert.equal(small.count(long), small.count(long));
    assert.equal(small.count(long), [...small.split(long)].length);
  }
});

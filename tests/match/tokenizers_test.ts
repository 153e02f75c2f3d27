/** Tokenizers by name: the estimate at once, vocabularies when they are first used. */

import assert from "node:assert/strict";
import { APPROX } from "../../lib/core/tokens.ts";
import {
  loadTokenizer,
  tokenizerOf,
  TOKENIZERS,
} from "../../lib/match/tokenizers.ts";

Deno.test("the estimate needs no loading", async () => {
  assert.equal(tokenizerOf("approx"), APPROX);
  assert.equal(await loadTokenizer("approx"), APPROX);
});

Deno.test("a vocabulary is waited for once, and then at hand", async () => {
  const first = tokenizerOf("cl100k_base");
  assert.ok(first instanceof Promise);
  assert.equal(first, tokenizerOf("cl100k_base"));
  const tokenizer = await first;
  assert.equal(tokenizerOf("cl100k_base"), tokenizer);
});

Deno.test("each tokenizer knows its name", async () => {
  for (const name of TOKENIZERS) {
    assert.equal((await loadTokenizer(name)).name, name);
  }
});

Deno.test("the vocabularies count as tiktoken does", async () => {
  const cl100k = await loadTokenizer("cl100k_base");
  const o200k = await loadTokenizer("o200k_base");
  // The examples of OpenAI's cookbook, "How to count tokens with tiktoken".
  for (
    const [text, old, now] of [
      ["antidisestablishmentarianism", 6, 6],
      ["2 + 2 = 4", 7, 7],
      ["お誕生日おめでとう", 9, 8],
      ["tiktoken is great!", 6, 6],
    ] as const
  ) {
    assert.equal(cl100k.count(text), old, text);
    assert.equal(o200k.count(text), now, text);
  }
});

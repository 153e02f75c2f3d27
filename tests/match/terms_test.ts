import assert from "node:assert/strict";
import fc from "fast-check";
import { STOP_STEPS_MAX } from "../../lib/core/limits.ts";
import {
  BadRequest,
  type Block,
  type Finish,
  type ToolCallBlock,
} from "../../lib/core/reply.ts";
import { APPROX } from "../../lib/core/tokens.ts";
import { countBlocks } from "../../lib/match/blocks.ts";
import { beginningUpTo, randomBlock } from "../../lib/match/pieces.ts";
import {
  type Counted,
  type Terms,
  withinTerms,
} from "../../lib/match/terms.ts";

const STOP: Finish = { type: "stop" };
const TEXT = "One two three. Four five six!";

function said(...blocks: (Block | string)[]): Counted {
  const all = blocks.map((block): Block =>
    typeof block === "string" ? { type: "text", text: block } : block
  );
  return {
    choice: { blocks: all, finish: STOP },
    ...countBlocks(all, APPROX),
  };
}

/** What is left of `all`, in short. */
function left(all: Counted, terms: Terms) {
  const { choice: { blocks, finish }, output, reasoning } = withinTerms(
    all,
    terms,
    APPROX,
  );
  return {
    texts: blocks.map(({ text }) => text),
    finish: finish.type === "stop-string" ? finish.matched : finish,
    output,
    reasoning,
  };
}

const thought: Block = { type: "reasoning", text: "Let me see now." };
const call: ToolCallBlock = {
  type: "tool-call",
  name: "get_weather",
  text: '{"city":"Paris","unit":"celsius"}',
};
const nameTokens = APPROX.count(call.name);
const callTokens = nameTokens + APPROX.count(call.text);
const thoughtTokens = APPROX.count(thought.text);

// Nothing to cut ──────────────────────────────────────────────────────────────

Deno.test("withinTerms() gives the very same where nothing is too much", () => {
  const all = said(thought, TEXT, call);
  for (
    const terms of [
      {},
      { maxTokens: all.output },
      { maxTokens: 1_000_000 },
      { stop: ["seven", "city", "Let me"] },
    ]
  ) assert.equal(withinTerms(all, terms, APPROX), all);
});

// Texts ───────────────────────────────────────────────────────────────────────

Deno.test("withinTerms() ends before the stop string that begins first, and says which", () => {
  const stop = ["Four", "three", "six"];
  assert.deepEqual(left(said(TEXT), { stop }), {
    texts: ["One two "],
    finish: "three",
    output: APPROX.count("One two "),
    reasoning: 0,
  });
});

Deno.test("withinTerms() takes the shorter of two stop strings that begin together", () => {
  for (const stop of [["two", "two three"], ["two three", "two"]]) {
    assert.equal(left(said(TEXT), { stop }).finish, "two");
  }
});

Deno.test("withinTerms() leaves out what comes after a stop string: later words, calls", () => {
  const all = said(thought, TEXT, call, "After.");
  assert.deepEqual(left(all, { stop: ["two"] }), {
    texts: [thought.text, "One "],
    finish: "two",
    output: thoughtTokens + APPROX.count("One "),
    reasoning: thoughtTokens,
  });
  assert.deepEqual(left(all, { stop: ["After"] }).texts.length, 3);
});

Deno.test("withinTerms() leaves no block where a stop string is its beginning", () => {
  assert.deepEqual(left(said(TEXT), { stop: ["One"] }), {
    texts: [],
    finish: "One",
    output: 0,
    reasoning: 0,
  });
});

Deno.test("withinTerms() looks for stop strings in refusals, and not in thoughts and arguments", () => {
  const stop = ["see", "Paris", "get_weather"];
  const all = said(thought, call);
  assert.equal(withinTerms(all, { stop }, APPROX), all);
  const refusal: Block = { type: "refusal", text: "I cannot see." };
  assert.deepEqual(left(said(thought, refusal, call), { stop }).texts, [
    thought.text,
    "I cannot ",
  ]);
});

Deno.test("withinTerms() looks for stop strings in one block after another: none spans two of them", () => {
  const all = said("one tw", "o three");
  assert.equal(withinTerms(all, { stop: ["two"] }, APPROX), all);
});

Deno.test("withinTerms() refuses to look for more than STOP_STEPS_MAX allows", () => {
  const all = said("x".repeat(100_000));
  const stop = [
    "y".repeat(STOP_STEPS_MAX / 200_000),
    "z".repeat(STOP_STEPS_MAX / 200_000),
  ];
  assert.equal(withinTerms(all, { stop }, APPROX), all);
  assert.throws(
    () => withinTerms(all, { stop: [...stop, "!"] }, APPROX),
    (error) =>
      error instanceof BadRequest &&
      error.failure.limit === "STOP_STEPS_MAX" &&
      /3 stop sequences.*100000 characters/.test(error.message),
  );
});

// Tokens ──────────────────────────────────────────────────────────────────────

Deno.test("withinTerms() takes exactly as many tokens as are allowed, and says that there were more", () => {
  const all = said(TEXT);
  for (let maxTokens = 1; maxTokens < all.output; maxTokens++) {
    const { texts: [text = ""], finish, output } = left(all, { maxTokens });
    assert.ok(TEXT.startsWith(text));
    assert.equal(APPROX.count(text), maxTokens);
    assert.deepEqual([finish, output], [{ type: "length" }, maxTokens]);
  }
});

Deno.test("withinTerms() counts thoughts: they may use up everything", () => {
  const all = said(thought, TEXT);
  const [first = ""] = left(all, { maxTokens: 2 }).texts;
  assert.equal(APPROX.count(first), 2);
  assert.deepEqual(left(all, { maxTokens: 2 }), {
    texts: [first],
    finish: { type: "length" },
    output: 2,
    reasoning: 2,
  });
  assert.deepEqual(left(all, { maxTokens: thoughtTokens }).texts, [
    thought.text,
  ]);
  assert.deepEqual(left(all, { maxTokens: thoughtTokens + 1 }), {
    texts: [thought.text, "One"],
    finish: { type: "length" },
    output: thoughtTokens + 1,
    reasoning: thoughtTokens,
  });
});

Deno.test("withinTerms() tells no part of redacted thoughts, and counts what was made of them", () => {
  const redacted: Block = { type: "redacted", text: "", data: "x".repeat(100) };
  assert.deepEqual(left(said(redacted, TEXT), { maxTokens: 4 }), {
    texts: [],
    finish: { type: "length" },
    output: 4,
    reasoning: 4,
  });
});

Deno.test("withinTerms() breaks arguments off in the middle, and calls no half a name", () => {
  const all = said(call, call);
  for (let maxTokens = 1; maxTokens < 2 * callTokens; maxTokens++) {
    const { choice: { blocks, finish }, output } = withinTerms(
      all,
      { maxTokens },
      APPROX,
    );
    assert.deepEqual([finish, output], [{ type: "length" }, maxTokens]);
    const whole = Math.floor(maxTokens / callTokens);
    const over = maxTokens % callTokens;
    assert.equal(blocks.length, whole + (over >= nameTokens ? 1 : 0));
    const last = blocks.at(-1);
    if (blocks.length === whole || last?.type !== "tool-call") continue;
    assert.equal(last.name, call.name);
    assert.ok(call.text.startsWith(last.text) && last.text !== call.text);
    assert.equal(APPROX.count(last.text), over - nameTokens);
  }
});

Deno.test("withinTerms() lets the stop string win that begins within the limit, and the limit otherwise", () => {
  const stop = ["Four"];
  const before = APPROX.count(TEXT.slice(0, TEXT.indexOf("Four")));
  const ends = (maxTokens: number) =>
    left(said(TEXT), { stop, maxTokens }).finish;
  assert.equal(ends(before + 1), "Four");
  assert.equal(ends(before), "Four");
  assert.deepEqual(ends(before - 1), { type: "length" });
});

Deno.test("withinTerms() leaves no block of tokens that are a part of one character", () => {
  const halves = { ...APPROX, count: () => 9, first: () => "" };
  const all = { ...said("𝟂"), output: 9 };
  const { choice, output } = withinTerms(all, { maxTokens: 1 }, halves);
  assert.deepEqual([choice.blocks, output], [[], 1]);
});

Deno.test("withinTerms() keeps what else a block holds", () => {
  const block: Block = { type: "text", text: TEXT, citations: [] };
  const calling: Block = { ...call, id: "call_1" };
  const kept = (block: Block, terms: Terms) =>
    withinTerms(said(block), terms, APPROX).choice.blocks[0];
  assert.deepEqual(kept(block, { stop: [" two"] }), { ...block, text: "One" });
  const last = kept(calling, { maxTokens: callTokens - 1 });
  assert.ok(last?.type === "tool-call" && last.id === "call_1");
});

// Random tokens ───────────────────────────────────────────────────────────────

const shapes = fc.record({
  count: fc.integer({ min: 1, max: 60 }),
  length: fc.integer({ min: 1, max: 8 }),
});

function drawn(shape: { count: number; length: number }): Counted {
  const block = randomBlock(3, shape);
  return {
    choice: { blocks: [block], finish: STOP },
    output: shape.count,
    reasoning: 0,
  };
}

Deno.test("withinTerms() takes the first of random tokens without making their text", () => {
  const pieces = Object.assign(["ab", "cd", "ef"], { count: 3 });
  const all: Counted = {
    ...drawn({ count: 3, length: 2 }),
    choice: {
      blocks: [{
        type: "text",
        get text(): string {
          return assert.fail("the whole text was made");
        },
        pieces,
      }],
      finish: STOP,
    },
  };
  const { choice, output } = withinTerms(all, {
    maxTokens: 2,
    stop: ["a b", "é"],
  }, APPROX);
  const [block] = choice.blocks;
  assert.ok(block?.type === "text" && block.pieces !== undefined);
  assert.deepEqual([...block.pieces], ["ab", "cd"]);
  assert.deepEqual([block.pieces.count, block.text, output], [2, "abcd", 2]);
});

Deno.test("withinTerms() on random tokens is what it is on their text, but that each piece is a token", () => {
  const stops = fc.array(fc.stringMatching(/^[A-Za-d]{1,2}$/), {
    minLength: 1,
    maxLength: 3,
  });
  const limits = fc.integer({ min: 1, max: 70 });
  fc.assert(fc.property(shapes, stops, limits, (shape, stop, maxTokens) => {
    const all = drawn(shape);
    const text = all.choice.blocks[0]?.text ?? "";
    const plain = left(said(text), { stop });
    const chars = Math.min(
      plain.texts.join("").length,
      maxTokens * shape.length,
    );
    const { choice, output } = withinTerms(all, { stop, maxTokens }, APPROX);
    const [block] = choice.blocks;
    assert.equal(block?.text ?? "", text.slice(0, chars));
    assert.equal(output, Math.ceil(chars / shape.length));
    if (block?.type !== "text") return;
    assert.equal([...block.pieces ?? []].join(""), block.text);
    assert.equal([...block.pieces ?? []].length, output);
  }));
});

Deno.test("beginningUpTo() is as many characters as are asked for, in the same pieces", () => {
  fc.assert(fc.property(shapes, fc.nat(), (shape, at) => {
    const { pieces, text } = randomBlock(5, shape);
    const end = at % (text.length + 1);
    const part = beginningUpTo(pieces, end);
    assert.equal(part?.text ?? "", text.slice(0, end));
    assert.equal(part?.pieces.count ?? 0, Math.ceil(end / shape.length));
  }));
});

Deno.test("half a character is not found in a whole one", () => {
  const [first, second] = ["🙂".charAt(0), "🙂".charAt(1)] as const;
  const all = said("a🙂b");
  for (const stop of [first, second, `a${first}`, `${second}b`]) {
    assert.equal(withinTerms(all, { stop: [stop] }, APPROX), all);
  }
  const odd = said(`🙂a${second}b${first}c`);
  assert.deepEqual(left(odd, { stop: [second] }).texts, ["🙂a"]);
  assert.deepEqual(left(odd, { stop: [first] }).texts, [`🙂a${second}b`]);
  assert.deepEqual(left(all, { stop: ["🙂"] }).texts, ["a"]);
  assert.deepEqual(left(said("🙂🙃"), { stop: ["🙃"] }).texts, ["🙂"]);
});

// Laws ────────────────────────────────────────────────────────────────────────

const words = fc.oneof(
  fc.lorem({ maxCount: 20 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(" ", "a", "B", "1", "中", "\n", "'") }),
);
const blocks = fc.oneof(
  words.map((text): Block => ({ type: "text", text })),
  words.map((text): Block => ({ type: "reasoning", text })),
  words.map((text): Block => ({ type: "refusal", text })),
  words.map((text): Block => ({ type: "tool-call", name: "look_up", text })),
);
const terms = fc.record({
  maxTokens: fc.integer({ min: 1, max: 40 }),
  stop: fc.array(fc.string({ minLength: 1, maxLength: 2 }), {
    minLength: 1,
    maxLength: 3,
  }),
}, { requiredKeys: [] });

Deno.test("withinTerms(): what is left is a beginning, no longer than allowed, and counted as it is", () => {
  fc.assert(
    fc.property(fc.array(blocks, { minLength: 1 }), terms, (all, terms) => {
      const whole = said(...all);
      const { choice: { blocks, finish }, output, reasoning } = withinTerms(
        whole,
        terms,
        APPROX,
      );
      const last = blocks.length - 1;
      for (const [index, block] of blocks.entries()) {
        const original = all[index];
        assert.equal(block.type, original?.type);
        if (index < last) assert.equal(block, original);
        else assert.ok(original?.text.startsWith(block.text));
      }
      const counted = countBlocks(blocks, APPROX);
      assert.ok(output <= (terms.maxTokens ?? Infinity));
      assert.ok(reasoning <= output);
      if (finish.type === "length") assert.equal(output, terms.maxTokens);
      else assert.deepEqual({ output, reasoning }, counted);
      const untouched = finish.type === "stop";
      assert.equal(
        untouched,
        output === whole.output && blocks.length === all.length &&
          blocks.every((block, i) => block === all[i]),
      );
      for (const block of blocks) {
        if (block.type !== "text" && block.type !== "refusal") continue;
        for (const text of terms.stop ?? []) {
          assert.ok(!block.text.includes(text));
        }
      }
    }),
    { numRuns: 500 },
  );
});

import { APPROX } from "../../lib/core/tokens.ts";
import assert from "node:assert/strict";
import { tell } from "../../lib/compose/tell.ts";
import type { Reply } from "../../lib/core/reply.ts";

const WORDS = { cut: "word", tokenizer: APPROX } as const;

function reply(...texts: string[]): Reply {
  const blocks = texts.map((text) => ({ type: "text" as const, text }));
  return {
    type: "reply",
    model: "m",
    choices: [{ blocks, finish: { type: "stop" } }],
    usage: { input: 1, inputCached: 0, output: 1, outputReasoning: 0 },
  };
}

function told(whole: Reply): string[] {
  return [...tell(whole, WORDS)].map((step) =>
    step.type === "event"
      ? step.event.type
      : step.type === "deltas"
      ? [...step.chunks].join("|")
      : step.type
  );
}

/** The same of several choices: which of them a step is about, too. */
function toldAside(...texts: (string | string[])[]): string[] {
  const choices = texts.map((text) => reply(...[text].flat()).choices[0]);
  const [first, ...others] = choices;
  assert.ok(first !== undefined);
  const whole = { ...reply(), choices: [first, ...others] as const };
  return [...tell(whole, WORDS)].map((step) => {
    if (step.type === "delta") return `${step.block.choice}: ${step.chunk}`;
    if (step.type !== "event") return step.type;
    return "choice" in step.event
      ? `${step.event.choice}: ${step.event.type}`
      : step.event.type;
  });
}

Deno.test("tell() nests the choice in the reply, blocks in the choice and deltas in blocks", () => {
  assert.deepEqual(told(reply("one two", "three")), [
    "reply-start",
    "choice-start",
    "block-start",
    "one| two",
    "block-end",
    "block-start",
    "three",
    "block-end",
    "choice-end",
    "reply-end",
  ]);
});

Deno.test("tell() opens and closes a block that has nothing to say", () => {
  assert.deepEqual(told(reply("")), [
    "reply-start",
    "choice-start",
    "block-start",
    "",
    "block-end",
    "choice-end",
    "reply-end",
  ]);
  assert.deepEqual(told(reply()), [
    "reply-start",
    "choice-start",
    "choice-end",
    "reply-end",
  ]);
});

Deno.test("tell() tells ready pieces as they are, however text is cut, and asks for no text", () => {
  const whole = reply();
  const block = {
    type: "text" as const,
    get text(): string {
      return assert.fail("the whole text was made");
    },
    pieces: Object.assign(["ab", "cd"], { count: 2 }),
  };
  const [choice] = whole.choices;
  const told = [
    ...tell({ ...whole, choices: [{ ...choice, blocks: [block] }] }, WORDS),
  ];
  const deltas = told.find(({ type }) => type === "deltas");
  assert.ok(deltas?.type === "deltas");
  assert.deepEqual([...deltas.chunks], ["ab", "cd"]);
});

Deno.test("tell() tells choices side by side: each opens with its first chunk, and ends by itself", () => {
  assert.deepEqual(toldAside("one two three", "four"), [
    "reply-start",
    "0: choice-start",
    "0: block-start",
    "0: one",
    "1: choice-start",
    "1: block-start",
    "1: four",
    "round",
    "0:  two",
    "1: block-end",
    "1: choice-end",
    "round",
    "0:  three",
    "round",
    "0: block-end",
    "0: choice-end",
    "round",
    "reply-end",
  ]);
});

Deno.test("tell() goes from block to block within a round, and passes over those with nothing to say", () => {
  assert.deepEqual(toldAside(["a", "", "b"], []), [
    "reply-start",
    "0: choice-start",
    "0: block-start",
    "0: a",
    "1: choice-start",
    "1: choice-end",
    "round",
    "0: block-end",
    "0: block-start",
    "0: block-end",
    "0: block-start",
    "0: b",
    "round",
    "0: block-end",
    "0: choice-end",
    "round",
    "reply-end",
  ]);
});

Deno.test("tell() tells each delta of several choices with the block it is of, the same each time", () => {
  const choice = reply("one two three").choices[0];
  const whole = { ...reply(), choices: [choice, choice] as const };
  const blocks = [...tell(whole, WORDS)].flatMap((step) =>
    step.type === "delta" ? [step.block] : []
  );
  assert.equal(blocks.length, 6);
  assert.equal(new Set(blocks).size, 2);
});

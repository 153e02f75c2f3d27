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
    step.type === "event" ? step.event.type : [...step.chunks].join("|")
  );
}

Deno.test("tell() nests blocks in the reply and deltas in blocks", () => {
  assert.deepEqual(told(reply("one two", "three")), [
    "reply-start",
    "block-start",
    "one| two",
    "block-end",
    "block-start",
    "three",
    "block-end",
    "reply-end",
  ]);
});

Deno.test("tell() opens and closes a block that has nothing to say", () => {
  assert.deepEqual(told(reply("")), [
    "reply-start",
    "block-start",
    "",
    "block-end",
    "reply-end",
  ]);
  assert.deepEqual(told(reply()), ["reply-start", "reply-end"]);
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

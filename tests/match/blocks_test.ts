import assert from "node:assert/strict";
import { APPROX } from "../../lib/core/tokens.ts";
import type { Wishes } from "../../lib/core/turn.ts";
import { blocksFor, countBlocks, finishOf } from "../../lib/match/blocks.ts";
import { planBlocks } from "../../lib/match/plans.ts";
import type { BlockSpec } from "../../lib/match/rule.ts";
import { testConfig } from "../support/app.ts";
import { asks } from "../support/rules.ts";

const THOUGHT: BlockSpec = { type: "reasoning", text: "Let me see." };
const HIDDEN: BlockSpec = { type: "redacted", text: "" };
const SAID: BlockSpec = { type: "text", text: "I look." };
const ONE: BlockSpec = { type: "tool-call", name: "one", text: "{}" };
const TWO: BlockSpec = { type: "tool-call", name: "two", text: '{"a":1}' };
const NO: BlockSpec = { type: "refusal", text: "No." };
const ALL = [THOUGHT, SAID, ONE, TWO];

function left(blocks: readonly BlockSpec[], wishes: Wishes) {
  return blocksFor(blocks, asks("x", wishes).turn);
}

Deno.test("blocksFor(): who wishes nothing gets everything", () => {
  assert.deepEqual(left(ALL, {}), ALL);
  assert.deepEqual(left(ALL, { toolChoice: "auto", reasoning: true }), ALL);
  assert.deepEqual(left([SAID], { toolChoice: "required" }), [SAID]);
  assert.deepEqual(left([ONE], { toolChoice: "two" }), [ONE]);
});

Deno.test("blocksFor(): where no tool may be called, calls are left out", () => {
  assert.deepEqual(left(ALL, { toolChoice: "none" }), [THOUGHT, SAID]);
  const nothing = [{ type: "text", text: "" }];
  assert.deepEqual(left([ONE, TWO], { toolChoice: "none" }), nothing);
});

Deno.test("blocksFor(): where one call is wanted at most, it is the first", () => {
  const wishes = { parallelToolCalls: false };
  assert.deepEqual(left(ALL, wishes), [THOUGHT, SAID, ONE]);
  assert.deepEqual(left(ALL, { parallelToolCalls: true }), ALL);
  assert.deepEqual(left([TWO, SAID, ONE], wishes), [TWO, SAID]);
});

Deno.test("blocksFor(): where nothing is to be thought, thoughts are left out", () => {
  assert.deepEqual(left(ALL, { reasoning: false }), [SAID, ONE, TWO]);
  assert.deepEqual(left([HIDDEN, SAID], { reasoning: false }), [SAID]);
  assert.deepEqual(left([HIDDEN, SAID], {}), [HIDDEN, SAID]);
});

Deno.test("finishOf(): calls come before refusals, and those before the end", () => {
  assert.deepEqual(finishOf([SAID, ONE]), { type: "tool-calls" });
  assert.deepEqual(finishOf([NO, ONE]), { type: "tool-calls" });
  assert.deepEqual(finishOf([SAID, NO]), { type: "refusal" });
  assert.deepEqual(finishOf([THOUGHT, SAID]), { type: "stop" });
});

Deno.test("countBlocks(): everything counts, names of tools too, and thoughts once more by themselves", () => {
  const each = ALL.map((block) => countBlocks([block], APPROX));
  const sum = each.reduce((total, { output }) => total + output, 0);
  assert.deepEqual(countBlocks(ALL, APPROX), {
    output: sum,
    reasoning: each[0]?.output,
  });
  assert.ok(each.every(({ output }) => output > 0));
  const longer = countBlocks([{ ...ONE, name: "one_more_name" }], APPROX);
  assert.ok(longer.output > (each[2]?.output ?? 0));
});

Deno.test("countBlocks(): redacted thoughts are a token for ten characters of what stands for them", () => {
  const tokens = (block: BlockSpec) => countBlocks([block], APPROX);
  assert.deepEqual(tokens(HIDDEN), { output: 32, reasoning: 32 });
  const given = { ...HIDDEN, data: "EqoBSecret!" };
  assert.deepEqual(tokens(given), { output: 2, reasoning: 2 });
});

/** The reply that `said` is planned to. */
function planned(said: Parameters<typeof planBlocks>[2]) {
  const config = testConfig({});
  const asked = {
    context: asks("x"),
    modelId: undefined,
    tokenizer: APPROX,
    tokensAsked: undefined,
    paceAsked: undefined,
    seed: 1,
  };
  const source = { type: "rule", name: "r", place: "r.yml:1" } as const;
  const { outcome } = planBlocks(asked, source, said, config);
  assert.ok(outcome.type === "reply");
  return outcome;
}

Deno.test("planBlocks(): what the rule says of the end and of tokens is told, and no more was thought than said", () => {
  const { choices, usage } = planned({
    blocks: ALL,
    finish: "length",
    usage: { output: 2 },
  });
  assert.deepEqual(choices[0].finish, { type: "length" });
  assert.equal(usage.output, 2);
  assert.equal(usage.outputReasoning, 2);
  const real = planned({ blocks: ALL });
  assert.deepEqual(real.choices[0].finish, { type: "tool-calls" });
  assert.equal(real.usage.output, countBlocks(ALL, APPROX).output);
});

import assert from "node:assert/strict";
import type { Clock } from "../../lib/core/clock.ts";
import { CHOICES_CHARS_MAX, RECOUNT_MS_MAX } from "../../lib/core/limits.ts";
import { atOnce } from "../../lib/core/leisure.ts";
import { mixSeed } from "../../lib/core/random.ts";
import { BadRequest, type Reply } from "../../lib/core/reply.ts";
import type { Plan } from "../../lib/core/plan.ts";
import { APPROX } from "../../lib/core/tokens.ts";
import type { Turn } from "../../lib/core/turn.ts";
import { ownInEach as work, sameInEach } from "../../lib/match/choices.ts";
import { randomBlock } from "../../lib/match/pieces.ts";
import {
  type Asked,
  planBlocks,
  planText,
  planTokens,
  planTokensAsked,
  planVaried,
} from "../../lib/match/plans.ts";
import type { UsageSpec } from "../../lib/match/rule.ts";
import type { Counted } from "../../lib/match/terms.ts";
import { testConfig } from "../support/app.ts";
import { asks } from "../support/rules.ts";

function counted(text: string, output = 2, reasoning = 1): Counted {
  const blocks = [{ type: "text", text } as const];
  return { choice: { blocks, finish: { type: "stop" } }, output, reasoning };
}

/** {@linkcode work}, done. */
function ownInEach(...of: Parameters<typeof work>) {
  return atOnce(work(...of));
}

const refused = (error: unknown) =>
  error instanceof BadRequest &&
  error.failure.limit === "CHOICES_CHARS_MAX" &&
  error.failure.field === "n";

Deno.test("sameInEach() gives the same object as often as is asked for, and counts each", () => {
  const one = counted("hi");
  assert.deepEqual(sameInEach({ stream: false, choices: 3 }, one), {
    choices: [one.choice, one.choice, one.choice],
    output: 6,
    reasoning: 3,
    longest: 2,
  });
  assert.deepEqual(sameInEach({ stream: false }, one).choices, [one.choice]);
});

Deno.test("sameInEach() refuses more than CHOICES_CHARS_MAX at once, streams aside, and one answer of any length", () => {
  const half = counted("x".repeat(CHOICES_CHARS_MAX / 2));
  const more = counted("x".repeat(CHOICES_CHARS_MAX / 2 + 1));
  const twice = { choices: 2, stream: false };
  assert.equal(sameInEach(twice, half).choices.length, 2);
  assert.throws(() => sameInEach(twice, more), refused);
  assert.equal(sameInEach({ ...twice, stream: true }, more).choices.length, 2);
  const long = counted("x".repeat(CHOICES_CHARS_MAX + 1));
  assert.equal(sameInEach({ stream: false }, long).choices.length, 1);
});

Deno.test("ownInEach() makes each of a seed of its own, the first of that of the answer", () => {
  const seeds: number[] = [];
  const made = ownInEach({ stream: false, choices: 3 }, 7, (seed, choice) => {
    seeds.push(seed);
    return counted(`choice ${choice}`, choice + 1, choice);
  });
  assert.deepEqual(seeds, [
    7,
    mixSeed(7, "choice", 1),
    mixSeed(7, "choice", 2),
  ]);
  assert.deepEqual([made.output, made.reasoning, made.longest], [6, 3, 3]);
  const texts = made.choices.map(({ blocks }) => blocks[0]?.text);
  assert.deepEqual(texts, ["choice 0", "choice 1", "choice 2"]);
});

Deno.test("ownInEach() stops making when CHOICES_CHARS_MAX are made, for streams too", () => {
  let made = 0;
  const make = () => {
    made++;
    return counted("x".repeat(CHOICES_CHARS_MAX / 4));
  };
  for (const stream of [true, false]) {
    made = 0;
    assert.throws(() => ownInEach({ stream, choices: 128 }, 1, make), refused);
    assert.equal(made, 5);
  }
  assert.equal(
    ownInEach({ stream: true, choices: 4 }, 1, make).choices.length,
    4,
  );
});

Deno.test("ownInEach() takes pieces for what they are: nothing until they are pulled", () => {
  const shape = { count: 10_000, length: 32 };
  const make = (seed: number): Counted => {
    const blocks = [randomBlock(seed, shape)];
    return {
      choice: { blocks, finish: { type: "stop" } },
      output: shape.count,
      reasoning: 0,
    };
  };
  const all = { choices: 128 };
  assert.equal(
    ownInEach({ ...all, stream: true }, 1, make).choices.length,
    128,
  );
  assert.throws(() => ownInEach({ ...all, stream: false }, 1, make), refused);
});

// Plans ───────────────────────────────────────────────────────────────────────

const config = testConfig({});
const source = { type: "rule", name: "r", place: "r.yml:1" } as const;

function asked(more: Partial<Turn>, headers: Partial<Asked> = {}): Asked {
  return {
    context: asks("x", more),
    modelId: undefined,
    tokenizer: APPROX,
    tokensAsked: undefined,
    paceAsked: undefined,
    seed: 1,
    ...headers,
  };
}

function reply(plan: Plan | Promise<Plan>): Reply {
  assert.ok(!(plan instanceof Promise), "there is no clock, so nobody waits");
  assert.ok(plan.outcome.type === "reply");
  return plan.outcome;
}

function textsOf({ choices }: Reply): string[] {
  return choices.map(({ blocks }) => blocks.map(({ text }) => text).join("|"));
}

Deno.test("a scripted answer is the same in each choice, cut on the same terms, the prompt counted once", () => {
  const once = reply(
    planText(asked({}), source, { text: "one two three" }, config),
  );
  const wanted = asked({ choices: 3, maxTokens: 2 });
  const all = reply(
    planText(wanted, source, { text: "one two three" }, config),
  );
  assert.deepEqual(textsOf(all), ["one two", "one two", "one two"]);
  assert.deepEqual(all.choices.map(({ finish }) => finish.type), [
    "length",
    "length",
    "length",
  ]);
  assert.deepEqual([all.usage.output, all.usage.input], [6, once.usage.input]);
});

Deno.test("blocks are the same in each choice, their thoughts counted in each", () => {
  const blocks = [
    { type: "reasoning", text: "Hm." },
    { type: "tool-call", name: "f", text: "{}" },
  ] as const;
  const once = reply(planBlocks(asked({}), source, { blocks }, config));
  const all = reply(
    planBlocks(asked({ choices: 2 }), source, { blocks }, config),
  );
  assert.deepEqual(all.choices, [once.choices[0], once.choices[0]]);
  assert.equal(all.usage.output, 2 * once.usage.output);
  assert.equal(all.usage.outputReasoning, 2 * once.usage.outputReasoning);
});

Deno.test("what varies is made for each choice, and each is cut by itself", () => {
  const wanted = asked({ choices: 3, stop: ["2"], maxTokens: 3 });
  const all = reply(
    planVaried(wanted, source, {}, config, (_seed, choice) => [
      { type: "text", text: choice === 1 ? "a b 2" : "a b c d" },
    ]),
  );
  assert.deepEqual(textsOf(all), ["a b c", "a b ", "a b c"]);
  assert.deepEqual(all.choices.map(({ finish }) => finish.type), [
    "length",
    "stop-string",
    "length",
  ]);
  assert.equal(all.usage.output, 6 + APPROX.count("a b "));
});

Deno.test("random tokens are others in each choice; those of the first do not depend on how many there are", () => {
  const shape = { count: 5, length: 4 };
  const one = textsOf(reply(planTokens(asked({}), source, shape, config)));
  const wanted = asked({ choices: 3 });
  const three = reply(planTokens(wanted, source, shape, config));
  assert.equal(textsOf(three)[0], one[0]);
  assert.equal(new Set(textsOf(three)).size, 3);
  assert.equal(three.usage.output, 15);
});

Deno.test("random tokens of a rule are cut by the request's terms, those of headers are as many as these say", () => {
  const terms = { maxTokens: 3, stop: ["a", "b", "c", "d"] };
  const byRule = planTokens(
    asked({ maxTokens: 3 }),
    source,
    { count: 5, length: 4 },
    config,
  );
  assert.equal(reply(byRule).choices[0].finish.type, "length");
  assert.equal(textsOf(reply(byRule))[0]?.length, 12);
  const tokensAsked = { count: 50, length: 6 };
  const byHeaders = planTokensAsked(asked(terms, { tokensAsked }), source);
  assert.equal(textsOf(reply(byHeaders))[0]?.length, 300);
  assert.equal(reply(byHeaders).choices[0].finish.type, "stop");
});

Deno.test("x-actual-token-count is what each choice has: of the longest, where they differ", () => {
  const rated = { tokensAsked: { rate: 5 } };
  const wanted = { choices: 2, maxTokens: 2 };
  const counts = [
    planText(asked(wanted, rated), source, { text: "a b c" }, config),
    planVaried(asked(wanted, rated), source, {}, config, (_seed, choice) => [
      { type: "text", text: "a b c".slice(0, 1 + 2 * choice) },
    ]),
    planTokens(asked(wanted, rated), source, { count: 9, length: 1 }, config),
  ].map((plan) => "headers" in plan && plan.headers["x-actual-token-count"]);
  assert.deepEqual(counts, ["2", "2", "2"]);
});

Deno.test("what a rule's author says of usage is told as written; of the finish, unless the answer is cut", () => {
  const said = {
    text: "a b c",
    finish: "content-filter",
    usage: { output: 70 },
  } as const;
  const whole = reply(
    planText(asked({ choices: 2, maxTokens: 3 }), source, said, config),
  );
  assert.equal(whole.choices[1]?.finish.type, "content-filter");
  const cut = reply(planText(asked({ maxTokens: 2 }), source, said, config));
  assert.equal(cut.choices[0].finish.type, "length");
  assert.deepEqual([whole.usage.output, cut.usage.output], [70, 70]);
});

Deno.test("a text that is always said is worded once where no terms cut it, and not where they do", () => {
  const author = {};
  const plan = (more: Partial<Turn>) =>
    reply(planText(asked(more), source, { text: "a b c" }, config, author));
  const whole = plan({});
  assert.equal(whole.lasting, true);
  assert.equal(plan({ maxTokens: 3, stop: ["x"] }).choices, whole.choices);
  for (const terms of [{ maxTokens: 2 }, { stop: ["b"] }, { choices: 2 }]) {
    assert.equal(plan(terms).lasting, false);
  }
  assert.equal(plan({}).choices, whole.choices);
});

Deno.test("what is made anew for each choice leaves others their turn", async () => {
  let nowMs = 0;
  let made = 0;
  const rests: number[] = [];
  const clock: Clock = {
    now: () => nowMs,
    epochMs: () => 0,
    timer: (ring) => ({
      set() {
        rests.push(made);
        queueMicrotask(() => ring(0));
      },
      clear() {},
    }),
  };
  const wanted = asked({ choices: 3 }, { clock });
  const plan = planVaried(wanted, source, {}, config, () => {
    made++;
    nowMs += RECOUNT_MS_MAX;
    return [{ type: "text", text: "word" }];
  });
  assert.deepEqual(textsOf(reply(await plan)), ["word", "word", "word"]);
  assert.deepEqual(rests, [1, 2]);
});

Deno.test("what a rule's author says of parts of usage is told as written, and totals that are left out hold them", () => {
  const usageOf = (usage?: UsageSpec) => {
    const said = { text: "hi", ...(usage && { usage }) };
    return reply(planText(asked({}), source, said, config)).usage;
  };
  const real = usageOf();
  assert.deepEqual(usageOf({ input: 9, cached: 9, output: 7, reasoning: 7 }), {
    input: 9,
    inputCached: 9,
    output: 7,
    outputReasoning: 7,
  });
  assert.deepEqual(usageOf({ cached: 500, reasoning: 300 }), {
    input: 500,
    inputCached: 500,
    output: 300,
    outputReasoning: 300,
  });
  assert.deepEqual(usageOf({ cached: 1 }), { ...real, inputCached: 1 });
});

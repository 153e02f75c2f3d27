import assert from "node:assert/strict";
import type { Plan } from "../../lib/core/plan.ts";
import {
  MISSES_SHOWN_MAX,
  TOKENS_CHARS_MAX,
  TOKENS_TEXTS_MAX,
} from "../../lib/core/limits.ts";
import { APPROX, countTokens } from "../../lib/core/tokens.ts";
import type { Turn } from "../../lib/core/turn.ts";
import {
  choose,
  explainUnmatched,
  type Question,
} from "../../lib/match/choose.ts";
import { Context } from "../../lib/match/context.ts";
import { promptTokens } from "../../lib/match/prompt_tokens.ts";
import type { TokensAsked } from "../../lib/match/request_headers.ts";
import { type RuleSpec, STATE_START } from "../../lib/match/rule.ts";
import { Session } from "../../lib/match/sessions.ts";
import { testConfig, type TestOptions } from "../support/app.ts";

const options: TestOptions = {
  responses: { "Hi there": "exact", "hi  THERE ": "spaced", "a*b": "literal" },
  unknown: "unknown",
};

function turn(...texts: string[]): Turn {
  const messages = texts.map((text) => ({
    role: "user" as const,
    parts: [{ type: "text" as const, text }],
  }));
  return { model: "m", stream: false, messages, tools: [] };
}

function plan(
  asked: Turn,
  tokensAsked?: TokensAsked,
  more: TestOptions = {},
): Plan {
  const question = questionOf(asked, { tokensAsked });
  const made = choose(question, testConfig({ ...options, ...more }));
  assert.ok(!(made instanceof Promise));
  return made;
}

function questionOf(turn: Turn, more: Partial<Question> = {}): Question {
  const circumstances = {
    headers: new Headers(),
    body: {},
    dialect: "openai_chat",
    session: "",
  };
  return {
    context: new Context(turn, circumstances),
    session: new Session(""),
    overlays: [],
    forced: undefined,
    modelId: undefined,
    tokenizer: APPROX,
    tokensAsked: undefined,
    paceAsked: undefined,
    seed: 3,
    epochMs: 0,
    ...more,
  };
}

function said(made: Plan): string {
  assert.ok(made.outcome.type === "reply");
  return made.outcome.choices[0].blocks[0]?.text ?? "";
}

Deno.test("choose() prefers the prompt exactly as written, else the first that reads alike", () => {
  assert.equal(said(plan(turn("Hi there"))), "exact");
  assert.equal(said(plan(turn("hi  THERE "))), "spaced");
  assert.equal(said(plan(turn("  hi\n\tTHERE"))), "exact");
});

Deno.test("choose() takes prompts literally", () => {
  assert.equal(said(plan(turn("a*b"))), "literal");
  assert.equal(said(plan(turn("aXb"))), "unknown");
});

Deno.test("choose() looks at the last user message only", () => {
  assert.equal(said(plan(turn("Hi there", "something else"))), "unknown");
  assert.equal(said(plan(turn("something else", "Hi there"))), "exact");
});

Deno.test("choose() answers a conversation that ends in a tool result by the default", () => {
  const asked = turn("Hi there");
  const result = {
    role: "tool" as const,
    parts: [{ type: "tool-result" as const, id: "1", text: "x" }],
  };
  assert.equal(
    said(plan({ ...asked, messages: [...asked.messages, result] })),
    "unknown",
  );
});

Deno.test("choose() says where the answer was written", () => {
  assert.deepEqual(plan(turn("Hi there")).source, {
    type: "response",
    name: "Hi there",
    place: "test.yml:2",
  });
  assert.deepEqual(plan(turn("eh")).source, {
    type: "default",
    name: "",
    place: "test.yml:1",
  });
});

Deno.test("choose() gives random tokens when count or length is asked, whatever the rules say", () => {
  for (
    const [asked, count, length] of [[{ count: 7 }, 7, 4], [
      { length: 9 },
      100,
      9,
    ]] as const
  ) {
    const made = plan(turn("Hi there"), asked);
    assert.equal(said(made).length, count * length);
    assert.deepEqual(made.cut, { characters: length });
    assert.ok(
      made.outcome.type === "reply" && made.outcome.usage.output === count,
    );
    assert.equal(made.headers["x-actual-token-count"], String(count));
    assert.equal(made.headers["x-actual-tokens-per-second"], "10.0");
    assert.deepEqual(made.pace.unitMs, { type: "fixed", ms: 100 });
  }
});

Deno.test("choose() keeps the scripted text when only a rate is asked, cut into tokens", () => {
  const made = plan(turn("Hi there"), { rate: 0.5 });
  assert.equal(said(made), "exact");
  assert.equal(made.cut, "token");
  assert.deepEqual(made.pace.unitMs, { type: "fixed", ms: 2_000 });
  assert.deepEqual(made.headers, {
    "x-actual-token-count": "1",
    "x-actual-tokens-per-second": "0.5",
    "x-mock-seed": "3",
  });
});

Deno.test("choose() refuses models that no catalog lists, only where settings say so", () => {
  const known = { models: [{ id: "m" }], settings: { knownModelsOnly: true } };
  assert.equal(said(plan(turn("Hi there"), undefined, known)), "exact");
  const { outcome } = plan(
    { ...turn("Hi there"), model: "other" },
    undefined,
    known,
  );
  assert.ok(
    outcome.type === "failure" && outcome.kind === "unknown-model" &&
      outcome.subject === "other",
  );
});

Deno.test("promptTokens() counts text, tool results and offered tools", () => {
  const short = promptTokens(turn("hello"), APPROX);
  assert.ok(promptTokens(turn("hello", "and some more words"), APPROX) > short);
  const tools = [{
    name: "get_weather",
    description: "tells the weather",
    schema: { type: "object" },
  }];
  assert.ok(promptTokens({ ...turn("hello"), tools }, APPROX) > short + 5);
});

Deno.test("explainUnmatched() names as many rules as the limit says, and no more", () => {
  const rules = Array.from(
    { length: MISSES_SHOWN_MAX + 2 },
    (_, i): RuleSpec => ({
      name: `rule ${i}`,
      place: `r.yml:${i}`,
      when: [{ field: "prompt", pattern: { type: "equal", text: `${i}` } }],
      replies: [{ place: "r.yml", content: { type: "text", text: "x" } }],
      onEnd: "repeat",
    }),
  );
  const question = { ...questionOf(turn("hello")), state: STATE_START };
  const told = (count: number) =>
    explainUnmatched(question, { rules: rules.slice(0, count) }).length;
  assert.equal(told(MISSES_SHOWN_MAX - 1), MISSES_SHOWN_MAX - 1);
  assert.equal(told(MISSES_SHOWN_MAX), MISSES_SHOWN_MAX);
  assert.equal(told(rules.length), MISSES_SHOWN_MAX);
});

Deno.test("promptTokens() is the same for texts that are remembered, forgotten and too long for that", () => {
  const none = promptTokens(turn(""), APPROX);
  const texts = Array.from(
    { length: TOKENS_TEXTS_MAX + 1 },
    (_, i) => `You are the assistant number ${i}. ${"Be kind. ".repeat(i)}`,
  );
  const long = "long ".repeat(TOKENS_CHARS_MAX);
  texts.push(
    long.slice(0, TOKENS_CHARS_MAX),
    long.slice(0, TOKENS_CHARS_MAX + 1),
  );
  for (const text of [...texts, ...texts]) {
    assert.equal(promptTokens(turn(text), APPROX) - none, countTokens(text));
  }
});

import { APPROX } from "../../lib/core/tokens.ts";
import assert from "node:assert/strict";
import { compose } from "../../lib/compose/compose.ts";
import { WRITE_CHARS_MAX } from "../../lib/core/limits.ts";
import { type Pace, type Plan, UNPACED } from "../../lib/core/plan.ts";
import type { Block, Reply } from "../../lib/core/reply.ts";
import type { Cue } from "../../lib/core/score.ts";
import type { ChatEndpoint } from "../../lib/dialects/dialect.ts";
import { openaiChat } from "../../lib/dialects/openai_chat.ts";
import { dialects } from "../../lib/dialects/registry.ts";
import { readers } from "../support/fold.ts";

const setting = { dialect: openaiChat, epochMs: 0, fullHeaders: false };
const steady: Pace = { ...UNPACED, unitMs: { type: "fixed", ms: 10 } };

function plan(text: string, more: Partial<Plan> = {}): Plan {
  return {
    source: { type: "response", name: "hi", place: "test.yml:1" },
    outcome: {
      type: "reply",
      model: "m",
      choices: [{ blocks: [{ type: "text", text }], finish: { type: "stop" } }],
      usage: { input: 1, inputCached: 0, output: 1, outputReasoning: 0 },
    },
    pace: UNPACED,
    cut: "character",
    tokenizer: APPROX,
    seed: 1,
    headers: { "x-test": "1" },
    ...more,
  };
}

function cues(made: Plan, stream = true): Cue[] {
  const chat = openaiChat.endpoints[0] as ChatEndpoint;
  const body = {
    model: "m",
    messages: [{ role: "user", content: "x" }],
    stream,
  };
  const { encoder } = chat.decode({
    headers: new Headers(),
    body,
    tokensAsked: false,
  });
  return [...compose(made, encoder, stream, setting).cues];
}

Deno.test("compose() makes an unpaced reply one cue, streamed or not", () => {
  for (const stream of [true, false]) {
    const [only, ...rest] = cues(plan("hello world"), stream);
    assert.deepEqual([only?.atMs, rest.length], [0, 0]);
  }
});

Deno.test("compose() breaks a long unpaced stream into writes of bounded size", () => {
  const all = cues(plan("x".repeat(10_000)));
  assert.ok(all.length > 10);
  for (const { atMs, text } of all) {
    assert.equal(atMs, 0);
    assert.ok(text.length < WRITE_CHARS_MAX + 2_000);
  }
  assert.equal(all.reduce((sum, { deltas }) => sum + deltas, 0), 10_000);
});

Deno.test("compose() opens with the first delta and ends when the last unit is over", () => {
  const all = cues(plan("abc", { pace: steady }));
  assert.deepEqual(all.map(({ atMs, deltas }) => [atMs, deltas]), [
    [0, 1],
    [10, 1],
    [20, 1],
    [30, 0],
  ]);
  assert.match(all[0]?.text ?? "", /"role":"assistant".*\n\n.*"content":"a"/s);
  assert.match(
    all[3]?.text ?? "",
    /"finish_reason":"stop".*\n\ndata: \[DONE\]\n\n$/s,
  );
});

Deno.test("compose() sends a regular reply after the same total time", () => {
  assert.deepEqual(
    cues(plan("abc", { pace: steady }), false).map(({ atMs }) => atMs),
    [30],
  );
});

Deno.test("compose() says a refusal in one cue, with the headers of the plan", () => {
  const chat = openaiChat.endpoints[0] as ChatEndpoint;
  const body = { model: "m", messages: [{ role: "user", content: "x" }] };
  const { encoder } = chat.decode({
    headers: new Headers(),
    body,
    tokensAsked: false,
  });
  const outcome = {
    type: "failure",
    kind: "unknown-model",
    message: "",
    subject: "m",
  } as const;
  const score = compose(plan("", { outcome }), encoder, true, setting);
  assert.equal(score.status, 404);
  assert.equal(score.headers["x-test"], "1");
  assert.equal([...score.cues].length, 1);
});

for (const dialect of dialects) {
  Deno.test(`compose() streams ready pieces in ${dialect.name} without their whole text`, () => {
    const { endpoints, name } = dialect;
    const chat = endpoints.find((each) => each.type === "chat");
    const reader = readers[name];
    assert.ok(chat !== undefined && reader !== undefined);
    const { encoder } = chat.decode({
      headers: new Headers(reader.headers),
      body: reader.body("x", true),
      tokensAsked: false,
    });
    const made = plan("", { pace: steady });
    assert.ok(made.outcome.type === "reply");
    const [choice] = made.outcome.choices;
    const outcome: Reply = {
      ...made.outcome,
      choices: [{ ...choice, blocks: [READY] }],
    };
    const score = compose({ ...made, outcome }, encoder, true, {
      ...setting,
      dialect,
    });
    const text = [...score.cues].map((cue) => cue.text).join("");
    assert.deepEqual(reader.stream(text).deltas, ["ab", "cd"]);
  });
}

/** A block that fails when its whole text is made. */
const READY: Block = {
  type: "text",
  get text(): string {
    return assert.fail("the whole text was made");
  },
  pieces: Object.assign(["ab", "cd"], { count: 2 }),
};

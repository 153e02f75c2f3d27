import { APPROX } from "../../lib/core/tokens.ts";
import assert from "node:assert/strict";
import { compose } from "../../lib/compose/compose.ts";
import { WRITE_CHARS_MAX } from "../../lib/core/limits.ts";
import {
  type Cut,
  type Pace,
  type Plan,
  UNPACED,
} from "../../lib/core/plan.ts";
import type { Block, Choice, Reply } from "../../lib/core/reply.ts";
import type { Cue } from "../../lib/core/score.ts";
import type { ChatEndpoint, Encoder } from "../../lib/dialects/dialect.ts";
import { UNSPENT } from "../../lib/dialects/dialect.ts";
import { openaiChat } from "../../lib/dialects/openai_chat.ts";
import { dialects } from "../../lib/dialects/registry.ts";
import { readers } from "../support/fold.ts";

const setting = {
  dialect: openaiChat,
  epochMs: 0,
  fullHeaders: false,
  ...UNSPENT,
};
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
  return [...compose(made, encoderOf(stream), stream, setting).cues];
}

function encoderOf(stream: boolean): Encoder {
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
  return encoder;
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

Deno.test("compose() times choices as if they were made at the same time: a round takes what its longest chunk does", () => {
  const made = several(["a bb", "cccc d e"], "word", { pace: byCharacter });
  assert.deepEqual(
    cues(made).map(({ atMs, deltas }) => [atMs, deltas]),
    [[0, 2], [40, 2], [70, 1], [90, 0]],
  );
  assert.deepEqual(cues(made, false).map(({ atMs }) => atMs), [80]);
});

Deno.test("compose() ends each of several choices when it has said everything", () => {
  const all = cues(several(["a", "b c"], "word", { pace: steady }));
  const ends = all.map(({ text }) =>
    [...text.matchAll(/"index":(\d),"delta":\{\}/g)].map(([, index]) => index)
  );
  assert.deepEqual(ends, [[], ["0"], ["1"]]);
  assert.deepEqual(all.map(({ atMs }) => atMs), [0, 10, 20]);
});

Deno.test("compose() asks a voice for the deltas of a block once, though others come between", () => {
  const asked: string[] = [];
  const chat = openaiChat.endpoints[0] as ChatEndpoint;
  const body = { model: "m", messages: [{ role: "user", content: "x" }] };
  const { encoder } = chat.decode({
    headers: new Headers(),
    body,
    tokensAsked: false,
  });
  const counting: Encoder = {
    ...encoder,
    voice: (reply, stamp) => ({
      say: (event) => event.type,
      fail: () => "",
      deltas: ({ choice, index }) => {
        asked.push(`${choice}.${index}`);
        return encoder.voice(reply, stamp).deltas({
          type: "block-start",
          choice,
          index,
          block: { type: "text", text: "" },
        });
      },
    }),
  };
  const made = several(["one two three", "four five"], "word");
  assert.equal([...compose(made, counting, true, setting).cues].length, 1);
  assert.deepEqual(asked, ["0.0", "1.0"]);
});

Deno.test("compose() makes of many long choices no more at once than of one", () => {
  const text = "x".repeat(1_000_000);
  const score = compose(
    several(Array(128).fill(text), { characters: 100 }),
    encoderOf(true),
    true,
    setting,
  );
  let writes = 0;
  for (const { text } of score.cues) {
    assert.ok(text.length < WRITE_CHARS_MAX + 2_000);
    if (++writes === 50) break;
  }
  assert.equal(writes, 50);
});

const byCharacter: Pace = { ...steady, unit: "character" };

/** The plan of a reply with a choice of each text. */
function several(
  texts: readonly string[],
  cut: Cut,
  more: Partial<Plan> = {},
): Plan {
  const made = plan("", { cut, ...more });
  assert.ok(made.outcome.type === "reply");
  const [first, ...others] = texts.map((text): Choice => ({
    blocks: [{ type: "text", text }],
    finish: { type: "stop" },
  }));
  assert.ok(first !== undefined);
  return { ...made, outcome: { ...made.outcome, choices: [first, ...others] } };
}

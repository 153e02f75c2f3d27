import assert from "node:assert/strict";
import fc from "fast-check";
import { LOGPROBS_TOLD_MAX } from "../../lib/core/limits.ts";
import { BadRequest, type Reply } from "../../lib/core/reply.ts";
import { wholeLogprobs } from "../../lib/dialects/_openai_logprobs.ts";
import type { Stamp } from "../../lib/dialects/dialect.ts";
import type { BlockSpec, Content, Settings } from "../../lib/match/rule.ts";
import { json, testApp } from "../support/app.ts";
import { sseEvents } from "../support/fold.ts";
import { reply, rule } from "../support/rules.ts";
import { tool } from "./_openai.ts";

/** One likelihood as it is told. */
interface Likely {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: readonly number[];
  readonly top_logprobs: readonly Likely[];
}

interface Logprobs {
  readonly content: readonly Likely[] | null;
  readonly refusal: readonly Likely[] | null;
}

/** What a client is told of one choice. */
interface Told {
  readonly text: string;
  readonly logprobs: Logprobs | null;
}

/** The same of a whole answer, which counts its tokens too. */
interface Whole extends Told {
  readonly output: number;
}

/** How the app is asked. */
interface Ask {
  readonly blocks?: readonly BlockSpec[];
  /** What is said, where it is not blocks. */
  readonly content?: Content;
  readonly more?: Record<string, unknown>;
  readonly seed?: number;
  readonly tokenizer?: Settings["tokenizer"];
}

async function send(
  { blocks = [], content, more, seed = 1, tokenizer = "approx" }: Ask,
  stream: boolean,
): Promise<string> {
  const said = content ?? { type: "blocks", blocks } as const;
  const rules = [rule("says", {}, { replies: [reply(said)] })];
  const app = testApp({ rules, settings: { cut: "whole", tokenizer } });
  const body = {
    model: "gpt-4o",
    messages: [{ role: "user", content: "hi" }],
    logprobs: true,
    stream,
    ...more,
  };
  const response = await app.fetch(
    "/v1/chat/completions",
    json(body, { "x-mock-seed": String(seed) }),
  );
  assert.equal(response.status, 200);
  return await response.text();
}

async function counted(ask: Ask): Promise<Whole> {
  const { choices: [choice], usage } = JSON.parse(await send(ask, false));
  const { content, refusal } = choice.message;
  const text = content ?? refusal;
  return { text, logprobs: choice.logprobs, output: usage.completion_tokens };
}

async function whole(ask: Ask): Promise<Told> {
  const { text, logprobs } = await counted(ask);
  return { text, logprobs };
}

/** The same, put together from chunks, each of which tells its own tokens. */
async function streamed(ask: Ask): Promise<Told> {
  const events = sseEvents(await send(ask, true));
  const chunks = events.slice(0, -1).map(({ data }) => JSON.parse(data));
  let text = "";
  let content: Likely[] | null = null;
  let refusal: Likely[] | null = null;
  for (const { choices: [{ delta, logprobs }] } of chunks) {
    const said = delta.content ?? delta.refusal ?? "";
    text += said;
    if (logprobs === null) continue;
    const tokens: Likely[] = logprobs.content ?? logprobs.refusal;
    assert.equal(tokens.map(({ token }) => token).join(""), said);
    if (logprobs.content !== null) content = [...content ?? [], ...tokens];
    if (logprobs.refusal !== null) refusal = [...refusal ?? [], ...tokens];
  }
  const none = content === null && refusal === null;
  return { text, logprobs: none ? null : { content, refusal } };
}

function says(text: string): readonly BlockSpec[] {
  return [{ type: "text", text }];
}

const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "The sky is purple except on Tuesday, when it is (mostly) hue green.",
    "天空是紫色的 👩‍👩‍👧 naïve",
    '{\n  "a": [1, 22, 333]\n}\n\n',
  ),
);
const tops = fc.integer({ min: 0, max: 20 });

Deno.test("openai_chat: likelihoods are the same whole and streamed, and their tokens are the text, whatever it is cut by", async () => {
  await fc.assert(
    fc.asyncProperty(texts, tops, fc.nat(), async (text, top, seed) => {
      const more = { top_logprobs: top };
      const ask = { blocks: says(text), more, seed };
      const told = await whole(ask);
      assert.deepEqual(told, await streamed(ask));
      const tokens = told.logprobs?.content?.map(({ token }) => token);
      assert.equal(tokens?.join(""), told.text);
      assert.equal(told.logprobs?.refusal, null);
    }),
    { numRuns: 60 },
  );
});

Deno.test("openai_chat: likelihoods are ones: none above 1, nor all of a place together, and the bytes are the token's", async () => {
  await fc.assert(
    fc.asyncProperty(texts, tops, fc.nat(), async (text, top, seed) => {
      const more = { top_logprobs: top };
      const { logprobs } = await whole({ blocks: says(text), more, seed });
      for (const entry of logprobs?.content ?? []) judge(entry, top);
    }),
    { numRuns: 60 },
  );
});

function judge(entry: Likely, top: number): void {
  const { token, logprob, top_logprobs: list } = entry;
  for (const { token, logprob, bytes } of [entry, ...list]) {
    assert.deepEqual(bytes, [...new TextEncoder().encode(token)]);
    assert.ok(logprob <= 0 && logprob > -100, String(logprob));
  }
  assert.equal(list.length, top);
  assert.equal(new Set(list.map((other) => other.token)).size, top);
  const known = list.map((other) => other.logprob);
  assert.deepEqual(
    known,
    known.toSorted((a, b) => b - a),
    "the likeliest first",
  );
  const own = list.find((other) => other.token === token);
  if (own !== undefined) assert.equal(own.logprob, logprob);
  else {assert.ok(
      logprob <= (known.at(-1) ?? 0),
      "less likely than all of them",
    );}
  const others = list.filter((other) => other !== own);
  const sum = others.reduce((sum, it) => sum + Math.exp(it.logprob), 0);
  assert.ok(sum + Math.exp(logprob) <= 1, `${sum} beside ${logprob}`);
}

Deno.test("openai_chat: how likely a token was does not depend on how many alternatives are asked for, and does on the seed", async () => {
  const blocks = says("The sky is purple except on Tuesday.");
  const ofTop = async (top: number, seed: number) => {
    const more = { top_logprobs: top };
    const { logprobs } = await whole({ blocks, more, seed });
    return logprobs?.content?.map(({ logprob }) => logprob);
  };
  assert.deepEqual(await ofTop(0, 1), await ofTop(20, 1));
  assert.notDeepEqual(await ofTop(0, 1), await ofTop(0, 2));
});

Deno.test("openai_chat: most tokens are almost certain, and some are not what was likeliest", async () => {
  const text = "Once upon a time there was a quiet server. ".repeat(50);
  const more = { top_logprobs: 3 };
  const { logprobs } = await whole({ blocks: says(text), more });
  const all = logprobs?.content ?? [];
  const certain = all.filter(({ logprob }) => logprob > Math.log(0.9));
  assert.ok(certain.length > all.length / 2, "certain");
  const second = all.filter(({ token, top_logprobs: [first] }) =>
    first?.token !== token
  );
  assert.ok(second.length > 0 && second.length < all.length / 3, "surprising");
});

Deno.test("openai_chat: of a refusal its own tokens are told; of calls and thoughts none", async () => {
  const refusal: BlockSpec = { type: "refusal", text: "I cannot help." };
  const refused = await whole({ blocks: [refusal] });
  assert.equal(refused.logprobs?.content, null);
  assert.equal(refused.logprobs?.refusal?.length, 4);
  assert.deepEqual(await streamed({ blocks: [refusal] }), refused);
  const call: BlockSpec = {
    type: "tool-call",
    id: "call_1",
    name: "f",
    text: '{"a":1}',
  };
  const more = { tools: [tool("f")] };
  const called = await whole({ blocks: [call], more });
  assert.equal(called.logprobs, null);
  assert.equal((await streamed({ blocks: [call], more })).logprobs, null);
  const thought: BlockSpec = { type: "reasoning", text: "Hm." };
  const both = { blocks: [thought, ...says("Yes, I do."), call], more };
  const said = await whole(both);
  assert.equal(said.logprobs?.content?.length, 5);
  assert.deepEqual(await streamed(both), said);
});

Deno.test("openai_chat: a random token is one, whole and streamed", async () => {
  const content = { type: "tokens", count: 7, length: 9 } as const;
  const told = await whole({ content });
  const lengths = told.logprobs?.content?.map(({ token }) => token.length);
  assert.deepEqual(lengths, Array(7).fill(9));
  assert.deepEqual(await streamed({ content }), told);
});

Deno.test("openai_chat: as many likelihoods are told as tokens are counted, where the answer is cut short too", async () => {
  for (const tokenizer of ["approx", "o200k_base"] as const) {
    for (
      const more of [{}, { max_tokens: 7 }, { stop: "hue" }, { stop: "esday" }]
    ) {
      const blocks = says(
        "The sky is purple except on Tuesday: 天空 hue green.",
      );
      const ask = { blocks, more, tokenizer };
      const { output, text, logprobs } = await counted(ask);
      assert.equal(logprobs?.content?.length, output, tokenizer + text);
      assert.deepEqual(await streamed(ask), { text, logprobs });
    }
  }
});

Deno.test("openai_chat: nothing said has no tokens, and nothing asked no likelihoods", async () => {
  const { logprobs } = await whole({ blocks: says("") });
  assert.deepEqual(logprobs, { content: [], refusal: null });
  const more = { logprobs: false };
  assert.equal((await whole({ blocks: says("Hi"), more })).logprobs, null);
  assert.equal((await streamed({ blocks: says("Hi"), more })).logprobs, null);
});

Deno.test("openai_chat: one body tells LOGPROBS_TOLD_MAX likelihoods, and refuses more in OpenAI's words", () => {
  const top = 19;
  const tokens = LOGPROBS_TOLD_MAX / (top + 1);
  const told = (count: number) => {
    const block = { type: "text", text: "a".repeat(count) } as const;
    const choice = { blocks: [block], finish: { type: "stop" } } as const;
    const stamp = { tokens: (text: string) => text } as unknown as Stamp;
    const whole = { choices: [choice] } as unknown as Reply;
    return wholeLogprobs(whole, 1, top, stamp);
  };
  // Too much to be parsed for a count.
  assert.equal(told(tokens)[0]?.match(/"top_logprobs"/g)?.length, tokens);
  assert.throws(
    () => told(tokens + 1),
    (error: unknown) =>
      error instanceof BadRequest && error.failure.field === "top_logprobs" &&
      error.failure.limit === "LOGPROBS_TOLD_MAX" &&
      /Set 'stream'/.test(error.message),
  );
});

Deno.test("openai_chat: too many likelihoods are refused before any is told", () => {
  const untold = new Proxy({}, { get: () => assert.fail("it was told") });
  let looked = 0;
  function* tokens(text: string) {
    for (; looked < text.length; looked++) yield untold;
  }
  const block = { type: "text", text: "a".repeat(LOGPROBS_TOLD_MAX * 2) };
  const choice = { blocks: [block], finish: { type: "stop" } };
  const reply = { choices: [choice, choice] } as unknown as Reply;
  const stamp = { tokens } as unknown as Stamp;
  assert.throws(() => wholeLogprobs(reply, 1, 0, stamp), BadRequest);
  assert.ok(looked <= LOGPROBS_TOLD_MAX, "no more are counted than may be");
});

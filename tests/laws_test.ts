/**
 * What holds for every dialect, over generated texts.
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Cut } from "../lib/core/plan.ts";
import { APPROX } from "../lib/core/tokens.ts";
import { dialects } from "../lib/dialects/registry.ts";
import { json, perform, testApp } from "./support/app.ts";
import { readers, sseEvents } from "./support/fold.ts";

const cuts = fc.oneof(
  fc.constantFrom<Cut>("character", "token", "word", "line", "whole"),
  fc.record({ characters: fc.integer({ min: 1, max: 20 }) }),
);
const texts = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.lorem({ maxCount: 30 }),
  fc.string({
    unit: fc.constantFrom(
      "\n",
      " ",
      "a",
      "\ud83d",
      "\ude00",
      "中",
      "\u2028",
      "\u0301",
      '"',
      "\\",
    ),
  }),
);
const lag = {
  firstMs: { type: "fixed", ms: 20 },
  unit: "character",
  unitMs: { type: "uniform", minMs: 5, maxMs: 15 },
} as const;

function ask(name: string, prompt: string, stream: boolean): RequestInit {
  const reader = readers[name]!;
  return json(reader.body(prompt, stream), {
    ...reader.headers,
    "x-mock-seed": "7",
  });
}

Deno.test("every chat dialect of the registry has a reader for these laws", () => {
  const chatting = dialects.filter(({ endpoints }) =>
    endpoints.some(({ type }) => type === "chat")
  );
  assert.deepEqual(
    Object.keys(readers).sort(),
    chatting.map(({ name }) => name).sort(),
  );
});

for (const [name, reader] of Object.entries(readers)) {
  Deno.test(`${name}: the deltas of a stream join to the text, whatever the cut`, async () => {
    await fc.assert(fc.asyncProperty(texts, cuts, async (text, cut) => {
      const app = testApp({ responses: { hi: text }, settings: { cut } });
      const { text: body } = await perform(
        app,
        reader.path,
        ask(name, "hi", true),
      );
      const { deltas } = reader.stream(body);
      const sent = deltas.join("");
      if (text.isWellFormed()) assert.equal(sent, text);
      else assert.equal(sent.length, text.length);
      for (const delta of deltas) {
        assert.ok(delta !== "" && delta.isWellFormed());
      }
    }));
  });

  Deno.test(`${name}: random tokens are the same streamed and regular, each its own delta`, async () => {
    const shapes = fc.record({
      count: fc.integer({ min: 1, max: 300 }),
      length: fc.integer({ min: 1, max: 32 }),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(shapes, async ({ count, length, seed }) => {
        const app = testApp();
        const said = async (stream: boolean) => {
          const init = json(reader.body("hi", stream), {
            ...reader.headers,
            "x-mock-seed": String(seed),
            "x-token-count": String(count),
            "x-token-length": String(length),
            "x-tokens-per-second": "1000",
          });
          return (await perform(app, reader.path, init)).text;
        };
        const streamed = reader.stream(await said(true));
        const whole = reader.whole(await said(false));
        assert.equal(streamed.text, whole.text);
        assert.equal(streamed.deltas.length, count);
        assert.ok(streamed.deltas.every((delta) => delta.length === length));
      }),
      { numRuns: 30 },
    );
  });

  Deno.test(`${name}: a stream folded up is the regular reply`, async () => {
    await fc.assert(
      fc.asyncProperty(texts, cuts, fc.boolean(), async (text, cut, slow) => {
        const settings = slow ? { cut, pace: lag } : { cut };
        const app = testApp({
          responses: { hi: text.toWellFormed() },
          settings,
        });
        const streamed = reader.stream(
          (await perform(app, reader.path, ask(name, "hi", true))).text,
        );
        const whole = reader.whole(
          (await perform(app, reader.path, ask(name, "hi", false))).text,
        );
        assert.deepEqual({ ...streamed, deltas: [] }, { ...whole, deltas: [] });
      }),
      { numRuns: 60 },
    );
  });

  Deno.test(`${name}: an answer ends before a stop text and at the limit, streamed and regular alike`, async () => {
    const limits = fc.integer({ min: 1, max: 25 });
    const stops = fc.array(
      fc.stringMatching(/^[a-e,. ]{0,2}[a-e,.]$/),
      { minLength: 1, maxLength: 4 },
    );
    const law = fc.asyncProperty(
      texts,
      cuts,
      limits,
      stops,
      async (raw, cut, maxTokens, stop) => {
        const text = raw.toWellFormed();
        const app = testApp({ responses: { hi: text }, settings: { cut } });
        const said = async (stream: boolean) => {
          const body = {
            ...reader.body("hi", stream),
            ...reader.terms(maxTokens, stop),
          };
          const init = json(body, { ...reader.headers, "x-mock-seed": "7" });
          return (await perform(app, reader.path, init)).text;
        };
        const streamed = reader.stream(await said(true));
        const whole = reader.whole(await said(false));
        assert.deepEqual({ ...streamed, deltas: [] }, { ...whole, deltas: [] });
        const found = stop.map((each) => text.indexOf(each)).filter((at) =>
          at >= 0
        );
        const before = text.slice(0, Math.min(text.length, ...found));
        const tokens = APPROX.count(before);
        const cutShort = tokens > maxTokens;
        const told = cutShort ? APPROX.first(before, maxTokens) : before;
        const end = cutShort ? 1 : found.length > 0 ? 2 : 0;
        assert.equal(whole.text, told);
        assert.equal(whole.finish, reader.ends[end]);
        assert.equal(whole.output, Math.min(maxTokens, tokens));
      },
    );
    await fc.assert(law, { numRuns: 60 });
  });

  Deno.test(`${name}: writes never come earlier than the ones before, and the last at the sum of the lag`, async () => {
    await fc.assert(
      fc.asyncProperty(texts, cuts, async (text, cut) => {
        const app = testApp({
          responses: { hi: text },
          settings: { cut, pace: lag },
        });
        const { writes } = await perform(
          app,
          reader.path,
          ask(name, "hi", true),
        );
        const times = writes.map(({ atMs }) => atMs);
        assert.deepEqual(times, times.toSorted((a, b) => a - b));
        const characters = Array.from(text).length;
        const lastMs = times.at(-1) ?? 0;
        assert.ok(
          lastMs >= 20 + characters * 5 - 1 &&
            lastMs <= 20 + characters * 15 + 1,
          `${lastMs}`,
        );
      }),
      { numRuns: 60 },
    );
  });

  Deno.test(`${name}: the same seed gives the same bytes, another seed another id`, async () => {
    const bytes = async (seed: string, stream: boolean) => {
      const app = testApp({ responses: { hi: "Hello there" } });
      const init = json(reader.body("hi", stream), {
        ...reader.headers,
        "x-mock-seed": seed,
      });
      const { response, text } = await perform(app, reader.path, init);
      return { headers: [...response.headers], text };
    };
    for (const stream of [true, false]) {
      assert.deepEqual(await bytes("5", stream), await bytes("5", stream));
      assert.notEqual(
        (await bytes("5", stream)).text,
        (await bytes("6", stream)).text,
      );
    }
  });

  Deno.test(`${name}: whatever JSON is sent, the answer is the reply or the provider's own 4xx`, async () => {
    const app = testApp();
    await fc.assert(fc.asyncProperty(fc.jsonValue(), async (body) => {
      const { response, text } = await perform(
        app,
        reader.path,
        json(body, reader.headers),
      );
      assert.ok(
        response.status === 200 ||
          (response.status >= 400 && response.status < 500),
      );
      if (response.status !== 200) {
        assert.ok(JSON.parse(text).error.message.length > 0);
      }
    }));
    assert.deepEqual(app.defects, []);
  });

  Deno.test(`${name}: every write of a stream is whole events`, async () => {
    const app = testApp({
      responses: { hi: "one two three" },
      settings: { pace: lag, cut: "word" },
    });
    const { writes } = await perform(app, reader.path, ask(name, "hi", true));
    assert.ok(writes.length >= 4);
    for (const { text } of writes) sseEvents(text);
  });
}

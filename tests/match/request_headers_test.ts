import {
  HEADER_CHARS_MAX,
  TOKEN_CHARS_RANGE,
  TOKEN_COUNT_RANGE,
  TOKENS_PER_SECOND_RANGE,
} from "../../lib/core/limits.ts";
import assert from "node:assert/strict";
import fc from "fast-check";
import { BadRequest } from "../../lib/core/reply.ts";
import {
  mayAsk,
  readModelId,
  readSeed,
  readSession,
  readTokensAsked,
} from "../../lib/match/request_headers.ts";
import { packHeaders } from "../../lib/wire/headers.ts";

const read = (headers: Record<string, string>) =>
  readTokensAsked(new Headers(headers));

Deno.test("readTokensAsked() clamps what is out of range", () => {
  assert.deepEqual(read({ "X-Token-Count": "0" }), { count: 1 });
  assert.deepEqual(read({ "X-Token-Count": "10001" }), { count: 10_000 });
  assert.deepEqual(read({ "X-Token-Count": "-5" }), { count: 1 });
  assert.deepEqual(read({ "X-Tokens-Per-Second": "0" }), { rate: 0.1 });
  assert.deepEqual(read({ "X-Tokens-Per-Second": "1e9" }), { rate: 1_000 });
  assert.deepEqual(read({ "X-Token-Length": "33" }), { length: 32 });
  assert.deepEqual(read({ "X-Token-Length": "1e999" }), { length: 32 });
});

Deno.test("readTokensAsked() takes the ends of each range, and clamps what is just beyond", () => {
  const ranges = [
    ["X-Token-Count", "count", TOKEN_COUNT_RANGE, 1],
    ["X-Tokens-Per-Second", "rate", TOKENS_PER_SECOND_RANGE, 0.01],
    ["X-Token-Length", "length", TOKEN_CHARS_RANGE, 1],
  ] as const;
  for (const [header, name, [min, max], step] of ranges) {
    const given = (value: number) => read({ [header]: String(value) });
    for (const value of [min, max]) {
      assert.deepEqual(given(value), { [name]: value });
    }
    assert.deepEqual(given(min - step), { [name]: min });
    assert.deepEqual(given(max + step), { [name]: max });
  }
});

Deno.test("readTokensAsked() takes fractions of a rate, and whole counts of the rest", () => {
  assert.deepEqual(
    read({ "X-Tokens-Per-Second": "2.5", "X-Token-Count": "7.9" }),
    { rate: 2.5, count: 7 },
  );
});

Deno.test("readTokensAsked() is undefined when nothing is asked", () => {
  assert.equal(read({ "X-Model-Id": "m" }), undefined);
});

Deno.test("readTokensAsked() refuses what is not a number, naming the header", () => {
  for (
    const value of [
      "many",
      "",
      "NaN",
      "Infinity",
      "0x10",
      "5, 6",
      "1_000",
      "--1",
      "\u00e9",
    ]
  ) {
    assert.throws(() => read({ "X-Token-Count": value }), (error) => {
      assert.ok(error instanceof BadRequest);
      assert.match(
        error.message,
        /^X-Token-Count: expected a number from 1 to 10000, but got "/,
      );
      return error.failure.field === "X-Token-Count";
    });
  }
});

Deno.test("readTokensAsked() is a value in range or a refusal for any header", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.double().map(String), fc.string({ unit: "grapheme-ascii" })),
      (value) => {
        try {
          const { count = 1 } = read({ "X-Token-Count": value }) ?? {};
          assert.ok(Number.isInteger(count) && count >= 1 && count <= 10_000);
        } catch (error) {
          assert.ok(error instanceof BadRequest || error instanceof TypeError);
        }
      },
    ),
  );
});

Deno.test("readModelId() reads UTF-8 that arrived as Latin-1", () => {
  const latin1 = String.fromCharCode(...new TextEncoder().encode("modèle-中"));
  assert.equal(readModelId(new Headers({ "X-Model-Id": latin1 })), "modèle-中");
  assert.equal(readModelId(new Headers()), undefined);
});

Deno.test("readSeed() takes whole numbers up to 2^53 - 1 and refuses the rest", () => {
  const seed = (value: string) =>
    readSeed(new Headers({ "X-Mock-Seed": value }));
  assert.equal(seed("0"), 0);
  assert.equal(seed("9007199254740991"), 2 ** 53 - 1);
  for (const value of ["9007199254740992", "-1", "1.5", "x", ""]) {
    assert.throws(
      () => seed(value),
      /^BadRequest|X-Mock-Seed: expected a whole number/,
    );
  }
});

Deno.test("readModelId() and readSession() keep what fits the limit and cut the rest", () => {
  const long = "x".repeat(HEADER_CHARS_MAX + 1);
  const headers = (value: string) =>
    new Headers({ "X-Model-Id": value, "X-Mock-Session": value });
  for (const read of [readModelId, readSession]) {
    assert.equal(read(headers(long.slice(1))), long.slice(1));
    assert.equal(read(headers(long)), long.slice(1));
  }
});

Deno.test("readSession() undoes Latin-1, so that a session has the name its client gave it", () => {
  const bytes = String.fromCharCode(...new TextEncoder().encode("ü"));
  assert.equal(readSession(new Headers({ "x-mock-session": bytes })), "ü");
  assert.equal(readSession(new Headers()), "");
});

Deno.test("mayAsk() passes over no header that is read here, and nothing of the usual ones", () => {
  const names =
    "X-Mock-Session X-Mock-Seed X-Mock-Rule X-Mock-Pace X-Model-Id " +
    "X-Token-Count X-Tokens-Per-Second X-Token-Length";
  for (const name of names.split(" ")) {
    assert.ok(mayAsk(packHeaders(new Headers({ [name]: "1" }))), name);
  }
  const usual = { authorization: "Bearer sk", "x-stainless-lang": "js" };
  assert.equal(mayAsk(packHeaders(new Headers(usual))), false);
});

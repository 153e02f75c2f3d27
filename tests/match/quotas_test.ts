import assert from "node:assert/strict";
import { namedFailure } from "../../lib/config/failures.ts";
import {
  QUOTA_KEY_CHARS_MAX,
  QUOTA_KEYS_MAX,
  QUOTA_MS,
} from "../../lib/core/limits.ts";
import { createMock } from "../../main.ts";
import { nameOf, Quotas } from "../../lib/match/quotas.ts";
import { json, testApp } from "../support/app.ts";
import { reply, rule } from "../support/rules.ts";

const QUOTA = { requests: 60, input: 600, output: Infinity, tokens: 1_200 };

Deno.test("what a key uses adds up, and fills up again at the rate of its quota", () => {
  const quotas = new Quotas();
  const spend = (atMs: number) => ({
    ...quotas.spend(QUOTA, "k", atMs, 10, 5),
  });
  const first = { requests: 1, input: 10, output: 5, tokens: 15 };
  assert.deepEqual(spend(1_000), first);
  const twice = { requests: 2, input: 20, output: 10, tokens: 30 };
  assert.deepEqual(spend(1_000), twice);
  const later = { requests: 2.5, input: 25, output: 5, tokens: 35 };
  assert.deepEqual(spend(1_500), later, "half a second gave half a request");
  assert.deepEqual(spend(1_500 + QUOTA_MS), first);
});

Deno.test("each key has quotas of its own, in each dialect", () => {
  const quotas = new Quotas();
  const other = { ...QUOTA };
  quotas.spend(QUOTA, "k", 0, 1, 1);
  assert.equal(quotas.spend(QUOTA, "other", 0, 1, 1).requests, 1);
  assert.equal(quotas.spend(other, "k", 0, 1, 1).requests, 1);
  assert.equal(quotas.spend(QUOTA, "k", 0, 1, 1).requests, 2);
});

Deno.test("of more than QUOTA_KEYS_MAX keys the oldest is forgotten", () => {
  const quotas = new Quotas();
  const spend = (key: number) =>
    quotas.spend(QUOTA, `${key}`, 0, 1, 1).requests;
  for (let key = 0; key < QUOTA_KEYS_MAX; key++) spend(key);
  assert.equal(spend(0), 2);
  spend(QUOTA_KEYS_MAX);
  assert.equal(spend(1), 2, "the second oldest is still there");
  assert.equal(spend(0), 1, "the oldest is not");
});

Deno.test("long keys that differ anywhere have quotas of their own", () => {
  const quotas = new Quotas();
  const spend = (key: string) => quotas.spend(QUOTA, key, 0, 1, 1).requests;
  const long = "k".repeat(QUOTA_KEY_CHARS_MAX + 100);
  const keys = [long, `${long}k`, `${long.slice(1)}l`, `l${long.slice(1)}`];
  assert.deepEqual(keys.map(spend), [1, 1, 1, 1]);
  assert.deepEqual(keys.map(spend), [2, 2, 2, 2]);
});

Deno.test("of a long key a number is remembered, an ordinary one is as it is", () => {
  const key = "k".repeat(QUOTA_KEY_CHARS_MAX);
  assert.equal(nameOf(key), key);
  assert.equal(typeof nameOf(`${key}k`), "number");
});

const question = { model: "m", messages: [{ role: "user", content: "hi" }] };
const OPENAI = {
  path: "/v1/chat/completions",
  names: [
    "x-ratelimit-remaining-requests",
    "x-ratelimit-remaining-tokens",
    "x-ratelimit-reset-requests",
    "x-ratelimit-reset-tokens",
  ],
};
const ANTHROPIC = {
  path: "/v1/messages",
  names: [
    "anthropic-ratelimit-requests-remaining",
    "anthropic-ratelimit-input-tokens-remaining",
    "anthropic-ratelimit-requests-reset",
    "anthropic-ratelimit-tokens-reset",
  ],
};

async function told(
  app: ReturnType<typeof testApp>,
  { path, names }: typeof OPENAI,
  headers: Record<string, string> = {},
) {
  const response = await app.fetch(path, json(question, headers));
  await response.body?.cancel();
  return names.map((name) => response.headers.get(name));
}

Deno.test("OpenAI's headers count down for each key, and fill up again all the time", async () => {
  const app = testApp({ responses: { hi: "hello" } });
  const key = { authorization: "Bearer sk-1" };
  const full = await told(app, OPENAI, key);
  assert.deepEqual(full, ["4999", "799991", "12ms", "1ms"], "as recorded");
  const less = await told(app, OPENAI, key);
  assert.deepEqual(less, ["4998", "799982", "24ms", "1ms"]);
  assert.equal((await told(app, OPENAI))[0], "4999", "nobody's key");
  const other = await told(app, OPENAI, { "api-key": "sk-2" });
  assert.equal(other[0], "4999");
  await app.clock.advance(12);
  assert.deepEqual(await told(app, OPENAI, key), [
    "4998",
    "799991",
    "24ms",
    "1ms",
  ]);
  await app.clock.advance(36);
  assert.deepEqual(await told(app, OPENAI, key), full);
});

Deno.test("Anthropic's headers do too, and tell when in RFC 3339", async () => {
  const app = testApp({ responses: { hi: "hello" } });
  const key = { "x-api-key": "sk-ant-1" };
  const second = "2026-01-01T00:00:01Z";
  const first = ["19999", "2000000", second, second];
  assert.deepEqual(await told(app, ANTHROPIC, key), first);
  for (let i = 0; i < 400; i++) await told(app, ANTHROPIC, key);
  const less = await told(app, ANTHROPIC, key);
  assert.equal(less[0], "19598");
  assert.equal(less[2], "2026-01-01T00:00:02Z", "402 of 20,000 a minute");
  await app.clock.advance(61_000);
  const again = await told(app, ANTHROPIC, key);
  assert.deepEqual([again[0], again[2]], ["19999", "2026-01-01T00:01:02Z"]);
});

Deno.test("a request that is refused counts as one, without tokens", async () => {
  const app = testApp({ responses: { hi: "hello" } });
  await app.fetch(OPENAI.path, json("{"));
  assert.deepEqual((await told(app, OPENAI)).slice(0, 2), ["4998", "799991"]);
});

Deno.test("a rate limit is told as nothing left, until the client may try again", async () => {
  const limited = (name: "rate_limit" | "token_rate_limit") =>
    testApp({
      rules: [rule(name, {}, {
        replies: [reply({ type: "error", failure: namedFailure(name) })],
      })],
    });
  assert.deepEqual(
    await told(limited("rate_limit"), OPENAI),
    ["0", "800000", "1s", "0s"],
  );
  assert.deepEqual(
    await told(limited("token_rate_limit"), OPENAI),
    ["4999", "0", "12ms", "1s"],
  );
  const second = "2026-01-01T00:00:01Z";
  const now = "2026-01-01T00:00:00Z";
  assert.deepEqual(
    await told(limited("rate_limit"), ANTHROPIC),
    ["0", "2000000", second, now],
  );
  assert.deepEqual(
    (await told(limited("token_rate_limit"), ANTHROPIC)).slice(0, 2),
    ["19999", "0"],
  );
});

Deno.test("the journal shows the numbers that went out, whatever was used since; the seed decides all else", async () => {
  await using mock = await createMock({ responses: { hi: "hello" } });
  // So many tokens are not there again within seconds.
  const content = "many words ".repeat(20_000);
  const long = { model: "m", messages: [{ role: "user", content }] };
  const got: (string | null)[] = [];
  const bodies = new Set<string>();
  for (let i = 0; i < 3; i++) {
    const asked = json(long, { "x-mock-seed": "7" });
    const response = await mock.fetch(`${mock.url}${OPENAI.path}`, asked);
    bodies.add((await response.text()).replace(/"created": \d+/, ""));
    got.push(response.headers.get("x-ratelimit-remaining-tokens"));
  }
  assert.equal(new Set(got).size, 3);
  assert.equal(bodies.size, 1);
  const admin = async (path: string) =>
    await (await mock.fetch(`${mock.url}/_mock/requests${path}`)).json();
  const { requests } = await admin("");
  for (const [at, { id }] of requests.entries()) {
    const { response_headers } = await admin(`/${id}`);
    assert.equal(response_headers["x-ratelimit-remaining-tokens"], got[at]);
  }
  assert.equal(requests.length, 3);
});

/**
 * Paces as data: times, rates, jitter, and what a unit is.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readConfig } from "../../lib/config/compile.ts";
import { PACE_MS_MAX } from "../../lib/core/limits.ts";
import { type Pace, UNPACED } from "../../lib/core/plan.ts";
import type { Config } from "../../lib/match/rule.ts";

async function good(text: string): Promise<Config> {
  const { config, problems } = await readConfig(text, "r.yml");
  assert.deepEqual(problems, [], text);
  assert.ok(config);
  return config;
}

async function pace(keys: string): Promise<Pace | undefined> {
  const config = await good(`responses: {a: b}\npaces: { p: { ${keys} } }\n`);
  return config.paces.p;
}

const fixed = (ms: number) => ({ type: "fixed", ms });

const TIMES: Record<string, number> = {
  "300": 300,
  "300ms": 300,
  "0.5ms": 0.5,
  "2s": 2_000,
  "1.5s": 1_500,
  ".5 s": 500,
  "1m": 60_000,
  "24h": PACE_MS_MAX,
  '"2s"': 2_000,
  "0": 0,
};
for (const [written, ms] of Object.entries(TIMES)) {
  Deno.test(`ttft: ${written} is ${ms} ms`, async () => {
    assert.deepEqual((await pace(`ttft: ${written}`))?.firstMs, fixed(ms));
  });
}

for (
  const written of ["24.1h", "1 d", "-1", '"1,5s"', "ms", "1s 2ms", '"300"']
) {
  Deno.test(`ttft: ${written} is no time`, async () => {
    const { problems } = await readConfig(
      `responses: {a: b}\npaces: { p: { ttft: ${written} } }\n`,
      "r.yml",
    );
    assert.ok(problems.some(({ code }) => code === "wrong-value"));
  });
}

Deno.test("a pace is a time to the first token, and one for each further token", async () => {
  assert.deepEqual(await pace("ttft: 300ms, tokens_per_second: 40"), {
    firstMs: fixed(300),
    unitMs: fixed(25),
    unit: "chunk",
  });
  assert.deepEqual((await pace("itl: 25ms"))?.unitMs, fixed(25));
});

Deno.test("jitter varies both times by that share of them", async () => {
  assert.deepEqual(await pace("ttft: 100, itl: 20, jitter: 0.25"), {
    firstMs: { type: "uniform", minMs: 75, maxMs: 125 },
    unitMs: { type: "uniform", minMs: 15, maxMs: 25 },
    unit: "chunk",
  });
  assert.deepEqual((await pace("itl: 20, jitter: 0"))?.unitMs, fixed(20));
  assert.deepEqual((await pace("itl: 20, jitter: 1"))?.firstMs, fixed(0));
});

Deno.test("a rate however small takes no more than a day a token", async () => {
  const { unitMs } = await pace("tokens_per_second: 1e-320") ?? {};
  assert.deepEqual(unitMs, fixed(PACE_MS_MAX));
});

Deno.test("where streams are not cut into tokens, chunks cost their tokens", async () => {
  const text = (settings: string) =>
    `rules: [{ reply: a, pace: p }]\npaces: { p: { itl: 5 } }\nsettings: { ${settings} }\n`;
  const unitOf = async (settings: string) =>
    (await good(text(settings))).rules[0]?.pace?.unit;
  assert.equal(await unitOf(""), "chunk");
  assert.equal(await unitOf("stream_by: token"), "chunk");
  assert.equal(await unitOf("stream_by: word"), "token");
  assert.equal(await unitOf("stream_by: { characters: 8 }"), "token");
});

Deno.test("settings.pace takes the place of lag, and streams are then cut as paced ones", async () => {
  const { settings } = await good(
    "responses: {a: b}\nsettings: { lag_enabled: true, pace: { itl: 5 } }\n",
  );
  assert.deepEqual(settings.pace.unitMs, fixed(5));
  assert.equal(settings.cut, "token");
  const named = await good(
    "responses: {a: b}\npaces: { p: { itl: 6 } }\nsettings: { stream_by: line, pace: p }\n",
  );
  assert.deepEqual(named.settings.pace, named.paces.p);
  assert.equal(named.settings.cut, "line");
});

Deno.test("paces that nobody uses change nothing", async () => {
  const { settings, paces } = await good(
    "responses: {a: b}\npaces: { p: { itl: 6 } }\n",
  );
  assert.equal(settings.pace, UNPACED);
  assert.equal(settings.cut, "character");
  assert.deepEqual(Object.keys(paces), ["p"]);
});

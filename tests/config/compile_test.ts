import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import { readConfig } from "../../lib/config/compile.ts";
import { namesIn } from "../../lib/config/shape.ts";
import { BODY_BYTES_MAX } from "../../lib/core/limits.ts";
import { UNPACED } from "../../lib/core/plan.ts";
import type { Config, Settings } from "../../lib/match/rule.ts";

/** The file of design.md §2.2: it must work unchanged for ever. */
const ANCESTOR = `responses:
  "what colour is the sky?": "The sky is purple except on Tuesday when it is  hue green."
defaults:
  unknown_response: "I don't know the answer to that. This is a mock response."
settings:
  lag_enabled: true
  lag_factor: 10
`;

async function good(text: string): Promise<Config> {
  const { config, problems } = await readConfig(text, "r.yml");
  assert.deepEqual(problems, []);
  assert.ok(config);
  return config;
}

async function answers(text: string): Promise<Record<string, string>> {
  return Object.fromEntries(
    [...(await good(text)).exact].map((
      [prompt, answer],
    ) => [prompt, answer.text]),
  );
}

async function settings(lines: string): Promise<Settings> {
  return (await good(`responses: { a: b }\nsettings:\n  ${lines}\n`)).settings;
}

Deno.test("readConfig() reads the ancestor's file", async () => {
  const config = await good(ANCESTOR);
  const sky = {
    prompt: "what colour is the sky?",
    text: "The sky is purple except on Tuesday when it is  hue green.",
    place: "r.yml:2",
  };
  assert.deepEqual([...config.exact], [["what colour is the sky?", sky]]);
  assert.deepEqual([...config.normalised], [["what colour is the sky?", sky]]);
  assert.deepEqual(config.fallback, {
    prompt: "",
    text: "I don't know the answer to that. This is a mock response.",
    place: "r.yml:4",
  });
  assert.deepEqual(config.settings.pace, {
    firstMs: { type: "fixed", ms: 0 },
    unit: "character",
    unitMs: { type: "uniform", minMs: 5, maxMs: 15 },
  });
});

const EXAMPLE = Deno.readTextFileSync(
  new URL("../../responses.example.yml", import.meta.url),
);

Deno.test("responses.example.yml is good, without lag, and names every key", async () => {
  const config = await good(EXAMPLE);
  assert.equal(
    config.exact.get("what colour is the sky?")?.text,
    "The sky is purple except on Tuesday when it is  hue green.",
  );
  assert.equal(config.settings.pace, UNPACED);
  assert.deepEqual(
    { ...config.settings },
    await settings("stream_by: character"),
  );
  for (const section of ["", "settings", "defaults"]) {
    for (const name of namesIn(section)) {
      assert.match(EXAMPLE, new RegExp(`^( {2})?(# )?${name}:`, "m"));
    }
  }
});

Deno.test("what responses.example.yml shows in comments is good, too", async () => {
  const uncommented = EXAMPLE
    .replace(/^ {2}# (- name:| {2}\w+: \{)/gm, "  $1")
    .replace(/^ {2}# (pace|seed):/gm, "  $1:")
    .replace(/^# (keys:)/gm, "$1");
  const config = await good(uncommented);
  assert.deepEqual(config.rules.map(({ name }) => name), [
    "weather",
    "flaky",
    "look up the time",
    "tell the time",
    "anything with tools",
    "think",
    "order status",
  ]);
  assert.equal(config.settings.seed, 42);
  assert.deepEqual(config.settings.pace, config.paces.chatty);
});

Deno.test("readConfig() fills in every default", async () => {
  const config = await good("responses:\n  a: b\n");
  assert.deepEqual(config.settings, {
    pace: UNPACED,
    cut: "character",
    pacedCut: "token",
    reasoningContent: false,
    tokenizer: "approx",
    strict: false,
    knownModelsOnly: false,
    fullHeaders: false,
    bodyBytesMax: BODY_BYTES_MAX,
  });
  assert.deepEqual(config.models, []);
  assert.deepEqual(config.fallback, {
    prompt: "",
    text: "I don't know the answer to that. This is a mock response.",
    place: "default",
  });
});

Deno.test("readConfig() takes sections that are left empty as left out", async () => {
  await good("responses:\n  a: b\ndefaults:\nsettings:\nmodels:\n");
});

for (const word of ["true", "True", "yes", "YES", "on", "On"]) {
  Deno.test(`${word} turns a setting on`, async () =>
    assert.ok((await settings(`known_models_only: ${word}`)).knownModelsOnly));
}

for (const word of ["false", "FALSE", "no", "No", "off", "OFF"]) {
  Deno.test(`${word} turns a setting off`, async () =>
    assert.ok(!(await settings(`known_models_only: ${word}`)).knownModelsOnly));
}

const factors: Record<string, number> = {
  "10": 10,
  "10.0": 10,
  "1e1": 10,
  ".5": 0.5,
  "+4": 4,
  "0x10": 16,
  "1_000": 1000,
};
for (const [written, factor] of Object.entries(factors)) {
  Deno.test(`lag_factor: ${written} is ${factor}`, async () => {
    const { unitMs } =
      (await settings(`lag_enabled: true\n  lag_factor: ${written}`)).pace;
    const characterMs = 1_000 / (factor * 10);
    assert.deepEqual(unitMs, {
      type: "uniform",
      minMs: 0.5 * characterMs,
      maxMs: 1.5 * characterMs,
    });
  });
}

Deno.test("a lag_factor without lag is fine, and paces nothing", async () => {
  assert.equal((await settings("lag_factor: 3")).pace, UNPACED);
});

Deno.test("stream_by, seed, headers and max_body_bytes come through", async () => {
  assert.deepEqual((await settings("stream_by: { characters: 8 }")).cut, {
    characters: 8,
  });
  assert.equal((await settings("stream_by: word")).cut, "word");
  assert.equal(
    (await settings("seed: 9007199254740991")).seed,
    Number.MAX_SAFE_INTEGER,
  );
  assert.equal((await settings("headers: full")).fullHeaders, true);
  assert.equal((await settings("max_body_bytes: 1024")).bodyBytesMax, 1024);
});

Deno.test("models are names as written, each once", async () => {
  assert.deepEqual(
    (await good("responses: {a: b}\nmodels: [gpt-4o, 4, on]\n")).models,
    [{ id: "gpt-4o" }, { id: "4" }, { id: "on" }],
  );
});

Deno.test("prompts and answers are literal: numbers, booleans and dates are text", async () => {
  assert.deepEqual(
    await answers(
      "responses:\n  42: 7\n  yes: no\n  2026-01-01: 1.50\n  0x1F: '~'\n",
    ),
    {
      "42": "7",
      yes: "no",
      "2026-01-01": "1.50",
      "0x1F": "~",
    },
  );
});

Deno.test("prompts and answers are literal: braces, asterisks and dollars mean themselves", async () => {
  assert.deepEqual(
    await answers('responses:\n  "{{ x }} *": "/a/i ${b} %s"\n'),
    {
      "{{ x }} *": "/a/i ${b} %s",
    },
  );
});

Deno.test("an empty answer in quotes is an answer", async () => {
  assert.deepEqual(await answers('responses:\n  "": ""\n'), { "": "" });
});

Deno.test("__proto__ and constructor are prompts like any other, and pollute nothing", async () => {
  const { exact } = await good(
    "responses:\n  __proto__: a\n  constructor: b\n  toString: c\n",
  );
  assert.deepEqual([...exact.keys()], ["__proto__", "constructor", "toString"]);
  assert.equal(exact.get("__proto__")?.text, "a");
  assert.equal(({} as Record<string, unknown>).a, undefined);
});

for (const key of ["__proto__", "constructor", "toString"]) {
  Deno.test(`${key} is an unknown key of settings, as any other`, async () => {
    const { problems } = await readConfig(
      `responses: {a: b}\nsettings:\n  ${key}: { lag_factor: 5 }\n`,
      "r.yml",
    );
    assert.deepEqual(problems.map(({ code, place }) => [code, place.path]), [[
      "unknown-key",
      `settings.${key}`,
    ]]);
  });
}

Deno.test("<< merges, and what is written out wins, wherever it stands", async () => {
  const text =
    "x-one: &one { a: one, b: one }\nx-two: &two { b: two, c: two }\n" +
    "responses:\n  c: own\n  <<: [*one, *two]\n  d: own\n";
  assert.deepEqual(await answers(text), {
    c: "own",
    d: "own",
    a: "one",
    b: "one",
  });
});

Deno.test("a key whose value is used by an alias needs no x-", async () => {
  assert.deepEqual(
    await answers("common: &common\n  a: b\nresponses:\n  <<: *common\n"),
    { a: "b" },
  );
});

Deno.test("an alias stands for its text", async () => {
  assert.deepEqual(
    await answers("responses:\n  a: &sorry Sorry.\n  b: *sorry\n"),
    {
      a: "Sorry.",
      b: "Sorry.",
    },
  );
});

Deno.test("a byte order mark and Windows line ends are not part of any text", async () => {
  assert.deepEqual(
    await answers("\ufeffresponses:\r\n  a: b\r\n  c: |\r\n    d\r\n    e\r\n"),
    { a: "b", c: "d\ne\n" },
  );
});

Deno.test("a prompt of more than 1,024 characters needs no special spelling", async () => {
  const prompt = "long ".repeat(1_000);
  assert.deepEqual(await answers(`responses:\n  "${prompt}": b\n`), {
    [prompt]: "b",
  });
});

Deno.test("half a surrogate pair, which only an escape can write, becomes U+FFFD", async () => {
  assert.deepEqual(
    await answers('responses:\n  a: "\\ud800"\n  b: "\\U0001F389"\n'),
    { a: "\ufffd", b: "🎉" },
  );
});

Deno.test("of prompts that read alike, the first answers what is spelt differently", async () => {
  const { config, problems } = await readConfig(
    "responses:\n  Hello: one\n  hello: two\n",
    "r.yml",
  );
  assert.deepEqual(problems.map(({ code, severity }) => [code, severity]), [[
    "same-prompt",
    "warning",
  ]]);
  assert.equal(config?.normalised.get("hello")?.text, "one");
  assert.equal(config?.exact.get("hello")?.text, "two");
});

Deno.test("law: any texts, written as YAML, read back literally", async () => {
  const text = fc.string({ unit: "grapheme" });
  const style = fc.constantFrom(
    "PLAIN",
    "QUOTE_DOUBLE",
    "QUOTE_SINGLE",
    "BLOCK_LITERAL",
  ) as fc.Arbitrary<"PLAIN">;
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(text, text, { minKeys: 1 }),
      style,
      async (texts, defaultStringType) => {
        const yaml = stringify({ responses: texts }, {
          defaultStringType,
          defaultKeyType: "QUOTE_DOUBLE",
          lineWidth: 0,
        });
        // The library's writer loses a block scalar of nothing but spaces.
        fc.pre(
          String(defaultStringType) !== "BLOCK_LITERAL" ||
            !Object.values(texts).some((text) => /^\s+$/u.test(text)),
        );
        const { config, problems } = await readConfig(yaml, "r.yml");
        assert.deepEqual(
          problems.filter(({ severity }) => severity === "error"),
          [],
          yaml,
        );
        const read = [...config?.exact ?? []].map((
          [prompt, answer],
        ) => [prompt, answer.text]);
        assert.deepEqual(
          read,
          Object.entries(texts).map((
            [prompt, answer],
          ) => [prompt, unixLines(answer)]),
        );
      },
    ),
  );
});

/** Written raw, as in a block, a Windows line end is one of the file and not of the text. */
function unixLines(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

/** Every kind of thing that a rule can hold. */
const RULES = `paces: { chatty: { ttft: 300ms, itl: 5, jitter: .2 } }
x-gpt: &gpt { model: ["gpt-*", { not: o1 }] }
rules:
  - name: order
    when: { prompt: '/order (?<id>\\d+)/i', <<: *gpt, body: { $.a: [1, ~] } }
    reply: { template: "{{ id | upcase }}", finish: length }
    pace: chatty
  - when: { header: { X-A: "a*" }, turn: 2, images: yes, dialect: "openai*" }
    replies: [{ error: { status: 429, retry_after: 1.5 } }, { echo: on }, hi]
    state: { requires: start, sets: done }
    on_end: loop
  - reply:
      template: |-
        {% if counter > 1 %}again{% endif %}
settings: { strict: no, pace: { tokens_per_second: 5 } }
`;

Deno.test("readConfig() reads rules of every kind", async () => {
  assert.equal((await good(RULES)).rules.length, 3);
});

for (const [name, whole] of Object.entries({ ANCESTOR, RULES })) {
  mangled(name, whole);
}

function mangled(name: string, whole: string): void {
  Deno.test(`law: a mangled file gives a configuration or problems, and never throws: ${name}`, async () => {
    const piece = fc.constantFrom(
      ..."\n:-{}[]\"'#&*!|>%@`,?\t ",
      "  ",
      "<<: ",
      "*a",
      "&a ",
      "---\n",
      "!!x ",
      "\\",
      "😀",
      "~",
      "\r\n",
      "{{",
      "(",
      "rules",
      "__proto__",
      "not: ",
      "/",
    );
    const edit = fc.record({
      at: fc.nat(whole.length),
      drop: fc.nat(6),
      add: fc.array(piece, { maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        async (edits) => {
          let text = whole;
          for (const { at, drop, add } of edits) {
            text = text.slice(0, at) + add.join("") + text.slice(at + drop);
          }
          const { config, problems } = await readConfig(text, "r.yml");
          assert.equal(
            config === undefined,
            problems.some(({ severity }) => severity === "error"),
          );
          for (const { place, line, length } of problems) {
            assert.ok(
              place.line >= 1 && place.column >= 1 &&
                place.column <= line.length + 1,
              JSON.stringify(place),
            );
            assert.ok(!line.includes("\n") && length <= line.length + 1);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
}

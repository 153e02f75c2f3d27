/**
 * `rules` as data: what comes of each form.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readConfig, readConfigs } from "../../lib/config/compile.ts";
import type { Config, RuleSpec } from "../../lib/match/rule.ts";

async function good(text: string): Promise<Config> {
  const { config, problems } = await readConfig(text, "r.yml");
  assert.deepEqual(problems, []);
  assert.ok(config);
  return config;
}

async function rules(text: string): Promise<readonly RuleSpec[]> {
  return (await good(text)).rules;
}

Deno.test("a rule knows its name, its place, and what it answers", async () => {
  assert.deepEqual(
    await rules('rules:\n  - name: greeting\n    reply: "Hi."\n'),
    [{
      name: "greeting",
      place: "r.yml:2",
      when: [],
      replies: [{
        place: "r.yml:3",
        content: { type: "text", text: "Hi." },
      }],
      onEnd: "repeat",
    }],
  );
});

Deno.test("a rule without a name is called by its place", async () => {
  const text = "rules:\n  - when: { prompt: a }\n    reply: b\n\n" +
    "  - when: { prompt: b }\n    reply: c\n";
  assert.deepEqual((await rules(text)).map(({ name }) => name), [
    "r.yml:2",
    "r.yml:5",
  ]);
});

Deno.test("rules without names in one line are told apart", async () => {
  const text =
    "rules: [{when: {prompt: a}, reply: b}, {when: {prompt: b}, reply: c}]\n";
  assert.deepEqual((await rules(text)).map(({ name }) => name), [
    "r.yml:1",
    "r.yml:1:40",
  ]);
});

Deno.test("a rule that an alias repeats has a name of its own each time", async () => {
  const { config } = await readConfig(
    "rules:\n  - &a { reply: b }\n  - *a\n  - *a\n",
    "r.yml",
  );
  const names = config?.rules.map(({ name }) => name) ?? [];
  assert.equal(names.length, 3);
  assert.equal(new Set(names).size, 3);
});

Deno.test("rules of several files add up in order, each with the place in its own", async () => {
  const { config, problems } = await readConfigs([
    {
      file: "a.yml",
      text:
        "rules:\n  - { when: { prompt: a }, reply: a, state: { sets: x } }\n",
    },
    { file: "b.yml", text: "paces: { p: { itl: 5 } }\n" },
    {
      file: "c.yml",
      text:
        "# c\nrules:\n  - { name: c, state: { requires: x }, reply: c, pace: p }\n",
    },
  ]);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    config?.rules.map(({ name, place, requires, pace }) => [
      name,
      place,
      requires,
      pace?.unitMs,
    ]),
    [
      ["a.yml:2", "a.yml:2", undefined, undefined],
      ["c", "c.yml:3", "x", { type: "fixed", ms: 5 }],
    ],
  );
});

Deno.test("a name given in two files is an error at the second that names the first", async () => {
  const { problems } = await readConfigs([
    { file: "a.yml", text: "rules:\n  - { name: x, reply: a }\n" },
    {
      file: "b.yml",
      text: "rules:\n  - { name: x, when: { prompt: b }, reply: b }\n",
    },
  ]);
  assert.deepEqual(
    problems.filter(({ severity }) => severity === "error").map((
      { message, place },
    ) => [message, place.file, place.line]),
    [['Two rules are called "x": this, and the one in a.yml:2', "b.yml", 2]],
  );
});

Deno.test("the same pace in two files is an error", async () => {
  const { problems } = await readConfigs([
    { file: "a.yml", text: "paces: { p: { itl: 5 } }\nresponses: {a: b}\n" },
    { file: "b.yml", text: "paces: { p: { itl: 5 } }\n" },
  ]);
  assert.deepEqual(problems.map(({ message }) => message), [
    '"paces.p" is given twice: here, and in a.yml:1',
  ]);
});

Deno.test("anchors and merges work in rules", async () => {
  const text = `x-when: &gpt { model: "gpt-*" }
x-rule: &once { on_end: error, replies: [a, b] }
rules:
  - when: { <<: *gpt, prompt: one }
    <<: *once
  - when: { <<: *gpt, prompt: two }
    <<: *once
    on_end: loop
`;
  assert.deepEqual(
    (await rules(text)).map(({ when, replies, onEnd }) => [
      when.map(({ field }) => field),
      replies.length,
      onEnd,
    ]),
    [
      [["prompt", "model"], 2, "error"],
      [["prompt", "model"], 2, "loop"],
    ],
  );
});

Deno.test("a JSON file is read as what it says", async () => {
  const written = {
    rules: [{
      name: "json",
      when: { prompt: ["a*", { not: "b" }], body: { "$.a": null } },
      reply: { tokens: { count: 3, length: 2 } },
    }],
  };
  const [rule] = await rules(JSON.stringify(written, undefined, 1));
  assert.deepEqual(rule?.when, [
    {
      field: "prompt",
      pattern: {
        type: "any",
        of: [{ type: "glob", text: "a*" }, {
          type: "not",
          pattern: { type: "equal", text: "b" },
        }],
      },
    },
    { field: "body", key: "$.a", pattern: { type: "value", text: "null" } },
  ]);
  assert.deepEqual(rule?.replies[0].content, {
    type: "tokens",
    count: 3,
    length: 2,
  });
});

Deno.test("__proto__ and constructor are names like any other", async () => {
  const { rules, paces } = await good(`paces:
  __proto__: { itl: 5 }
  constructor: { itl: 6 }
rules:
  - name: __proto__
    when: { header: { __proto__: a, constructor: b } }
    state: { requires: constructor, sets: __proto__ }
    pace: __proto__
    reply: { error: { status: 400, headers: { __proto__: x } } }
  - name: constructor
    when: { prompt: toString }
    state: { requires: __proto__, sets: constructor }
    pace: constructor
    reply: a
`);
  assert.deepEqual(Object.keys(paces), ["__proto__", "constructor"]);
  assert.deepEqual(rules.map(({ pace }) => pace?.unitMs), [
    { type: "fixed", ms: 5 },
    { type: "fixed", ms: 6 },
  ]);
  assert.deepEqual(
    rules[0]?.when.map(({ key }) => key),
    ["__proto__", "constructor"],
  );
  assert.deepEqual([rules[0]?.requires, rules[0]?.sets], [
    "constructor",
    "__proto__",
  ]);
  assert.equal(({} as Record<string, unknown>).itl, undefined);
});

Deno.test("rules and paces are data that JSON carries whole", async () => {
  const { rules, paces, settings } = await good(`paces:
  p: { ttft: 1s, tokens_per_second: 1e-300, jitter: 1 }
rules:
  - when: { prompt: '/(?<a>b)/i', images: true, header: { X-A: { not: b } } }
    replies: [{ template: "{{ a }}" }, { echo: true }, { error: overloaded }]
    on_end: loop
    pace: p
settings: { pace: p }
`);
  for (const data of [rules, paces, settings]) {
    assert.deepEqual(JSON.parse(JSON.stringify(data)), data);
  }
});

Deno.test("a rule's own mistakes are told beside those of all others", async () => {
  const { problems } = await readConfig(
    `rules:
  - when: { promt: a }
    reply: { error: { status: 429, message: [a] }, text: b }
    pace: fast
  - when: { prompt: '/(/' }
    reply: { template: "{{" }
    on_end: never
`,
    "r.yml",
  );
  assert.deepEqual(
    problems.map(({ code, place }) => `${place.line}:${place.column} ${code}`),
    [
      "2:13 unknown-key",
      "3:45 wrong-value",
      "3:52 two-contents",
      "4:11 unknown-pace",
      "5:21 bad-regex",
      "6:25 bad-template",
      "7:13 wrong-value",
    ],
  );
});

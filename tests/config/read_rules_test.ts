/**
 * Rules and conditions that are given at run time.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readConfig } from "../../lib/config/compile.ts";
import { readRules, readWhen } from "../../lib/config/read_rules.ts";

async function names(text: string): Promise<string[]> {
  const { rules, problems } = await readRules(text, "given");
  assert.deepEqual(problems, []);
  return rules.map(({ name }) => name);
}

Deno.test("one rule, a list of rules, and rules in a section are read alike, in YAML and JSON", async () => {
  assert.deepEqual(await names("name: a\nreply: b\n"), ["a"]);
  assert.deepEqual(await names('{"name": "a", "reply": "b"}'), ["a"]);
  assert.deepEqual(
    await names(
      '[{"name": "a", "when": {"prompt": "x"}, "reply": "b"}, {"reply": "c"}]',
    ),
    ["a", "given:1"],
  );
  assert.deepEqual(await names("rules:\n  - name: a\n    reply: b\n"), ["a"]);
});

Deno.test("rules are the same as in a file", async () => {
  const rule =
    '{ name: a, when: { prompt: "*a*", header: { X-A: 1 } }, replies: [b, { error: overloaded }], on_end: loop, pace: { itl: 5 } }';
  const { config } = await readConfig(`rules: [${rule}]\n`, "given");
  assert.deepEqual((await readRules(rule, "given")).rules, config?.rules);
});

Deno.test("paces, their units and states are those of the configuration in force", async () => {
  const { config } = await readConfig(
    `paces: { p: { itl: 7 } }
rules: [{ state: { sets: logged_in }, reply: a }]
settings: { stream_by: word }
`,
    "r.yml",
  );
  const text =
    "[{ reply: a, pace: p, when: {prompt: a} }, { reply: b, pace: { itl: 3 }, state: { requires: logged_in }, when: {prompt: b} }]";
  const { rules, problems } = await readRules(text, "given", config);
  assert.deepEqual(problems, []);
  assert.deepEqual(rules[0]?.pace, config?.paces.p);
  assert.equal(rules[1]?.pace?.unit, "token");
  const alone = await readRules(text, "given");
  assert.deepEqual(alone.rules, []);
  assert.deepEqual(
    alone.problems.map(({ code, severity }) => `${severity} ${code}`),
    ["error unknown-pace", "warning unknown-state"],
  );
});

Deno.test("a state that no rule sets is a warning: rules given before may set it", async () => {
  const { rules, problems } = await readRules(
    "{ state: { requires: x }, reply: a }",
    "given",
  );
  assert.equal(rules.length, 1);
  assert.deepEqual(problems.map(({ severity }) => severity), ["warning"]);
});

for (
  const [text, told] of [
    ["", "1:1 wrong-value rules"],
    ["hello", "1:1 wrong-value rules"],
    ["[]", "1:1 empty rules"],
    ["{}", "1:1 no-reply rules[0]"],
    ["rules: []", "1:1 empty rules"],
    ["{ rules: [{ reply: a }], paces: {} }", "1:26 unknown-key paces"],
    ["{ reply: a, nmae: b }", "1:13 unknown-key rules[0].nmae"],
    ["{ reply: a, when: { prompt: '/(/' } }", "1:29 bad-regex"],
    ["{ reply: { template: '{{' } }", "1:23 bad-template"],
    ["{ reply: [", "1:10 syntax"],
    [
      "[{ name: a, reply: b }, { name: a, reply: c, when: {prompt: d} }]",
      "1:33 duplicate-name",
    ],
  ] as const
) {
  Deno.test(`of ${JSON.stringify(text)} nothing is taken: ${told}`, async () => {
    const { rules, problems } = await readRules(text, "given");
    assert.deepEqual(rules, []);
    const [first] = problems.filter(({ severity }) => severity === "error")
      .map(({ code, place: { line, column, path } }) =>
        `${line}:${column} ${code} ${path}`
      );
    assert.ok(first?.startsWith(told), first);
  });
}

Deno.test("conditions are read by themselves", async () => {
  const { when, problems } = await readWhen(
    '{"prompt": "*a*", "body": {"$.n": 1}, "turn": 2}',
    "when",
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(when, [
    { field: "prompt", pattern: { type: "glob", text: "*a*" } },
    { field: "turn", pattern: { type: "equal", text: "2" } },
    { field: "body", key: "$.n", pattern: { type: "value", text: "1" } },
  ]);
});

Deno.test("what is wrong with conditions is told by a path that begins with when", async () => {
  const { when, problems } = await readWhen(
    '{"promt": "a", "model": "/(/", "turn": 0, "body": {"a": 1}}',
    "when",
  );
  assert.deepEqual(when, []);
  assert.deepEqual(
    problems.map(({ code, place }) => [code, place.path]),
    [
      ["unknown-key", "when.promt"],
      ["bad-regex", "when.model"],
      ["wrong-value", "when.turn"],
      ["bad-json-path", "when.body.a"],
    ],
  );
});

for (const text of ["", "{}", "[]", "a", "{", "null", "[{}]"]) {
  Deno.test(`${JSON.stringify(text)} is no when`, async () => {
    const { when, problems } = await readWhen(text, "when");
    assert.deepEqual(when, []);
    assert.ok(problems.some(({ severity }) => severity === "error"));
  });
}

import assert from "node:assert/strict";
import { createMock, type MockRule } from "../../main.ts";
import { ask, post } from "./_ask.ts";

/** What a mock with these rules answers to `prompt`. */
async function answer(prompt: string, ...rules: MockRule[]): Promise<string> {
  await using mock = await createMock({ rules });
  return await ask(mock.fetch, prompt);
}

Deno.test("rules are those of a configuration file: patterns, templates, echo, tokens, errors", async () => {
  const rules: MockRule[] = [
    {
      when: { prompt: "/order #(?<id>\\d+)/i" },
      reply: { template: "Order {{ id }}." },
    },
    { when: { prompt: ["a*", { not: "*x*" }] }, reply: { echo: true } },
    { when: { prompt: { exact: "X!" } }, reply: { tokens: { count: 3 } } },
    { reply: { error: "overloaded" } },
  ];
  assert.equal(await answer("Order #7?", ...rules), "Order 7.");
  assert.equal(await answer("abc", ...rules), "abc");
  assert.match(await answer("X!", ...rules), /^\w{12}$/);
  assert.match(await answer("x!", ...rules), /^5\d\d /);
});

Deno.test("a RegExp is a pattern, its captures are the reply's; flags of iteration mean nothing", async () => {
  const rule: MockRule = {
    when: { prompt: /in (?<city>[^/]+)\/(?<country>\w+)/gi },
    reply: ({ captures: { city, country } }) => `${city}, ${country}`,
  };
  assert.equal(await answer("IN Paris/France", rule), "Paris, France");
});

Deno.test("a function may judge: it sees the question, its dialect removed", async () => {
  await using mock = await createMock({ responses: { hi: "no" } });
  const seen: unknown[] = [];
  mock.use({
    when(question) {
      const { prompt, system, model, turn, dialect, stream, session, key } =
        question;
      seen.push({ prompt, system, model, turn, dialect, stream, session, key });
      return (question.body as { model: string }).model === "gpt-4o" &&
        question.headers.get("x-a") === "b";
    },
    reply: "yes",
  });
  const asking = {
    system: "Be brief.",
    headers: { "x-a": "b", authorization: "Bearer mock-key" },
  };
  assert.equal(await ask(mock.fetch, "hi", asking), "yes");
  assert.equal(await ask(mock.fetch, "hi"), "no");
  assert.deepEqual(seen[0], {
    prompt: "hi",
    system: "Be brief.",
    model: "gpt-4o",
    turn: 1,
    dialect: "openai_chat",
    stream: false,
    session: "",
    key: "mock-key",
  });
});

Deno.test("a function may answer, at once or later, whatever a reply may be", async () => {
  await using mock = await createMock({
    rules: [
      { when: { prompt: "a" }, reply: () => "text" },
      { when: { prompt: "b" }, reply: () => Promise.resolve("later") },
      {
        when: { prompt: "c" },
        reply: () => ({ template: "{{ prompt | upcase }}" }),
      },
      {
        when: { prompt: "d" },
        reply: () => ({ error: { status: 418, message: "teapot" } }),
      },
      {
        when: { prompt: "e" },
        replies: [() => ({ text: "first", finish: "length" }), "second"],
      },
    ],
  });
  assert.equal(await ask(mock.fetch, "a"), "text");
  assert.equal(await ask(mock.fetch, "b"), "later");
  assert.equal(await ask(mock.fetch, "c"), "C");
  assert.equal(await ask(mock.fetch, "d"), "418 teapot");
  assert.equal(await ask(mock.fetch, "e"), "first");
  assert.equal(await ask(mock.fetch, "e"), "second");
  assert.equal(mock.requests.at(-2)?.finish, "length");
});

Deno.test("a function's answer streams like any other", async () => {
  await using mock = await createMock({
    rules: [{ reply: () => "one two" }],
  });
  const response = await post(mock.fetch, "?", { stream: true });
  assert.match(await response.text(), /"content":"o".*"content":"n"/s);
});

Deno.test("a function that throws is a broken rule: the client is told which, and why", async () => {
  await using mock = await createMock();
  mock.use({
    name: "judge",
    when: { prompt: "a" },
    reply() {
      throw new RangeError("no such thing");
    },
  });
  mock.use({
    when({ prompt }) {
      if (prompt === "b") throw new RangeError("not that");
      return false;
    },
    reply: "?",
  });
  assert.match(
    await ask(mock.fetch, "a"),
    /^500 The function reply of rule "judge" \(rules_test\.ts:\d+\) threw: RangeError: no such thing$/,
  );
  assert.match(
    await ask(mock.fetch, "b"),
    /^500 The function when of the rule at rules_test\.ts:\d+ threw: RangeError: not that$/,
  );
});

Deno.test("a function that answers what is no reply is told what a reply is", async () => {
  const rule = { reply: () => ({ txt: "typo" }) };
  assert.match(
    await answer("a", rule as MockRule),
    /^500 .*Unknown key "txt".*Did you mean "text"\?/s,
  );
  const silent = { reply: () => undefined } as unknown as MockRule;
  assert.match(await answer("a", silent), /^500 .*has no reply/s);
});

Deno.test("use() puts rules before all others, in order; those of the same name are replaced and begin anew", async () => {
  await using mock = await createMock({ rules: [{ reply: "made" }] });
  assert.equal(await ask(mock.fetch, "a"), "made");
  mock.use({ name: "n", replies: ["n1", "n2"] });
  assert.equal(await ask(mock.fetch, "a"), "n1");
  mock.use({ when: { prompt: "b" }, reply: "b1" }, { reply: "other" });
  assert.equal(await ask(mock.fetch, "b"), "b1");
  assert.equal(await ask(mock.fetch, "a"), "other");
  mock.use({ name: "n", replies: ["n1 again", "n2 again"] });
  assert.equal(await ask(mock.fetch, "a"), "n1 again");
  assert.equal(await ask(mock.fetch, "a"), "n2 again");
});

Deno.test("rules are called as they are named, else by the line of the test they stand in", async () => {
  await using mock = await createMock();
  for (const prompt of ["a", "b"]) {
    mock.use({ when: { prompt }, replies: [`${prompt}1`, `${prompt}2`] });
  }
  for (const prompt of ["a", "b", "a", "b"]) await ask(mock.fetch, prompt);
  const told = mock.requests.map(({ text, answeredBy }) =>
    `${text} ${answeredBy?.name.replace(/\d+/, "N")}`
  );
  assert.deepEqual(told, [
    "a1 rules_test.ts:N",
    "b1 rules_test.ts:N (2)",
    "a2 rules_test.ts:N",
    "b2 rules_test.ts:N (2)",
  ]);
});

Deno.test("rules that cannot be are refused all at once, with every problem and its remedy", async () => {
  await using mock = await createMock({ paces: { slow: { itl: 10 } } });
  const rules = [
    { when: { promt: "a" }, reply: "b" },
    { when: { prompt: "/(/" }, reply: "b", pace: "slwo" },
    { when: {}, replies: [] },
    "text",
  ] as unknown as MockRule[];
  assert.throws(() => mock.use(...rules), (error) => {
    assert.ok(error instanceof Error);
    assert.equal(error.name, "MockError");
    const { message } = error;
    assert.match(message, /^use\(\): [56] problems\n/);
    for (
      const part of [
        /"promt" in when \(rules\[0\]\.when\.promt\)\n +promt: "a"\n +Did you mean "prompt"\?/,
        /regular expression .*\(rules\[1\]\.when\.prompt\)/,
        /No pace is called "slwo"/,
        /"when" names no field/,
        /"replies" holds no reply/,
        /rules\[3\]/,
      ]
    ) assert.match(message, part);
    return true;
  });
  mock.use(); // nothing is nothing wrong
  assert.match(await ask(mock.fetch, "a"), /./);
  assert.equal(mock.requests[0]?.unmatched, true, "none of them is in force");
});

Deno.test("a template that does not parse refuses whoever meets its rule, and says why", async () => {
  await using mock = await createMock({ responses: { hi: "Hello." } });
  mock.use({ when: { prompt: "bad" }, reply: { template: "{{ a | nope }}" } });
  assert.equal(await ask(mock.fetch, "hi"), "Hello.");
  assert.match(
    await ask(mock.fetch, "bad"),
    /^500 use\(\): 1 problem\n.*"nope".*rules\[0\]\.reply\.template/s,
  );
});

Deno.test("states and sequences go on from rule to rule", async () => {
  await using mock = await createMock({
    rules: [
      { when: { prompt: "login" }, reply: "in", state: { sets: "in" } },
      {
        when: { prompt: "who" },
        reply: "you",
        state: { requires: "in", sets: "start" },
      },
      { reply: "nobody" },
    ],
  });
  for (
    const [prompt, wanted] of [["who", "nobody"], ["login", "in"], [
      "who",
      "you",
    ], ["who", "nobody"]]
  ) {
    assert.equal(await ask(mock.fetch, prompt ?? ""), wanted);
  }
});

Deno.test("reset() takes back what was added, and counts anew", async () => {
  await using mock = await createMock({
    rules: [{ replies: ["first", "second"] }],
  });
  await ask(mock.fetch, "a");
  mock.use({ reply: "added" });
  assert.equal(await ask(mock.fetch, "a"), "added");
  mock.reset();
  assert.equal(mock.requests.length, 0);
  assert.equal(await ask(mock.fetch, "a"), "first");
});

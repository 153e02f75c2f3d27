import assert from "node:assert/strict";
import { createMock, MockError, type MockOptions } from "../../main.ts";
import { ask, post } from "./_ask.ts";

/** What a mock made of these options answers to `prompt`. */
async function answer(prompt: string, options: MockOptions): Promise<string> {
  await using mock = await createMock(options);
  return await ask(mock.fetch, prompt);
}

/** What is said of options that cannot be. */
async function refusal(options: unknown): Promise<string> {
  try {
    await createMock(options as MockOptions);
  } catch (error) {
    assert.ok(error instanceof MockError, String(error));
    assert.ok(error.problems.length > 0);
    return error.message;
  }
  assert.fail("it was accepted");
}

Deno.test("without options everything gets the default answer, as by a file that says nothing of it", async () => {
  assert.match(await answer("a", {}), /mock response/);
});

Deno.test("responses, rules, defaults, models, paces and settings are those of a file", async () => {
  const options: MockOptions = {
    responses: { "*literal*": "L" },
    rules: [{ when: { prompt: "r*" }, reply: "R", pace: "fast" }],
    defaults: { unknown_response: "U" },
    models: ["gpt-9"],
    paces: { fast: { itl: "0ms" } },
    settings: { known_models_only: true },
  };
  await using mock = await createMock(options);
  const gpt9 = { model: "gpt-9" };
  assert.equal(await ask(mock.fetch, "*Literal*", gpt9), "L");
  assert.equal(await ask(mock.fetch, "rule", gpt9), "R");
  assert.equal(await ask(mock.fetch, "u", gpt9), "U");
  assert.match(await ask(mock.fetch, "u", { model: "gpt-8" }), /^404/);
});

Deno.test("strict refuses what nothing matches, and says what came near", async () => {
  const options = {
    strict: true,
    rules: [{ when: { prompt: "a" }, reply: "A" }],
  };
  assert.match(
    await answer("b", options),
    /^404 .*rule at options_test\.ts:\d+: prompt is "b", wants "a"/,
  );
});

Deno.test("a configuration may be the text of a file, in YAML or JSON, or what it would hold", async () => {
  const object = { responses: { hi: "Hello." } };
  for (
    const config of [
      "responses:\n  hi: Hello.\n",
      JSON.stringify(object),
      object,
    ]
  ) {
    assert.equal(await answer("hi", { config }), "Hello.");
  }
});

Deno.test("a configuration may be in files and folders, and others besides them", async () => {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/answers.yml`;
  await Deno.writeTextFile(file, "responses: { hi: Hello. }\n");
  for (const source of [folder, [file]]) {
    assert.equal(await answer("hi", { file: source }), "Hello.");
  }
  await using mock = await createMock({ file, responses: { bye: "Bye." } });
  assert.equal(await ask(mock.fetch, "hi"), "Hello.");
  assert.equal(await ask(mock.fetch, "bye"), "Bye.");
  assert.equal(mock.requests[0]?.answeredBy?.place, `${file}:1`);
  assert.match(
    mock.requests[1]?.answeredBy?.place ?? "",
    /^options_test\.ts:\d+$/,
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("options that cannot be are refused with every problem, where it is and how to mend it", async () => {
  const message = await refusal({
    respones: { hi: "Hello." },
    settings: { lag_factor: "fast" },
    rules: [{ when: { prompt: "a" } }],
  });
  assert.match(message, /^createMock\(\): 3 problems\n/);
  assert.match(message, /"respones".*\n.*\n *Did you mean "responses"\?/);
  assert.match(message, /settings\.lag_factor.*\n +lag_factor: "fast"\n/);
  assert.match(message, /The rule has no reply \(rules\[0\]\)/);
});

Deno.test("what is wrong with a text is told by line and column", async () => {
  const message = await refusal({ config: "responses:\n  hi: [1]\n" });
  assert.match(message, /\(config\.yml:2:3\)/);
});

Deno.test("a file that is not there is told of", async () => {
  assert.match(
    await refusal({ file: "/nowhere/a.yml" }),
    /no such file.*\/nowhere\/a\.yml/s,
  );
});

Deno.test("what is said twice, in options and a configuration, is refused", async () => {
  const message = await refusal({
    responses: { hi: "A" },
    config: { responses: { hi: "B" } },
  });
  assert.match(message, /hi/);
});

Deno.test("a seed is a whole number that the command line would take, too", async () => {
  for (const seed of [-1, 1.5, NaN, 2 ** 53, "1"]) {
    await assert.rejects(createMock({ seed } as MockOptions), {
      name: "RangeError",
      message: /^seed must be a whole number from 0/,
    });
  }
});

Deno.test("every run is the same unless a seed says otherwise", async () => {
  const tokens = { rules: [{ reply: { tokens: { count: 5 } } }] };
  const first = await answer("a", tokens);
  assert.equal(await answer("a", tokens), first);
  assert.equal(await answer("a", { ...tokens, seed: 1 }), first);
  assert.notEqual(await answer("a", { ...tokens, seed: 2 }), first);
  const settings = { seed: 2 };
  assert.equal(
    await answer("a", { ...tokens, settings }),
    await answer("a", { ...tokens, seed: 2 }),
  );
});

Deno.test("a speed that is none is refused", async () => {
  for (const speed of [0, -1, NaN]) {
    await assert.rejects(createMock({ speed }), RangeError);
  }
});

Deno.test("paces are honoured unless a speed is asked for", async () => {
  const rules = [{ reply: "a b c d e", pace: { itl: 10_000 } }];
  await using mock = await createMock({ rules, speed: 2_000 });
  const response = await post(mock.fetch, "?", { stream: true });
  assert.match(await response.text(), /DONE/);
  const { totalMs = 0 } = mock.requests[0] ?? {};
  assert.ok(totalMs >= 40_000, `${totalMs} ms of its own time`);
  await using slow = await createMock({
    rules: [{ reply: "a b c d e", pace: { itl: 10 } }],
  });
  await (await post(slow.fetch, "?", { stream: true })).text();
  assert.ok((slow.requests[0]?.totalMs ?? 0) >= 40);
});

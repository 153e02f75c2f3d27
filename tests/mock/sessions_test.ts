import assert from "node:assert/strict";
import { createMock } from "../../main.ts";
import { ask, deltas, post } from "./_ask.ts";

Deno.test("a hundred parallel sessions, each with its own rules: none sees another's", async () => {
  await using mock = await createMock({
    rules: [{ name: "common", replies: ["first", "later"] }],
  });
  const test = async (n: number) => {
    const session = mock.session(`test ${n}`);
    session.use({
      when: { prompt: "mine" },
      replies: [
        `${n} first`,
        { error: { status: 429, retry_after: 0 } },
        `${n} last`,
      ],
      state: { sets: `seen by ${n}` },
    }, {
      when: { prompt: "state" },
      state: { requires: `seen by ${n}` },
      reply: ({ session }) => `${session} was seen`,
    });
    const answers: string[] = [];
    for (
      const prompt of ["mine", "common", "mine", "state", "common", "mine"]
    ) {
      answers.push(await ask(session.fetch, prompt));
      await Promise.resolve();
    }
    assert.deepEqual(answers.map((each) => each.replace(/^429 .*/, "429")), [
      `${n} first`,
      "first",
      "429",
      `test ${n} was seen`,
      "later",
      `${n} last`,
    ]);
    assert.equal(session.requests.length, 6);
    assert.ok(session.requests.every((each) => each.session === `test ${n}`));
    session.expect({ prompt: "mine" }, { times: 3 });
    session.expect({ prompt: "mine" }, { times: 1, status: 429 });
    session.expectInOrder([{ prompt: "mine" }, { prompt: "state" }]);
  };
  await Promise.all(Array.from({ length: 100 }, (_, n) => test(n)));
  assert.equal(mock.requests.length, 600);
  assert.equal(await ask(mock.fetch, "mine"), "first", "nor does who has none");
});

Deno.test("a hundred streams at once, each stopped where its own session says", async () => {
  await using mock = await createMock({ speed: Infinity });
  const test = async (n: number) => {
    const session = mock.session();
    session.use({
      reply: Array.from({ length: 50 }, (_, i) => `${n}:${i}`).join(" "),
      pace: { itl: 10 },
    });
    const wanted = 1 + n % 7;
    const response = await post(session.fetch, "?", { stream: true });
    let text = "";
    let seen = 0;
    for await (const delta of deltas(response)) {
      text += delta;
      if (++seen === wanted) break;
    }
    assert.ok(text.startsWith(String(n).slice(0, text.length)), text);
    session.expect({}, { ended: "client_left", times: 1 });
  };
  await Promise.all(Array.from({ length: 100 }, (_, n) => test(n)));
});

Deno.test("rules of a session come before those of everybody, which come before those it was made with", async () => {
  await using mock = await createMock({ rules: [{ reply: "made" }] });
  const [a, b] = [mock.session("a"), mock.session("b")];
  mock.use({ when: { prompt: "x" }, reply: "everybody" });
  a.use({ when: { prompt: "x", session: "a" }, reply: "a" });
  assert.equal(await ask(a.fetch, "x"), "a");
  assert.equal(await ask(b.fetch, "x"), "everybody");
  assert.equal(await ask(b.fetch, "y"), "made");
  a.reset();
  assert.equal(await ask(a.fetch, "x"), "everybody");
  assert.equal(a.requests.length, 1);
  assert.equal(b.requests.length, 2);
  mock.reset();
  assert.equal(await ask(b.fetch, "x"), "made");
});

Deno.test("a session's seed is its own: what others ask changes none of its bytes", async () => {
  const bytes: string[] = [];
  for (const others of [0, 5]) {
    await using mock = await createMock();
    for (let i = 0; i < others; i++) await ask(mock.fetch, "hi");
    const response = await post(mock.session("mine").fetch, "hi");
    bytes.push((await response.text()).replace(/"created": \d+/, ""));
  }
  assert.equal(bytes[0], bytes[1]);
});

Deno.test("a session's name is told in a header, whatever characters it has", async () => {
  await using mock = await createMock();
  const session = mock.session(" prüft 100 % ");
  assert.equal(session.name, "pr%C3%BCft 100 %");
  assert.deepEqual(session.headers, { "x-mock-session": session.name });
  await ask(session.fetch, "hi");
  await ask(mock.fetch, "hi", { headers: session.headers });
  assert.equal(session.requests.length, 2);
  assert.throws(() => mock.session(""), RangeError);
  assert.throws(() => mock.session("ü".repeat(100)), RangeError);
});

Deno.test("sessions that nobody names are different ones", async () => {
  await using mock = await createMock();
  const [a, b] = [mock.session(), mock.session()];
  assert.notEqual(a.name, b.name);
  await ask(a.fetch, "hi");
  assert.equal(b.requests.length, 0);
});

Deno.test("a session's fetch keeps the headers of the request", async () => {
  await using mock = await createMock();
  const session = mock.session("s");
  const request = new Request("http://x/v1/models", {
    headers: { "x-a": "1" },
  });
  await (await session.fetch(request)).body?.cancel();
  await (await session.fetch("/v1/models", { headers: { "x-a": "2" } })).body
    ?.cancel();
  assert.deepEqual(session.requests.map(({ headers }) => headers["x-a"]), [
    "1",
    "2",
  ]);
});

import assert from "node:assert/strict";
import { VERIFY_STEPS_MAX } from "../../lib/core/limits.ts";
import { type TestAdmin, testAdmin } from "../support/admin.ts";
import { performed, record, refused } from "../support/records.ts";

function recorded(): TestAdmin {
  const admin = testAdmin();
  const { journal } = admin;
  journal.open(record({ prompt: "the weather?", session: "s" }))
    .end(performed());
  journal.open(record({ prompt: "bye", source: { type: "rule", name: "r" } }))
    .end(performed({ ended: "client left" }));
  journal.open(refused(429)).end(performed());
  return admin;
}

// deno-lint-ignore no-explicit-any
async function verify(body: unknown, admin = recorded()): Promise<any> {
  const said = await admin.ask("POST /_mock/verify", { body });
  assert.equal(said.status, 200, JSON.stringify(said.body));
  return said.body;
}

async function refusal(body: unknown): Promise<string> {
  const said = await recorded().ask("POST /_mock/verify", { body });
  assert.equal(said.status, 400);
  return said.body.error.message;
}

Deno.test("POST /_mock/verify: when is read in the grammar of rules", async () => {
  for (
    const when of [
      { prompt: "*weather*" },
      { prompt: ["nothing", "/WEATHER/i"], model: "gpt-*" },
      { prompt: { not: "bye" }, stream: false, turn: 1 },
      { body: { "$.messages[0].role": "user" }, prompt: "the weather?" },
      { session: "s" },
    ]
  ) {
    assert.deepEqual(
      await verify({ when, exactly: 1 }),
      { ok: true, count: 1 },
      JSON.stringify(when),
    );
  }
});

Deno.test("POST /_mock/verify: a when that cannot be read is refused with what is wrong, by path", async () => {
  const bad = await recorded().ask("POST /_mock/verify", {
    body: { when: { promt: "x", header: {} } },
  });
  assert.equal(bad.status, 400);
  assert.equal(bad.body.error.message, "when cannot be read");
  assert.deepEqual(
    bad.body.error.problems.map(({ path }: { path: string }) => path),
    ["when.promt", "when.header"],
  );
  assert.match(bad.body.error.problems[0].remedy, /Did you mean "prompt"\?/);
  for (const when of [{}, null, "x", [], { prompt: "/^(a+)+$/" }]) {
    assert.equal(await refusal({ when }), "when cannot be read");
  }
  const order = [{ when: { prompt: "x" } }, { when: { model: "/(/" } }];
  const said = await recorded().ask("POST /_mock/verify", { body: { order } });
  assert.equal(said.body.error.message, "order[1].when cannot be read");
  assert.equal(said.body.error.problems[0].path, "order[1].when.model");
});

Deno.test("POST /_mock/verify: counts; at least 1 unless said otherwise", async () => {
  assert.deepEqual(await verify({}), { ok: true, count: 3 });
  assert.deepEqual(await verify(undefined), { ok: true, count: 3 });
  const cases: [object, boolean][] = [
    [{ exactly: 3 }, true],
    [{ exactly: 2 }, false],
    [{ at_least: 3 }, true],
    [{ at_least: 4 }, false],
    [{ at_most: 3 }, true],
    [{ at_most: 2 }, false],
    [{ at_least: 1, at_most: 3 }, true],
    [{ at_least: 0, when: { prompt: "never" } }, true],
    [{ at_most: 0, when: { prompt: "never" } }, true],
    [{ exactly: 0 }, false],
  ];
  for (const [body, ok] of cases) {
    assert.equal((await verify(body)).ok, ok, JSON.stringify(body));
  }
});

Deno.test("POST /_mock/verify: how it ended, status, rule, path, text and unmatched", async () => {
  for (
    const wanted of [
      { ended: "client_left" },
      { status: 429 },
      { status: "4xx" },
      { answered_by: "r" },
      { text: "WEATHER" },
    ]
  ) assert.equal((await verify({ ...wanted, exactly: 1 })).ok, true);
  assert.equal((await verify({ path: "/v1/*", exactly: 3 })).ok, true);
  assert.equal((await verify({ unmatched: true, exactly: 0 })).ok, true);
});

Deno.test("POST /_mock/verify: a failure is a 200 that says what was made instead", async () => {
  const answer = await verify({
    when: { prompt: "the weather?" },
    status: 500,
  });
  assert.equal(answer.ok, false);
  assert.equal(
    answer.message,
    'Wanted at least 1 request with prompt "the weather?", status 500, found 0 among 3. ' +
      "Nearest is request 1: status is 200, wants 500",
  );
  assert.deepEqual(answer.nearest[0], {
    id: "1",
    differs: ["status is 200, wants 500"],
  });
});

Deno.test("POST /_mock/verify: the session is named in the body, the query or the header", async () => {
  const admin = recorded();
  const count = async (route: string, body: object, header?: string) => {
    const headers = header === undefined ? {} : { "x-mock-session": header };
    const said = await admin.ask(route, { body, headers });
    return said.body.count;
  };
  assert.equal(await count("POST /_mock/verify", { session: "s" }), 1);
  assert.equal(await count("POST /_mock/verify?session=s", {}), 1);
  assert.equal(await count("POST /_mock/verify", {}, "s"), 1);
  assert.equal(await count("POST /_mock/verify", { session: "" }, "s"), 2);
});

Deno.test("POST /_mock/verify: an order alone counts nothing, beside a count both must hold", async () => {
  const [weather, bye] = ["the weather?", "bye"].map((prompt) => ({
    when: { prompt },
  }));
  const order = [weather, bye, { status: 429 }];
  assert.deepEqual(await verify({ order }), { ok: true, count: 3 });
  assert.equal((await verify({ order: [bye, weather] })).ok, false);
  assert.equal((await verify({ order, exactly: 3 })).ok, true);
  assert.equal((await verify({ order, exactly: 2 })).ok, false);
  assert.equal((await verify({ order, when: { prompt: "x" } })).ok, false);
});

Deno.test("POST /_mock/verify: what is wrong with a question is named", async () => {
  const steps = Array.from({ length: VERIFY_STEPS_MAX + 1 }, () => ({}));
  const cases: [unknown, RegExp][] = [
    [[], /^Expected the body to be an object, but got an array$/],
    [
      { atleast: 1 },
      /^There is no field "atleast"\. Did you mean "at_least"\?/,
    ],
    [{ exactly: -1 }, /^Expected exactly to be a whole number of at least 0/],
    [{ exactly: "1" }, /but got a string$/],
    [{ at_least: 1.5 }, /but got a decimal$/],
    [{ exactly: 1, at_most: 2 }, /^exactly says it all/],
    [{ at_least: 3, at_most: 2 }, /^at_least is 3, but at_most is 2$/],
    [{ status: "teapot" }, /^status: expected a status/],
    [{ ended: "aborted" }, /^ended: expected one of/],
    [{ session: 1 }, /^Expected session to be a string/],
    [{ order: {} }, /^Expected order to be an array/],
    [{ order: [] }, /^Expected order to be an array of at least one step/],
    [
      { order: [1] },
      /^Expected order\[0\] to be an object, but got an integer/,
    ],
    [{ order: [{ exactly: 1 }] }, /^There is no field "exactly"/],
    [{ order: steps }, /of at most 100 steps/],
    ['{"when":', /^The request body is not valid JSON$/],
  ];
  for (const [body, message] of cases) {
    assert.match(
      await refusal(body),
      message,
      JSON.stringify(body).slice(0, 80),
    );
  }
  const most = { order: steps.slice(0, VERIFY_STEPS_MAX) };
  assert.equal((await verify(most)).ok, false);
});

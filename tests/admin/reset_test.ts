import assert from "node:assert/strict";
import { RuleBook } from "../../lib/match/rulebook.ts";
import { type TestAdmin, testAdmin } from "../support/admin.ts";
import { record } from "../support/records.ts";
import { rule } from "../support/rules.ts";

/** A server that both sessions have used. */
function used(): TestAdmin {
  const admin = testAdmin();
  for (const name of ["", "s"]) {
    const session = admin.sessions.of(name);
    session.overlay = new RuleBook([rule("x")]);
    session.hit(rule("x", {}, { sets: "done" }));
    admin.journal.open(record({ session: name }));
  }
  admin.coverage.count({ type: "rule", name: "x", place: "" });
  return admin;
}

/** What is left: rules, counters and requests of nobody's session and of s, and coverage. */
function left({ sessions, journal, coverage }: TestAdmin): string {
  const of = (name: string) => {
    const session = sessions.of(name);
    const requests = journal.entries().filter(({ session }) =>
      session === name
    );
    return [
      session.overlay.rules.length === 0 ? "" : "R",
      session.hits(rule("x")) === 0 && session.state === "start" ? "" : "C",
      requests.length === 0 ? "" : "J",
    ].join("");
  };
  return `${of("")}/${of("s")}/${coverage.hits("x") === 0 ? "" : "V"}`;
}

Deno.test("POST /_mock/reset: nothing named is everything", async () => {
  for (const body of [undefined, {}]) {
    const admin = used();
    assert.equal(left(admin), "RCJ/RCJ/V");
    const said = await admin.ask("POST /_mock/reset", { body });
    assert.deepEqual(said, {
      status: 200,
      body: { reset: ["rules", "counters", "journal", "coverage"] },
    });
    assert.equal(left(admin), "//");
  }
});

Deno.test("POST /_mock/reset: what is named, and no more", async () => {
  for (
    const [body, rest] of [
      [{ rules: true }, "CJ/CJ/V"],
      [{ counters: true }, "RJ/RJ/V"],
      [{ journal: true }, "RC/RC/V"],
      [{ coverage: true }, "RCJ/RCJ/"],
      [{ rules: true, journal: true }, "C/C/V"],
    ] as const
  ) {
    const admin = used();
    const said = await admin.ask("POST /_mock/reset", { body });
    assert.deepEqual(said.body.reset, Object.keys(body));
    assert.equal(left(admin), rest);
  }
});

Deno.test("POST /_mock/reset: one session, named in the body, the query or the header", async () => {
  for (
    const [route, body, headers] of [
      ["POST /_mock/reset", { session: "s" }, {}],
      ["POST /_mock/reset?session=s", {}, {}],
      ["POST /_mock/reset", {}, { "x-mock-session": "s" }],
      ["POST /_mock/reset?session=other", { session: "s" }, {}],
    ] as const
  ) {
    const admin = used();
    const said = await admin.ask(route, { body, headers });
    assert.deepEqual(said.body, {
      reset: ["rules", "counters", "journal"],
      session: "s",
    });
    assert.equal(left(admin), "RCJ//V");
  }
});

Deno.test("POST /_mock/reset: the shared session is the one without a name", async () => {
  const admin = used();
  const body = { session: "", counters: true };
  await admin.ask("POST /_mock/reset", { body });
  assert.equal(left(admin), "RJ/RCJ/V");
});

Deno.test("POST /_mock/reset: a session that is not known is none to reset, and is not begun", async () => {
  const admin = used();
  const body = { session: "stranger" };
  assert.equal((await admin.ask("POST /_mock/reset", { body })).status, 200);
  assert.equal(admin.sessions.get("stranger"), undefined);
  assert.equal(left(admin), "RCJ/RCJ/V");
});

Deno.test("POST /_mock/reset: what is wrong changes nothing and is named", async () => {
  for (
    const [body, message] of [
      [{ rule: true }, /^There is no field "rule"\. Did you mean "rules"\?/],
      [{ rules: false }, /^Expected rules to be true, or nothing, but got a/],
      [{ session: "s", coverage: true }, /^coverage is counted for all/],
      [{ session: 1 }, /^Expected session to be a string/],
      ["x", /not valid JSON/],
    ] as const
  ) {
    const admin = used();
    const said = await admin.ask("POST /_mock/reset", { body });
    assert.equal(said.status, 400);
    assert.match(said.body.error.message, message);
    assert.equal(left(admin), "RCJ/RCJ/V");
  }
});

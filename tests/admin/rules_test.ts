import assert from "node:assert/strict";
import {
  ADMIN_BODY_BYTES_MAX,
  COVERAGE_SHOWN_MAX,
  OVERLAY_RULES_MAX,
  OVERLAYS_RULES_MAX,
  SUMMARY_CHARS_MAX,
} from "../../lib/core/limits.ts";
import { RuleBook } from "../../lib/match/rulebook.ts";
import { type TestAdmin, testAdmin } from "../support/admin.ts";
import { testConfig } from "../support/app.ts";
import { asks, rule } from "../support/rules.ts";

function named(name: string, prompt = name) {
  return { name, when: { prompt }, reply: `${name} says so` };
}

function overlay(admin: TestAdmin, session = ""): string[] {
  return admin.sessions.of(session).overlay.rules.map(({ name }) => name);
}

async function add(admin: TestAdmin, body: unknown, query = "") {
  return await admin.ask(`POST /_mock/rules${query}`, { body });
}

Deno.test("POST /_mock/rules: one rule, a list, or a section, in JSON or YAML", async () => {
  for (
    const body of [
      named("a"),
      [named("a")],
      { rules: [named("a")] },
      "name: a\nwhen: { prompt: a }\nreply: hello",
      "- name: a\n  reply: hello",
      "rules:\n  - name: a\n    reply: hello",
    ]
  ) {
    const admin = testAdmin();
    const { status, body: said } = await add(admin, body);
    assert.equal(status, 201, JSON.stringify(said));
    assert.deepEqual(said.added.map(({ name }: { name: string }) => name), [
      "a",
    ]);
    assert.deepEqual(overlay(admin), ["a"]);
  }
});

Deno.test("POST /_mock/rules: those added later are tried first, those added together in their order", async () => {
  const admin = testAdmin();
  await add(admin, [named("a"), named("b")]);
  await add(admin, [named("c"), named("d")]);
  assert.deepEqual(overlay(admin), ["c", "d", "a", "b"]);
});

Deno.test("POST /_mock/rules: they answer", async () => {
  const admin = testAdmin();
  await add(admin, named("order", "/order #(?<id>\\d+)/"));
  const hit = admin.sessions.of("").overlay.find(asks("order #7"), "start");
  assert.equal(hit?.rule.name, "order");
  assert.equal(hit?.captures.id, "7");
});

Deno.test("POST /_mock/rules: a rule without a name is called by its place, which no other has", async () => {
  const admin = testAdmin();
  const places = [];
  for (let i = 0; i < 2; i++) {
    places.push((await add(admin, { reply: "x" })).body.added[0].place);
  }
  assert.deepEqual(places, ["/_mock/rules#1:1", "/_mock/rules#2:1"]);
  assert.deepEqual(overlay(admin), places.toReversed());
});

Deno.test("POST /_mock/rules: a rule of a name that is there replaces it, and begins anew", async () => {
  const admin = testAdmin();
  await add(admin, [named("a"), named("b")]);
  const session = admin.sessions.of("someone");
  for (const { name } of admin.sessions.of("").overlay.rules) {
    session.hit(rule(name));
  }
  const { body } = await add(admin, named("b"));
  assert.deepEqual(body.replaced, [{ name: "b", place: "/_mock/rules#1:1" }]);
  assert.deepEqual(overlay(admin), ["b", "a"]);
  assert.deepEqual(
    [session.hits(rule("b")), session.hits(rule("a"))],
    [0, 1],
  );
});

Deno.test("POST /_mock/rules: rules of a session are its own", async () => {
  const admin = testAdmin();
  const { body } = await add(admin, named("a"), "?session=s");
  assert.equal(body.session, "s");
  const headers = { "x-mock-session": "t" };
  await admin.ask("POST /_mock/rules", { body: named("b"), headers });
  assert.deepEqual(
    [overlay(admin, "s"), overlay(admin, "t"), overlay(admin)],
    [["a"], ["b"], []],
  );
});

Deno.test("POST /_mock/rules: what cannot be used changes nothing, and is told with its places", async () => {
  const admin = testAdmin();
  await add(admin, named("a"));
  const { overlay: before } = admin.sessions.of("");
  const bad = "- name: b\n  reply: x\n- name: c\n  repply: y\n";
  const { status, body } = await add(admin, bad);
  assert.equal(status, 400);
  assert.equal(
    body.error.message,
    "The rules cannot be used, and nothing was changed",
  );
  const problem = body.error.problems.find(({ code }: { code: string }) =>
    code === "unknown-key"
  );
  assert.deepEqual(
    [problem.file, problem.line, problem.severity],
    ["/_mock/rules#2", 4, "error"],
  );
  assert.match(problem.remedy, /Did you mean "reply"\?/);
  assert.equal(admin.sessions.of("").overlay, before);
});

Deno.test("POST /_mock/rules: texts that are no rules are refused", async () => {
  for (const body of ["", " \n", "just text", "[]", "{}", "{", "- 1"]) {
    const admin = testAdmin();
    const { status } = await add(admin, body);
    assert.equal(status, 400, JSON.stringify(body));
    assert.deepEqual(overlay(admin), []);
  }
  const doubled = await add(testAdmin(), [named("a"), named("a")]);
  assert.ok(
    doubled.body.error.problems.some(({ code }: { code: string }) =>
      code === "duplicate-name"
    ),
  );
  assert.equal((await add(testAdmin(), named("a"), "?sesion=s")).status, 400);
});

Deno.test("POST /_mock/rules: a body of ADMIN_BODY_BYTES_MAX is read, a larger one is not", async () => {
  const body = (bytes: number) => JSON.stringify(named("a")).padEnd(bytes);
  assert.equal(
    (await add(testAdmin(), body(ADMIN_BODY_BYTES_MAX))).status,
    201,
  );
  const { status } = await add(testAdmin(), body(ADMIN_BODY_BYTES_MAX + 1));
  assert.equal(status, 413);
});

Deno.test("POST /_mock/rules: OVERLAY_RULES_MAX of one session, OVERLAYS_RULES_MAX of all; no rule more", async () => {
  const admin = testAdmin();
  const book = (count: number) =>
    new RuleBook(Array.from({ length: count }, (_, i) => rule(`r${i}`)));
  const shared = admin.sessions.of("");
  shared.overlay = book(OVERLAY_RULES_MAX - 1);
  assert.equal((await add(admin, named("last"))).status, 201);
  const more = await add(admin, named("more"));
  assert.equal(more.status, 409);
  assert.match(more.body.error.message, /there can be 1000 at a time/);
  assert.equal(shared.overlay.rules.length, OVERLAY_RULES_MAX);

  for (let i = 1; i < OVERLAYS_RULES_MAX / OVERLAY_RULES_MAX; i++) {
    admin.sessions.of(`s${i}`).overlay = book(OVERLAY_RULES_MAX);
  }
  const all = await add(admin, named("x"), "?session=new");
  assert.equal(all.status, 409);
  assert.match(all.body.error.message, /20000 in all sessions together/);
  shared.overlay = book(OVERLAY_RULES_MAX - 1);
  assert.equal((await add(admin, named("x"), "?session=new")).status, 201);
});

Deno.test("POST /_mock/rules: of two at the same time, both are there", async () => {
  const admin = testAdmin();
  await Promise.all(["a", "b", "c"].map((name) => add(admin, named(name))));
  assert.deepEqual(overlay(admin).toSorted(), ["a", "b", "c"]);
});

Deno.test("PUT /_mock/rules: replaces all that were added there, and begins anew", async () => {
  const admin = testAdmin();
  await add(admin, [named("a"), named("b")]);
  await add(admin, named("mine"), "?session=s");
  admin.sessions.of("s").hit(rule("b"));
  const { status, body } = await admin.ask("PUT /_mock/rules", {
    body: [named("b"), named("c")],
  });
  assert.equal(status, 200);
  assert.deepEqual(
    body.removed.map(({ name }: { name: string }) => name),
    ["a", "b"],
  );
  assert.deepEqual([overlay(admin), overlay(admin, "s")], [["b", "c"], [
    "mine",
  ]]);
  assert.equal(admin.sessions.of("s").hits(rule("b")), 0);
  const bad = await admin.ask("PUT /_mock/rules", { body: "{" });
  assert.equal(bad.status, 400);
  assert.deepEqual(overlay(admin), ["b", "c"]);
});

Deno.test("DELETE /_mock/rules: removes what was added, there and nowhere else", async () => {
  const admin = testAdmin();
  await add(admin, named("a"));
  await add(admin, named("b"), "?session=s");
  const { body } = await admin.ask("DELETE /_mock/rules");
  assert.deepEqual(body, {
    removed: [{ name: "a", place: "/_mock/rules#1:1" }],
  });
  assert.deepEqual([overlay(admin), overlay(admin, "s")], [[], ["b"]]);
  assert.equal(admin.sessions.of("").overlay, RuleBook.EMPTY);
  await admin.ask("DELETE /_mock/rules?session=s");
  assert.deepEqual(overlay(admin, "s"), []);
});

Deno.test("DELETE /_mock/rules/:name: removes one; of one that is not there it says what is", async () => {
  const config = testConfig({ rules: [rule("filed")] });
  const admin = testAdmin({ config: () => config });
  await add(admin, [named("a"), named("b/c d")]);
  const gone = await admin.ask("DELETE /_mock/rules/b%2Fc%20d");
  assert.equal(gone.status, 200);
  assert.deepEqual(overlay(admin), ["a"]);
  const message = async (name: string) => {
    const { status, body } = await admin.ask(`DELETE /_mock/rules/${name}`);
    assert.equal(status, 404);
    return body.error.message;
  };
  assert.match(await message("x"), /No rule called "x" .* there are "a"$/);
  assert.match(await message("filed"), /Rule "filed" stands in the file/);
  await admin.ask("DELETE /_mock/rules");
  assert.match(await message("a"), /there are none$/);
});

Deno.test("GET /_mock/rules: a session's own, then everybody's, then the file's, with their hits", async () => {
  const config = testConfig({ rules: [rule("filed", { prompt: "x*" })] });
  const admin = testAdmin({ config: () => config });
  await add(admin, named("all"));
  await add(admin, named("own"), "?session=s");
  admin.coverage.count({ type: "rule", name: "filed", place: "" });
  const list = async (query: string) => {
    const { body } = await admin.ask(`GET /_mock/rules${query}`);
    return body.rules.map((each: { name: string; from: string }) =>
      `${each.name} (${each.from})`
    );
  };
  assert.deepEqual(await list(""), ["all (run time)", "filed (file)"]);
  assert.deepEqual(await list("?session=s"), [
    "own (session)",
    "all (run time)",
    "filed (file)",
  ]);
  assert.deepEqual(await list("?session=stranger"), [
    "all (run time)",
    "filed (file)",
  ]);
  assert.equal(admin.sessions.get("stranger"), undefined);
  const { body } = await admin.ask("GET /_mock/rules");
  assert.deepEqual(body.rules[1], {
    name: "filed",
    place: "test.yml:5",
    from: "file",
    when: ['prompt "x*"'],
    replies: [{ text: "filed" }],
    hits: 1,
  });
});

Deno.test("GET /_mock/rules: every kind of reply; secrets of conditions are not told", async () => {
  const admin = testAdmin();
  const { status, body: added } = await add(admin, [
    {
      name: "many",
      when: { key: "hush-key", header: { "x-a": "hush-a" } },
      replies: [
        "plain",
        { template: "{{ prompt }}" },
        { echo: true },
        { tokens: { count: 3, length: 2 } },
        { error: { status: 429, message: "slow" } },
        { reasoning: "Hm.", tool_calls: { name: "f", arguments: { a: 1 } } },
        {
          blocks: [
            { redacted_reasoning: true },
            { redacted_reasoning: "EqoB" },
            { text: "Well", citations: [{ url: "https://a.example/" }] },
            { refusal: { text: "No.", category: "bio" } },
          ],
        },
      ],
      on_end: "loop",
    },
    { name: "stated", state: { sets: "s" }, reply: "sk-ant-abcdefghijklm" },
  ]);
  assert.equal(status, 201, JSON.stringify(added));
  const { body } = await admin.ask("GET /_mock/rules");
  const [many, stated] = body.rules;
  assert.deepEqual(many.when, ['header "x-a" as wanted', "the API key wanted"]);
  assert.deepEqual(many.replies.slice(0, 4), [
    { text: "plain" },
    { template: "{{ prompt }}" },
    { echo: true },
    { tokens: { count: 3, length: 2 } },
  ]);
  assert.deepEqual(many.replies[5], {
    blocks: [
      { reasoning: "Hm." },
      { tool_call: { name: "f", arguments: '{"a":1}' } },
    ],
  });
  assert.deepEqual(many.replies[6], {
    blocks: [
      { redacted_reasoning: true },
      { redacted_reasoning: "EqoB" },
      { text: "Well", citations: 1 },
      { refusal: "No.", category: "bio" },
    ],
  });
  assert.deepEqual(
    [many.replies[4].error.status, many.on_end],
    [429, "loop"],
  );
  assert.deepEqual(stated.state, { sets: "s" });
  assert.deepEqual(stated.replies, [{ text: "[redacted]" }]);
  assert.ok(!JSON.stringify(body).includes("hush"));
});

Deno.test("GET /_mock/rules: long texts are cut at SUMMARY_CHARS_MAX, long lists at COVERAGE_SHOWN_MAX", async () => {
  const many = Array.from(
    { length: COVERAGE_SHOWN_MAX + 1 },
    (_, i) => rule(`r${i}`),
  );
  const config = testConfig({ rules: many });
  const admin = testAdmin({ config: () => config });
  await add(admin, { reply: "x".repeat(SUMMARY_CHARS_MAX + 1) });
  const { body } = await admin.ask("GET /_mock/rules");
  assert.deepEqual([body.rules.length, body.more], [COVERAGE_SHOWN_MAX, 2]);
  assert.equal(body.rules[0].replies[0].text.length, SUMMARY_CHARS_MAX + 1);
});

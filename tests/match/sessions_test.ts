import assert from "node:assert/strict";
import { SESSIONS_MAX } from "../../lib/core/limits.ts";
import { RuleBook } from "../../lib/match/rulebook.ts";
import type { RuleSpec } from "../../lib/match/rule.ts";
import { Session, Sessions } from "../../lib/match/sessions.ts";

const RULE: RuleSpec = {
  name: "flaky",
  place: "test.yml:1",
  when: [],
  replies: [{ place: "test.yml:2", content: { type: "text", text: "hi" } }],
  onEnd: "repeat",
  sets: "done",
};

Deno.test("Sessions counts the requests of each session by itself", () => {
  const sessions = new Sessions();
  assert.deepEqual(
    ["", "a", "b", "a", ""].map((name) => sessions.of(name).nextOrdinal()),
    [0, 0, 0, 1, 1],
  );
});

Deno.test("Sessions forgets the session that was quiet longest", () => {
  const sessions = new Sessions();
  sessions.of("first").nextOrdinal();
  sessions.of("second").nextOrdinal();
  sessions.of("first").nextOrdinal();
  for (let i = 0; i < SESSIONS_MAX - 1; i++) sessions.of(`s${i}`);
  assert.equal(sessions.of("first").nextOrdinal(), 2);
  assert.equal(sessions.get("second"), undefined);
});

Deno.test("Sessions forgets sessions with rules of their own after those without", () => {
  const sessions = new Sessions();
  sessions.of("ruled").overlay = new RuleBook([RULE]);
  for (let i = 0; i < 2 * SESSIONS_MAX; i++) sessions.of(`s${i}`);
  assert.ok(sessions.get("ruled"));
  assert.equal(sessions.get("s0"), undefined);
});

Deno.test("Sessions is bounded, also when all have rules of their own", () => {
  const sessions = new Sessions();
  for (let i = 0; i < SESSIONS_MAX + 50; i++) {
    sessions.of(`s${i}`).overlay = new RuleBook([RULE]);
  }
  assert.equal([...sessions].length, SESSIONS_MAX + 1);
});

Deno.test("Session counts what each rule answered, and takes the state it sets", () => {
  const session = new Session("");
  assert.equal(session.state, "start");
  assert.deepEqual([session.hit(RULE), session.hit(RULE)], [0, 1]);
  assert.equal(session.hits(RULE), 2);
  assert.equal(session.state, "done");
  session.resetCounters();
  assert.deepEqual([session.hits(RULE), session.state], [0, "start"]);
});

Deno.test("Session: forget() begins rules anew by name, and leaves the others and the state", () => {
  const session = new Session("");
  const other = { ...RULE, name: "other" };
  for (const rule of [RULE, RULE, other]) session.hit(rule);
  session.forget(new Set([RULE.name, "unknown"]));
  assert.deepEqual([session.hits(RULE), session.hits(other)], [0, 1]);
  assert.equal(session.state, "done");
});

Deno.test("Session: a rule without a name does not inherit the count of one that stood at its place", () => {
  const session = new Session("");
  const before = { ...RULE, name: RULE.place };
  const after = { ...RULE, name: RULE.place };
  assert.deepEqual([session.hit(before), session.hit(before)], [0, 1]);
  assert.deepEqual([session.hit(after), session.hits(before)], [0, 2]);
  session.resetCounters();
  assert.deepEqual([session.hits(before), session.hits(after)], [0, 0]);
});

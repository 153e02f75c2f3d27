import assert from "node:assert/strict";
import type { Event } from "../../lib/cli/event.ts";
import {
  limitPasser,
  limitTeller,
  passedOn,
} from "../../lib/cli/limit_notice.ts";
import {
  LIMIT_NOTICE_MS_MIN,
  LIMIT_PASS_ON_MS_MIN,
} from "../../lib/core/limits.ts";
import { ManualClock } from "../support/manual_clock.ts";

function bench() {
  const clock = new ManualClock();
  const said: string[] = [];
  const say = (event: Event) =>
    void said.push(event.type === "warning" ? event.message : event.type);
  return { clock, said, tell: limitTeller(clock, { say }) };
}

function met(limit: string) {
  return { limit, message: "Too much" };
}

Deno.test("limitTeller() tells each limit once a minute", async () => {
  const { clock, said, tell } = bench();
  tell(met("a"));
  tell(met("a"));
  tell(met("b"));
  await clock.advance(LIMIT_NOTICE_MS_MIN - 1);
  tell(met("a"));
  assert.equal(said.length, 2);
  await clock.advance(LIMIT_NOTICE_MS_MIN);
  tell(met("a"));
  assert.equal(said.length, 3);
  assert.equal(
    said[0],
    "Refused a request: Too much (a). Others like it are not told for a minute",
  );
});

Deno.test("limitPasser() passes each limit on as a line, as seldom as the limit says", async () => {
  const { clock } = bench();
  const lines: string[] = [];
  const pass = limitPasser(clock, { write: (text) => void lines.push(text) });
  pass(met("a\n"));
  pass(met("a\n"));
  await clock.advance(LIMIT_PASS_ON_MS_MIN - 1);
  pass(met("a\n"));
  assert.equal(lines.length, 1);
  await clock.advance(LIMIT_PASS_ON_MS_MIN);
  pass(met("a\n"));
  assert.equal(lines.length, 2);
  const [line = ""] = lines;
  assert.equal(line.indexOf("\n"), line.length - 1);
  assert.deepEqual(passedOn(line.trimEnd()), met("a\n"));
});

Deno.test("passedOn() takes no other line for one", () => {
  assert.equal(passedOn("http://127.0.0.1:8000"), undefined);
  assert.equal(passedOn(""), undefined);
});

Deno.test("however many workers meet a limit, their parent tells it once a minute", async () => {
  const { clock, said, tell } = bench();
  const write = (text: string) =>
    tell(passedOn(text.trimEnd()) ?? assert.fail());
  const workers = Array.from(
    { length: 8 },
    () => limitPasser(clock, { write }),
  );
  for (let second = 0; second < 120; second++) {
    await clock.advance(second * 1_000);
    for (const pass of workers) pass(met("a"));
  }
  assert.equal(said.length, 120_000 / LIMIT_NOTICE_MS_MIN);
});

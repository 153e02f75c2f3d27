import assert from "node:assert/strict";
import { limitTeller } from "../../lib/cli/limit_notice.ts";
import type { Failure } from "../../lib/core/reply.ts";
import { ManualClock } from "../support/manual_clock.ts";

Deno.test("limitTeller() tells each limit once a minute", async () => {
  const clock = new ManualClock();
  const said: string[] = [];
  const tell = limitTeller(clock, {
    say: (event) =>
      said.push(event.type === "warning" ? event.message : event.type),
  });
  const failure = (limit: string): Failure => ({
    type: "failure",
    kind: "too-large",
    message: "Too much",
    limit,
  });
  tell(failure("a"));
  tell(failure("a"));
  tell(failure("b"));
  await clock.advance(59_999);
  tell(failure("a"));
  assert.equal(said.length, 2);
  await clock.advance(60_000);
  tell(failure("a"));
  assert.equal(said.length, 3);
  assert.equal(
    said[0],
    "Refused a request: Too much (a). Others like it are not told for a minute",
  );
});

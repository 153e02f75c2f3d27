import assert from "node:assert/strict";
import { SESSIONS_MAX } from "../../lib/core/limits.ts";
import { Ordinals } from "../../lib/match/ordinals.ts";

Deno.test("Ordinals counts each session by itself", () => {
  const ordinals = new Ordinals();
  assert.deepEqual(
    ["", "a", "b", "a", ""].map((session) => ordinals.next(session)),
    [0, 0, 0, 1, 1],
  );
});

Deno.test("Ordinals forgets the session that was quiet longest", () => {
  const ordinals = new Ordinals();
  ordinals.next("first");
  ordinals.next("second");
  ordinals.next("first");
  for (let i = 0; i < SESSIONS_MAX - 1; i++) ordinals.next(`s${i}`);
  assert.equal(ordinals.next("first"), 2);
  assert.equal(ordinals.next("second"), 0);
});

import assert from "node:assert/strict";
import { nearName, suggest } from "../../lib/config/near.ts";

const KNOWN = ["lag_enabled", "lag_factor", "seed", "headers"];

const slips: Record<string, string> = {
  lag_facto: "lag_factor",
  lag_fcator: "lag_factor",
  lagfactor: "lag_factor",
  LAG_FACTOR: "lag_factor",
  header: "headers",
  sede: "seed",
};

for (const [written, meant] of Object.entries(slips)) {
  Deno.test(`nearName() takes ${written} for ${meant}`, () =>
    assert.equal(nearName(written, KNOWN), meant));
}

Deno.test("nearName() takes nothing for what is far from everything", () => {
  for (const name of ["", "x", "colour", "strict", "l".repeat(100_000)]) {
    assert.equal(nearName(name, KNOWN), undefined, name);
  }
});

Deno.test("suggest() lists the names there are when none is near", () => {
  assert.equal(suggest("sed", KNOWN), 'Did you mean "seed"?');
  assert.equal(suggest("colour", ["a", "b"]), 'Known here: "a", "b"');
});

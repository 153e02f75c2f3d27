/** Children by key: made once, and bounded. */

import assert from "node:assert/strict";
import { Branch, OTHER, Room } from "../../lib/metrics/branch.ts";
import { LABEL_CHARS_MAX, LABEL_VALUES_MAX } from "../../lib/core/limits.ts";

/** A branch of objects that know their label. */
function branch(room?: Room): Branch<{ readonly label: string }> {
  return new Branch((label) => ({ label }), room);
}

Deno.test("a key has one child", () => {
  const children = branch();
  assert.equal(children.at("a"), children.at("a"));
  assert.notEqual(children.at("a"), children.at("b"));
  assert.equal(children.at(200).label, "200");
  assert.equal(children.at(200), children.at(200));
});

Deno.test("keys that come to the same label have one child", () => {
  const children = branch();
  assert.equal(children.at("a\u0000"), children.at("a\u0001"));
  const long = "m".repeat(LABEL_CHARS_MAX);
  assert.equal(children.at(long), children.at(long + "n"));
});

Deno.test("beyond LABEL_VALUES_MAX, what is new is other, and what is known is not", () => {
  const children = branch();
  for (let i = 0; i < LABEL_VALUES_MAX; i++) {
    assert.equal(children.at(`m${i}`).label, `m${i}`);
  }
  assert.equal(children.at("one too many").label, OTHER);
  assert.equal(children.at("a\u0000b").label, OTHER);
  assert.equal(children.at("one too many"), children.at("and another"));
  assert.equal(children.at("m7").label, "m7");
});

Deno.test("branches may share their room", () => {
  const room = new Room(2);
  const [left, right] = [branch(room), branch(room)];
  assert.equal(left.at("a").label, "a");
  assert.equal(right.at("a").label, "a");
  assert.equal(left.at("b").label, OTHER);
  assert.equal(right.at("b").label, OTHER);
});

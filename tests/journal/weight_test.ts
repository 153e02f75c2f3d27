import assert from "node:assert/strict";
import fc from "fast-check";
import { heapBytes, weigh } from "../../lib/journal/weight.ts";
import { record } from "../support/records.ts";

Deno.test("heapBytes(): no JSON weighs less than its texts", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const parsed: unknown = JSON.parse(JSON.stringify(value));
    assert.ok(heapBytes(parsed) >= textsOf(parsed).join("").length);
  }));
});

Deno.test("heapBytes(): a million empty lists weigh tens of megabytes", () => {
  const lists: unknown = JSON.parse(`[${"[],".repeat(999_999)}[]]`);
  assert.ok(heapBytes(lists) > 40_000_000);
});

Deno.test("heapBytes(): keys such as __proto__ are keys", () => {
  const bare = heapBytes(JSON.parse("{}"));
  const proto: unknown = JSON.parse('{"__proto__": "xxxxxxxxxx"}');
  assert.ok(heapBytes(proto) >= bare + 19);
});

Deno.test("weigh(): the body counts, and the reply's words", () => {
  const plain = record().asked;
  const bytes = weigh(plain, undefined);
  const long = record({ reply: "x".repeat(10_005) }).asked;
  assert.equal(weigh(long, undefined) - bytes, 10_000);
  const body = { ...plain?.context.body as object, more: "x".repeat(10_000) };
  const more = weigh(record({ body }).asked, undefined) - bytes;
  assert.ok(more > 10_000 && more < 10_100);
});

Deno.test("weigh(): of a streamed reply in pieces nothing stays, of a whole one all its text", () => {
  const long = "x".repeat(10_000);
  const pieces = { count: 2, *[Symbol.iterator]() {} };
  const blocks = [{ type: "text", text: long, pieces }] as const;
  const bytes = (stream: boolean) => {
    const { asked } = record({ turn: { stream } });
    const outcome = asked?.plan?.outcome;
    assert.ok(asked?.plan && outcome?.type === "reply");
    const choices = [{ ...outcome.choices[0], blocks }] as const;
    const plan = { ...asked.plan, outcome: { ...outcome, choices } };
    return weigh({ ...asked, plan }, undefined);
  };
  assert.equal(bytes(false) - bytes(true), 10_000);
});

Deno.test("weigh(): what is said in several choices stays once, what differs each time", () => {
  const bytes = (same: boolean) => {
    const { asked } = record({ reply: "x".repeat(10_000) });
    const outcome = asked?.plan?.outcome;
    assert.ok(asked?.plan && outcome?.type === "reply");
    const [choice] = outcome.choices;
    const choices = [choice, same ? choice : { ...choice }] as const;
    const plan = { ...asked.plan, outcome: { ...outcome, choices } };
    return weigh({ ...asked, plan }, undefined);
  };
  assert.equal(bytes(false) - bytes(true), 10_000);
});

Deno.test("weigh(): a request that could not be read weighs what was read of it", () => {
  const empty = weigh(undefined, undefined);
  assert.ok(empty > 0);
  assert.ok(weigh(undefined, ["x".repeat(1_000)]) > empty + 1_000);
});

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    Array.isArray(value) ? "" : key,
    ...textsOf(item),
  ]);
}

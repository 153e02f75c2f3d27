import assert from "node:assert/strict";
import { SCHEMA_STEPS_MAX, VIOLATIONS_MAX } from "../../lib/core/limits.ts";
import type { Block, Choice, Finish, Reply } from "../../lib/core/reply.ts";
import { RandomPieces } from "../../lib/core/random.ts";
import type { Turn } from "../../lib/core/turn.ts";
import { violationsIn } from "../../lib/match/structured.ts";
import { asks } from "../support/rules.ts";
import { strict } from "../support/schemas.ts";

const CITY = strict({ city: { type: "string" } });
const FORMAT = { responseFormat: "json_schema", responseSchema: CITY };
const TOOL = { name: "look", description: "", schema: CITY };

function reply(...choices: readonly [Choice, ...Choice[]]): Reply {
  const usage = { input: 1, inputCached: 0, output: 1, outputReasoning: 0 };
  return { type: "reply", model: "m", choices, usage };
}

function choice(block: Block, finish: Finish["type"] = "stop"): Choice {
  const end = finish === "stop-string"
    ? { type: finish, matched: "x" }
    : { type: finish };
  return { blocks: [block], finish: end as Finish };
}

function said(text: string, finish?: Finish["type"]): Choice {
  return choice({ type: "text", text }, finish);
}

function call(text: string, name = "look"): Choice {
  return choice({ type: "tool-call", name, text }, "tool-calls");
}

function found(outcome: Choice, more: Partial<Turn>): readonly string[] {
  return violationsIn(reply(outcome), asks("hi", more).turn);
}

Deno.test("violationsIn(): content is judged by the schema it was asked for", () => {
  assert.deepEqual(found(said('{"city":"Paris"}'), FORMAT), []);
  assert.deepEqual(found(said('{"city":5}'), FORMAT), [
    "$.city: must be a string, not an integer",
  ]);
  assert.deepEqual(found(said("It is sunny."), FORMAT), ["$: is no JSON"]);
  assert.deepEqual(found(said("It is sunny."), {}), []);
  assert.deepEqual(found(said("x"), { responseFormat: "text" }), []);
});

Deno.test("violationsIn(): JSON that is asked for without a schema is an object", () => {
  const more = { responseFormat: "json_object" };
  assert.deepEqual(found(said("{}"), more), []);
  assert.deepEqual(found(said("[]"), more), ["$: must be an object"]);
  assert.deepEqual(found(said("{"), more), ["$: is no JSON"]);
});

Deno.test("violationsIn(): what was cut short, or refused, is not judged", () => {
  for (const finish of ["length", "stop-string", "content-filter"] as const) {
    assert.deepEqual(found(said("{", finish), FORMAT), []);
  }
  assert.deepEqual(found(choice({ type: "refusal", text: "No." }), FORMAT), []);
  const failure = { type: "failure", kind: "overloaded", message: "" } as const;
  assert.deepEqual(violationsIn(failure, asks("hi", FORMAT).turn), []);
});

Deno.test("violationsIn(): random tokens are no JSON, and are not made to see that", () => {
  const block: Block = {
    type: "text",
    get text(): string {
      throw new Error("nobody needs it");
    },
    pieces: new RandomPieces(1, { count: 9, length: 4 }),
  };
  assert.deepEqual(found(choice(block), FORMAT), ["$: is no JSON"]);
});

Deno.test("violationsIn(): arguments are judged by the schema of the tool", () => {
  const more = { tools: [TOOL], ...FORMAT };
  assert.deepEqual(found(call('{"city":"Paris"}'), more), []);
  assert.deepEqual(found(call("{}"), more), ["look() $.city: is missing"]);
  assert.deepEqual(found(call("[]"), more), ["look() $: must be an object"]);
  assert.deepEqual(found(call("{,"), more), ["look() $: is no JSON"]);
  assert.deepEqual(found(call("{}", "gone"), more), [
    "gone(): no such tool is offered",
  ]);
});

Deno.test("violationsIn(): tools without a schema take any object, those of text any text", () => {
  const { name, description } = TOOL;
  const bare = { name, description, schema: undefined };
  assert.deepEqual(found(call('{"a":1}'), { tools: [bare] }), []);
  const free = { ...bare, kind: "text" } as const;
  assert.deepEqual(found(call("hello"), { tools: [free] }), []);
});

Deno.test("violationsIn(): of several choices it says which, and VIOLATIONS_MAX in all", () => {
  const { turn } = asks("hi", FORMAT);
  const [good, bad] = [said('{"city":"Paris"}'), said("{}")];
  assert.deepEqual(violationsIn(reply(good, bad), turn), [
    "choice 1: $.city: is missing",
  ]);
  const many = Array.from({ length: VIOLATIONS_MAX + 1 }, () => bad);
  assert.equal(violationsIn(reply(bad, ...many), turn).length, VIOLATIONS_MAX);
});

Deno.test("violationsIn(): SCHEMA_STEPS_MAX are for all choices together, and it says where they were not enough", () => {
  const schema = { type: "array", items: { type: "integer" } };
  const form = { responseFormat: "json_schema", responseSchema: schema };
  const { turn } = asks("hi", form);
  const list = said(JSON.stringify(new Array(SCHEMA_STEPS_MAX / 2).fill(1)));
  assert.deepEqual(violationsIn(reply(list), turn), []);
  assert.deepEqual(violationsIn(reply(list, said("[null]")), turn), [
    "choice 1: $[0]: must be an integer, not null",
  ]);
  assert.deepEqual(violationsIn(reply(list, list, said("[null]")), turn), [
    "the rest was not judged: that takes more than 50000 steps",
  ]);
});

Deno.test("violationsIn(): who asks again gets what was found, and of another answer what is found there", () => {
  const { turn } = asks("hi", FORMAT);
  const [good, bad] = [reply(said('{"city":"Paris"}')), reply(said("{}"))];
  const first = violationsIn(bad, turn);
  assert.deepEqual(first, ["$.city: is missing"]);
  assert.equal(violationsIn(bad, turn), first);
  assert.deepEqual(violationsIn(good, turn), []);
});

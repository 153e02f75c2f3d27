import assert from "node:assert/strict";
import fc from "fast-check";
import type { Context } from "../../lib/match/context.ts";
import { bookOf, RuleBook } from "../../lib/match/rulebook.ts";
import { asks, pattern, reply, rule, text } from "../support/rules.ts";

function found(book: RuleBook, context: Context, state = "start") {
  return book.find(context, state)?.rule.name;
}

Deno.test("RuleBook: the first rule whose conditions all hold answers", () => {
  const book = new RuleBook([
    rule("both", { prompt: "*weather*", model: "claude-*" }),
    rule("weather", { prompt: "*weather*" }),
    rule("rest"),
  ]);
  assert.equal(found(book, asks("The weather?")), "weather");
  const claude = asks("The weather?", { model: "claude-3" });
  assert.equal(found(book, claude), "both");
  assert.equal(found(book, asks("hello")), "rest");
});

Deno.test("RuleBook: plain prompts and patterns keep their common order", () => {
  const prompts = fc.constantFrom("a", "A ", "b", "*", "a*", "/a|b/", "c");
  fc.assert(fc.property(
    fc.array(prompts, { maxLength: 12 }),
    fc.constantFrom("a", "b", " B", "ab", "c", "d"),
    (all, prompt) => {
      const rules = all.map((each, at) => rule(`r${at}`, { prompt: each }));
      const context = asks(prompt);
      const one = rules.find((each) => found(new RuleBook([each]), context));
      assert.equal(found(new RuleBook(rules), context), one?.name);
    },
  ));
});

Deno.test("RuleBook: a rule with several plain prompts is found by each of them", () => {
  const any = { type: "any", of: [pattern("hi"), pattern("hello")] } as const;
  const book = new RuleBook([rule("greeting", { prompt: any })]);
  assert.equal(found(book, asks("HELLO")), "greeting");
  assert.equal(found(book, asks("Hi")), "greeting");
  assert.equal(found(book, asks("bye")), undefined);
});

Deno.test("RuleBook: named groups of all conditions are caught", () => {
  const book = new RuleBook([
    rule("order", {
      prompt: "/order #(?<id>\\d+)/i",
      model: "/^(?<family>\\w+)-/",
    }),
  ]);
  const hit = book.find(asks("Order #17?"), "start");
  assert.deepEqual({ ...hit?.captures }, { id: "17", family: "gpt" });
});

Deno.test("RuleBook: a rule that requires a state is for sessions in it", () => {
  const book = new RuleBook([rule("in", {}, { requires: "logged_in" })]);
  assert.equal(found(book, asks("x")), undefined);
  assert.equal(found(book, asks("x"), "logged_in"), "in");
});

Deno.test("RuleBook: after a tool's result only rules answer that name it, or no prompt", () => {
  const result = asks("weather", {
    messages: [
      { role: "user", parts: [text("weather")] },
      {
        role: "tool",
        parts: [{ type: "tool-result", id: "1", text: "sunny" }],
      },
    ],
  });
  const call = rule("call", { prompt: "weather" });
  const after = rule("after", { tool_result: "*", prompt: "weather" });
  const open = rule("open", { model: "gpt-*" });
  assert.equal(found(new RuleBook([call, after]), result), "after");
  assert.equal(found(new RuleBook([call, open]), result), "open");
  assert.equal(found(new RuleBook([call]), result), undefined);
  assert.equal(found(new RuleBook([after, call]), asks("weather")), "call");
});

Deno.test("RuleBook: after a tool's result no rule answers whose last reply calls tools, unless it names it", () => {
  const result = asks("weather", {
    messages: [
      { role: "user", parts: [text("weather")] },
      {
        role: "tool",
        parts: [{ type: "tool-result", id: "1", text: "sunny" }],
      },
    ],
  });
  const call = reply({
    type: "blocks",
    blocks: [{ type: "tool-call", name: "f", text: "{}" }],
  });
  const words = reply({ type: "text", text: "Done." });
  const calls = rule("calls", {}, { replies: [call] });
  const ends = rule("ends", {}, { replies: [call, words] });
  const begins = rule("begins", {}, { replies: [words, call] });
  const again = rule("again", { tool_result: "*" }, { replies: [call] });
  assert.equal(found(new RuleBook([calls]), asks("weather")), "calls");
  assert.equal(found(new RuleBook([calls]), result), undefined);
  assert.equal(found(new RuleBook([calls, begins, ends]), result), "ends");
  assert.equal(found(new RuleBook([calls, again]), result), "again");
  const [miss] = new RuleBook([calls]).explain(result, "start");
  assert.match(miss?.because ?? "", /ends in a tool result/);
});

Deno.test("RuleBook: a function of a program decides beside `when`", () => {
  const holds = ({ prompt }: Context) => prompt.text.length > 3;
  const book = new RuleBook([{ ...rule("long"), holds }]);
  assert.equal(found(book, asks("abcd")), "long");
  assert.equal(found(book, asks("abc")), undefined);
});

Deno.test("bookOf() compiles a configuration's rules once", () => {
  const rules = [rule("a")];
  assert.equal(bookOf(rules), bookOf(rules));
});

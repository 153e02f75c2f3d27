// Texts that say nothing, where Anthropic's API refuses them and where it does not.

import assert from "node:assert/strict";
import { HELLO, refusalWith, results, turnWith, using } from "./_anthropic.ts";

const EMPTY = "text content blocks must be non-empty";
const BLANK = "text content blocks must contain non-whitespace text";
const TRAILING = "final assistant content cannot end with trailing whitespace";

function text(text: string) {
  return [{ type: "text", text }];
}

/** What is wrong: the field, and the complaint. */
const WRONG: [more: Record<string, unknown>, field: string, string][] = [
  [{ messages: [{ role: "user", content: text("") }] }, "messages", EMPTY],
  [{ messages: [{ role: "user", content: text(" \n") }] }, "messages", BLANK],
  [{ messages: [{ role: "user", content: "\t" }] }, "messages", BLANK],
  [
    {
      messages: [
        ...HELLO,
        { role: "assistant", content: [...text(""), ...using("a").content] },
        results("a"),
      ],
    },
    "messages",
    EMPTY,
  ],
  [{ system: text("") }, "system", EMPTY],
  [{ system: [...text("Be brief."), ...text(" ")] }, "system", BLANK],
  [
    { messages: [...HELLO, { role: "assistant", content: "Well, " }] },
    "messages",
    TRAILING,
  ],
  [
    { messages: [...HELLO, { role: "assistant", content: text("Well,\n") }] },
    "messages",
    TRAILING,
  ],
];

for (const [more, field, complaint] of WRONG) {
  Deno.test(`anthropic_messages: refuses ${JSON.stringify(more)} for what is no text`, () => {
    assert.deepEqual(refusalWith(more), [`${field}: ${complaint}`, field]);
  });
}

Deno.test("anthropic_messages: white space around words is text, and tools may find nothing", () => {
  const [result] = results("a").content;
  for (
    const messages of [
      [{ role: "user", content: " Hello? " }],
      [...HELLO, { role: "assistant", content: "Well, " }, ...HELLO],
      [...HELLO, { role: "assistant", content: " Well," }],
      [...HELLO, { role: "assistant", content: "" }],
      [...HELLO, using("a"), {
        role: "user",
        content: [{ ...result, content: text("") }],
      }],
      [...HELLO, using("a"), {
        role: "user",
        content: [{ ...result, content: "" }],
      }],
    ]
  ) turnWith({ messages });
  turnWith({ system: "" });
});

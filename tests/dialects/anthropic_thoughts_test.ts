// Thoughts that come back with the calls that followed them, in loops of tools.

import assert from "node:assert/strict";
import { json, testApp } from "../support/app.ts";
import { reply, rule } from "../support/rules.ts";
import { HELLO, refusalWith, results, turnWith, using } from "./_anthropic.ts";

const THINKING = { type: "enabled", budget_tokens: 1_024 };
const THOUGHT = { type: "thinking", thinking: "Hm.", signature: "EqoB" };
const REDACTED = { type: "redacted_thinking", data: "EqoB" };
const TEXT = { type: "text", text: "Let me look." };

/** Calls after what else is said. */
function after(said: readonly object[], ...ids: string[]) {
  return { role: "assistant", content: [...said, ...using(...ids).content] };
}

/** How these messages are refused: where, and what was found. */
const WRONG: [messages: unknown[], at: number, found: string][] = [
  [[...HELLO, using("a"), results("a")], 1, "tool_use"],
  [[...HELLO, after([TEXT], "a"), results("a")], 1, "text"],
  [[...HELLO, after([TEXT, THOUGHT], "a"), results("a")], 1, "text"],
  [
    [...HELLO, using("a"), results("a"), using("b"), results("b")],
    1,
    "tool_use",
  ],
  [
    [
      ...HELLO,
      after([THOUGHT], "a"),
      results("a"),
      { role: "assistant", content: "Done." },
      ...HELLO,
      using("b"),
      results("b"),
    ],
    5,
    "tool_use",
  ],
];

for (const [messages, at, found] of WRONG) {
  const shown = JSON.stringify(messages).slice(0, 120);
  Deno.test(`anthropic_messages: refuses ${shown} without the thoughts at ${at}`, () => {
    const field = `messages.${at}.content.0.type`;
    assert.deepEqual(refusalWith({ thinking: THINKING, messages }), [
      `${field}: Expected \`thinking\` or \`redacted_thinking\`, but found \`${found}\`. ` +
      "When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks). " +
      "We recommend you include thinking blocks from previous turns. To avoid this requirement, disable `thinking`. " +
      "Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking",
      field,
    ]);
    for (const type of ["adaptive", "between_tools", "disabled"]) {
      turnWith({ thinking: { type }, messages });
    }
    turnWith({ messages });
  });
}

Deno.test("anthropic_messages: thoughts are demanded before the first call of the last turn, and nowhere else", () => {
  for (
    const messages of [
      [...HELLO, after([THOUGHT], "a"), results("a")],
      [...HELLO, after([REDACTED, TEXT], "a"), results("a")],
      // Not interleaved: further calls come without.
      [
        ...HELLO,
        after([THOUGHT], "a"),
        results("a"),
        using("b"),
        results("b"),
      ],
      // Messages of one role in a row are one.
      [
        ...HELLO,
        { role: "assistant", content: [THOUGHT] },
        using("a"),
        results("a"),
      ],
      // A turn that is over.
      [
        ...HELLO,
        using("a"),
        results("a"),
        { role: "assistant", content: "Done." },
        ...HELLO,
      ],
      [...HELLO, { role: "assistant", content: "Well," }],
    ]
  ) turnWith({ thinking: THINKING, messages });
});

const CALLS = rule("calls", {}, {
  replies: [reply({
    type: "blocks",
    blocks: [{ type: "tool-call", name: "f", text: "{}", id: "a" }],
  })],
});

/** What a scripted call is answered with, whole and read from a stream. */
async function answer(thinking: object) {
  const app = testApp({ rules: [CALLS] });
  const body = { model: "claude", max_tokens: 4_096, messages: HELLO };
  const ask = async (stream: boolean) => {
    const response = await app.fetch(
      "/v1/messages",
      json({ ...body, thinking, stream }, { "x-mock-seed": "1" }),
    );
    assert.equal(response.status, 200);
    return await response.text();
  };
  return { whole: JSON.parse(await ask(false)), stream: await ask(true) };
}

Deno.test("anthropic_messages: a scripted call without thoughts can be sent back, as every client does", async () => {
  const { whole: { content, usage } } = await answer(THINKING);
  assert.deepEqual(content.map(({ type }: { type: string }) => type), [
    "thinking",
    "tool_use",
  ]);
  assert.equal(content[0].thinking, "");
  assert.equal(
    usage.output_tokens,
    (await answer({ type: "adaptive" })).whole.usage.output_tokens,
  );
  turnWith({
    thinking: THINKING,
    messages: [...HELLO, { role: "assistant", content }, results("a")],
  });
});

Deno.test("anthropic_messages: a stream has the same signature before the call, and counts on", async () => {
  const { whole, stream } = await answer(THINKING);
  const events = stream.split("\n").filter((line) => line.startsWith("data: "))
    .map((line) => JSON.parse(line.slice(6)));
  const told = events.map(({ type, index }) => [type, index]);
  assert.deepEqual(told.slice(1, 7), [
    ["content_block_start", 0],
    ["ping", undefined],
    ["content_block_delta", 0],
    ["content_block_stop", 0],
    ["content_block_start", 1],
    ["content_block_delta", 1],
  ]);
  assert.deepEqual(events[3].delta, {
    type: "signature_delta",
    signature: whole.content[0].signature,
  });
  assert.equal(events[5].content_block.id, "a");
});

Deno.test("anthropic_messages: who need not think begins with the call", async () => {
  const { whole } = await answer({ type: "adaptive" });
  assert.equal(whole.content[0].type, "tool_use");
});

// What is asked of Anthropic's prompt cache: counted, judged, and nothing else.

import assert from "node:assert/strict";
import { HELLO, refusalWith, results, turnWith, using } from "./_anthropic.ts";

const MARK = { cache_control: { type: "ephemeral", ttl: "5m" } };
const SCHEMA = { type: "object", properties: {} };

function text(mark: object = MARK) {
  return { type: "text", text: "Hello?", ...mark };
}

/** Five marks, in every place that there is. */
const FIVE = {
  ...MARK,
  system: [text()],
  tools: [{ name: "f", input_schema: SCHEMA, ...MARK }],
  messages: [
    { role: "user", content: [text()] },
    using("a"),
    {
      role: "user",
      content: [{ ...results("a").content[0], content: [text()] }],
    },
  ],
};

Deno.test("anthropic_messages: four marks of the cache are taken, a fifth is refused, wherever they are", () => {
  assert.deepEqual(refusalWith(FIVE), [
    "A maximum of 4 blocks with cache_control may be provided. Found 5.",
    "cache_control",
  ]);
  const unmarked = {
    cache_control: null,
    system: "Be brief.",
    tools: null,
    messages: HELLO,
  };
  for (const [key, value] of Object.entries(unmarked)) {
    turnWith({ ...FIVE, [key]: value });
  }
  const six = { messages: [{ role: "user", content: Array(6).fill(text()) }] };
  assert.match(refusalWith(six)[0], /Found 6\.$/);
});

Deno.test("anthropic_messages: a mark that is null is none", () => {
  const content = Array(6).fill(text({ cache_control: null }));
  turnWith({ messages: [{ role: "user", content }] });
});

/** A mark, and how it is refused. */
const WRONG: [cache_control: unknown, path: string, complaint: string][] = [
  [
    { type: "persistent" },
    "",
    "Input tag 'persistent' found using 'type' does not match any of the expected tags: 'ephemeral'",
  ],
  [{}, "", "Unable to extract tag using discriminator 'type'"],
  ["ephemeral", "", "Input should be an object"],
  [
    { type: "ephemeral", ttl: "1d" },
    ".ephemeral.ttl",
    "Input should be '5m' or '1h'",
  ],
];

/** Where it may stand: its path, and what holds it. */
const PLACES: [path: string, at: (mark: object) => Record<string, unknown>][] =
  [
    ["cache_control", (mark) => mark as Record<string, unknown>],
    ["system.0.cache_control", (mark) => ({ system: [text(mark)] })],
    ["tools.0.custom.cache_control", (mark) => ({
      tools: [{ name: "f", input_schema: SCHEMA, ...mark }],
    })],
    ["messages.0.content.0.text.cache_control", (mark) => ({
      messages: [{ role: "user", content: [text(mark)] }],
    })],
  ];

for (const [cache_control, path, complaint] of WRONG) {
  Deno.test(`anthropic_messages: cache_control ${JSON.stringify(cache_control)} is refused in every place`, () => {
    for (const [place, at] of PLACES) {
      const field = `${place}${path}`;
      const told = refusalWith(at({ cache_control }));
      assert.deepEqual(told, [`${field}: ${complaint}`, field]);
    }
  });
}

// Words are those of Anthropic's API up to 2026-11-21, as far as they are known.

import assert from "node:assert/strict";
import { anthropicCounting } from "../../lib/dialects/_anthropic_counting.ts";
import { HELLO, refusalWith, turnWith, VERSIONS } from "./_anthropic.ts";

const SCHEMA = { type: "object", properties: {} };
const ADVICE =
  "Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#";
const SAMPLED =
  `${ADVICE}important-considerations-when-using-extended-thinking`;
const ENABLED = { type: "enabled", budget_tokens: 2_048 };

/** A wrong parameter, its field, and the complaint; the two make the message. */
const WRONG: [more: Record<string, unknown>, field: string, string][] = [
  [
    { temperature: 1.5 },
    "temperature",
    "Input should be less than or equal to 1",
  ],
  [
    { temperature: -1 },
    "temperature",
    "Input should be greater than or equal to 0",
  ],
  [{ top_p: 2 }, "top_p", "Input should be less than or equal to 1"],
  [{ top_k: -2 }, "top_k", "Input should be greater than or equal to 0"],
  [
    { stop_sequences: ["END", 7] },
    "stop_sequences.1",
    "Input should be a valid string",
  ],
  [
    { stop_sequences: ["\n"] },
    "stop_sequences",
    "each stop sequence must contain non-whitespace",
  ],
  [{ thread: "new" }, "thread", "Input should be an object"],
  [
    { thread: { type: "fork" } },
    "thread",
    "Input tag 'fork' found using 'type' does not match any of the expected tags: 'create', 'continue'",
  ],
  [
    { thread: { type: "continue" } },
    "thread.continue.previous_message_id",
    "Field required",
  ],
  [
    { thinking: "hard" },
    "thinking",
    "Input should be an object",
  ],
  [
    { thinking: {} },
    "thinking",
    "Unable to extract tag using discriminator 'type'",
  ],
  [
    { thinking: { type: "hard" } },
    "thinking",
    "Input tag 'hard' found using 'type' does not match any of the expected tags: 'adaptive', 'between_tools', 'disabled', 'enabled'",
  ],
  [
    { thinking: { type: "enabled" } },
    "thinking.enabled.budget_tokens",
    "Field required",
  ],
  [
    { thinking: { type: "enabled", budget_tokens: "all" } },
    "thinking.enabled.budget_tokens",
    "Input should be a valid integer",
  ],
  [
    { thinking: { type: "enabled", budget_tokens: 1_023 } },
    "thinking.enabled.budget_tokens",
    "Input should be greater than or equal to 1024",
  ],
  [{ output_config: "json" }, "output_config", "Input should be an object"],
  [
    { output_config: { effort: "most" } },
    "output_config.effort",
    "Input should be 'low', 'medium', 'high', 'xhigh' or 'max'",
  ],
  [
    { output_config: { format: { type: "json_object" } } },
    "output_config.format.type",
    "Input should be 'json_schema'",
  ],
  [
    { output_config: { format: { type: "json_schema" } } },
    "output_config.format.schema",
    "Field required",
  ],
  [
    { output_config: { format: { type: "json_schema", schema: "x" } } },
    "output_config.format.schema",
    "Input should be an object",
  ],
  [
    { service_tier: "gold" },
    "service_tier",
    "Input should be 'auto' or 'standard_only'",
  ],
  [
    { metadata: { user_id: 7 } },
    "metadata.user_id",
    "Input should be a valid string",
  ],
];

for (const [more, field, complaint] of WRONG) {
  Deno.test(`anthropic_messages: refuses ${JSON.stringify(more)} because of ${field}`, () => {
    assert.deepEqual(refusalWith(more), [`${field}: ${complaint}`, field]);
  });
}

/** The same where the message does not begin with the field. */
const WRONG_TOGETHER: [more: Record<string, unknown>, field: string, string][] =
  [
    [
      { thinking: ENABLED, max_tokens: 2_048 },
      "max_tokens",
      `\`max_tokens\` must be greater than \`thinking.budget_tokens\`. ${ADVICE}max-tokens-and-context-window`,
    ],
    [
      { thinking: ENABLED, temperature: 0.5 },
      "temperature",
      `\`temperature\` may only be set to 1 when thinking is enabled. ${SAMPLED}`,
    ],
    [
      { thinking: ENABLED, top_p: 0.9 },
      "top_p",
      `\`top_p\` must be greater than or equal to 0.95 or unset when thinking is enabled. ${SAMPLED}`,
    ],
    [
      { thinking: ENABLED, top_k: 5 },
      "top_k",
      `\`top_k\` must be unset when thinking is enabled. ${SAMPLED}`,
    ],
    [
      {
        thinking: ENABLED,
        tools: [{ name: "f", input_schema: SCHEMA }],
        tool_choice: { type: "any" },
      },
      "thinking",
      "Thinking may not be enabled when tool_choice forces tool use.",
    ],
  ];

for (const [more, field, message] of WRONG_TOGETHER) {
  Deno.test(`anthropic_messages: refuses ${JSON.stringify(more)} together`, () => {
    assert.deepEqual(refusalWith(more), [message, field]);
  });
}

Deno.test("anthropic_messages: a budget beyond max_tokens is for thinking between tools", () => {
  const more = { thinking: ENABLED, max_tokens: 100 };
  const beta = { "anthropic-beta": "interleaved-thinking-2025-05-14" };
  assert.equal(turnWith(more, beta).reasoning, true);
  assert.equal(refusalWith(more, { "anthropic-beta": "x" })[1], "max_tokens");
});

Deno.test("anthropic_messages: what changes an answer is told in neutral words", () => {
  assert.deepEqual(
    turnWith({
      max_tokens: 7,
      stop_sequences: ["END", "\n\nHuman:"],
      thinking: { type: "adaptive" },
      output_config: {
        effort: "low",
        format: { type: "json_schema", schema: SCHEMA },
      },
    }),
    {
      model: "claude",
      stream: false,
      messages: [{ role: "user", parts: [{ type: "text", text: "Hello?" }] }],
      tools: [],
      counting: anthropicCounting,
      maxTokens: 7,
      stop: ["END", "\n\nHuman:"],
      reasoning: true,
      responseFormat: "json_schema",
      responseSchema: SCHEMA,
    },
  );
});

Deno.test("anthropic_messages: the format may be asked for as it was in beta", () => {
  const output_format = { type: "json_schema", schema: SCHEMA };
  assert.deepEqual(turnWith({ output_format }).responseSchema, SCHEMA);
});

Deno.test("anthropic_messages: thinking is asked for by every type but disabled", () => {
  const types = [ENABLED, { type: "adaptive" }, { type: "between_tools" }];
  for (const thinking of types) {
    assert.equal(turnWith({ thinking }).reasoning, true);
  }
  assert.equal(turnWith({ thinking: { type: "disabled" } }).reasoning, false);
  assert.equal(turnWith({}).reasoning, false);
});

Deno.test("anthropic_messages: both versions take everything but sampling", () => {
  for (const version of VERSIONS) {
    turnWith({
      cache_control: { type: "ephemeral", ttl: "1h" },
      container: null,
      inference_geo: "eu",
      metadata: { user_id: "me" },
      service_tier: "standard_only",
      speed: "fast",
      stop_sequences: [],
      mcp_servers: [],
      context_management: {},
      diagnostics: null,
      messages: [{
        role: "user",
        content: [{
          type: "text",
          text: "x",
          cache_control: { type: "ephemeral" },
        }],
      }],
    }, { "anthropic-version": version });
  }
});

Deno.test("anthropic_messages: without a version only max_tokens is left to the client, not its range", () => {
  const bare = { messages: HELLO, max_tokens: null };
  assert.equal("maxTokens" in turnWith({ max_tokens: 5 }), true);
  assert.equal(refusalWith(bare)[0], "max_tokens: Field required");
});

Deno.test("anthropic_messages: -1 is no top_p and no top_k, as LangChain says it", () => {
  turnWith({ top_p: -1, top_k: -1 });
  turnWith({ top_p: -1, top_k: -1, thinking: ENABLED });
  assert.equal(
    refusalWith({ top_p: -0.5 })[0],
    "top_p: Input should be greater than or equal to 0",
  );
});

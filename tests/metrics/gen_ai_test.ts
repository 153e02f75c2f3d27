/** Names as OpenTelemetry's conventions have them. */

import assert from "node:assert/strict";
import { dialects } from "../../lib/dialects/registry.ts";
import { operationLabels, USAGE_BOUNDS } from "../../lib/metrics/gen_ai.ts";

/** The well-known values of the conventions, and `ollama`, which has none. */
const PROVIDERS = /^(openai|anthropic|gcp\.gemini|cohere|mistral_ai|ollama)$/;
const OPERATIONS = /^(chat|generate_content|text_completion|embeddings)$/;

for (const { name } of dialects) {
  Deno.test(`${name} has a provider and an operation that the conventions know`, () => {
    const labels = operationLabels(name);
    assert.match(labels["gen_ai_provider_name"] ?? "", PROVIDERS);
    assert.match(labels["gen_ai_operation_name"] ?? "", OPERATIONS);
    assert.equal(labels["dialect"], name);
  });
}

Deno.test("a dialect's name tells its provider and operation", () => {
  const told = ([name]: readonly string[]) => {
    const labels = operationLabels(name ?? "");
    return [
      name,
      labels["gen_ai_provider_name"],
      labels["gen_ai_operation_name"],
    ];
  };
  for (
    const row of [
      ["openai_chat", "openai", "chat"],
      ["openai_responses", "openai", "chat"],
      ["openai_completions", "openai", "text_completion"],
      ["openai_embeddings", "openai", "embeddings"],
      ["anthropic_messages", "anthropic", "chat"],
      ["gemini", "gcp.gemini", "generate_content"],
      ["ollama", "ollama", "chat"],
      ["bedrock_converse", "aws.bedrock", "chat"],
    ]
  ) assert.deepEqual(told(row), row);
});

Deno.test("token counts have the bounds that the conventions recommend", () => {
  assert.deepEqual(USAGE_BOUNDS.slice(0, 4), [1, 4, 16, 64]);
  assert.equal(USAGE_BOUNDS.at(-1), 67_108_864);
});

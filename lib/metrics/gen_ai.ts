/**
 * What OpenTelemetry's conventions for generative AI call things, in Prometheus' spelling.
 *
 * @module
 */

import type { Labels } from "./exposition.ts";

/** Who answers, and what is asked of it: the labels of a dialect's operations. */
export function operationLabels(dialect: string): Labels {
  return {
    gen_ai_operation_name: operationOf(dialect),
    gen_ai_provider_name: providerOf(dialect),
    dialect,
  };
}

/** The provider of a dialect; a dialect's name begins with it. */
function providerOf(dialect: string): string {
  const [provider = dialect] = dialect.split("_");
  return PROVIDERS.get(provider) ?? provider;
}

/** Providers whom the conventions call otherwise. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ["azure", "azure.ai.openai"],
  ["bedrock", "aws.bedrock"],
  ["gemini", "gcp.gemini"],
  ["mistral", "mistral_ai"],
]);

function operationOf(dialect: string): string {
  if (dialect.startsWith("gemini")) return "generate_content";
  if (dialect.endsWith("_embeddings")) return "embeddings";
  return dialect.endsWith("_completions") ? "text_completion" : "chat";
}

// The conventions recommend bounds for calls over a network. The finer ones before them are
// ours: a mock may answer within a millisecond, and be asked for a thousand tokens a second.

/** Bounds of the duration of requests and streams, in seconds. */
export const DURATION_BOUNDS: readonly number[] = [
  ...[0.001, 0.0025, 0.005],
  ...[0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64],
  ...[1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
];

/** Bounds of the time to the first token, in seconds. */
export const FIRST_TOKEN_BOUNDS: readonly number[] = [
  ...[0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1],
  ...[0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
];

/** Bounds of the time between tokens, in seconds. */
export const TOKEN_BOUNDS: readonly number[] = [
  ...[0.001, 0.0025, 0.005],
  ...[0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5],
  ...[0.75, 1, 2.5],
];

/** Bounds of the number of tokens. */
export const USAGE_BOUNDS: readonly number[] = Array.from(
  { length: 14 },
  (_, exponent) => 4 ** exponent,
);

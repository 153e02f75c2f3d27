/**
 * From the question to the plan: the scripted answer, or the default, or random tokens.
 *
 * @module
 */

import { type Cut, type Pace, type Plan, UNPACED } from "../core/plan.ts";
import { mixSeed, Random } from "../core/random.ts";
import type { Failure, Reply } from "../core/reply.ts";
import { countTokens } from "../core/tokens.ts";
import { endsInToolResult, promptOf, type Turn } from "../core/turn.ts";
import { type Answer, type Config, normalise } from "./rule.ts";
import { TOKEN_DEFAULTS, type TokensAsked } from "./request_headers.ts";

/** A question with everything that may decide its answer. */
export interface Question {
  /** What was asked. */
  readonly turn: Turn;
  /** The name the answer gives the model, where headers choose one. */
  readonly modelId: string | undefined;
  /** The token stream that headers ask for. */
  readonly tokensAsked: TokensAsked | undefined;
  /** Seed of the answer. */
  readonly seed: number;
}

/** Decides the answer. Pure. */
export function choose(question: Question, config: Config): Plan {
  const { turn, tokensAsked } = question;
  if (config.settings.knownModelsOnly && !isKnown(turn.model, config)) {
    return plan(question, {
      answeredBy: "settings.known_models_only",
      outcome: unknownModel(turn),
    });
  }
  const random = turn.messages.length === 0 ||
    tokensAsked?.count !== undefined ||
    tokensAsked?.length !== undefined;
  return random ? randomTokens(question) : scripted(question, config);
}

/** Tokens of the question, as usage tells them: text, names and schemas, and a few for each message. */
export function inputTokens(turn: Turn): number {
  let tokens = 0;
  for (const message of turn.messages) {
    tokens += 3;
    for (const part of message.parts) tokens += partTokens(part);
  }
  for (const { name, description, schema } of turn.tools) {
    tokens += 5 + countTokens(name) + countTokens(description) +
      countTokens(JSON.stringify(schema) ?? "");
  }
  return tokens + 3;
}

function partTokens(part: Turn["messages"][number]["parts"][number]): number {
  switch (part.type) {
    case "text":
    case "tool-result":
      return countTokens(part.text);
    case "tool-call":
      return countTokens(part.name) + countTokens(part.input);
    case "media":
      return MEDIA_TOKENS;
  }
}

/** A small image at low detail. */
const MEDIA_TOKENS = 85;

function scripted(question: Question, config: Config): Plan {
  const { rate } = question.tokensAsked ?? {};
  const { text, place } = find(question.turn, config);
  const tokens = countTokens(text);
  const outcome = reply(question, text, tokens);
  if (rate === undefined) {
    const { pace, cut } = config.settings;
    return plan(question, { answeredBy: place, outcome, pace, cut });
  }
  const headers = actual({ count: tokens, rate });
  return plan(question, {
    answeredBy: place,
    outcome,
    pace: steady(rate),
    cut: "token",
    headers,
  });
}

function find(turn: Turn, config: Config): Answer {
  if (endsInToolResult(turn)) return config.fallback;
  const prompt = promptOf(turn);
  return config.exact.get(prompt) ?? config.normalised.get(normalise(prompt)) ??
    config.fallback;
}

function randomTokens(question: Question): Plan {
  const { count, rate, length } = {
    ...TOKEN_DEFAULTS,
    ...question.tokensAsked,
  };
  const text = new Random(mixSeed(question.seed, "tokens", 0)).text(
    count * length,
  );
  return plan(question, {
    answeredBy: "random tokens",
    outcome: reply(question, text, count),
    pace: steady(rate),
    cut: { characters: length },
    headers: actual({ count, rate, length }),
  });
}

/** The plan of `parts`, with what every plan has. */
function plan(
  { seed }: Question,
  parts: {
    answeredBy: string;
    outcome: Reply | Failure;
    pace?: Pace;
    cut?: Cut;
    headers?: Plan["headers"];
  },
): Plan {
  return {
    answeredBy: parts.answeredBy,
    outcome: parts.outcome,
    pace: parts.pace ?? UNPACED,
    cut: parts.cut ?? "whole",
    seed,
    headers: { ...parts.headers, "x-mock-seed": String(seed) },
  };
}

function reply(
  { turn, modelId }: Question,
  text: string,
  tokens: number,
): Reply {
  return {
    type: "reply",
    model: modelId ?? (turn.model === "" ? TOKEN_DEFAULTS.model : turn.model),
    choices: [{ blocks: [{ type: "text", text }], finish: { type: "stop" } }],
    usage: {
      input: inputTokens(turn),
      inputCached: 0,
      output: tokens,
      outputReasoning: 0,
    },
  };
}

/** One chunk every 1/rate seconds, the first at once. */
function steady(rate: number): Pace {
  return { ...UNPACED, unitMs: { type: "fixed", ms: 1_000 / rate } };
}

/** The response headers that tell the values in effect. */
function actual(
  values: { count: number; rate: number; length?: number },
): Record<string, string> {
  return {
    "x-actual-token-count": String(values.count),
    "x-actual-tokens-per-second": decimal(values.rate),
    ...(values.length === undefined
      ? {}
      : { "x-actual-token-length": String(values.length) }),
  };
}

/** A number that is always written with a decimal point, as rates are. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function isKnown(model: string, config: Config): boolean {
  return model === "" || model === TOKEN_DEFAULTS.model ||
    config.models.includes(model);
}

function unknownModel(turn: Turn): Failure {
  return {
    type: "failure",
    kind: "unknown-model",
    message: `Unknown model "${turn.model.slice(0, 100)}"`,
    subject: turn.model,
    field: "model",
  };
}

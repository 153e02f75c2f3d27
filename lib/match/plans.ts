/**
 * Plans out of what was decided: the words, the counts, the speed, the headers that tell them.
 *
 * @module
 */

import {
  type Cut,
  type Pace,
  type Plan,
  type Source,
  UNPACED,
} from "../core/plan.ts";
import { TOKENS_CHARS_MAX, TOKENS_TEXTS_MAX } from "../core/limits.ts";
import { mixSeed, RandomPieces } from "../core/random.ts";
import {
  BadRequest,
  type Block,
  type Failure,
  type Finish,
  type Reply,
} from "../core/reply.ts";
import { countTokens } from "../core/tokens.ts";
import type { Turn } from "../core/turn.ts";
import { own } from "../wire/json.ts";
import { blocksFor, countBlocks, finishOf } from "./blocks.ts";
import type { Context } from "./context.ts";
import { TOKEN_DEFAULTS, type TokensAsked } from "./request_headers.ts";
import type { BlockSpec, Config, ReplySpec } from "./rule.ts";

/** What every plan is made for. */
export interface Asked {
  /** The question. */
  readonly context: Context;
  /** The name the answer gives the model, where headers choose one. */
  readonly modelId: string | undefined;
  /** The token stream that headers ask for. */
  readonly tokensAsked: TokensAsked | undefined;
  /** The pace that `X-Mock-Pace` names. */
  readonly paceAsked: string | undefined;
  /** Seed of the answer. */
  readonly seed: number;
}

/** What is said, and what the rule that says it asks for besides. */
export interface Said extends Pick<ReplySpec, "finish" | "usage"> {
  /** The words. */
  readonly text: string;
  /** How fast. */
  readonly pace?: Pace | undefined;
}

/** Answers with a text; `author` is what says it, where it always says the same. */
export function planText(
  asked: Asked,
  source: Source,
  said: Said,
  config: Config,
  author?: object,
): Plan {
  const { choices, tokens } = author === undefined
    ? wordsOf(said)
    : sameWordsOf(said, author);
  const { pace, cut, rate } = speedOf(asked, said.pace, config);
  const lasting = author !== undefined;
  const outcome = replyOf(asked, choices, said, tokens, { lasting });
  const headers = rate === undefined ? {} : actual({ count: tokens, rate });
  return planned(asked, source, { outcome, pace, cut, headers });
}

/** What is said, as a reply holds it. */
interface Words {
  readonly text: string;
  readonly choices: Reply["choices"];
  readonly tokens: number;
}

/** Words that were written once and are said again and again, by what says them. */
const written = new WeakMap<object, Words>();

function sameWordsOf(said: Said, author: object): Words {
  const known = written.get(author);
  if (known?.text === said.text) return known;
  const words = wordsOf(said);
  written.set(author, words);
  return words;
}

function wordsOf({ text, finish }: Said): Words {
  const choices = choicesOf({ type: "text", text }, finish);
  return { text, choices, tokens: countTokens(text) };
}

/** Blocks that a rule says. */
export interface BlocksPlan extends Omit<Said, "text"> {
  /** All of them, those too that this request does not want. */
  readonly blocks: readonly BlockSpec[];
}

/** Answers with what of a rule's blocks the request wants. */
export function planBlocks(
  asked: Asked,
  source: Source,
  said: BlocksPlan,
  config: Config,
): Plan {
  const blocks = blocksFor(said.blocks, asked.context.turn);
  const { output, reasoning } = countBlocks(blocks);
  const finish = said.finish === undefined
    ? finishOf(blocks)
    : FINISHES[said.finish];
  const { pace, cut, rate } = speedOf(asked, said.pace, config);
  const choices = [{ blocks, finish }] as const;
  const outcome = replyOf(asked, choices, said, output, { reasoning });
  const headers = rate === undefined ? {} : actual({ count: output, rate });
  return planned(asked, source, { outcome, pace, cut, headers });
}

/** What random tokens are like. */
export interface TokenPlan extends Omit<Said, "text"> {
  /** How many. */
  readonly count: number;
  /** Characters of each. */
  readonly length: number;
}

/** Answers with random tokens that a rule asks for. */
export function planTokens(
  asked: Asked,
  source: Source,
  said: TokenPlan,
  config: Config,
): Plan {
  const { pace, rate } = speedOf(asked, said.pace, config);
  return tokens(asked, source, said, {
    // One chunk is one token, however text is cut.
    pace: pace.unit === "token" ? { ...pace, unit: "chunk" } : pace,
    headers: rate === undefined ? {} : actual({ ...said, rate }),
  });
}

/** Answers with the random tokens that request headers ask for, and nothing but them decides. */
export function planTokensAsked(asked: Asked, source: Source): Plan {
  const said = { ...TOKEN_DEFAULTS, ...asked.tokensAsked };
  const pace = steady(said.rate);
  return tokens(asked, source, said, { pace, headers: actual(said) });
}

/** Refuses. */
export function planFailure(
  asked: Asked,
  source: Source,
  failure: Failure,
): Plan {
  return planned(asked, source, {
    outcome: failure,
    pace: UNPACED,
    cut: "whole",
    headers: {},
  });
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
      return tokensOf(part.text);
    case "tool-call":
      return countTokens(part.name) + countTokens(part.input);
    case "media":
      return MEDIA_TOKENS;
  }
}

/** Tokens of a text; those of texts that come with every request, as instructions do, are remembered. */
function tokensOf(text: string): number {
  if (text.length < REMEMBERED_CHARS_MIN || text.length > TOKENS_CHARS_MAX) {
    return countTokens(text);
  }
  const known = counted.get(text);
  if (known !== undefined) return known;
  if (counted.size >= TOKENS_TEXTS_MAX) counted.clear();
  const tokens = countTokens(text);
  counted.set(text, tokens);
  return tokens;
}

const counted = new Map<string, number>();

/** Shorter ones are counted as fast as they are looked up. */
const REMEMBERED_CHARS_MIN = 48;

/** A small image at low detail. */
const MEDIA_TOKENS = 85;

function tokens(
  asked: Asked,
  source: Source,
  said: TokenPlan,
  how: Pick<Plan, "pace"> & Parts,
): Plan {
  const block = randomBlock(mixSeed(asked.seed, "tokens", 0), said);
  const choices = choicesOf(block, said.finish);
  const outcome = replyOf(asked, choices, said, said.count);
  const cut = { characters: said.length };
  return planned(asked, source, { ...how, outcome, cut });
}

/** Random tokens, drawn one after another: they may be many, and nobody may stay for them. */
function randomBlock(seed: number, shape: TokenPlan): Block {
  const pieces = new RandomPieces(seed, shape);
  let whole: string | undefined;
  return {
    type: "text",
    get text() {
      return whole ??= pieces.whole();
    },
    pieces,
  };
}

interface Parts {
  readonly headers: Record<string, string>;
}

/** How fast, and so how text is cut: the request's own wish, else the rule's, else the settings'. */
function speedOf(
  { tokensAsked, paceAsked }: Asked,
  rulePace: Pace | undefined,
  { settings, paces }: Config,
): { pace: Pace; cut: Cut; rate?: number } {
  const { rate } = tokensAsked ?? {};
  if (rate !== undefined) return { pace: steady(rate), cut: "token", rate };
  const pace = paceAsked === undefined ? rulePace : named(paceAsked, paces);
  return pace === undefined
    ? { pace: settings.pace, cut: settings.cut }
    : { pace, cut: settings.pacedCut };
}

function named(name: string, paces: Config["paces"]): Pace {
  const pace = own(paces, name) as Pace | undefined;
  if (pace !== undefined) return pace;
  const known = Object.keys(paces).slice(0, 20).join(", ");
  const shown = JSON.stringify(name.slice(0, 100).toWellFormed());
  throw new BadRequest({
    message: `X-Mock-Pace: there is no pace ${shown}` +
      (known === "" ? ": the configuration names none" : `, only ${known}`),
    field: "X-Mock-Pace",
  });
}

/** The plan of `parts`, with what every plan has; their headers become the plan's. */
function planned(
  { seed }: Asked,
  source: Source,
  parts: Pick<Plan, "outcome" | "pace" | "cut"> & Parts,
): Plan {
  const headers: Record<string, string> = parts.headers;
  headers["x-mock-seed"] = String(seed);
  if (source.type === "rule") headers["x-mock-rule"] = headerValue(source.name);
  const { outcome, pace, cut } = parts;
  return { source, outcome, pace, cut, seed, headers };
}

/** A text as a header value: what is not printable ASCII is percent-encoded, the percent sign too. */
function headerValue(text: string): string {
  return PRINTABLE.test(text) ? text : text.toWellFormed().replace(
    /[^\x20-\x24\x26-\x7e]/gu,
    encodeURIComponent,
  );
}

const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

function replyOf(
  { context: { turn }, modelId }: Asked,
  choices: Reply["choices"],
  { usage }: Pick<Said, "usage">,
  tokens: number,
  { reasoning = 0, lasting = false }: {
    readonly reasoning?: number;
    readonly lasting?: boolean;
  } = {},
): Reply {
  const output = usage?.output ?? tokens;
  return {
    type: "reply",
    model: modelId ?? (turn.model === "" ? TOKEN_DEFAULTS.model : turn.model),
    choices,
    lasting,
    usage: {
      input: usage?.input ?? inputTokens(turn),
      inputCached: 0,
      output,
      outputReasoning: Math.min(reasoning, output),
    },
  };
}

function choicesOf(
  block: Block,
  finish: Said["finish"] = "stop",
): Reply["choices"] {
  return [{ blocks: [block], finish: FINISHES[finish] }];
}

const FINISHES: Readonly<Record<NonNullable<Said["finish"]>, Finish>> = {
  "stop": { type: "stop" },
  "length": { type: "length" },
  "content-filter": { type: "content-filter" },
};

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

/**
 * Plans out of what was decided: the words, the counts, the speed, the headers that tell them.
 *
 * @module
 */

import { type Pace, type Plan, type Source, UNPACED } from "../core/plan.ts";
import { mixSeed, RandomPieces } from "../core/random.ts";
import type { Block, Failure, Finish, Reply } from "../core/reply.ts";
import type { Tokenizer } from "../core/tokens.ts";
import { blocksFor, countBlocks, finishOf } from "./blocks.ts";
import type { Context } from "./context.ts";
import { promptTokens } from "./prompt_tokens.ts";
import { TOKEN_DEFAULTS } from "./request_headers.ts";
import type { BlockSpec, Config, ReplySpec } from "./rule.ts";
import { actual, type SpeedAsked, speedOf, steady } from "./speed.ts";

/** What every plan is made for. */
export interface Asked extends SpeedAsked {
  /** The question. */
  readonly context: Context;
  /** The name the answer gives the model, where headers choose one. */
  readonly modelId: string | undefined;
  /** What counts tokens, and says where they end. */
  readonly tokenizer: Tokenizer;
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
    ? wordsOf(said, asked.tokenizer)
    : sameWordsOf(said, author, asked.tokenizer);
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
  readonly tokenizer: Tokenizer;
}

/** Words that were written once and are said again and again, by what says them. */
const written = new WeakMap<object, Words>();

function sameWordsOf(said: Said, author: object, tokenizer: Tokenizer): Words {
  const known = written.get(author);
  if (known?.text === said.text && known.tokenizer === tokenizer) return known;
  const words = wordsOf(said, tokenizer);
  written.set(author, words);
  return words;
}

function wordsOf({ text, finish }: Said, tokenizer: Tokenizer): Words {
  const choices = choicesOf({ type: "text", text }, finish);
  return { text, choices, tokens: tokenizer.count(text), tokenizer };
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
  const { output, reasoning } = countBlocks(blocks, asked.tokenizer);
  const finish = said.finish === undefined
    ? finishOf(blocks)
    : FINISHES[said.finish];
  const { pace, cut, rate } = speedOf(asked, said.pace, config);
  const choices = [{ blocks, finish }] as const;
  const reply = replyOf(asked, choices, said, output, { reasoning });
  const told = reasoning > 0 && config.settings.reasoningContent;
  const outcome = told ? { ...reply, thoughtsTold: true } : reply;
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

/** The plan of `parts`, with what every plan has; their headers become the plan's. */
function planned(
  { context: { turn }, seed, tokenizer }: Asked,
  source: Source,
  parts: Pick<Plan, "outcome" | "pace" | "cut"> & Parts,
): Plan {
  const headers: Record<string, string> = parts.headers;
  headers["x-mock-seed"] = String(seed);
  if (source.type === "rule") headers["x-mock-rule"] = headerValue(source.name);
  const { outcome, pace } = parts;
  // How likely its tokens were can be told of a chunk only if it is one.
  const cut = turn.logprobs === undefined ? parts.cut : "token";
  return { source, outcome, pace, cut, tokenizer, seed, headers };
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
  { context: { turn }, modelId, tokenizer }: Asked,
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
      input: usage?.input ?? promptTokens(turn, tokenizer),
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
  "pause": { type: "pause" },
  "context-window": { type: "context-window" },
};

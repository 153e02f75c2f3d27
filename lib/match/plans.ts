/**
 * Plans out of what was decided: the words, the counts, the speed, the headers that tell them.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import { atLeisure, atOnce } from "../core/leisure.ts";
import { type Pace, type Plan, type Source, UNPACED } from "../core/plan.ts";
import { mixSeed } from "../core/random.ts";
import type { Block, Choice, Failure, Finish, Reply } from "../core/reply.ts";
import type { Tokenizer } from "../core/tokens.ts";
import { blocksFor, countBlocks, finishOf } from "./blocks.ts";
import { type Choices, ownInEach, sameInEach } from "./choices.ts";
import type { Context } from "./context.ts";
import { randomBlock, type TokenShape } from "./pieces.ts";
import { promptTokens } from "./prompt_tokens.ts";
import { TOKEN_DEFAULTS } from "./request_headers.ts";
import type { BlockSpec, Config, ReplySpec } from "./rule.ts";
import { actual, type SpeedAsked, speedOf, steady } from "./speed.ts";
import { type Counted, withinTerms } from "./terms.ts";

/** What every plan is made for. */
export interface Asked extends SpeedAsked {
  /** The question. */
  readonly context: Context;
  /** The name the answer gives the model, where headers choose one. */
  readonly modelId: string | undefined;
  /** What counts tokens, and says where they end. */
  readonly tokenizer: Tokenizer;
  /** What tells when others have waited long enough; nobody waits where it is left out. */
  readonly clock?: Clock;
  /** Seed of the answer. */
  readonly seed: number;
}

/** Seed of what is drawn of what is said: the one that the request names at its provider, else that of the answer. */
export function drawSeedOf(
  { context: { turn }, seed }: Pick<Asked, "context" | "seed">,
): number {
  return turn.seed === undefined ? seed : mixSeed(0, `seed ${turn.seed}`, 0);
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
  const { turn } = asked.context;
  const words = author === undefined
    ? wordsOf(said, asked.tokenizer)
    : sameWordsOf(said, author, asked.tokenizer);
  const kept = withinTerms(words, turn, asked.tokenizer);
  if (kept === words && turn.choices === undefined) {
    return timed(asked, source, words, said, config, author !== undefined);
  }
  return timed(asked, source, sameInEach(turn, kept), said, config);
}

/** What is said, as a reply holds it. */
interface Words extends Counted, Choices {
  readonly text: string;
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
  const choice = choiceOf({ type: "text", text }, finish);
  const output = tokenizer.count(text);
  return {
    text,
    tokenizer,
    choice,
    choices: [choice],
    output,
    longest: output,
    reasoning: 0,
  };
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
  const all = sameInEach(
    asked.context.turn,
    keptOf(asked, said.blocks, said),
  );
  return timed(asked, source, all, said, config);
}

/**
 * Answers with blocks that are others in each choice: `make` makes those of one, out of its own
 * seed. A promise only where there are several.
 */
export function planVaried(
  asked: Asked,
  source: Source,
  said: Omit<Said, "text">,
  config: Config,
  make: (seed: number, choice: number) => readonly BlockSpec[],
): Plan | Promise<Plan> {
  const { context: { turn }, clock } = asked;
  const plan = (all: Choices) => timed(asked, source, all, said, config);
  const work = ownInEach(
    turn,
    drawSeedOf(asked),
    (seed, choice) => keptOf(asked, make(seed, choice), said),
  );
  return turn.choices === undefined || clock === undefined
    ? plan(atOnce(work))
    : atLeisure(work, clock).then(plan);
}

/** What of `blocks` the request wants, and allows. */
function keptOf(
  { context: { turn }, tokenizer }: Asked,
  all: readonly BlockSpec[],
  said: Pick<Said, "finish">,
): Counted {
  const blocks = blocksFor(all, turn);
  const finish = said.finish === undefined
    ? finishOf(blocks)
    : FINISHES[said.finish];
  const choice = { blocks, finish };
  const counted = { choice, ...countBlocks(blocks, tokenizer) };
  return withinTerms(counted, turn, tokenizer);
}

/** The plan of what is said at the speed that is asked for. */
function timed(
  asked: Asked,
  source: Source,
  all: Choices,
  said: Omit<Said, "text">,
  config: Config,
  lasting = false,
): Plan {
  const { pace, cut, rate } = speedOf(asked, said.pace, config);
  const reply = replyOf(asked, all, said, lasting);
  const told = all.reasoning > 0 && config.settings.reasoningContent;
  const outcome = told ? { ...reply, thoughtsTold: true } : reply;
  const headers = rate === undefined
    ? {}
    : actual({ count: all.longest, rate });
  return planned(asked, source, { outcome, pace, cut, headers });
}

/** Random tokens, as a rule asks for them. */
export interface TokenPlan extends Omit<Said, "text">, TokenShape {}

/** Answers with random tokens that a rule asks for. */
export function planTokens(
  asked: Asked,
  source: Source,
  said: TokenPlan,
  config: Config,
): Plan {
  const { context: { turn }, tokenizer } = asked;
  const { pace, rate } = speedOf(asked, said.pace, config);
  const all = atOnce(ownInEach(
    turn,
    drawSeedOf(asked),
    (seed) => withinTerms(tokensOf(seed, said), turn, tokenizer),
  ));
  const count = all.longest;
  return planned(asked, source, {
    outcome: replyOf(asked, all, said),
    // One chunk is one token, however text is cut.
    pace: pace.unit === "token" ? { ...pace, unit: "chunk" } : pace,
    cut: { characters: said.length },
    headers: rate === undefined
      ? {}
      : actual({ count, length: said.length, rate }),
  });
}

/** Answers with the random tokens that request headers ask for: nothing but them decides how many. */
export function planTokensAsked(asked: Asked, source: Source): Plan {
  const { context: { turn } } = asked;
  const said = { ...TOKEN_DEFAULTS, ...asked.tokensAsked };
  const all = atOnce(
    ownInEach(turn, drawSeedOf(asked), (seed) => tokensOf(seed, said)),
  );
  return planned(asked, source, {
    outcome: replyOf(asked, all, {}),
    pace: steady(said.rate),
    cut: { characters: said.length },
    headers: actual(said),
  });
}

function tokensOf(
  seed: number,
  { finish, ...shape }: TokenShape & Pick<Said, "finish">,
): Counted {
  const block = randomBlock(mixSeed(seed, "tokens", 0), shape);
  return {
    choice: choiceOf(block, finish),
    output: shape.count,
    reasoning: 0,
  };
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

interface Parts {
  readonly headers: Record<string, string>;
}

/** The plan of `parts`, with what every plan has; their headers become the plan's. */
function planned(
  asked: Asked,
  source: Source,
  parts: Pick<Plan, "outcome" | "pace" | "cut"> & Parts,
): Plan {
  const { context: { turn }, seed, tokenizer } = asked;
  const headers: Record<string, string> = parts.headers;
  headers["x-mock-seed"] = String(seed);
  if (source.type === "rule") headers["x-mock-rule"] = headerValue(source.name);
  const { outcome, pace } = parts;
  // How likely its tokens were can be told of a chunk only if it is one.
  const cut = turn.logprobs === undefined ? parts.cut : "token";
  const plan = { source, outcome, pace, cut, tokenizer, seed, headers };
  return turn.seed === undefined
    ? plan
    : { ...plan, drawSeed: drawSeedOf(asked) };
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
  { choices, output: tokens, reasoning }: Choices,
  { usage }: Pick<Said, "usage">,
  lasting = false,
): Reply {
  const cached = usage?.cached ?? 0;
  const thought = usage?.reasoning;
  // Totals hold their parts.
  const output = usage?.output ?? Math.max(tokens, thought ?? 0);
  return {
    type: "reply",
    model: modelId ?? (turn.model === "" ? TOKEN_DEFAULTS.model : turn.model),
    choices,
    lasting,
    usage: {
      input: usage?.input ?? Math.max(promptTokens(turn, tokenizer), cached),
      inputCached: cached,
      output,
      outputReasoning: thought ?? Math.min(reasoning, output),
    },
  };
}

function choiceOf(block: Block, finish: Said["finish"] = "stop"): Choice {
  return { blocks: [block], finish: FINISHES[finish] };
}

const FINISHES: Readonly<Record<NonNullable<Said["finish"]>, Finish>> = {
  "stop": { type: "stop" },
  "length": { type: "length" },
  "content-filter": { type: "content-filter" },
  "pause": { type: "pause" },
  "context-window": { type: "context-window" },
};

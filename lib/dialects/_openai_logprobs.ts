/**
 * How likely the tokens of an answer were: `logprobs`, whole and in chunks.
 *
 * Nobody knows how likely a scripted word was, so it is made up, and well: the likelihood of a
 * token is a pure function of a number, its choice and its place in it, those of a token and
 * its alternatives never add up to more than 1, and most tokens are almost certain. Knows no
 * vocabulary: alternatives are common tokens of the same kind.
 *
 * @module
 */

import { LOGPROBS_TOLD_MAX } from "../core/limits.ts";
import { drawAt, mixSeed } from "../core/random.ts";
import { BadRequest, type Block, piecesOf, type Reply } from "../core/reply.ts";
import { jsonText } from "../wire/json.ts";
import { likelihood, likelihoodOf, placeOf } from "./_openai_likelihoods.ts";
import type { Stamp } from "./dialect.ts";

/** How likely the tokens of each choice were, with `top` alternatives of each; `seed` is that of the reply. */
export function logprobsOf(
  { choices }: Reply,
  seed: number,
  top: number,
): readonly Logprobs[] {
  return choices.map((_, choice) => new Logprobs(seed, choice, top));
}

/** The same for a whole body, laid out. Throws {@linkcode BadRequest} for more than one body can hold. */
export function wholeLogprobs(
  reply: Reply,
  seed: number,
  top: number,
  stamp: Stamp,
): readonly string[] {
  refuseMany(reply, top, stamp);
  const all = logprobsOf(reply, seed, top);
  return reply.choices.map(({ blocks }, choice) =>
    all[choice]?.whole(blocks, stamp) ?? "null"
  );
}

/** Counted before any is told: as many as may be take a second. */
function refuseMany({ choices }: Reply, top: number, stamp: Stamp): void {
  let left = LOGPROBS_TOLD_MAX / (1 + top);
  const said = choices.flatMap(({ blocks }) => blocks.filter(isSaid));
  if (said.reduce((sum, block) => sum + tokensMost(block), 0) <= left) return;
  for (const block of said) {
    for (const _ of tokensOf(block, stamp)) if (--left < 0) throw tooMany(top);
  }
}

function isSaid({ type }: Block): boolean {
  return type === "text" || type === "refusal";
}

/** No token is shorter than a character. */
function tokensMost(block: Block): number {
  return piecesOf(block)?.count ?? block.text.length;
}

/** Random tokens bring their own, as a stream tells them. */
function tokensOf(block: Block, stamp: Stamp): Iterable<string> {
  return piecesOf(block) ?? stamp.tokens(block.text);
}

/** The likelihoods of the tokens of one choice, made as its tokens are told. */
export class Logprobs {
  readonly #seed: number;
  readonly #top: number;
  #told = 0;

  /** Those of `choice`, with `top` alternatives of each token; `seed` is that of the reply. */
  constructor(seed: number, choice: number, top: number) {
    this.#seed = mixSeed(seed, "logprobs", choice);
    this.#top = top;
  }

  /** The next token of a stream. */
  next(token: string): string {
    return this.#entry(token, COMPACT);
  }

  /** All of a choice, laid out for a whole body; null where nothing is said in words. */
  whole(blocks: readonly Block[], stamp: Stamp): string {
    const said = ["text", "refusal"].map((type) => {
      const these = blocks.filter((block) => block.type === type);
      return these.length === 0 ? "null" : this.#list(these, stamp);
    });
    if (said.every((list) => list === "null")) return "null";
    const [content, refusal] = said;
    return `{
        "content": ${content},
        "refusal": ${refusal}
      }`;
  }

  #list(blocks: readonly Block[], stamp: Stamp): string {
    const entries: string[] = [];
    for (const block of blocks) {
      for (const token of tokensOf(block, stamp)) {
        entries.push(this.#entry(token, INDENTED));
      }
    }
    if (entries.length === 0) return "[]";
    return `[\n          ${entries.join(",\n          ")}\n        ]`;
  }

  #entry(token: string, layout: Layout): string {
    const { gap, field, close } = layout.token;
    const draw = drawAt(this.#seed, this.#told++);
    const chosen = fields(jsonText(token), bytesOf(token), layout.token);
    const top = this.#top === 0
      ? "[]"
      : alternatives(token, draw, this.#top, layout);
    return `{${field}${
      chosen(likelihood(draw))
    },${field}"top_logprobs":${gap}${top}${close}}`;
  }
}

function tooMany(top: number): BadRequest {
  const field = top > 0 ? "top_logprobs" : "logprobs";
  return new BadRequest({
    message:
      `Invalid '${field}': with ${top} alternatives of each token this answer has more than ${LOGPROBS_TOLD_MAX} log probabilities, which is more than the mock tells in one body. Set 'stream', ask for fewer alternatives, or for a shorter answer.`,
    field,
    limit: "LOGPROBS_TOLD_MAX",
  });
}

/** The likeliest tokens at a place, the one that was told among them if it is one of those. */
function alternatives(
  token: string,
  draw: number,
  top: number,
  layout: Layout,
): string {
  const { item, field } = layout.token;
  const own = likelihood(draw);
  const others = kindOf(token);
  const entries: string[] = [];
  let at = placeOf(draw);
  let told = false;
  for (let rank = 0; entries.length < top;) {
    const likely = likelihoodOf(draw, rank);
    if (!told && own >= likely) {
      told = true;
      const words = fields(jsonText(token), bytesOf(token), layout.other);
      entries.push(entryOf(words(own), layout.other));
      continue;
    }
    const other = others[at++ % others.length];
    if (other === undefined || other.token === token) continue;
    entries.push(entryOf(other.words(layout)(likely), layout.other));
    rank++;
  }
  return `[${item}${entries.join(`,${item}`)}${field}]`;
}

function entryOf(words: string, { field, close }: Lines): string {
  return `{${field}${words}${close}}`;
}

// What else ───────────────────────────────────────────────────────────────────

/** A token that might have been told. */
class Other {
  readonly token: string;
  readonly #words = new Map<Layout, Words>();

  /** `token`, worded when it is first told. */
  constructor(token: string) {
    this.token = token;
  }

  /** Its words in `layout`. */
  words(layout: Layout): Words {
    const known = this.#words.get(layout);
    if (known !== undefined) return known;
    const { token } = this;
    const words = fields(jsonText(token), bytesOf(token), layout.other);
    this.#words.set(layout, words);
    return words;
  }
}

const COMMON =
  "the a I you it is to of and in that for with on this as are be at or was by not we from have an can which one all more if will about when there so no your out up has but they what some other new time like into then"
    .split(" ");

const WORDS = COMMON.map((word) => new Other(word));
const SPACED = COMMON.map((word) => new Other(` ${word}`));
const MARKS =
  '. , ! ? : ; - ) ( " \' ... .\n \n \n\n ," ." !\n ?\n :\n * ** # / = [ ] { } `'
    .split(" ").map((mark) => new Other(mark));

/** Tokens that may stand where `token` does. */
function kindOf(token: string): readonly Other[] {
  if (/^ \S/.test(token)) return SPACED;
  return /^[\p{L}\p{N}]/u.test(token) ? WORDS : MARKS;
}

// How it is written ───────────────────────────────────────────────────────────

/** What stands between the parts of an entry. */
interface Lines {
  /** After a colon. */
  readonly gap: string;
  /** Before each field. */
  readonly field: string;
  /** Before each item of a list in a field. */
  readonly item: string;
  /** Before the end. */
  readonly close: string;
}

/** How entries are written: that of a token, and those of its alternatives in it. */
interface Layout {
  readonly token: Lines;
  readonly other: Lines;
}

const TIGHT: Lines = { gap: "", field: "", item: "", close: "" };
const COMPACT: Layout = { token: TIGHT, other: TIGHT };
const INDENTED: Layout = { token: indented(10), other: indented(14) };

function indented(spaces: number): Lines {
  const line = (more: number) => "\n" + " ".repeat(spaces + more);
  return { gap: " ", field: line(2), item: line(4), close: line(0) };
}

/** Words an entry, but for how likely it is. */
type Words = (logprob: number) => string;

function fields(
  json: string,
  bytes: readonly number[],
  { gap, field, item }: Lines,
): Words {
  const before = `"token":${gap}${json},${field}"logprob":${gap}`;
  const after = `,${field}"bytes":${gap}[${item}${
    bytes.join(`,${item}`)
  }${field}]`;
  return (logprob) => before + logprob + after;
}

const encoder = new TextEncoder();

/** The bytes of a token; what is half a character is sent as U+FFFD. */
function bytesOf(token: string): readonly number[] {
  return Array.from(encoder.encode(token));
}

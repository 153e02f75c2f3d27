/**
 * From the plan to the score: the reply's steps, the times they are due, the dialect's words.
 *
 * Pure. All that is due at one moment is one cue, so an unpaced reply is one string, and a
 * stream costs one string for each moment, never an object for each frame.
 *
 * @module
 */

import { WRITE_CHARS_MAX } from "../core/limits.ts";
import type { Plan } from "../core/plan.ts";
import { mixSeed, Random } from "../core/random.ts";
import {
  type Choice,
  type Failure,
  piecesOf,
  type Reply,
} from "../core/reply.ts";
import type { Cue, Score } from "../core/score.ts";
import { APPROX, type Tokenizer } from "../core/tokens.ts";
import type {
  Dialect,
  Encoder,
  Facts,
  Spent,
  Stamp,
  Voice,
} from "../dialects/dialect.ts";
import { cut } from "./cut.ts";
import { isInstant, Metronome, unitsOf, wholeMs } from "./pace.ts";
import { SideBySide } from "./side_by_side.ts";
import { chunksOf, tell } from "./tell.ts";

/** Who words the answer, and for whom. */
export interface Wording extends Spent {
  /** The dialect asked. */
  readonly dialect: Dialect;
  /** When the request arrived, in milliseconds since the epoch. */
  readonly epochMs: number;
  /** Whether infrastructure headers are sent too. */
  readonly fullHeaders: boolean;
}

/** Writes down how `plan` is answered; `encoder` words it, as a stream if `stream`. */
export function compose(
  plan: Plan,
  encoder: Encoder,
  stream: boolean,
  wording: Wording,
): Score {
  const { outcome } = plan;
  if (outcome.type === "failure") return composeRefusal(outcome, plan, wording);
  return stream
    ? composeStream(plan, outcome, encoder, wording)
    : composeWhole(plan, outcome, encoder, wording);
}

/** Writes down how a request is refused; `metered` tells whether a model was asked. */
export function composeRefusal(
  failure: Failure,
  { seed, headers, metered = true }: {
    readonly seed: number;
    readonly headers?: Plan["headers"];
    readonly metered?: boolean;
  },
  wording: Wording,
): Score {
  const stamp = new SeededStamp(seed, wording.epochMs);
  const known = failure.kind !== "no-key" && failure.kind !== "invalid-key";
  const facts = factsOf(wording, metered && known, false, 0, failure);
  const sent = headersOf(JSON_TYPE, facts, stamp, wording);
  const { status, body, type } = wording.dialect.refuse(failure, sent);
  if (type !== undefined) sent["content-type"] = type;
  return {
    status,
    headers: Object.assign(sent, headers, failure.headers),
    cues: single(body),
  };
}

/** Writes down a body that is ready, such as a catalog or a count. */
export function composeBody(
  body: string,
  seed: number,
  wording: Wording,
): Score {
  const stamp = new SeededStamp(seed, wording.epochMs);
  const facts = factsOf(wording, false, false, 0);
  return {
    status: 200,
    headers: headersOf(JSON_TYPE, facts, stamp, wording),
    cues: single(body),
  };
}

function composeWhole(
  plan: Plan,
  reply: Reply,
  encoder: Encoder,
  wording: Wording,
): Score {
  const stamp = stampOf(plan, wording);
  const firstMs = isInstant(plan.pace)
    ? 0
    : wholeMs(plan.pace, size(plan, reply));
  const facts = factsOf(wording, true, false, firstMs);
  return {
    status: 200,
    headers: headersOf(JSON_TYPE, facts, stamp, wording, plan.headers),
    cues: single(encoder.whole(reply, stamp), firstMs),
  };
}

function composeStream(
  plan: Plan,
  reply: Reply,
  encoder: Encoder,
  wording: Wording,
): Score {
  const stamp = stampOf(plan, wording);
  const metronome = metronomeOf(plan);
  const facts = factsOf(wording, true, true, metronome?.dueMs ?? 0);
  // In this order, as for a whole reply: both draw from the stamp.
  const headers = headersOf(
    encoder.streamType,
    facts,
    stamp,
    wording,
    plan.headers,
  );
  const voice = encoder.voice(reply, stamp);
  return {
    status: 200,
    headers,
    cues: cues(plan, reply, voice, metronome),
    farewell: () => voice.fail(SHUTTING_DOWN),
  };
}

/** The one cue of what is not streamed. */
export function single(text: string, atMs = 0): readonly [Cue] {
  return [{ atMs, text, deltas: 0 }];
}

/** What times the chunks; undefined where nothing takes time. */
function metronomeOf(
  { pace, seed, tokenizer }: Plan,
): Metronome | undefined {
  if (isInstant(pace)) return undefined;
  return new Metronome(pace, new Random(mixSeed(seed, "pace", 0)), tokenizer);
}

/** The cues of a stream: every step worded and timed, what is due at one moment joined. */
function* cues(
  plan: Plan,
  reply: Reply,
  voice: Voice,
  metronome: Metronome | undefined,
): Generator<Cue> {
  const pending = new PendingCue();
  const side = new SideBySide(voice, metronome);
  let dueMs = metronome?.dueMs ?? 0;
  for (const step of tell(reply, plan)) {
    if (step.type === "event") {
      const done = pending.add(dueMs, voice.say(step.event), 0);
      if (done !== undefined) yield done;
    } else if (step.type === "deltas") {
      const word = voice.deltas(step.block);
      for (const chunk of step.chunks) {
        const text = word(chunk);
        const done = pending.add(dueMs, text, text === "" ? 0 : 1);
        if (done !== undefined) yield done;
        if (metronome !== undefined) dueMs = metronome.advance(chunk);
      }
    } else if (step.type === "delta") {
      const text = side.word(step.block, step.chunk);
      const done = pending.add(dueMs, text, text === "" ? 0 : 1);
      if (done !== undefined) yield done;
    } else dueMs = side.endRound();
  }
  yield pending.take();
}

/** Joins what is due at one moment, up to the size of one write. */
class PendingCue {
  #atMs = 0;
  #text = "";
  #deltas = 0;

  /** Adds `text`; gives the cue that is complete because of it, if one is. */
  add(atMs: number, text: string, deltas: number): Cue | undefined {
    const full = this.#text.length >= WRITE_CHARS_MAX;
    const later = atMs > this.#atMs && text !== "";
    const done = this.#text !== "" && (full || later) ? this.take() : undefined;
    if (later) this.#atMs = atMs;
    this.#text += text;
    this.#deltas += deltas;
    return done;
  }

  /** What has been joined so far. */
  take(): Cue {
    const cue = { atMs: this.#atMs, text: this.#text, deltas: this.#deltas };
    this.#text = "";
    this.#deltas = 0;
    return cue;
  }
}

/** Units of the whole reply: of its longest choice, since all are made at the same time. */
function size(plan: Plan, { choices }: Reply): number {
  let longest = 0;
  let last: Choice | undefined;
  for (const choice of choices) {
    if (choice === last) continue;
    last = choice;
    longest = Math.max(longest, unitsOfChoice(plan, choice));
  }
  return longest;
}

function unitsOfChoice(plan: Plan, { blocks }: Choice): number {
  const { pace, tokenizer } = plan;
  let units = 0;
  for (const block of blocks) {
    units += pace.unit === "chunk"
      ? piecesOf(block)?.count ?? count(chunksOf(block, plan))
      : unitsOf(block.text, pace.unit, tokenizer);
  }
  return units;
}

function count(items: Iterable<unknown>): number {
  let count = 0;
  for (const _ of items) count++;
  return count;
}

const SHUTTING_DOWN: Failure = {
  type: "failure",
  kind: "shutting-down",
  message: "The server is shutting down",
};

const JSON_TYPE = "application/json";

function factsOf(
  { spentRequests, spentInput, spentOutput, spentTokens }: Spent,
  metered: boolean,
  stream: boolean,
  firstMs: number,
  failure?: Failure,
): Facts {
  return {
    spentRequests,
    spentInput,
    spentOutput,
    spentTokens,
    metered,
    stream,
    firstMs,
    failure,
  };
}

/** The dialect's headers for an answer of `type`, and `more`. */
function headersOf(
  type: string,
  facts: Facts,
  stamp: Stamp,
  { dialect, fullHeaders }: Wording,
  more?: Plan["headers"],
): Record<string, string> {
  const headers = dialect.headers(facts, stamp);
  headers["content-type"] = type;
  if (fullHeaders) Object.assign(headers, dialect.edgeHeaders(stamp));
  return Object.assign(headers, more);
}

function stampOf(
  { seed, drawSeed, tokenizer }: Plan,
  { epochMs }: Wording,
): Stamp {
  return new SeededStamp(seed, epochMs, tokenizer, drawSeed);
}

/** Draws from the seed of the plan. */
class SeededStamp implements Stamp {
  #random: Random;
  readonly #tokenizer: Tokenizer;
  readonly epochMs: number;
  readonly drawSeed: number | undefined;

  constructor(
    seed: number,
    epochMs: number,
    tokenizer = APPROX,
    drawSeed?: number,
  ) {
    this.#random = new Random(seed);
    this.#tokenizer = tokenizer;
    this.epochMs = epochMs;
    this.drawSeed = drawSeed;
  }

  text(length: number, alphabet?: string): string {
    return this.#random.text(length, alphabet);
  }

  hex(length: number): string {
    return this.#random.hex(length);
  }

  below(bound: number): number {
    return this.#random.below(bound);
  }

  tokens(text: string): Iterable<string> {
    return cut(text, "token", this.#tokenizer);
  }
}

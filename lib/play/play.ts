/**
 * Performs a score: the only place that waits for a reply. Knows text and a clock; has heard
 * of no LLM.
 *
 * A stream is pulled by its reader. A pull either finds cues that are due, which go out in one
 * write, or sets this stream's timer for the next one. So a slow reader holds one write at
 * most and no timer, a departed one nothing, and a stream that fell behind catches up. One whose
 * reader takes all that is due lets others have their turn from time to time.
 *
 * @module
 */

import { type Clock, until } from "../core/clock.ts";
import type { Timer } from "../core/deadlines.ts";
import {
  CATCH_UP_MS_MAX,
  EARLY_MS_MAX,
  WRITE_CHARS_MAX,
} from "../core/limits.ts";
import type { Cue, Performed, Score } from "../core/score.ts";
import { Turn } from "./turns.ts";

export type { Performed };

/** What a performance needs. */
export interface Stage {
  /** Time. */
  readonly clock: Clock;
  /** Times the work of it, where `clock` is not the system's; `clock` unless given. */
  readonly realClock?: Clock | undefined;
  /** When the time of the score began, on the clock's scale. */
  readonly beganMs: number;
  /** Called before the first wait: the exchange may be quiet for long. */
  keepOpen(): void;
  /** Called once, at the end. */
  onEnd(performed: Performed): void;
  /** Called when a score turns out to be none: its stream is broken off. */
  onDefect(error: unknown): void;
  /** Where streams are entered while they are open. */
  readonly streams?: OpenStreams | undefined;
}

/** A stream that can be ended. */
export interface Stoppable {
  /** Ends it with its last words. */
  stop(): void;
}

/** The streams being performed: what a server that stops must end. */
export class OpenStreams {
  #open = new Set<Stoppable>();

  /** How many there are. */
  get size(): number {
    return this.#open.size;
  }

  /** Ends each with its last words. */
  stop(): void {
    for (const stream of [...this.#open]) stream.stop();
  }

  /** Enters one. */
  add(stream: Stoppable): void {
    this.#open.add(stream);
  }

  /** Strikes one out. */
  delete(stream: Stoppable): void {
    this.#open.delete(stream);
  }
}

/** Performs `score`. The response comes when its first cue is due. */
export function play(score: Score, stage: Stage): Response | Promise<Response> {
  const { clock, beganMs } = stage;
  if (isSingle(score.cues)) {
    const [cue] = score.cues;
    const dueMs = beganMs + cue.atMs;
    if (cue.atMs === 0 || dueMs <= clock.now()) return whole(score, stage, cue);
    stage.keepOpen();
    return until(clock, dueMs).then(() => whole(score, stage, cue));
  }
  const cues = score.cues[Symbol.iterator]();
  const first = cues.next();
  const cue: Cue = first.done ? { atMs: 0, text: "", deltas: 0 } : first.value;
  const dueMs = beganMs + cue.atMs;
  if (cue.atMs === 0 || dueMs <= clock.now()) {
    return open(score, stage, cue, cues);
  }
  stage.keepOpen();
  return until(clock, dueMs).then(() => open(score, stage, cue, cues));
}

function open(
  score: Score,
  stage: Stage,
  cue: Cue,
  cues: Iterator<Cue>,
): Response {
  const next = cues.next();
  if (next.done) return whole(score, stage, cue);
  stage.keepOpen();
  const source = new Performance(score, stage, [cue, next.value, cues]);
  const { status, headers } = score;
  const stream = new ReadableStream(source, { highWaterMark: 0 });
  return new Response(stream, { status, headers });
}

function isSingle(cues: Iterable<Cue>): cues is readonly [Cue] {
  return Array.isArray(cues) && cues.length === 1;
}

/** What is one cue is one body, and no stream. */
function whole(score: Score, stage: Stage, cue: Cue): Response {
  const { status, headers } = score;
  const atMs = stage.clock.now() - stage.beganMs;
  stage.onEnd({
    firstMs: atMs,
    totalMs: atMs,
    deltas: cue.deltas,
    ended: "complete",
    reanchoredMs: 0,
    lateMs: cue.atMs === 0 ? 0 : Math.max(0, atMs - cue.atMs),
    sentChars: cue.text.length,
  });
  const body = cue.text === "" ? null : cue.text;
  return new Response(body, { status, headers });
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

const encoder = new TextEncoder();

/** One stream being performed. */
class Performance implements UnderlyingDefaultSource<Uint8Array> {
  #score: Score;
  #stage: Stage;
  #turn: Turn | undefined;
  #cues: Iterator<Cue>;
  #pending: Cue | undefined;
  #following: Cue | undefined;
  #timer: Timer | undefined;
  #controller: Controller | undefined;
  #writes = 0;
  #firstMs = -1;
  #deltas = 0;
  #reanchoredMs = 0;
  #lateMs = 0;
  #sentChars = 0;
  #ended = false;

  constructor(
    score: Score,
    stage: Stage,
    [pending, following, rest]: [Cue, Cue, Iterator<Cue>],
  ) {
    this.#score = score;
    this.#stage = stage;
    this.#pending = pending;
    this.#following = following;
    this.#cues = rest;
  }

  /**
   * The reader wants more: what is due now, or a timer for what is due next. Entered among the
   * open streams only here: a reader that left before may never cancel.
   */
  pull(controller: Controller): void {
    if (this.#controller === undefined) this.#stage.streams?.add(this);
    this.#controller = controller;
    this.#advance(controller);
  }

  /** The server stops: says the last words of the score, if anybody listens. */
  stop(): void {
    const controller = this.#controller;
    if (this.#ended || controller === undefined) return;
    this.#end("stopped"); // first, since a reader may pull from within `enqueue`
    this.#guard(controller, () => {
      const farewell = this.#score.farewell?.();
      if (farewell !== undefined) controller.enqueue(encoder.encode(farewell));
      controller.close();
    });
  }

  /** The reader left. */
  cancel(): void {
    this.#end("client left");
  }

  #advance(controller: Controller): void {
    this.#guard(controller, () => this.#perform(controller));
  }

  /** A score is drawn while it is performed, so a defect may show in the middle: the stream is broken off. */
  #guard(controller: Controller, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#stage.onDefect(error);
      this.#end("broken");
      controller.error(undefined); // anything else would be printed by Bun
    }
  }

  #perform(controller: Controller): void {
    if (this.#ended) return;
    const nowMs = this.#nowMs();
    const limitMs = nowMs + EARLY_MS_MAX;
    if (this.#isDue(limitMs) && !this.#mayWrite()) return;
    const text = this.#takeDue(limitMs);
    if (text !== "") {
      if (this.#firstMs < 0) this.#firstMs = nowMs;
      this.#sentChars += text.length;
      controller.enqueue(encoder.encode(text));
    }
    if (this.#pending === undefined) this.#close(controller);
    else if (text === "") this.#wait(this.#pending.atMs);
  }

  /** Closes once: a reader may pull again from within the `enqueue` of the last write. */
  #close(controller: Controller): void {
    if (this.#ended) return;
    controller.close();
    this.#end("complete");
  }

  #isDue(limitMs: number): boolean {
    return this.#pending !== undefined && this.#pending.atMs <= limitMs;
  }

  /** The first write since a timer rang looks at no clock: there is no second one in paced streams. */
  #mayWrite(): boolean {
    if (this.#writes++ === 0) return true;
    const { realClock, clock } = this.#stage;
    this.#turn ??= new Turn(realClock ?? clock, () => this.#resume());
    return this.#turn.goesOn();
  }

  #resume(): void {
    this.#writes = 0;
    if (this.#controller !== undefined) this.#advance(this.#controller);
  }

  /** The text of all cues due at `limitMs`, up to the size of one write. */
  #takeDue(limitMs: number): string {
    let text = "";
    while (this.#pending !== undefined && this.#pending.atMs <= limitMs) {
      text += this.#pending.text;
      this.#deltas += this.#pending.deltas;
      this.#step();
      if (text.length >= WRITE_CHARS_MAX) break;
    }
    return text;
  }

  #step(): void {
    this.#pending = this.#following;
    this.#following = undefined;
    if (this.#pending !== undefined) return;
    const next = this.#cues.next();
    this.#pending = next.done ? undefined : next.value;
  }

  #wait(atMs: number): void {
    this.#timer ??= this.#stage.clock.timer((lateMs) => this.#ring(lateMs));
    this.#timer.set(
      this.#stage.beganMs + this.#reanchoredMs + atMs,
    );
  }

  #ring(lateMs: number): void {
    if (lateMs > CATCH_UP_MS_MAX) this.#reanchoredMs += lateMs;
    if (lateMs > this.#lateMs) this.#lateMs = lateMs;
    this.#turn?.rested();
    this.#resume();
  }

  #end(ended: Performed["ended"]): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#timer?.clear();
    this.#stage.streams?.delete(this);
    this.#pending = undefined;
    this.#cues.return?.();
    this.#stage.onEnd({
      firstMs: Math.max(0, this.#firstMs),
      totalMs: this.#nowMs() + this.#reanchoredMs,
      deltas: this.#deltas,
      ended,
      reanchoredMs: this.#reanchoredMs,
      lateMs: this.#lateMs,
      sentChars: this.#sentChars,
    });
  }

  /** Milliseconds into the performance. */
  #nowMs(): number {
    return this.#stage.clock.now() - this.#stage.beganMs - this.#reanchoredMs;
  }
}

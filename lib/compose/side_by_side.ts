/**
 * Several choices told at the same time: a chunk of each, then the next of each.
 *
 * @module
 */

import type { BlockEvent } from "../core/reply.ts";
import type { Voice } from "../dialects/dialect.ts";
import type { Metronome } from "./pace.ts";

/** What words the deltas of one block. */
interface Words {
  readonly block: BlockEvent;
  readonly word: (delta: string) => string;
}

/** Words and times choices that are told side by side. */
export class SideBySide {
  readonly #voice: Voice;
  readonly #metronome: Metronome | undefined;
  /** The block that each choice is in. */
  readonly #words: Words[] = [];
  /** The most that a chunk of this round costs: all of them are made at the same time. */
  #units = 0;

  /** Words in `voice`, and times by `metronome` unless nothing takes time. */
  constructor(voice: Voice, metronome: Metronome | undefined) {
    this.#voice = voice;
    this.#metronome = metronome;
  }

  /** Words one delta of `block`. */
  word(block: BlockEvent, chunk: string): string {
    const units = this.#metronome?.units(chunk) ?? 0;
    if (units > this.#units) this.#units = units;
    return this.#wordsOf(block).word(chunk);
  }

  /** Lets the time of the round go by; gives when the next one is due. */
  endRound(): number {
    const units = this.#units;
    this.#units = 0;
    if (this.#metronome === undefined) return 0;
    return units === 0 ? this.#metronome.dueMs : this.#metronome.pass(units);
  }

  /** Voices keep count of what they say of a block: they are asked for it once, whatever comes between. */
  #wordsOf(block: BlockEvent): Words {
    const known = this.#words[block.choice];
    if (known?.block === block) return known;
    const words = { block, word: this.#voice.deltas(block) };
    this.#words[block.choice] = words;
    return words;
  }
}

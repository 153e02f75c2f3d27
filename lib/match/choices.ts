/**
 * As many choices as a request wants: the same in each, or each drawn from a seed of its own.
 *
 * @module
 */

import { CHOICES_CHARS_MAX } from "../core/limits.ts";
import type { Work } from "../core/leisure.ts";
import { mixSeed } from "../core/random.ts";
import {
  BadRequest,
  type Choice,
  piecesOf,
  type Reply,
} from "../core/reply.ts";
import type { Turn } from "../core/turn.ts";
import type { Counted } from "./terms.ts";

/** The choices of a reply, and their tokens. */
export interface Choices {
  /** All of them. */
  readonly choices: Reply["choices"];
  /** Tokens of all together. */
  readonly output: number;
  /** Of those, what was thought. */
  readonly reasoning: number;
  /** Tokens of the longest one. */
  readonly longest: number;
}

/** Who is answered: how many choices there are, and whether they are pulled or made at once. */
export type Chooser = Pick<Turn, "choices" | "stream">;

/** The same in each. Throws {@linkcode BadRequest} where they are too much to be made at once. */
export function sameInEach(turn: Chooser, counted: Counted): Choices {
  const { choice, output, reasoning } = counted;
  const { choices: times = 1, stream } = turn;
  if (times > 1 && !stream) refuseTooMuch(turn, times * heldBy(counted, turn));
  const others = Array<Choice>(times - 1).fill(choice);
  return {
    choices: [choice, ...others],
    output: times * output,
    reasoning: times * reasoning,
    longest: output,
  };
}

/**
 * What `make` makes, for each with a seed of its own; that of the first is `seed`. Rests between
 * them. Throws {@linkcode BadRequest} where they are too much to be made at once.
 */
export function* ownInEach(
  turn: Chooser,
  seed: number,
  make: (seed: number, choice: number) => Counted,
): Work<Choices> {
  const first = make(seed, 0);
  const others: Choice[] = [];
  let { output, reasoning, output: longest } = first;
  let characters = heldBy(first, turn);
  for (let i = 1; i < (turn.choices ?? 1); i++) {
    yield;
    const next = make(mixSeed(seed, "choice", i), i);
    characters += heldBy(next, turn);
    refuseTooMuch(turn, characters);
    others.push(next.choice);
    output += next.output;
    reasoning += next.reasoning;
    longest = Math.max(longest, next.output);
  }
  return { choices: [first.choice, ...others], output, reasoning, longest };
}

/** How many characters are made at once; a stream makes pieces as it is read. */
function heldBy({ choice: { blocks } }: Counted, { stream }: Chooser): number {
  let characters = 0;
  for (const block of blocks) {
    const pieces = piecesOf(block);
    if (pieces === undefined) characters += block.text.length;
    else if (!stream) {
      const [first = ""] = pieces;
      characters += pieces.count * first.length;
    }
  }
  return characters;
}

function refuseTooMuch({ choices = 1 }: Chooser, characters: number): void {
  if (characters <= CHOICES_CHARS_MAX) return;
  throw new BadRequest({
    field: "n",
    limit: "CHOICES_CHARS_MAX",
    message:
      `${choices} answers of this length are more than this server makes at once: ${CHOICES_CHARS_MAX} characters together. Ask for fewer, for shorter ones (max_tokens), or, where they are the same, for a stream`,
  });
}

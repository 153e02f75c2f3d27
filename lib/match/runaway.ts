/**
 * Whether a regular expression can run away: keep the engine busy for long on a text made for it.
 *
 * How it is told is in `regex_judge.ts`; here are the words.
 *
 * @module
 */

import {
  REGEX_INPUT_CHARS_MAX,
  REGEX_JUDGED_STEPS_MAX,
  REGEX_STEPS_MAX,
} from "../core/limits.ts";
import { graphOf, idleRounds, Tangled } from "./regex_graph.ts";
import { guardsOf } from "./regex_guard.ts";
import { type Bounds, Judge, type Worst } from "./regex_judge.ts";
import { readTree, type Span } from "./regex_tree.ts";
import { Steps } from "./steps.ts";

/** Why an expression is refused. */
export interface Runaway {
  /** What is wrong with it, as the rest of a sentence: "can run away: …". */
  readonly reason: string;
  /** What to do, as an instruction. */
  readonly remedy: string;
}

/** Why the valid expression `source` can run away on texts of `inputChars`; undefined when it cannot. */
export function runaway(
  source: string,
  flags: string,
  inputChars: number = REGEX_INPUT_CHARS_MAX,
): Runaway | undefined {
  try {
    const worst = worstOf(source, flags, {
      inputChars,
      matchSteps: REGEX_STEPS_MAX,
      judgeSteps: new Steps(REGEX_JUDGED_STEPS_MAX),
      strict: false,
    });
    return worst && describe(worst, source);
  } catch (error) {
    if (!(error instanceof Tangled)) throw error;
    return {
      reason: "is too tangled to tell whether it can run away",
      remedy: `Repeat less in it, or write several patterns. ${GLOBS}`,
    };
  }
}

/** Where `source` has too many ways for `bounds`; undefined when it has not. Throws {@linkcode Tangled}. */
export function worstOf(
  source: string,
  flags: string,
  bounds: Bounds,
): Worst | undefined {
  if (!/[*+{]/.test(source)) return undefined;
  const tree = readTree(source, flags);
  const { judgeSteps, strict, inputChars, matchSteps } = bounds;
  // Engines go all rounds that are demanded, even where nothing is taken.
  if (strict && idleRounds(tree) * inputChars > matchSteps) {
    return { type: "doubling", loop: tree };
  }
  const steps = strict ? judgeSteps : new Steps(REGEX_JUDGED_STEPS_MAX);
  const graph = graphOf(tree, guardsOf(tree, flags), steps);
  const judge = new Judge(graph, bounds);
  return judge.doubling() ?? judge.shifting();
}

// Words ───────────────────────────────────────────────────────────────────────

const GLOBS = 'A pattern with *, such as "*weather*paris*", never runs away';
const BOUND = "{0,20} instead of *, {1,20} instead of +";

function describe(worst: Worst, source: string): Runaway {
  switch (worst.type) {
    case "doubling":
      return {
        reason: `can run away: ${
          excerpt(worst.loop, source)
        } can take the same text in ever more ways`,
        remedy:
          `Let what is repeated take each text in one way: "a+" instead of "(a+)+", "[ab]*" instead of "(a|b|ab)*". ${GLOBS}`,
      };
    case "shifting":
      return {
        reason: `can run away: ${excerpt(worst.from, source)} and then ${
          excerpt(worst.to, source)
        } can share the same text in many ways`,
        remedy: /\.[*+]\)?\$$/.test(source)
          ? `Leave out the $, since what is before it goes to the end of the line anyway, or bound the repetitions: ${BOUND}. ${GLOBS}`
          : `Let only one of them take a character, or bound them: ${BOUND}. ${GLOBS}`,
      };
    case "starting":
      return {
        reason: `can run away: it may begin at many places, and ${
          excerpt(worst.to, source)
        } goes far from each`,
        remedy: `Begin it with ^, or bound what it repeats: ${BOUND}. ${GLOBS}`,
      };
  }
}

function excerpt({ start, end }: Span, source: string): string {
  const [...characters] = source.slice(start, end);
  return characters.length <= EXCERPT_CHARS_MAX
    ? `"${characters.join("")}"`
    : `"${characters.slice(0, EXCERPT_CHARS_MAX - 1).join("")}…"`;
}

const EXCERPT_CHARS_MAX = 40;

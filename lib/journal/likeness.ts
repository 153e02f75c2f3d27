/**
 * How much a text is like what a pattern wants: of requests that fail alike, the likest is the
 * one that was meant.
 *
 * Texts are compared by the pairs of neighbouring characters they have in common.
 *
 * @module
 */

import { LIKENESS_CHARS_MAX } from "../core/limits.ts";
import { normalise } from "../match/normalise.ts";
import type { Pattern } from "../match/pattern.ts";

/** From 0, for nothing much in common, to 1: how much the likest of `texts` is like what `pattern` wants. */
export function likeness(pattern: Pattern, texts: readonly string[]): number {
  const one = measure(pattern);
  const likest = texts.reduce((most, text) => Math.max(most, one(text)), 0);
  return likest < LIKE_MIN ? 0 : likest;
}

/** What has less in common has it by chance: any two sentences share some pairs. */
const LIKE_MIN = 0.6;

function measure(pattern: Pattern): (text: string) => number {
  switch (pattern.type) {
    case "equal":
    case "exact":
      return (text) => {
        const [wanted, found] = [pairsOf(pattern.text), pairsOf(text)];
        return 2 * common(wanted, found) / (wanted.size + found.size || 1);
      };
    case "glob":
      return within(pairsOf(pattern.text.replaceAll("*", " ")));
    case "regex":
      return within(pairsOf(pattern.source));
    case "any": {
      const each = pattern.of.map(measure);
      return (text) => Math.max(0, ...each.map((one) => one(text)));
    }
    case "not":
      return () => 0;
  }
}

/** How much of `wanted` is anywhere in a text. */
function within(wanted: ReadonlySet<string>): (text: string) => number {
  return (text) => common(wanted, pairsOf(text)) / (wanted.size || 1);
}

function common(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let count = 0;
  for (const pair of a) if (b.has(pair)) count++;
  return count;
}

function pairsOf(text: string): ReadonlySet<string> {
  const folded = normalise(text.slice(0, LIKENESS_CHARS_MAX));
  const pairs = new Set<string>();
  for (let at = 0; at + 1 < folded.length; at++) {
    pairs.add(folded.slice(at, at + 2));
  }
  return pairs;
}

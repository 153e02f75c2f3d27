/**
 * Which properties an object of a shape has: those that must be there, some that may, what comes
 * with them, and names that no schema spells out.
 *
 * @module
 */

import { AUTO_ITEMS_MAX, AUTO_VALUES_MAX } from "../core/limits.ts";
import type { Random } from "../core/random.ts";
import { isObject, own } from "../wire/json.ts";
import { shuffled } from "./auto_choosing.ts";
import { DEEP } from "./auto_ends.ts";
import { textOfPattern } from "./auto_pattern.ts";
import type { Purse } from "./auto_purse.ts";
import type { Shape } from "./auto_shape.ts";
import { pick, word } from "./auto_words.ts";

/** What names are found with. */
export interface Naming {
  /** What draws them. */
  readonly random: Random;
  /** What pays for them. */
  readonly purse: Purse;
  /** Whether a property `name` can be valid at all. */
  may(name: string): boolean;
  /** A name that is valid for all `schemas`. */
  nameFor(schemas: readonly unknown[]): string;
}

/** The properties of an object of `shape`, in the order of the schema, as models write them. */
export function namesOf(
  shape: Shape,
  depth: number,
  naming: Naming,
): ReadonlySet<string> {
  const { purse } = naming;
  purse.steps.take((shape.names.size + shape.required.size) / LOOKED_AT);
  const liked = new Set(shape.required);
  addOptional(liked, shape, depth, naming);
  addBeside(liked, shape, naming);
  addInvented(liked, shape, depth, naming);
  const ordered = [...shape.names].filter((name) => liked.has(name));
  return new Set([...ordered, ...liked]);
}

/** So many names are looked at in a step. */
const LOOKED_AT = 4;

/** Some of those that may be there, and as many more as there must be. */
function addOptional(
  liked: Set<string>,
  { required, avoided, names, counts }: Shape,
  depth: number,
  { random, purse, may }: Naming,
): void {
  const { least, most } = counts.Properties;
  const optional = [...names].filter((name) =>
    !required.has(name) && !avoided.has(name)
  );
  const room = Math.min(most, AUTO_VALUES_MAX);
  const wishes = depth >= DEEP
    ? []
    : optional.filter(() => random.below(3) > 0);
  const others = shuffled(optional, random);
  for (const [some, wanted] of [[wishes, room], [others, least]] as const) {
    const enough = Math.min(wanted, room);
    for (const name of some) {
      if (liked.size >= enough || purse.isEmpty) break;
      if (may(name)) liked.add(name);
    }
  }
}

/** What must be there beside what is there; and what must be beside that. */
function addBeside(
  liked: Set<string>,
  { beside }: Shape,
  { purse: { steps } }: Naming,
): void {
  if (beside.length === 0 || !steps.take(beside.length / LOOKED_AT)) return;
  const byName = Map.groupBy(beside, ([name]) => name);
  // Whoever is added while it goes is gone through as well.
  for (const name of liked) {
    for (const [, wanted] of byName.get(name) ?? []) {
      if (!steps.take(1 + wanted.length / LOOKED_AT)) return;
      for (const each of wanted) liked.add(each);
    }
  }
}

/** As many more as there must be, and one or two for maps. */
function addInvented(
  liked: Set<string>,
  shape: Shape,
  depth: number,
  naming: Naming,
): void {
  const { least, most } = shape.counts.Properties;
  const isMap = shape.names.size === 0 &&
    shape.speakers.some((each) =>
      typeof own(each, "additionalProperties") === "object"
    );
  const usual = isMap && depth < DEEP ? 1 + naming.random.below(2) : 0;
  const wanted = Math.min(Math.max(least, usual), most, AUTO_ITEMS_MAX);
  if (liked.size >= wanted) return;
  const patterns = patternsOf(shape, naming);
  const tries = 10 + 4 * wanted;
  for (let nth = 0; liked.size < wanted && nth < tries; nth++) {
    if (naming.purse.isEmpty) return;
    const name = invented(shape, nth, patterns, naming);
    if (naming.may(name)) liked.add(name);
  }
}

function patternsOf(
  { speakers }: Shape,
  { purse }: Naming,
): readonly string[] {
  const patterns: string[] = [];
  for (const each of speakers) {
    const named = own(each, "patternProperties");
    if (!isObject(named)) continue;
    for (const pattern in named) {
      if (!purse.steps.take(1 / LOOKED_AT)) return patterns;
      patterns.push(pattern);
    }
  }
  return patterns;
}

function invented(
  { nameSchemas }: Shape,
  nth: number,
  patterns: readonly string[],
  { random, purse, nameFor }: Naming,
): string {
  if (nameSchemas.length > 0) return nameFor(nameSchemas);
  const plain = nth < 8 ? word(random) : `${word(random)}_${nth}`;
  if (patterns.length === 0 || nth % 3 === 2) return plain;
  const pattern = pick(patterns, random);
  const length = { least: 4 + nth, most: 20 + nth };
  return textOfPattern(pattern, length, random, purse.steps) ?? plain;
}

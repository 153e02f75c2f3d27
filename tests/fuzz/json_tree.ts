/**
 * JSON as a tree that may be wrong: keys may repeat, and a leaf is any text. Mutating this
 * instead of values reaches what `JSON.stringify` would never write.
 *
 * @module
 */

import type { Random } from "../../lib/core/random.ts";
import { chance, pick } from "./mutate.ts";

/** A list, an object as a list of pairs, or the text of anything else. */
export type Tree = string | Tree[] | { pairs: [key: string, value: Tree][] };

/** The tree of a value. */
export function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return value.map(treeOf);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return {
    pairs: Object.entries(value).map((
      [key, each],
    ) => [JSON.stringify(key), treeOf(each)]),
  };
}

/** The tree as text. */
export function textOf(tree: Tree): string {
  if (typeof tree === "string") return tree;
  if (Array.isArray(tree)) return `[${tree.map(textOf).join(",")}]`;
  return `{${
    tree.pairs.map(([key, value]) => `${key}:${textOf(value)}`).join(",")
  }}`;
}

/** Keys that are properties of every object, and other bad ideas. */
const KEYS: readonly string[] = [
  '"__proto__"',
  '"constructor"',
  '"prototype"',
  '"toString"',
  '"hasOwnProperty"',
  '"valueOf"',
  '"then"',
  '"toJSON"',
  '"length"',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"MODEL"',
  '"stream "',
  '"type"',
  '"text"',
  '"content"',
  '"role"',
  '"input"',
  '"tool_use_id"',
  '"0"',
  '"-1"',
];

/** Leaves of every kind and size. */
const LEAVES: readonly (() => string)[] = [
  ...[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "-1",
    "0.5",
    "1e308",
    "1e999",
    "-1e999",
    "1e-999",
    "9007199254740993",
    "123456789012345678901234567890",
    "2147483648",
    "-2147483649",
    '""',
    '" "',
    '"\\u0000"',
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\ud83d\\ude00"',
    '"\\u202e"',
    '"\\n\\ndata: [DONE]\\n\\n"',
    '"\\r\\nSet-Cookie: a=b"',
    '"__proto__"',
    '"constructor"',
    '"e\u0301\u{1f469}\u200d\u{1f469}\u200d\u{1f467}"',
    '"\u2028\u2029"',
    '"true"',
    '"NaN"',
    '"-1"',
    '"tool"',
    '"system"',
    '"developer"',
    '"assistant"',
    '"tool_use"',
    '"tool_result"',
    '"image_url"',
    '"thinking"',
    '"image"',
    '"document"',
    '"function"',
    '"user"',
    "[]",
    "{}",
    "[null]",
    "[[]]",
    "[{}]",
    '[""]',
    '{"type":null}',
    '{"type":"text"}',
    '{"type":"text","text":null}',
    '{"__proto__":{"stream":true,"role":"user"}}',
    '{"constructor":{"prototype":{"stream":true}}}',
    '{"toString":1,"valueOf":2}',
    '{"toJSON":"x"}',
    '{"length":-1,"0":{}}',
    '{"then":1}',
    // no JSON
    "NaN",
    "Infinity",
    "undefined",
    "01",
    "1.",
    ".5",
    "+1",
    "0x10",
    "1_000",
    "'a'",
    "tru",
    '"',
    '"\\x41"',
    '"\\u12"',
    '"\n"',
    "[,]",
    "[1,]",
    '{"a":1,}',
    "{a:1}",
    "//",
    "/**/1",
    "",
    " ",
    "1 2",
    "]",
    "}",
    ":",
  ].map((text) => () => text),
  () => JSON.stringify("x".repeat(20_000)),
  () => JSON.stringify("\u{1f600}".repeat(2_000)),
  () => "9".repeat(400),
  () => `0.${"0".repeat(400)}1`,
  () => "[".repeat(600) + "]".repeat(600),
  () => "[".repeat(100) + "]".repeat(100),
  () => '{"a":'.repeat(505) + "1" + "}".repeat(505),
  () => "[".repeat(20_000),
  () => `[${"0,".repeat(3_000)}0]`,
];

type Mutation = (tree: Tree, random: Random) => Tree;

const MUTATIONS: readonly Mutation[] = [
  (_, random) => pick(random, LEAVES)(),
  (_, random) => pick(random, LEAVES)(),
  (tree) => [tree],
  (tree, random) => ({ pairs: [[pick(random, KEYS), tree]] }),
  (tree, random) => changed(tree, random, (list, at) => list.splice(at, 1)),
  (tree, random) =>
    changed(tree, random, (list, at) => list.splice(at, 0, list[at])),
  (tree, random) =>
    changed(
      tree,
      random,
      (list, at) => list.push(...Array(1 + random.below(20)).fill(list[at])),
    ),
  (tree, random) => changed(tree, random, (list) => list.reverse()),
  (tree, random) =>
    isObject(tree) ? { pairs: inserted(tree.pairs, random) } : tree,
  (tree, random) =>
    isObject(tree) ? { pairs: renamed(tree.pairs, random) } : tree,
  (tree, random) => typeof tree === "string" ? edited(tree, random) : tree,
];

/** `tree` after one mutation somewhere in it, likelier near the leaves than at the root. */
export function mutateTree(tree: Tree, random: Random): Tree {
  const size = typeof tree === "string" ? 0 : childrenOf(tree).length;
  if (size === 0 || chance(random, 0.2)) {
    return pick(random, MUTATIONS)(tree, random);
  }
  const at = random.below(size);
  const mutated = (each: Tree, index: number) =>
    index === at ? mutateTree(each, random) : each;
  if (Array.isArray(tree)) return tree.map(mutated);
  if (typeof tree === "string") return tree;
  return {
    pairs: tree.pairs.map((
      [key, value],
      index,
    ) => [key, mutated(value, index)]),
  };
}

function childrenOf(tree: Exclude<Tree, string>): readonly unknown[] {
  return Array.isArray(tree) ? tree : tree.pairs;
}

function isObject(tree: Tree): tree is { pairs: [string, Tree][] } {
  return typeof tree !== "string" && !Array.isArray(tree);
}

/** A copy of `tree` whose children `change` has had in its hands. */
function changed(
  tree: Tree,
  random: Random,
  change: (list: unknown[], at: number) => void,
): Tree {
  if (typeof tree === "string" || childrenOf(tree).length === 0) return tree;
  const list = [...childrenOf(tree)];
  change(list, random.below(list.length));
  return (Array.isArray(tree) ? list : { pairs: list }) as Tree;
}

function inserted(pairs: [string, Tree][], random: Random): [string, Tree][] {
  const key = chance(random, 0.6)
    ? pick(random, KEYS)
    : pairs[random.below(pairs.length)]?.[0] ?? '"a"';
  return pairs.toSpliced(random.below(pairs.length + 1), 0, [
    key,
    pick(random, LEAVES)(),
  ]);
}

function renamed(pairs: [string, Tree][], random: Random): [string, Tree][] {
  const at = random.below(pairs.length);
  return pairs.map((
    [key, value],
    index,
  ) => [index === at ? pick(random, KEYS) : key, value]);
}

function edited(leaf: string, random: Random): string {
  const at = random.below(leaf.length + 1);
  const bits: readonly string[] = [
    "\\ud83d",
    "\\u0000",
    "\\",
    '"',
    "\u0000",
    "\u{10ffff}",
    "e9",
    "-",
    ".",
  ];
  return leaf.slice(0, at) + pick(random, bits) + leaf.slice(at);
}

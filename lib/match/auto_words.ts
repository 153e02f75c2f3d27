/**
 * Words for answers that nobody wrote: sentences that say nothing wrong, and what a property of
 * a name is likely to hold.
 *
 * @module
 */

import type { Random } from "../core/random.ts";

/** One of `list`. */
export function pick<Item>(list: readonly Item[], random: Random): Item {
  const item = list[random.below(list.length)];
  if (item === undefined) throw new RangeError("There is nothing to pick from");
  return item;
}

/** A short answer: one sentence or two. */
export function answerText(random: Random): string {
  const first = pick(OPENINGS, random);
  return random.below(2) === 0 ? first : `${first} ${sentence(random)}`;
}

/** What is said once tools have answered. */
export function resultText(random: Random): string {
  return `${pick(RESULTS, random)} ${sentence(random)}`;
}

/** One sentence. */
export function sentence(random: Random): string {
  return `The ${pick(NOUNS, random)} ${pick(VERBS, random)} the ${
    pick(ADJECTIVES, random)
  } ${pick(NOUNS, random)}.`;
}

/** A word or two. */
export function words(random: Random): string {
  const noun = pick(NOUNS, random);
  return random.below(2) === 0 ? noun : `${pick(ADJECTIVES, random)} ${noun}`;
}

/** One plain word. */
export function word(random: Random): string {
  return pick(NOUNS, random);
}

/** A text that a property called `name` may hold. */
export function textFor(name: string, random: Random): string {
  const plain = name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
  const known = BY_NAME.find(([pattern]) => pattern.test(plain));
  return known === undefined ? words(random) : known[1](random);
}

const OPENINGS = [
  "Here is a short answer.",
  "Yes, that is possible.",
  "Let me put it briefly.",
  "There are several ways to do this.",
  "It depends on what you need.",
  "That is a good question.",
] as const;

const RESULTS = [
  "Here is what I found.",
  "That is done.",
  "I have what I need.",
  "The tool has answered.",
] as const;

const NOUNS = [
  "garden",
  "river",
  "window",
  "letter",
  "station",
  "lantern",
  "bridge",
  "market",
  "harbour",
  "mountain",
  "kettle",
  "library",
  "orchard",
  "compass",
  "village",
  "engine",
] as const;

const ADJECTIVES = [
  "quiet",
  "bright",
  "small",
  "old",
  "green",
  "early",
  "simple",
  "distant",
] as const;

const VERBS = [
  "stands beside",
  "is near",
  "belongs to",
  "comes before",
  "looks like",
  "is older than",
] as const;

const CITIES = ["Paris", "Rome", "Oslo", "Lima", "Cairo", "Kyoto"] as const;
const COUNTRIES = ["France", "Italy", "Norway", "Peru", "Japan"] as const;
const PEOPLE = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Ken"] as const;
const COLOURS = ["red", "green", "blue", "yellow"] as const;
const LANGUAGES = ["en", "fr", "de", "es", "ja"] as const;
const CURRENCIES = ["EUR", "USD", "JPY", "GBP"] as const;
const FILES = ["notes.txt", "readme.md", "data.csv", "report.pdf"] as const;

type Maker = (random: Random) => string;

/** What it likely is, by parts of names, in the order in which they are tried. */
const BY_NAME: readonly (readonly [RegExp, Maker])[] = [
  [/e_?mail/, (random) => `${word(random)}@example.com`],
  [
    /(^|_)(url|uri|link|href|website)s?$/,
    (random) => `https://example.com/${word(random)}`,
  ],
  [
    /(date|day)$/,
    (random) => `2026-0${1 + random.below(9)}-1${random.below(10)}`,
  ],
  [
    /(^|_)time$|_at$/,
    (random) => `1${random.below(10)}:${10 + random.below(50)}:00`,
  ],
  [/city|location|place|destination|origin/, (random) => pick(CITIES, random)],
  [/country/, (random) => pick(COUNTRIES, random)],
  [/currency/, (random) => pick(CURRENCIES, random)],
  [/lang|locale/, (random) => pick(LANGUAGES, random)],
  [/colou?r/, (random) => pick(COLOURS, random)],
  [/file|path/, (random) => pick(FILES, random)],
  [
    /(^|_)(first|last|full|user)?_?name$|person|author/,
    (random) => pick(PEOPLE, random),
  ],
  [/(^|_)u?id$/, (random) => `${word(random)}-${random.below(1_000)}`],
  [/phone/, (random) => `+1555010${10 + random.below(90)}`],
  [/quer|search|question|prompt|keyword/, words],
  [
    /descr|summar|text|content|message|reason|explan|thought|note|answer|comment|body/,
    sentence,
  ],
];

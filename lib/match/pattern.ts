/**
 * The one pattern syntax, everywhere text is matched: equal, exact, with `*`, a regular
 * expression, any of several, none of them.
 *
 * A pattern is data, since configurations cross processes; compiled, it judges texts. It does
 * not know what the texts are.
 *
 * @module
 */

import {
  PATTERN_SHOWN_CHARS_MAX,
  REGEX_INPUT_CHARS_MAX,
  REGEX_SLOW_INPUT_CHARS_MAX,
} from "../core/limits.ts";
import { normalise } from "./normalise.ts";
import { Pairs } from "./pairs.ts";
import { guarded } from "./regex_guard.ts";
import { faultOf } from "./regex_tree.ts";
import { runaway } from "./runaway.ts";

/** A pattern as data. */
export type Pattern =
  /** The same text, but for case and white space. */
  | { readonly type: "equal"; readonly text: string }
  /** The same characters. */
  | { readonly type: "exact"; readonly text: string }
  /** That number, `true`, `false` or `null` of a body, as JSON; no text is one. */
  | { readonly type: "value"; readonly text: string }
  /** The whole text, where `*` stands for anything; case and white space do not count. */
  | { readonly type: "glob"; readonly text: string }
  /** A regular expression, found anywhere in the text. */
  | {
    readonly type: "regex";
    readonly source: string;
    readonly flags: string;
    /** How much of a text it sees, where that is less than others do. */
    readonly inputChars?: number;
  }
  /** One of several; the first that matches says what was caught. */
  | { readonly type: "any"; readonly of: readonly Pattern[] }
  /** Whatever the other does not match, an absent text included. */
  | { readonly type: "not"; readonly pattern: Pattern };

/** Why a text is no pattern. */
export interface PatternFault {
  /** Stable id with an entry in `docs/problems.md`. */
  readonly code: string;
  /** One sentence: upper-case first, no full stop. */
  readonly message: string;
  /** What to do, as an instruction. */
  readonly remedy: string;
}

/** What named groups caught, by name; a group that took no part caught the empty text. */
export type Captures = Readonly<Record<string, string>>;

/** The captures of a match that has none; the same object each time. */
export const NO_CAPTURES: Captures = Object.freeze(
  Object.create(null) as Record<string, string>,
);

/** A text that patterns judge; what several of them need of it is made once. */
export class Subject {
  /** The text. */
  readonly text: string;
  /** Whether it is the JSON of what is no text. */
  readonly isValue: boolean;
  #folded: string | undefined;
  #pairs: Pairs | undefined;

  /** `text`, to be judged. */
  constructor(text: string, isValue = false) {
    this.text = text;
    this.isValue = isValue;
  }

  /** The text. */
  toString(): string {
    return this.text;
  }

  /** The text with case and white space folded. */
  get folded(): string {
    return this.#folded ??= normalise(this.text);
  }

  /** Its pairs of characters, once folded. */
  get pairs(): Pairs {
    return this.#pairs ??= new Pairs(this.folded);
  }
}

// Reading ─────────────────────────────────────────────────────────────────────

/** The pattern that `text` means: `/…/flags`, with `*`, or plain; or why it is none. */
export function readPattern(text: string): Pattern | PatternFault {
  const end = text.lastIndexOf("/");
  const flags = text.slice(end + 1);
  if (end >= 2 && text.startsWith("/") && areFlags(flags)) {
    return readRegex(text.slice(1, end), flags);
  }
  return { type: text.includes("*") ? "glob" : "equal", text };
}

/** Whether reading gave a fault. */
export function isFault(read: Pattern | PatternFault): read is PatternFault {
  return "code" in read;
}

/** A regular expression as a pattern, or why it is none. */
export function readRegex(
  source: string,
  flags: string,
): Pattern | PatternFault {
  if (!areFlags(flags)) return badFlags(flags);
  const broken = brokenRegex(source, flags);
  if (broken !== undefined) return broken;
  const regex = { type: "regex", source, flags } as const;
  if (runaway(source, flags) === undefined) return regex;
  // What takes the square of a text's length is quick enough on a short one.
  const inputChars = REGEX_SLOW_INPUT_CHARS_MAX;
  return runawayRegex(source, flags, inputChars) ?? { ...regex, inputChars };
}

function brokenRegex(source: string, flags: string): PatternFault | undefined {
  const fault = faultOf(source, flags, isValid(source, flags));
  return fault && {
    code: "bad-regex",
    message: `Cannot read the regular expression ${
      shown(source, flags)
    }: ${fault.message}`,
    remedy: fault.remedy,
  };
}

/** The engine alone knows. */
function isValid(source: string, flags: string): boolean {
  try {
    return new RegExp(source, flags) !== undefined;
  } catch {
    return false;
  }
}

function runawayRegex(
  source: string,
  flags: string,
  inputChars: number,
): PatternFault | undefined {
  const found = runaway(source, flags, inputChars);
  return found && {
    code: "runaway-regex",
    message: `The regular expression ${shown(source, flags)} ${found.reason}`,
    remedy: found.remedy,
  };
}

function shown(source: string, flags: string): string {
  return describePattern({ type: "regex", source, flags });
}

function badFlags(flags: string): PatternFault {
  return {
    code: "bad-regex",
    message: `The flags "${flags}" are not those of a pattern`,
    remedy: "Use each of i, m, s and u (or v) at most once",
  };
}

/** Flags that mean nothing from one match to the next, each once; `u` and `v` exclude each other. */
function areFlags(flags: string): boolean {
  return /^[imsuv]*$/.test(flags) && new Set(flags).size === flags.length &&
    !(flags.includes("u") && flags.includes("v"));
}

/** The names that captures of `pattern` may have. */
export function captureNames(pattern: Pattern): readonly string[] {
  switch (pattern.type) {
    case "regex":
      return groupNames(pattern.source, pattern.flags);
    case "any":
      return [...new Set(pattern.of.flatMap(captureNames))];
    default:
      return [];
  }
}

/** An alternative that is empty always matches, so the engine tells its groups. */
function groupNames(source: string, flags: string): readonly string[] {
  const found = new RegExp(`${source}|`, flags).exec("");
  return Object.keys(found?.groups ?? {});
}

// Matching ────────────────────────────────────────────────────────────────────

/** A pattern, ready to judge. Keeps nothing from one text to the next. */
export class Compiled {
  readonly #matcher: Matcher;

  /** Use {@linkcode compilePattern}. */
  constructor(matcher: Matcher) {
    this.#matcher = matcher;
  }

  /** What it catches of `text`; undefined where it does not match. */
  match(text: Subject | string | undefined): Captures | undefined {
    return this.#matcher.one(
      typeof text === "string" ? new Subject(text) : text,
    );
  }

  /** What it catches of the first of `texts` that matches; `not` wants that none of them does. */
  matchAny(texts: readonly (Subject | string)[]): Captures | undefined {
    return this.#matcher.several(
      texts.map((text) => typeof text === "string" ? new Subject(text) : text),
    );
  }
}

/** Makes `pattern` ready to judge. It must have been read without fault. */
export function compilePattern(pattern: Pattern): Compiled {
  return new Compiled(matcherOf(pattern));
}

interface Matcher {
  one(subject: Subject | undefined): Captures | undefined;
  several(subjects: readonly Subject[]): Captures | undefined;
}

function matcherOf(pattern: Pattern): Matcher {
  switch (pattern.type) {
    case "equal": {
      const wanted = normalise(pattern.text);
      return leaf(({ folded }) => folded === wanted ? NO_CAPTURES : undefined);
    }
    case "value":
      return leaf(({ text, isValue }) =>
        isValue && text === pattern.text ? NO_CAPTURES : undefined
      );
    case "exact":
      return leaf(({ text }) =>
        text === pattern.text ? NO_CAPTURES : undefined
      );
    case "glob":
      return leaf(globTest(pattern.text));
    case "regex":
      return leaf(regexTest(pattern));
    case "any":
      return anyOf(pattern.of.map(matcherOf));
    case "not":
      return noneOf(matcherOf(pattern.pattern));
  }
}

function leaf(test: (subject: Subject) => Captures | undefined): Matcher {
  return {
    one: (subject) => subject === undefined ? undefined : test(subject),
    several: (subjects) => first(subjects, test),
  };
}

function anyOf(matchers: readonly Matcher[]): Matcher {
  return {
    one: (subject) => first(matchers, (matcher) => matcher.one(subject)),
    several: (subjects) =>
      first(matchers, (matcher) => matcher.several(subjects)),
  };
}

function noneOf(matcher: Matcher): Matcher {
  const opposite = (captures: Captures | undefined) =>
    captures === undefined ? NO_CAPTURES : undefined;
  return {
    one: (subject) => opposite(matcher.one(subject)),
    several: (subjects) => opposite(matcher.several(subjects)),
  };
}

function first<Item>(
  items: readonly Item[],
  test: (item: Item) => Captures | undefined,
): Captures | undefined {
  for (const item of items) {
    const captures = test(item);
    if (captures !== undefined) return captures;
  }
  return undefined;
}

function globTest(glob: string): (subject: Subject) => Captures | undefined {
  const test = exactGlob(normalise(glob));
  return ({ folded }) => test(folded) ? NO_CAPTURES : undefined;
}

/**
 * Tests whole texts, where `*` stands for anything and all else for itself. Each piece is looked
 * for where the one before it ended: never back, so the time is linear.
 */
export function exactGlob(glob: string): (text: string) => boolean {
  const pieces = glob.split("*");
  const head = pieces.shift() ?? "";
  const tail = pieces.pop() ?? "";
  const middle = pieces.filter((piece) => piece !== "");
  return (text) => {
    const end = text.length - tail.length;
    let at = head.length;
    if (at > end) return false;
    if (at > 0 && !text.startsWith(head)) return false;
    for (const piece of middle) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= end && text.endsWith(tail);
  };
}

function regexTest(
  { source, flags, inputChars = REGEX_INPUT_CHARS_MAX }: Pattern & {
    readonly type: "regex";
  },
): (subject: Subject) => Captures | undefined {
  const regex = new RegExp(guarded(source, flags), flags);
  const names = groupNames(source, flags);
  if (names.length === 0) {
    return ({ text }) =>
      regex.test(cut(text, inputChars)) ? NO_CAPTURES : undefined;
  }
  return ({ text }) => {
    const groups = regex.exec(cut(text, inputChars))?.groups;
    if (groups === undefined) return undefined;
    const captures = Object.create(null) as Record<string, string>;
    for (const name of names) captures[name] = groups[name] ?? "";
    return captures;
  };
}

function cut(text: string, chars: number): string {
  return text.length > chars ? text.slice(0, chars) : text;
}

// Telling ─────────────────────────────────────────────────────────────────────

/** The pattern as its author would write it, cut to a length that can be read. */
export function describePattern(pattern: Pattern): string {
  const [...characters] = words(pattern).slice(0, 2 * PATTERN_SHOWN_CHARS_MAX)
    .toWellFormed();
  return characters.length <= PATTERN_SHOWN_CHARS_MAX
    ? characters.join("")
    : `${characters.slice(0, PATTERN_SHOWN_CHARS_MAX - 1).join("")}…`;
}

function words(pattern: Pattern): string {
  switch (pattern.type) {
    case "equal":
    case "glob":
      return JSON.stringify(pattern.text);
    case "value":
      return pattern.text;
    case "exact":
      return `exactly ${JSON.stringify(pattern.text)}`;
    case "regex":
      return `/${oneLine(pattern.source)}/${pattern.flags}`;
    case "any":
      return pattern.of.length === 0
        ? "nothing"
        : pattern.of.map(words).join(" or ");
    case "not":
      return pattern.pattern.type === "any"
        ? `not (${words(pattern.pattern)})`
        : `not ${words(pattern.pattern)}`;
  }
}

function oneLine(source: string): string {
  return source.replaceAll("\n", "\\n").replaceAll("\r", "\\r");
}

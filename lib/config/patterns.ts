/**
 * Values → patterns: a text, a list of patterns, `{not: …}`, `{exact: …}`.
 *
 * @module
 */

import {
  isFault,
  type Pattern,
  type PatternFault,
  readPattern,
} from "../match/pattern.ts";
import { type Path, pathOf, reportNothing, reportValue } from "./complain.ts";
import { type Findings, quote } from "./findings.ts";
import type { Later } from "./later.ts";
import { suggest } from "./near.ts";
import {
  type Entry,
  isNull,
  type List,
  type Scalar,
  type Table,
  textOf,
} from "./value.ts";

/** What reading needs besides the value. */
export interface Reading {
  /** What is wrong with the file. */
  readonly findings: Findings;
  /** What is looked at when all is read. */
  readonly later: Later;
}

/** How a field takes a scalar. */
export interface Kind {
  /** The pattern it means, or why it is none; undefined if it is not of the field's kind. */
  read(value: Scalar): Pattern | PatternFault | undefined;
  /** What is wrong with a pattern that was read. */
  check?(pattern: Pattern): PatternFault | undefined;
}

/** A text, as most fields take it: nothing is not a text. */
export const TEXT: Kind = {
  read(value) {
    const text = textOf(value);
    return text === undefined ? undefined : readPattern(text);
  },
};

/** The pattern that is written at `path`; undefined, with the reasons noted, if there is none. */
export function patternAt(
  { key, value }: Entry,
  path: Path,
  reading: Reading,
  kind: Kind = TEXT,
): Pattern | undefined {
  switch (value.type) {
    case "scalar":
      return ofScalar({ key, value }, path, reading, kind);
    case "list":
      return ofList(value, path, reading, kind);
    case "table":
      return ofTable(value, path, reading, kind);
  }
}

function ofScalar(
  { key, value }: Entry & { readonly value: Scalar },
  path: Path,
  { findings }: Reading,
  kind: Kind,
): Pattern | undefined {
  const pattern = kind.read(value);
  if (pattern === undefined) {
    if (isNull(value)) reportNothing({ key, value }, path, findings);
    else reportValue(value, path, findings);
    return undefined;
  }
  const fault = isFault(pattern) ? pattern : kind.check?.(pattern);
  if (fault !== undefined) {
    findings.error({ ...fault, at: value, path: pathOf(path) });
  }
  if (isFault(pattern)) return undefined;
  if (pattern.type === "equal") warnOfFlags(value, path, findings);
  return pattern;
}

/** Warns of a text that would be a regular expression but for its flags. */
function warnOfFlags(
  value: Scalar,
  path: Path,
  findings: Findings,
): void {
  const [, body, flags] = LIKE_REGEX.exec(value.text) ?? [];
  if (body === undefined) return;
  findings.warn({
    code: "odd-flags",
    message: `${
      quote(value.text)
    } is plain text: "${flags}" are not flags of a pattern`,
    at: value,
    path: pathOf(path),
    remedy:
      `Write ${body} with flags out of i, m, s, u and v, each once, or { exact: … } if it means itself`,
  });
}

/** As JavaScript writes them: a slash inside is escaped, so no path looks like one. */
const LIKE_REGEX = /^(\/(?:[^/\\]|\\.)+\/)([dgimsuvy]{1,8})$/;

/** Any of several. */
function ofList(
  list: List,
  path: Path,
  reading: Reading,
  kind: Kind,
): Pattern | undefined {
  if (list.items.length === 0) {
    reading.findings.error({
      code: "empty",
      message: "A list of patterns is empty, so it matches nothing",
      at: list,
      path: pathOf(path),
      remedy: 'Write at least one pattern in it: ["*weather*", "*rain*"]',
    });
    return undefined;
  }
  const of = list.items.map((value, at) =>
    patternAt({ key: value, value }, [...path, at], reading, kind)
  );
  const sound = of.filter((each) => each !== undefined);
  if (sound.length < of.length) return undefined;
  return sound.length === 1 ? sound[0] : { type: "any", of: sound };
}

function ofTable(
  table: Table,
  path: Path,
  reading: Reading,
  kind: Kind,
): Pattern | undefined {
  const names = [...table.entries.keys()];
  const [name] = names;
  for (const unknown of names.filter((each) => !WORDS.includes(each))) {
    reading.findings.error({
      code: "unknown-key",
      message: `Unknown key "${unknown}" in a pattern`,
      at: table.entries.get(unknown)?.key ?? table,
      path: pathOf([...path, unknown]),
      remedy: suggest(unknown, WORDS),
    });
  }
  if (names.some((each) => !WORDS.includes(each))) return undefined;
  const entry = names.length === 1 ? table.entries.get(name ?? "") : undefined;
  if (entry === undefined) {
    reportValue(table, path, reading.findings);
    return undefined;
  }
  const inside = [...path, ...names];
  if (name === "exact") return patternAt(entry, inside, reading, exact(kind));
  const pattern = patternAt(entry, inside, reading, kind);
  return pattern && { type: "not", pattern };
}

const WORDS = ["not", "exact"];

/** The very characters, where a text is taken for a pattern otherwise. */
function exact(kind: Kind): Kind {
  return {
    ...kind,
    read(value) {
      const text = textOf(value);
      return text === undefined ? kind.read(value) : { type: "exact", text };
    },
  };
}

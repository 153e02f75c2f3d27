/**
 * Words what does not fit the shape: the key, what it takes, what was found, the way out.
 *
 * @module
 */

import type { core } from "zod/mini";
import { type Findings, quote } from "./findings.ts";
import { nearName, suggest } from "./near.ts";
import {
  documentPath,
  KEYS,
  KEYS_TO_COME,
  namesIn,
  sectionPath,
  SECTIONS,
} from "./shape.ts";
import type { KeyDoc } from "./kinds.ts";
import { type Entry, isNull, type Span, type Value } from "./value.ts";

/** The way to a value: names, and positions in lists. */
export type Path = readonly PropertyKey[];

/** Words an issue of zod's about the entry at `path`. */
export function reportIssue(
  issue: core.$ZodIssue,
  entry: Entry,
  path: Path,
  findings: Findings,
): void {
  if (issue.code === "invalid_union") {
    const meant = issue.errors.filter(isMeant);
    if (meant.length === 1) {
      for (const inner of meant[0] ?? []) {
        const whole = { ...inner, path: [...issue.path, ...inner.path] };
        reportIssue(whole as core.$ZodIssue, entry, path, findings);
      }
      return;
    }
  }
  if (issue.code !== "unrecognized_keys") {
    return reportWrong(issue.path, entry, path, findings);
  }
  for (const name of issue.keys) {
    const at = entryAt(entry.value, [...issue.path, name])?.key ?? entry.key;
    reportUnknown(name, at, [...path, ...issue.path], findings);
  }
}

/** Whether the author meant this of several forms: the value is of its kind, though not right inside. */
function isMeant(issues: readonly core.$ZodIssue[]): boolean {
  return issues.every(({ path, code }) =>
    path.length > 0 || code === "unrecognized_keys"
  );
}

/** Says that the section at `path` has no key `name`. */
export function reportUnknown(
  name: string,
  at: Span,
  path: Path,
  findings: Findings,
): void {
  const section = sectionPath(path);
  const full = pathOf([...path, name]);
  if (KEYS_TO_COME[section]?.includes(name)) {
    findings.error({
      code: "not-yet",
      message: `This version does not read "${shortPath([...path, name])}" yet`,
      at,
      path: full,
      remedy: "Remove it until you use a version that does",
    });
  } else {
    const label = LABELS[section] ?? section.split(".").at(-1) ?? "";
    findings.error({
      code: "unknown-key",
      message: `Unknown key ${quote(name)}${label && ` in ${label}`}`,
      at,
      path: full,
      remedy: inNumber(name, section) ?? whereElse(name, section) ??
        byPath(name, section) ?? suggest(name, namesIn(section)),
    });
  }
}

/** What sections are called whose last name does not tell. */
const LABELS: Readonly<Record<string, string>> = {
  "settings.stream_by": "settings.stream_by",
  rules: "a rule",
  paces: "a pace",
  models: "a model",
};

/** The key that is called the same but for being one or several. */
function inNumber(name: string, section: string): string | undefined {
  const other = name.endsWith("s") ? name.slice(0, -1) : `${name}s`;
  return namesIn(section).includes(other)
    ? `Did you mean "${other}"?`
    : undefined;
}

/** Where a key of this very name does belong. */
function whereElse(name: string, section: string): string | undefined {
  const [top] = section.split(".");
  const home = Object.keys(SECTIONS).find((each) =>
    each !== section && isNear(each, top ?? "") && namesIn(each).includes(name)
  );
  switch (home) {
    case undefined:
      return undefined;
    case "":
      return "Move it to the left margin: it is a section of its own";
    case "rules":
      return `Move it out of "${section.split(".").at(-1)}", into the rule`;
    default:
      return `Move it below "${home.split(".").at(-1)}:", indented`;
  }
}

/** How a rule looks at a field of the request that has no name of its own. */
function byPath(name: string, section: string): string | undefined {
  if (section !== "rules.when" || !/^\w{1,40}$/.test(name)) return undefined;
  if (nearName(name, namesIn(section)) !== undefined) return undefined;
  return `Look at a field of the request's body by its path: body: { "$.${name}": … }`;
}

/** Whether a key of one section may have strayed from the other: both belong to rules, or neither does. */
function isNear(section: string, top: string): boolean {
  const [itsTop] = section.split(".");
  return top === "rules" ? itsTop === "rules" : ["", "settings", "defaults"]
    .includes(section);
}

/** Says that what stands at `inner` of an entry at `path` is not what its key takes. */
function reportWrong(
  inner: Path,
  outer: Entry,
  path: Path,
  findings: Findings,
): void {
  const [entry, full] = innermost(inner, outer, path);
  if (isNull(entry.value)) reportNothing(entry, full, findings);
  else reportValue(entry.value, full, findings);
}

/** Says that a key has no value. */
export function reportNothing(
  { key, value }: Entry,
  path: Path,
  findings: Findings,
): void {
  const { words } = wordsFor(path);
  findings.error({
    code: "no-value",
    message: `"${shortPath(path)}" has no value`,
    at: value.end > value.start ? value : key,
    path: pathOf(path),
    remedy: words === undefined
      ? "Remove it, or give it one"
      : `Remove it, or give it one:${sample(words.example)}`,
  });
}

/** Says that a value is not what its key takes. */
export function reportValue(
  value: Value,
  path: Path,
  findings: Findings,
): void {
  const { words, takes } = wordsFor(path);
  if (words === undefined) return;
  if (isToCome(value, words)) return reportToCome(value, path, findings);
  const near = value.type === "scalar"
    ? nearName(value.text, words.words ?? [])
    : undefined;
  findings.error({
    code: "wrong-value",
    message: `"${shortPath(path)}" must be ${takes}, not ${said(value)}`,
    at: value,
    path: pathOf(path),
    remedy: near === undefined
      ? `Write for example:${sample(words.example)}`
      : `Did you mean "${near}"?`,
  });
}

/** Whether it is a form of the value that later versions read. */
function isToCome(value: Value, { later = [] }: KeyDoc): boolean {
  return value.type === "table" && value.entries.size > 0 &&
    [...value.entries.keys()].every((name) => later.includes(name));
}

function reportToCome(value: Value, path: Path, findings: Findings): void {
  const names = value.type === "table" ? [...value.entries.keys()] : [];
  findings.error({
    code: "not-yet",
    message: `This version does not read "${shortPath(path)}" with ${
      names.map((name) => `"${name}"`).join(", ")
    } yet`,
    at: value,
    path: pathOf(path),
    remedy: "Give it a single value until you use a version that does",
  });
}

/** What is said of the key at `path`; of what is inside a list, the words are those of the key that holds it. */
function wordsFor(
  path: Path,
): { words: KeyDoc | undefined; takes: string } {
  for (let length = path.length; length > 0; length--) {
    const known = path.slice(0, length);
    const words = KEYS.get(documentPath(known));
    if (words === undefined) continue;
    const inside = length < path.length || isItem(known);
    return { words, takes: inside ? words.item ?? words.takes : words.takes };
  }
  return { words: undefined, takes: "" };
}

/** Whether the path is that of one of several under the author's own names or positions. */
function isItem(path: Path): boolean {
  return typeof path.at(-1) === "number" ||
    (path[0] === "paces" && path.length === 2);
}

/** The entry at `inner`, or the nearest around it, with its whole path. */
function innermost(inner: Path, outer: Entry, path: Path): [Entry, Path] {
  for (let length = inner.length; length > 0; length--) {
    const steps = inner.slice(0, length);
    const entry = entryAt(outer.value, steps);
    if (entry !== undefined) return [entry, [...path, ...steps]];
  }
  return [outer, path];
}

function sample(example: string): string {
  return example.includes("\n") ? `\n${example}` : ` ${example}`;
}

/** A path as it is told in sentences: of what is in a rule, the path inside it. */
export function shortPath(path: Path): string {
  return path[0] === "rules" && path.length > 2
    ? pathOf(path.slice(2))
    : pathOf(path);
}

function said(value: Value): string {
  if (value.type === "list") return "a list";
  if (value.type === "table") return "a section with keys";
  return value.plain || value.text === ""
    ? quote(value.text)
    : `${quote(value.text)} in quotes`;
}

/** What stands at `path`, if anything. */
export function entryAt(root: Value, path: Path): Entry | undefined {
  let entry: Entry = { key: root, value: root };
  for (const step of path) {
    const { value } = entry;
    const item = value.type === "list" ? value.items[Number(step)] : undefined;
    const next = value.type === "table"
      ? value.entries.get(String(step))
      : item && { key: item, value: item };
    if (next === undefined) return undefined;
    entry = next;
  }
  return entry;
}

/** A path as people write it: `settings.lag_factor`, `models[2]`, `responses["a prompt"]`. */
export function pathOf(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[\w-]{1,60}$/.test(String(step))) {
      return `${text}[${quote(String(step))}]`;
    }
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, "");
}

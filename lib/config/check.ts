/**
 * Values against the shape: everything that is wrong, each with its place and a remedy.
 *
 * @module
 */

import type { core } from "zod/mini";
import { normalise } from "../match/rule.ts";
import { type Findings, quote } from "./findings.ts";
import { nearName, suggest } from "./near.ts";
import type { Reading } from "./read.ts";
import { type Checked, KEYS, KEYS_TO_COME, namesIn, SHAPE } from "./shape.ts";
import {
  type Entry,
  isNull,
  type Span,
  type Table,
  textOf,
  type Value,
} from "./value.ts";

/** A file in which nothing is wrong: what {@linkcode compile} needs. */
export interface Sound {
  /** `responses`, in order of the file. */
  readonly responses: ReadonlyMap<string, Scripted>;
  /** Everything else, defaults filled in. */
  readonly checked: Checked;
  /** Where `defaults.unknown_response` is written; undefined when it is not. */
  readonly unknownResponseAt: Span | undefined;
}

/** One scripted answer, and where its prompt is written. */
export interface Scripted extends Span {
  /** The answer, literally. */
  readonly text: string;
}

/** Checks what was read; undefined, with the reasons noted, when it cannot be used. */
export function check(
  { root, shared }: Reading,
  findings: Findings,
): Sound | undefined {
  if (isNull(root)) findings.error(EMPTY_FILE);
  else if (root.type !== "table") findings.error({ ...NOT_SECTIONS, at: root });
  else return checkFile(root, shared, findings);
  return undefined;
}

const WRITE_RESPONSES =
  'Write "responses:", and below it, indented, lines like "a question": "the answer"';
const EMPTY_FILE = {
  code: "empty-file",
  message: "The file is empty",
  remedy: WRITE_RESPONSES,
};
const NOT_SECTIONS = {
  code: "no-sections",
  message: "The file holds no sections",
  remedy: WRITE_RESPONSES,
};

function checkFile(
  root: Table,
  shared: ReadonlySet<Value>,
  findings: Findings,
): Sound | undefined {
  const responses = checkResponses(root, findings);
  const result = SHAPE.safeParse(forZod(withoutApart(root, shared)));
  for (const issue of result.error?.issues ?? []) {
    reportIssue(issue, root, findings);
  }
  if (!result.success || findings.errors > 0) return undefined;
  const unknownResponseAt = entryAt(root, ["defaults", "unknown_response"])
    ?.key;
  return { responses, checked: result.data, unknownResponseAt };
}

/** The file without what zod need not see: `responses`, empty sections, and values kept for their anchors. */
function withoutApart(root: Table, shared: ReadonlySet<Value>): Table {
  const entries = [...root.entries].filter(([name, { value }]) => {
    if (KEYS.has(name)) return name !== "responses" && !isNull(value);
    return !shared.has(value) && !name.startsWith("x-");
  });
  return { ...root, entries: new Map(entries) };
}

/** Tables as objects without a prototype, lists as arrays; scalars stay what they are. */
function forZod(value: Value): unknown {
  if (value.type === "scalar") return value;
  if (value.type === "list") return value.items.map(forZod);
  const object = Object.create(null) as Record<string, unknown>;
  for (const [name, entry] of value.entries) object[name] = forZod(entry.value);
  return object;
}

// ── responses ────────────────────────────────────────────────────────────────

function checkResponses(
  root: Table,
  findings: Findings,
): Map<string, Scripted> {
  const responses = new Map<string, Scripted>();
  const entry = root.entries.get("responses");
  if (entry === undefined) {
    // Rules are enough; and a slip of the fingers is told of where it is.
    const meant = [...root.entries.keys()].some((name) =>
      nearName(name, ["rules", "responses"])
    );
    if (!meant) {
      findings.error({
        code: "no-responses",
        message: 'The file has no "responses"',
        remedy: WRITE_RESPONSES,
      });
    }
  } else if (
    isNull(entry.value) ||
    (entry.value.type === "table" && entry.value.entries.size === 0)
  ) {
    findings.error({
      code: "empty-responses",
      message: '"responses" holds no responses',
      at: entry.key,
      path: "responses",
      remedy: 'Write below it, indented, lines like "a question": "the answer"',
    });
  } else if (entry.value.type !== "table") {
    reportWrong(["responses"], root, findings);
  } else {for (const [prompt, each] of entry.value.entries) {
      checkResponse(prompt, each, responses, findings);
    }}
  warnOfTwins(responses, findings);
  return responses;
}

function checkResponse(
  prompt: string,
  { key, value }: Entry,
  responses: Map<string, Scripted>,
  findings: Findings,
): void {
  const text = textOf(value);
  if (text !== undefined) {
    responses.set(prompt, { text, start: key.start, end: key.end });
  } else if (value.type === "scalar") {
    const word = value.text === ""
      ? "missing"
      : `${quote(value.text)}, which means nothing in YAML`;
    findings.error({
      code: "no-answer",
      message: `The answer to ${quote(prompt)} is ${word}`,
      at: value.text === "" ? key : value,
      path: pathOf(["responses", prompt]),
      remedy: value.text === ""
        ? 'Write it behind the colon; write "" for an empty one'
        : "Put it in quotes if it is text",
    });
  } else {
    findings.error({
      code: "not-text",
      message: `The answer to ${quote(prompt)} is a ${
        value.type === "list" ? "list" : "section"
      }, not text`,
      at: key,
      path: pathOf(["responses", prompt]),
      remedy:
        'Write it as one text, in quotes. Patterns, several answers and tool calls come as "rules" in a later version',
    });
  }
}

/** Warns of prompts that differ only in what matching ignores: the later ones answer their exact text alone. */
function warnOfTwins(
  responses: ReadonlyMap<string, Scripted>,
  findings: Findings,
): void {
  const seen = new Map<string, Scripted>();
  for (const [prompt, response] of responses) {
    const folded = normalise(prompt);
    const first = seen.get(folded);
    if (first === undefined) seen.set(folded, response);
    else {
      findings.warn({
        code: "same-prompt",
        message: `The prompt ${quote(prompt)} differs from the one in line ${
          findings.lineOf(first.start)
        } in case or white space only`,
        at: response,
        path: pathOf(["responses", prompt]),
        remedy:
          "Remove one of the two, unless the exact spelling is meant to decide",
      });
    }
  }
}

// ── everything else ──────────────────────────────────────────────────────────

type Path = readonly PropertyKey[];

function reportIssue(
  issue: core.$ZodIssue,
  root: Table,
  findings: Findings,
): void {
  if (issue.code !== "unrecognized_keys") {
    return reportWrong(issue.path, root, findings);
  }
  for (const name of issue.keys) {
    reportUnknown(name, issue.path, root, findings);
  }
}

function reportUnknown(
  name: string,
  path: Path,
  root: Table,
  findings: Findings,
): void {
  const at = entryAt(root, [...path, name])?.key;
  const section = path.join(".");
  const full = pathOf([...path, name]);
  if (KEYS_TO_COME[section]?.includes(name)) {
    findings.error({
      code: "not-yet",
      message: `This version does not read "${full}" yet`,
      ...(at && { at }),
      path: full,
      remedy: "Remove it until you use a version that does",
    });
  } else {
    const inside = section === "" ? "" : ` in ${section}`;
    findings.error({
      code: "unknown-key",
      message: `Unknown key ${quote(name)}${inside}`,
      ...(at && { at }),
      path: full,
      remedy: whereElse(name, section) ?? suggest(name, namesIn(section)),
    });
  }
}

/** Where a key of this very name does belong. */
function whereElse(name: string, section: string): string | undefined {
  const home = ["", "settings", "defaults"].find((each) =>
    each !== section && namesIn(each).includes(name)
  );
  if (home === undefined) return undefined;
  return home === ""
    ? "Move it to the left margin: it is a section of its own"
    : `Move it below "${home}:", indented`;
}

function reportWrong(path: Path, root: Table, findings: Findings): void {
  // Inside a value such as a list, the words are those of the key that holds it.
  const known = [3, 2, 1].map((length) => path.slice(0, length)).find((each) =>
    KEYS.has(each.join("."))
  );
  const words = KEYS.get(known?.join(".") ?? "");
  const entry = entryAt(root, path) ?? entryAt(root, known ?? []);
  if (entry === undefined || words === undefined) return;
  const { key, value } = entry;
  const name = pathOf(path);
  const near = value.type === "scalar"
    ? nearName(value.text, words.words ?? [])
    : undefined;
  const example = words.example.includes("\n")
    ? `\n${words.example}`
    : ` ${words.example}`;
  if (isNull(value)) {
    findings.error({
      code: "no-value",
      message: `"${name}" has no value`,
      at: value.end > value.start ? value : key,
      path: name,
      remedy: `Remove it, or give it one:${example}`,
    });
  } else {
    const takes = path.length > (known?.length ?? 0)
      ? words.item ?? words.takes
      : words.takes;
    findings.error({
      code: "wrong-value",
      message: `"${name}" must be ${takes}, not ${said(value)}`,
      at: value,
      path: name,
      remedy: near === undefined
        ? `Write for example:${example}`
        : `Did you mean "${near}"?`,
    });
  }
}

function said(value: Value): string {
  if (value.type === "list") return "a list";
  if (value.type === "table") return "a section with keys";
  return value.plain || value.text === ""
    ? quote(value.text)
    : `${quote(value.text)} in quotes`;
}

function entryAt(root: Table, path: Path): Entry | undefined {
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

/** `settings.lag_factor`, `models[2]`, `responses["a prompt"]`. */
function pathOf(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[\w-]{1,60}$/.test(String(step))) {
      return `${text}[${quote(String(step))}]`;
    }
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, "");
}

/**
 * `reply` → what is answered.
 *
 * @module
 */

import type { Failure } from "../core/reply.ts";
import type { BlockSpec, Content, ReplySpec } from "../match/rule.ts";
import { TEMPLATE_NAMES } from "../match/template.ts";
import { blocksAt } from "./blocks.ts";
import { type Path, pathOf } from "./complain.ts";
import { type FailureName, namedFailure, ownFailure } from "./failures.ts";
import { type Findings, quote } from "./findings.ts";
import {
  checkHeaderName,
  checkNotOurs,
  headerValueAt,
} from "./header_names.ts";
import { holeIn, spanInside } from "./inside.ts";
import { lookAtTemplate } from "./later.ts";
import type { Reading } from "./patterns.ts";
import { type CheckedReply, CONTENTS, TOGETHER } from "./reply_shape.ts";
import { namesIn } from "./shape.ts";
import { isScalar, type Scalar, type Table, type Value } from "./value.ts";

/** What reading a reply needs besides. */
export interface ReplyReading extends Reading {
  /** The names that the rule's patterns capture; undefined when one of them is wrong. */
  readonly captures: readonly string[] | undefined;
}

/**
 * The reply at `path`; undefined, with the reasons noted, if something is wrong with it. It was
 * `checked` already, unless its shape is wrong.
 */
export function replyAt(
  value: Value,
  checked: CheckedReply | undefined,
  path: Path,
  reading: ReplyReading,
): ReplySpec | undefined {
  const { findings } = reading;
  const place = `${findings.file}:${findings.lineOf(value.start)}`;
  if (isScalar(value)) warnOfHoles(value, path, reading);
  if (typeof checked === "string") {
    return { place, content: { type: "text", text: checked } };
  }
  if (value.type !== "table") return undefined;
  const isOne = checkContents(value, path, reading);
  lookInside(value, path, reading);
  const headers = headersOf(value, path, reading);
  const before = findings.errors;
  const blocks = blocksAt(value, path, findings);
  checkUsage(value, checked?.usage, path, findings);
  const isSound = isOne && headers !== undefined && findings.errors === before;
  if (checked === undefined || !isSound) return undefined;
  const content = contentOf(checked, headers, blocks);
  if (content === undefined) return undefined;
  const { finish, usage } = checked;
  return {
    place,
    content,
    ...(finish && { finish: FINISHES[finish] }),
    ...(usage && { usage: defined(usage) }),
  };
}

const FINISHES = {
  stop: "stop",
  length: "length",
  content_filter: "content-filter",
  pause_turn: "pause",
  model_context_window_exceeded: "context-window",
} as const;

function contentOf(
  { template, echo, auto, tokens, error }: Exclude<CheckedReply, string>,
  headers: Readonly<Record<string, string>>,
  blocks: readonly BlockSpec[],
): Content | undefined {
  if (template !== undefined) return { type: "template", source: template };
  if (echo !== undefined) return { type: "echo" };
  if (auto !== undefined) return { type: "auto" };
  if (tokens !== undefined) return { type: "tokens", ...tokens };
  const [block, another] = blocks;
  if (block === undefined) {
    const failure = failureOf(error, headers);
    return failure && { type: "error", failure };
  }
  const isPlain = block.type === "text" && block.citations === undefined;
  return isPlain && another === undefined
    ? { type: "text", text: block.text }
    : { type: "blocks", blocks };
}

function failureOf(
  error: Exclude<CheckedReply, string>["error"],
  headers: Readonly<Record<string, string>>,
): Failure | undefined {
  if (typeof error === "string") return namedFailure(error as FailureName);
  if (error?.status === undefined) return undefined;
  return ownFailure({ ...error, status: error.status }, headers);
}

// What the shape cannot tell ──────────────────────────────────────────────────

/** Whether the reply says one thing; if not, says so, unless a key that is unknown explains it. */
function checkContents(
  { entries, ...at }: Table,
  path: Path,
  { findings }: Reading,
): boolean {
  const contents: readonly string[] = CONTENTS;
  const said = [...entries.keys()].filter((name) => contents.includes(name));
  const [first] = said;
  if (first === undefined) {
    const known = namesIn("rules.reply");
    if ([...entries.keys()].every((name) => known.includes(name))) {
      findings.error({
        code: "no-content",
        message: "The reply says nothing",
        at,
        path: pathOf(path),
        remedy: `Write one of ${CONTENTS.join(", ")}: text: "It is sunny."`,
      });
    }
    return false;
  }
  const [one, other] = strangers(said) ?? [
    first,
    first === "error"
      ? ["finish", "usage"].find((name) => entries.has(name))
      : undefined,
  ];
  if (other === undefined) return true;
  findings.error({
    code: "two-contents",
    message: `${quote(other)} cannot stand beside ${quote(one)}`,
    at: entries.get(other)?.key ?? at,
    path: pathOf([...path, other]),
    remedy: apart(one, other),
  });
  return false;
}

const PARTS = [["cached", "input"], ["reasoning", "output"]] as const;

/** Notes parts that are more than the whole they are of. */
function checkUsage(
  reply: Table,
  usage: Readonly<Record<string, number | undefined>> = {},
  path: Path,
  findings: Findings,
): void {
  const written = tableIn(reply, "usage");
  for (const [name, whole] of PARTS) {
    const [part = 0, most = Infinity] = [usage[name], usage[whole]];
    const entry = written?.entries.get(name);
    if (part <= most || entry === undefined) continue;
    findings.error({
      code: "part-above-whole",
      message: `${quote(name)} is more than ${
        quote(whole)
      }, which it is a part of`,
      at: entry.value,
      path: pathOf([...path, "usage", name]),
      remedy: `Write ${most} or less, or raise ${quote(whole)}`,
    });
  }
}

/** Two of the contents that cannot stand beside one another, in order; undefined if all can. */
function strangers(
  said: readonly string[],
): readonly [string, string] | undefined {
  for (const [at, other] of said.entries()) {
    const one = said.slice(0, at).find((each) =>
      !TOGETHER.some((group) => group.includes(each) && group.includes(other))
    );
    if (one !== undefined) return [one, other];
  }
  return undefined;
}

/** What to do about two that cannot stand beside one another. */
function apart(one: string, other: string): string {
  if (other === "finish" || other === "usage") {
    return "Remove it: an error has no such thing";
  }
  const all = TOGETHER.flat();
  const inBlocks = [one, other].includes("blocks") &&
    [one, other].some((name) => all.includes(name));
  return inBlocks
    ? 'Make it one of the "blocks", which are the whole answer in order'
    : 'Keep one of the two. Several answers, one after the other, are "replies"';
}

/** What holds texts that are said as they stand. */
const LITERAL = [
  "text",
  "reasoning",
  "refusal",
  "tool_calls",
  "blocks",
  "json",
] as const;

/** Notes what is wrong inside the contents. */
function lookInside(
  { entries }: Table,
  path: Path,
  reading: ReplyReading,
): void {
  const { findings, later, captures } = reading;
  for (const name of LITERAL) {
    const value = entries.get(name)?.value;
    if (value !== undefined) warnOfHoles(value, [...path, name], reading);
  }
  const template = entries.get("template")?.value;
  if (isScalar(template)) {
    const spot = { value: template, path: [...path, "template"], findings };
    later.add(() => lookAtTemplate(spot, captures));
  }
  const error = entries.get("error");
  if (error?.value.type !== "table" || error.value.entries.has("status")) {
    return;
  }
  findings.error({
    code: "no-status",
    message: "The error has no status",
    at: error.key,
    path: pathOf([...path, "error"]),
    remedy:
      "Give it one, such as status: 429, or write the name of an error instead: error: rate_limit",
  });
}

/** Warns of texts, however deep in `value`, with a hole that a template would fill. */
function warnOfHoles(value: Value, path: Path, reading: ReplyReading): void {
  if (value.type === "scalar") return warnOfHole(value, path, reading);
  const inside = value.type === "list"
    ? value.items.map((item, at) => [at, item] as const)
    : [...value.entries].map(([name, entry]) => [name, entry.value] as const);
  for (const [step, each] of inside) {
    warnOfHoles(each, [...path, step], reading);
  }
}

function warnOfHole(
  value: Scalar,
  path: Path,
  { findings, captures = [] }: ReplyReading,
): void {
  const known: readonly string[] = [...TEMPLATE_NAMES, ...captures];
  const holes = value.text.matchAll(/\{\{-?\s*(\w+)/g);
  const hole = [...holes].find(([, name = ""]) => known.includes(name));
  if (hole === undefined) return;
  const before = value.text.slice(0, hole.index).split("\n");
  const column = (before.at(-1)?.length ?? 0) + 1;
  findings.warn({
    code: "literal-template",
    message: `A text is literal: ${quote(`${hole[0]} }}`)} is not filled in`,
    at: holeIn(
      spanInside(value, before.length, column, findings.text),
      findings.text,
    ),
    path: pathOf(path),
    remedy: path.includes("tool_calls") || path.includes("tool_call")
      ? "Write out what the tool is called with: only a template is filled in, and it makes text"
      : "Write it as a template: reply: { template: … }",
  });
}

/** The headers of an error; undefined, with the reasons noted, if one is wrong. */
function headersOf(
  reply: Table,
  path: Path,
  { findings }: Reading,
): Readonly<Record<string, string>> | undefined {
  const headers = tableIn(tableIn(reply, "error"), "headers");
  const found = new Map<string, string>();
  const before = findings.errors;
  for (const [name, entry] of headers?.entries ?? []) {
    const at = [...path, "error", "headers", name];
    const value = headerValueAt(entry, at, findings);
    const isName = checkHeaderName(name, entry, at, findings) &&
      checkNotOurs(name, entry, at, findings);
    if (isName && value !== undefined) found.set(name.toLowerCase(), value);
  }
  return findings.errors > before ? undefined : Object.fromEntries(found);
}

function tableIn(table: Table | undefined, name: string): Table | undefined {
  const value = table?.entries.get(name)?.value;
  return value?.type === "table" ? value : undefined;
}

/** Drops keys that are there and have no value. */
function defined<Given extends object>(
  given: Given,
): { [Key in keyof Given]: Exclude<Given[Key], undefined> } {
  const entries = Object.entries(given).filter(([, each]) =>
    each !== undefined
  );
  return Object.fromEntries(entries) as {
    [Key in keyof Given]: Exclude<Given[Key], undefined>;
  };
}

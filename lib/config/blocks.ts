/**
 * `text`, `reasoning`, `tool_calls`, `refusal`, `json` and `blocks` of a reply → what is said,
 * one thing after the other.
 *
 * @module
 */

import type { BlockSpec } from "../match/rule.ts";
import {
  type Path,
  pathOf,
  reportNothing,
  reportValue,
  shortPath,
} from "./complain.ts";
import { citationsAt } from "./citations.ts";
import { type Findings, quote } from "./findings.ts";
import { jsonOf } from "./json.ts";
import { BLOCKS, REFUSAL_WORDS } from "./reply_shape.ts";
import { namesIn } from "./shape.ts";
import {
  type Entry,
  flagOf,
  isNull,
  isScalar,
  type Table,
  textOf,
  type Value,
} from "./value.ts";

/** What the reply at `path` says, in order; what is wrong with it, as far as its shape cannot tell, is noted. */
export function blocksAt(
  reply: Table,
  path: Path,
  findings: Findings,
): readonly BlockSpec[] {
  const said = ORDER.flatMap((name) => {
    const entry = reply.entries.get(name);
    return entry === undefined
      ? []
      : READERS[name](entry, [...path, name], findings);
  });
  return said;
}

type Reader = (
  entry: Entry,
  path: Path,
  findings: Findings,
) => readonly BlockSpec[];

/** A text, whose shape was looked at already. */
function worded(type: "text" | "reasoning"): Reader {
  return ({ value }) => {
    const text = textOf(value);
    return text === undefined ? [] : [{ type, text }];
  };
}

const READERS = {
  reasoning: worded("reasoning"),
  redacted_reasoning: redactedAt,
  text: worded("text"),
  refusal: refusalAt,
  json: jsonAt,
  tool_calls: callsAt,
  blocks: listAt,
} as const satisfies Readonly<Record<string, Reader>>;

/** In which order a reply says what its keys hold. */
const ORDER = [
  "reasoning",
  "text",
  "json",
  "refusal",
  "tool_calls",
  "blocks",
] as const;

/** What stands for the thoughts, unless it is to be drawn. */
function redactedAt({ value }: Entry): readonly BlockSpec[] {
  const data = textOf(value);
  if (data === undefined) return [];
  const drawn = isScalar(value) && value.plain && flagOf(value) === true;
  return [{ type: "redacted", text: "", ...(!drawn && { data }) }];
}

function refusalAt({ value }: Entry): readonly BlockSpec[] {
  const said = textOf(value);
  if (said !== undefined) return [{ type: "refusal", text: said }];
  if (value.type !== "table") return [];
  const text = textOf(value.entries.get("text")?.value) ?? REFUSAL_WORDS;
  const category = textOf(value.entries.get("category")?.value);
  return [{ type: "refusal", text, ...(category && { category }) }];
}

function jsonAt(
  entry: Entry,
  path: Path,
  findings: Findings,
): readonly BlockSpec[] {
  const { value } = entry;
  if (isNull(value) && isScalar(value) && value.text === "") {
    reportNothing(entry, path, findings);
    return [];
  }
  return [{ type: "text", text: jsonOf(value) }];
}

// Tool calls ─────────────────────────────────────────────────────────────────

function callsAt(
  { key, value }: Entry,
  path: Path,
  findings: Findings,
): readonly BlockSpec[] {
  if (value.type !== "list") return callAt({ key, value }, path, findings);
  if (value.items.length === 0) {
    reportEmpty(key, path, "tool_calls: [{ name: get_weather }]", findings);
  }
  return value.items.flatMap((item, at) =>
    callAt({ key: item, value: item }, [...path, at], findings)
  );
}

function callAt(
  { key, value }: Entry,
  path: Path,
  findings: Findings,
): readonly BlockSpec[] {
  if (value.type !== "table") return [];
  const name = value.entries.get("name");
  if (name === undefined) {
    reportNameless(value, key, path, findings);
    return [];
  }
  const called = textOf(name.value);
  const text = argumentsAt(value, [...path, "arguments"], findings);
  const id = textOf(value.entries.get("id")?.value);
  if (called === undefined || text === undefined) return [];
  return [{ type: "tool-call", name: called, text, ...(id && { id }) }];
}

/** Says that no tool is named, unless a key that is unknown explains it. */
function reportNameless(
  { entries, ...at }: Table,
  key: Entry["key"],
  path: Path,
  findings: Findings,
): void {
  const known = namesIn("rules.reply.tool_calls");
  if (![...entries.keys()].every((name) => known.includes(name))) return;
  findings.error({
    code: "no-tool",
    message: "The call names no tool",
    at: entries.size === 0 ? key : at,
    path: pathOf(path),
    remedy: "Say which is called: { name: get_weather, arguments: { … } }",
  });
}

/** The arguments of a call as JSON; undefined, with the reasons noted, if they are none. */
function argumentsAt(
  call: Table,
  path: Path,
  findings: Findings,
): string | undefined {
  const entry = call.entries.get("arguments");
  if (entry === undefined) return "{}";
  const { value } = entry;
  if (value.type === "table") return jsonOf(value);
  if (isNull(value)) {
    reportNothing(entry, path, findings);
    return undefined;
  }
  if (value.type === "list") {
    reportValue(value, path, findings);
    return undefined;
  }
  if (!isJsonObject(value.text)) warnOfBroken(value, path, findings);
  return value.text;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Models do write such things, and clients must cope; but it may be a slip. */
function warnOfBroken(at: Value, path: Path, findings: Findings): void {
  findings.warn({
    code: "broken-arguments",
    message: `${quote(shortPath(path))} is not the JSON of an object`,
    at,
    path: pathOf(path),
    remedy:
      "It is sent as it stands, and as {} where the API has objects only: right for a tool that takes free text. Otherwise write a section, of which JSON is made: arguments: { city: Paris }",
  });
}

// Blocks ─────────────────────────────────────────────────────────────────────

function listAt(
  { key, value }: Entry,
  path: Path,
  findings: Findings,
): readonly BlockSpec[] {
  if (value.type !== "list") return [];
  if (value.items.length === 0) {
    reportEmpty(key, path, 'blocks: [{ text: "It is sunny." }]', findings);
  }
  return value.items.flatMap((item, at) =>
    blockAt(item, [...path, at], findings)
  );
}

function blockAt(
  value: Value,
  path: Path,
  findings: Findings,
): readonly BlockSpec[] {
  if (value.type !== "table") return [];
  const names = BLOCKS.filter((name) => value.entries.has(name));
  const [name] = names;
  const citations = value.entries.get("citations");
  const cites = citations !== undefined && name !== "text";
  if (name === undefined || names.length > 1 || cites) {
    reportNotOne(value, path, findings);
    return [];
  }
  const entry = value.entries.get(name);
  if (entry === undefined) return [];
  const read = name === "tool_call" ? callAt : READERS[name];
  const blocks = read(entry, [...path, name], findings);
  return citations === undefined
    ? blocks
    : blocks.map((block) => cited(block, citations, path, findings));
}

/** A text with its citations. */
function cited(
  block: BlockSpec,
  entry: Entry,
  path: Path,
  findings: Findings,
): BlockSpec {
  if (block.type !== "text") return block;
  const at = [...path, "citations"];
  const citations = citationsAt(entry, block.text, at, findings);
  return citations.length === 0 ? block : { ...block, citations };
}

/** Says that a block is none, or several, unless a key that is unknown explains it. */
function reportNotOne(
  { entries, ...at }: Table,
  path: Path,
  findings: Findings,
): void {
  const words: readonly string[] = [...BLOCKS, "citations"];
  const names = [...entries.keys()];
  if (!names.every((name) => words.includes(name))) return;
  const [, second] = names;
  const said = names.slice(0, 2).map(quote).join(" and ");
  findings.error({
    code: second === undefined ? "no-content" : "two-contents",
    message: second === undefined
      ? "The block says nothing"
      : `The block says two things, ${said}`,
    at: entries.get(second ?? "")?.key ?? at,
    path: pathOf(path),
    remedy: second === undefined
      ? `Write one of ${BLOCKS.join(", ")}: { text: "It is sunny." }`
      : names.includes("citations")
      ? "Only a text has citations: make a block of each"
      : "Make a block of each, in the order in which they are said",
  });
}

function reportEmpty(
  at: Entry["key"],
  path: Path,
  example: string,
  findings: Findings,
): void {
  findings.error({
    code: "empty",
    message: `${quote(shortPath(path))} holds nothing`,
    at,
    path: pathOf(path),
    remedy: `Write at least one: ${example}`,
  });
}

/**
 * Values against the shape: everything that is wrong, each with its place and a remedy.
 *
 * @module
 */

import { entryAt, reportIssue } from "./complain.ts";
import type { Findings } from "./findings.ts";
import type { Reading } from "./read.ts";
import { checkResponses, type Scripted, WRITE_RESPONSES } from "./responses.ts";
import { type Checked, KEYS, SHAPE } from "./shape.ts";
import { isNull, type Span, type Table, type Value } from "./value.ts";

/** A file in which nothing is wrong: what {@linkcode compile} needs. */
export interface Sound {
  /** `responses`, in order of the file. */
  readonly responses: ReadonlyMap<string, Scripted>;
  /** Everything else, defaults filled in. */
  readonly checked: Checked;
  /** Where `defaults.unknown_response` is written; undefined when it is not. */
  readonly unknownResponseAt: Span | undefined;
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

/**
 * Tables as objects without a prototype, lists as arrays; scalars stay what they are. What
 * several aliases share is made once, so that their number costs nothing.
 */
function forZod(value: Value, made: Map<Value, unknown> = new Map()): unknown {
  if (value.type === "scalar") return value;
  const earlier = made.get(value);
  if (earlier !== undefined) return earlier;
  const now = value.type === "list"
    ? value.items.map((item) => forZod(item, made))
    : objectOf(value, made);
  made.set(value, now);
  return now;
}

function objectOf(table: Table, made: Map<Value, unknown>): unknown {
  const object = Object.create(null) as Record<string, unknown>;
  for (const [name, { value }] of table.entries) {
    object[name] = forZod(value, made);
  }
  return object;
}

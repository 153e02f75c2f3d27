/**
 * Values against the shape: everything that is wrong, each with its place and a remedy.
 *
 * @module
 */

import { reportIssue } from "./complain.ts";
import type { Findings } from "./findings.ts";
import type { Reading } from "./read.ts";
import {
  checkResponses,
  meansToAnswer,
  type Scripted,
  WRITE_RESPONSES,
} from "./responses.ts";
import { type Checked, KEYS, SHAPE } from "./shape.ts";
import { isNull, type Table, type Value } from "./value.ts";

/** One file that was looked through; its findings say whether it is sound. */
export interface Part {
  /** Its text, and what is wrong with it. */
  readonly findings: Findings;
  /** All of it. */
  readonly root: Table;
  /** Those of its `responses` that are sound, in order. */
  readonly responses: ReadonlyMap<string, Scripted>;
  /** What zod sees of it: the sections but `responses`, if they hold anything. */
  readonly sections: Table;
}

/**
 * Checks what was read of one file; undefined when it holds nothing that could be checked. One
 * that is not `alone` may leave the answers to the others.
 */
export function check(
  { root, shared }: Reading,
  findings: Findings,
  alone: boolean,
): Part | undefined {
  if (isNull(root)) findings.error(EMPTY_FILE);
  else if (root.type !== "table") findings.error({ ...NOT_SECTIONS, at: root });
  else {
    if (alone && !meansToAnswer(root)) findings.error(NO_RESPONSES);
    return checkFile(root, shared, findings);
  }
  return undefined;
}

/** The values of `sections` in which nothing is wrong, defaults filled in. */
export function checkedOf(sections: Table): Checked {
  return SHAPE.parse(forZod(sections));
}

const EMPTY_FILE = {
  code: "empty-file",
  message: "The file is empty",
  remedy: WRITE_RESPONSES,
};
const NO_RESPONSES = {
  code: "no-responses",
  message: 'The file has no "responses"',
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
): Part {
  const responses = checkResponses(root, findings);
  const sections = withoutApart(root, shared);
  const result = SHAPE.safeParse(forZod(sections));
  for (const issue of result.error?.issues ?? []) {
    reportIssue(issue, root, findings);
  }
  return { findings, root, responses, sections };
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

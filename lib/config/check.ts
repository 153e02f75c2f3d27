/**
 * Values against the shape: everything that is wrong, each with its place and a remedy.
 *
 * @module
 */

import type { Findings } from "./findings.ts";
import type { Reading } from "./read.ts";
import {
  checkResponses,
  meansToAnswer,
  type Scripted,
  WRITE_RESPONSES,
} from "./responses.ts";
import { fit, plainOf } from "./plain.ts";
import { APART, type Checked, KEYS, SHAPE } from "./shape.ts";
import { isNull, type Table, type Value } from "./value.ts";

/** One file that was looked through; its findings say whether it is sound. */
export interface Part {
  /** Its text, and what is wrong with it. */
  readonly findings: Findings;
  /** All of it. */
  readonly root: Table;
  /** Those of its `responses` that are sound, in order. */
  readonly responses: ReadonlyMap<string, Scripted>;
  /** What its shape sees of it: the sections that are not read apart, if they hold anything. */
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

/** The values of `sections`, defaults filled in; undefined when something is wrong with them. */
export function checkedOf(sections: Table): Checked | undefined {
  return SHAPE.safeParse(plainOf(sections)).data;
}

const EMPTY_FILE = {
  code: "empty-file",
  message: "The file is empty",
  remedy: WRITE_RESPONSES,
};
const NO_RESPONSES = {
  code: "no-responses",
  message: 'The file has neither "rules" nor "responses"',
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
  fit(SHAPE, { key: root, value: sections }, [], findings);
  return { findings, root, responses, sections };
}

/** The file without what its shape need not see: what is read apart, empty sections, and values kept for their anchors. */
function withoutApart(root: Table, shared: ReadonlySet<Value>): Table {
  const entries = [...root.entries].filter(([name, { value }]) => {
    if (KEYS.has(name)) return !APART.has(name) && !isNull(value);
    return !shared.has(value) && !name.startsWith("x-");
  });
  return { ...root, entries: new Map(entries) };
}

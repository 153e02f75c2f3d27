/**
 * Values as schemas want them: objects and arrays, in which scalars stay what they are.
 *
 * @module
 */

import type { core } from "zod/mini";
import { type Path, reportIssue } from "./complain.ts";
import type { Findings } from "./findings.ts";
import type { Schema } from "./kinds.ts";
import type { Entry, Table, Value } from "./value.ts";

/**
 * Tables as objects without a prototype, lists as arrays. What several aliases share is made
 * once, so that their number costs nothing.
 */
export function plainOf(
  value: Value,
  made: Map<Value, unknown> = new Map(),
): unknown {
  if (value.type === "scalar") return value;
  const earlier = made.get(value);
  if (earlier !== undefined) return earlier;
  const now = value.type === "list"
    ? value.items.map((item) => plainOf(item, made))
    : objectOf(value, made);
  made.set(value, now);
  return now;
}

/** What `schema` makes of the entry at `path`; undefined, with the reasons noted, if it does not fit. */
export function fit<Output>(
  schema: Schema<Output>,
  entry: Entry,
  path: Path,
  findings: Findings,
): Output | undefined {
  const { data, error } = schema.safeParse(plainOf(entry.value));
  for (const issue of error?.issues ?? []) {
    reportIssue(issue as core.$ZodIssue, entry, path, findings);
  }
  return data;
}

function objectOf(table: Table, made: Map<Value, unknown>): unknown {
  const object = Object.create(null) as Record<string, unknown>;
  for (const [name, { value }] of table.entries) {
    object[name] = plainOf(value, made);
  }
  return object;
}

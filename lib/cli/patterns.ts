/**
 * How each pattern of a configuration was read: its author may have meant something else.
 *
 * @module
 */

import {
  captureNames,
  describePattern,
  type Pattern,
} from "../match/pattern.ts";
import type { Condition, Config } from "../match/rule.ts";

/** One pattern, and what it was taken for. */
export interface Reading {
  /** Name of the rule. */
  readonly rule: string;
  /** Where the rule stands: `responses.yml:12`. */
  readonly place: string;
  /** What it looks at: `prompt`, `header x-team`, `body $.user`. */
  readonly field: string;
  /** The pattern as its author would write it; of a list, one of several that will do. */
  readonly pattern: string;
  /** What it was taken for. */
  readonly read_as: string;
  /** Names under which templates find what it catches. */
  readonly captures?: readonly string[];
}

/** How each pattern of the rules was read, in order. */
export function readingsOf({ rules }: Config): readonly Reading[] {
  return rules.flatMap(({ name, place, when }) =>
    when.flatMap((condition) =>
      leaves(condition.pattern, "").map((leaf) => ({
        rule: name,
        place,
        field: fieldOf(condition),
        ...leaf,
      }))
    )
  );
}

function fieldOf({ field, key }: Condition): string {
  return key === undefined ? field : `${field} ${key}`;
}

type Leaf = Pick<Reading, "pattern" | "read_as" | "captures">;

/** A list of patterns and one that is denied are told by what they are made of. */
function leaves(pattern: Pattern, prefix: string): readonly Leaf[] {
  if (pattern.type === "any") {
    return pattern.of.flatMap((each) => leaves(each, prefix));
  }
  if (pattern.type === "not") return leaves(pattern.pattern, `${prefix}not `);
  const captures = captureNames(pattern);
  return [{
    pattern: prefix + describePattern(pattern),
    read_as: KINDS[pattern.type],
    ...(captures.length > 0 && { captures }),
  }];
}

const KINDS = {
  equal: "plain text",
  exact: "exact text",
  value: "that value",
  glob: "glob",
  regex: "regular expression",
} as const;

/** The same in lines, rule by rule; empty when there are none. */
export function readingsText(readings: readonly Reading[]): string {
  const widthOf = (name: "field" | "pattern") =>
    Math.max(...readings.map((reading) => reading[name].length));
  const [fields, patterns] = [widthOf("field"), widthOf("pattern")];
  let before = "";
  return readings.map((reading) => {
    const { field, pattern, read_as, captures = [] } = reading;
    const head = reading.rule === before ? "" : `\n${headOf(reading)}\n`;
    before = reading.rule;
    const caught = captures.length === 0
      ? ""
      : `, catches ${captures.join(", ")}`;
    return `${head}  ${field.padEnd(fields)}  ${
      pattern.padEnd(patterns)
    }  ${read_as}${caught}\n`;
  }).join("");
}

function headOf({ rule, place }: Reading): string {
  return rule === place ? place : `${place} ${JSON.stringify(rule)}`;
}

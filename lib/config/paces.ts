/**
 * Paces, by name or written out.
 *
 * @module
 */

import { PACE_MS_MAX } from "../core/limits.ts";
import type { Cut, Pace, Spread } from "../core/plan.ts";
import { type Path, pathOf, reportValue } from "./complain.ts";
import { type Findings, quote } from "./findings.ts";
import { suggest } from "./near.ts";
import { fit } from "./plain.ts";
import { type CheckedPace, PACE } from "./pace_shape.ts";
import { type Entry, isNull, type Table } from "./value.ts";

/** The paces that a configuration names, and what a unit of theirs is. */
export interface PaceBook {
  /** By name. */
  readonly byName: ReadonlyMap<string, Pace>;
  /** Of what each costs a unit. */
  readonly unit: Pace["unit"];
}

/** What a unit of a pace is where text is cut like that: a chunk, if chunks are tokens. */
export function unitFor(pacedCut: Cut): Pace["unit"] {
  return pacedCut === "token" ? "chunk" : "token";
}

/** The paces of one file. Those that are wrong are told of, and their names are known all the same. */
export function readPaces(
  root: Table,
  unit: Pace["unit"],
  findings: Findings,
): Map<string, Pace> {
  const paces = new Map<string, Pace>();
  const entry = root.entries.get("paces");
  if (entry === undefined || isNull(entry.value)) return paces;
  if (entry.value.type !== "table") {
    reportValue(entry.value, ["paces"], findings);
    return paces;
  }
  for (const [name, each] of entry.value.entries) {
    const path = ["paces", name];
    const checked = fit(PACE, each, path, findings);
    checkPace(each, path, findings);
    paces.set(name, compilePace(checked ?? {}, unit));
  }
  return paces;
}

/** The pace that a key at `path` asks for; undefined, with the reasons noted, if something is wrong with it. */
export function paceAt(
  entry: Entry,
  checked: string | CheckedPace | undefined,
  path: Path,
  { byName, unit }: PaceBook,
  findings: Findings,
): Pace | undefined {
  checkPace(entry, path, findings);
  if (typeof checked !== "string") return checked && compilePace(checked, unit);
  const pace = byName.get(checked);
  if (pace !== undefined) return pace;
  findings.error({
    code: "unknown-pace",
    message: `No pace is called ${quote(checked)}`,
    at: entry.value,
    path: pathOf(path),
    remedy: byName.size === 0
      ? `Name it: paces: { ${shown(checked)}: { tokens_per_second: 40 } }`
      : suggest(checked, [...byName.keys()]),
  });
  return undefined;
}

/** Notes what the shape of a pace cannot tell. */
function checkPace(
  { key, value }: Entry,
  path: Path,
  findings: Findings,
): void {
  if (value.type !== "table") return;
  const names = [...value.entries.keys()];
  const [first, second] = names.filter((name) => RATES.includes(name));
  if (second !== undefined) {
    findings.error({
      code: "two-rates",
      message: `${quote(second)} and ${quote(first ?? "")} say the same`,
      at: value.entries.get(second)?.key ?? value,
      path: pathOf([...path, second]),
      remedy: "Remove one of the two",
    });
  } else if (names.every((name) => name === "jitter")) {
    findings.error({
      code: "empty",
      message: "The pace names no time",
      at: key,
      path: pathOf(path),
      remedy:
        "Give it ttft, tokens_per_second or itl: { tokens_per_second: 40 }",
    });
  }
}

const RATES = ["tokens_per_second", "itl"];

function compilePace(
  { ttft = 0, tokens_per_second: rate, itl, jitter = 0 }: CheckedPace,
  unit: Pace["unit"],
): Pace {
  const unitMs = itl ?? (rate === undefined ? 0 : 1_000 / rate);
  return {
    firstMs: spread(ttft, jitter),
    unitMs: spread(Math.min(unitMs, PACE_MS_MAX), jitter),
    unit,
  };
}

function spread(ms: number, jitter: number): Spread {
  return ms === 0 || jitter === 0
    ? { type: "fixed", ms }
    : { type: "uniform", minMs: ms * (1 - jitter), maxMs: ms * (1 + jitter) };
}

function shown(name: string): string {
  return /^\w{1,40}$/.test(name) ? name : "chatty";
}

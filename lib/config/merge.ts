/**
 * Several files as one: what adds up, and what may be said but once.
 *
 * Lists (`models`, `rules`) and `responses` add up in order of the files. Whatever else has a
 * name is said in one file only, so that the order of files never decides in silence.
 *
 * @module
 */

import { PROBLEMS_MAX } from "../core/limits.ts";
import type { Problem } from "../core/problem.ts";
import { normalise } from "../match/normalise.ts";
import type { Part } from "./check.ts";
import { type Path, pathOf } from "./complain.ts";
import { type Finding, type Findings, quote } from "./findings.ts";
import { meansToAnswer, WRITE_RESPONSES } from "./responses.ts";
import { APART } from "./shape.ts";
import type { Entry, Span, Table, Value } from "./value.ts";

/** Notes what is wrong with the files together though it may be right in each. */
export function checkTogether(parts: readonly Part[]): void {
  const places = new Map<string, Spot>();
  for (const part of parts) {
    for (const [path, { key }] of namesIn(part)) {
      const id = JSON.stringify(path);
      const earlier = places.get(id);
      if (earlier === undefined) places.set(id, { part, at: key });
      else part.findings.error(clash(path, key, earlier));
    }
  }
  warnOfTwins(parts);
}

/** Notes, at the first file, that none of them answers anything. */
export function checkAnswers(parts: readonly Part[]): void {
  const sound = parts.every(({ findings }) => findings.errors === 0);
  if (!sound || parts.some(({ root }) => meansToAnswer(root))) return;
  parts[0]?.findings.error({
    code: "no-responses",
    message: `None of the ${parts.length} files has "rules" or "responses"`,
    remedy: WRITE_RESPONSES,
  });
}

/** The sections of all files as those of one. */
export function unite(tables: readonly Table[]): Table {
  const entries = new Map<string, Entry>();
  for (const table of tables) {
    for (const [name, entry] of table.entries) {
      const { key, value } = entries.get(name) ?? entry;
      entries.set(name, { key, value: joined(value, entry.value) });
    }
  }
  return { type: "table", start: 0, end: 0, entries };
}

/** All problems in order of files and places, errors preferred when there are too many. */
export function reportTogether(
  all: readonly Findings[],
): { problems: readonly Problem[]; more: number } {
  const reports = all.map((findings) => findings.report());
  const more = reports.reduce((sum, report) => sum + report.more, 0);
  return boundedReport(reports.flatMap(({ problems }) => problems), more);
}

/** As many of `problems` as are told, errors preferred, and how many there are besides. */
export function boundedReport(
  problems: readonly Problem[],
  more: number,
): { problems: readonly Problem[]; more: number } {
  if (problems.length <= PROBLEMS_MAX) return { problems, more };
  const ranked = ["error", "warning"].flatMap((severity) =>
    problems.filter((problem) => problem.severity === severity)
  );
  const told = new Set(ranked.slice(0, PROBLEMS_MAX));
  return {
    problems: problems.filter((problem) => told.has(problem)),
    more: more + problems.length - told.size,
  };
}

/** Where something is said. */
interface Spot {
  readonly part: Part;
  readonly at: Span;
}

/** Everything that may be said but once, by its path: what stands in a section, and what stands alone. */
function* namesIn({ root, sections }: Part): Generator<[Path, Entry]> {
  for (const [name, entry] of root.entries) {
    if (!APART.has(name) && !sections.entries.has(name)) continue;
    if (entry.value.type === "scalar") yield [[name], entry];
    if (entry.value.type !== "table") continue;
    for (const [key, each] of entry.value.entries) yield [[name, key], each];
  }
}

function clash(path: Path, at: Span, { part, at: earlier }: Spot): Finding {
  const what = path[0] === "responses"
    ? `The prompt ${quote(String(path[1]))}`
    : `"${pathOf(path)}"`;
  return {
    code: "duplicate-key",
    message: `${what} is given twice: here, and in ${placeIn(part, earlier)}`,
    at,
    path: pathOf(path),
    remedy: "Remove one of the two",
  };
}

/** Warns of prompts that differ from one in another file only in what matching ignores. */
function warnOfTwins(parts: readonly Part[]): void {
  const firsts = new Map<string, Spot & { readonly prompt: string }>();
  for (const part of parts) {
    for (const [prompt, at] of part.responses) {
      const folded = normalise(prompt);
      const first = firsts.get(folded);
      if (first === undefined) firsts.set(folded, { part, at, prompt });
      else if (first.part !== part && first.prompt !== prompt) {
        part.findings.warn({
          code: "same-prompt",
          message: `The prompt ${quote(prompt)} differs from the one in ${
            placeIn(first.part, first.at)
          } in case or white space only`,
          at,
          path: pathOf(["responses", prompt]),
          remedy:
            "Remove one of the two, unless the exact spelling is meant to decide",
        });
      }
    }
  }
}

function placeIn({ findings }: Part, { start }: Span): string {
  return `${findings.file}:${findings.lineOf(start)}`;
}

function joined(before: Value, after: Value): Value {
  if (before === after) return before;
  if (before.type === "list" && after.type === "list") {
    return { ...before, items: [...before.items, ...after.items] };
  }
  if (before.type === "table" && after.type === "table") {
    return {
      ...before,
      entries: new Map([...before.entries, ...after.entries]),
    };
  }
  return after; // reported as a clash, or as wrong in one of the files
}

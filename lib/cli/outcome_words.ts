/**
 * What came of a server's life, in words for people, as JSON for CI, and whether it is a failure.
 *
 * @module
 */

import { OUTCOME_REQUESTS_MAX, OUTCOME_UNUSED_MAX } from "../core/limits.ts";
import { unused, type Used } from "../match/coverage.ts";
import { plural } from "./count.ts";
import { type Group, type Outcome, shortened } from "./outcome.ts";
import { visible } from "./render.ts";

/** What counts as a failure. */
export interface Demands {
  /** A request that nothing scripted matched. */
  readonly "fail-on-unmatched": boolean;
  /** A rule or response that never answered. */
  readonly "fail-on-unused": boolean;
}

/** Why the outcome is a failure: a line for each demand that is not met. */
export function failuresOf(
  { unmatched, rules, responses }: Outcome,
  demands: Demands,
): readonly string[] {
  const failures: string[] = [];
  if (demands["fail-on-unmatched"] && unmatched > 0) {
    const requests = plural(unmatched, "request");
    failures.push(`${requests} matched nothing (--fail-on-unmatched)`);
  }
  const idle = unusedWords(rules, responses);
  if (demands["fail-on-unused"] && idle !== "") {
    failures.push(`${idle} never used (--fail-on-unused)`);
  }
  return failures;
}

// For people ──────────────────────────────────────────────────────────────────

/** The outcome in lines; a first one that says it all, and the particulars. */
export function outcomeText(outcome: Outcome): string {
  const { tally, rules, responses, unmatched } = outcome;
  const idle = unusedWords(rules, responses);
  const parts = [
    plural(tally.requests, "request"),
    unmatched > 0 ? `${unmatched} matched nothing` : "",
    tally.refused > 0 ? `${tally.refused} refused` : "",
    tally.clientLeft > 0 ? `${tally.clientLeft} left by the client` : "",
    idle === "" ? "" : `${idle} never used`,
  ];
  return [
    `mockllm: ${parts.filter(Boolean).join(", ")}\n`,
    tally.requests === 0 ? NOBODY_ASKED : "",
    requestLines("Matched nothing", outcome.unmatchedRequests, unmatched),
    requestLines("Refused", outcome.refusedRequests, tally.refused),
    unusedLines(rules, responses),
  ].filter(Boolean).join("\n");
}

const NOBODY_ASKED =
  "No request came. Do the clients take their base URL from the environment?\n";

function requestLines(
  heading: string,
  groups: readonly Group[],
  all: number,
): string {
  const shown = groups.slice(0, OUTCOME_REQUESTS_MAX);
  const told = shown.reduce((sum, { times }) => sum + times, 0);
  return section(heading, [
    ...shown.flatMap(({ request, times, because }) => [
      times > 1 ? `${request} (${times} times)` : request,
      ...because.map((line) => `  ${line}`),
    ]),
    ...rest(all - told),
  ]);
}

function unusedLines(
  rules: readonly Used[],
  responses: readonly Used[],
): string {
  const lines = [
    ...unused(rules).map((used) => ruleLine(used)),
    ...unused(responses).map(({ name, place }) =>
      `response ${JSON.stringify(shortened(name))} (${place})`
    ),
  ];
  const shown = lines.slice(0, OUTCOME_UNUSED_MAX).map(visible);
  return section("Never used", [
    ...shown,
    ...rest(lines.length - shown.length),
  ]);
}

function ruleLine({ name, place }: Used): string {
  return name === place ? `rule at ${place}` : `rule "${name}" (${place})`;
}

function section(heading: string, lines: readonly string[]): string {
  return lines.length === 0
    ? ""
    : [`${heading}:`, ...lines.map((line) => `  ${line}`), ""].join("\n");
}

function rest(more: number): string[] {
  return more > 0 ? [`… and ${more} more`] : [];
}

/** `1 rule and 3 responses`; empty when all were used. */
function unusedWords(
  rules: readonly Used[],
  responses: readonly Used[],
): string {
  const parts = [
    plural(unused(rules).length, "rule"),
    plural(unused(responses).length, "response"),
  ];
  return parts.filter((part) => !part.startsWith("0 ")).join(" and ");
}

// For machines ────────────────────────────────────────────────────────────────

/** The outcome as plain data, in the spelling of the configuration; `exitCode` is the one it comes to. */
export function outcomeFacts(
  { tally, unmatched, rules, responses, ...groups }: Outcome,
  failures: readonly string[],
  exitCode: number,
): object {
  return {
    exit_code: exitCode,
    failures,
    requests: tally.requests,
    refused: tally.refused,
    client_left: tally.clientLeft,
    unmatched,
    unmatched_requests: groups.unmatchedRequests,
    refused_requests: groups.refusedRequests,
    unused: { rules: names(rules), responses: names(responses) },
    rules,
    responses,
  };
}

function names(all: readonly Used[]): readonly string[] {
  return unused(all).map(({ name }) => name);
}

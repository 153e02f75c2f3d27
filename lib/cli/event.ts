/**
 * What the server says besides requests: the first screen, reloads, warnings.
 *
 * @module
 */

import type { Problem } from "../core/problem.ts";
import type { Gone, Kept, Loaded } from "../config/live.ts";
import { clientExports } from "../clients.ts";
import { countText, plural } from "./count.ts";
import { jsonLine, timeOf } from "./line.ts";
import type { Outcome } from "./outcome.ts";
import { outcomeFacts, outcomeText } from "./outcome_words.ts";
import { problemsJson, renderProblems } from "./render.ts";

/** Something worth saying. */
export type Event =
  | Started
  | Loaded
  | Kept
  | Gone
  | {
    readonly type: "refused";
    readonly problems: readonly Problem[];
    readonly more: number;
  }
  | Concluded
  | { readonly type: "missed"; readonly requests: number }
  | { readonly type: "defect"; readonly error: unknown }
  | { readonly type: "note" | "warning" | "error"; readonly message: string };

/** The server listens. */
export interface Started {
  /** Tells the events apart. */
  readonly type: "started";
  /** Version of mockllm. */
  readonly version: string;
  /** `deno 2.9.6`. */
  readonly runtime: string;
  /** Where it listens. */
  readonly url: string;
  /** Where the answers come from, as the user named it. */
  readonly source: string;
  /** Whether changes there are followed. */
  readonly followed: boolean;
  /** How many rules there are. */
  readonly rules: number;
  /** How many responses there are. */
  readonly responses: number;
  /** Whether `/_mock` tells what was asked. */
  readonly journal: boolean;
  /** Seed of everything drawn at random. */
  readonly seed: number;
  /** Whether nobody chose the seed. */
  readonly seedDrawn: boolean;
  /** How many processes serve. */
  readonly workers: number;
}

/** The server has stopped, and somebody wants to know what came of it. */
export interface Concluded {
  /** Tells the events apart. */
  readonly type: "outcome";
  /** What came of it. */
  readonly outcome: Outcome;
  /** Why that is a failure. */
  readonly failures: readonly string[];
  /** The exit code it comes to. */
  readonly exitCode: number;
}

/** How an event is worded. */
export interface EventStyle {
  /** When it happened. */
  readonly epochMs: number;
  /** Whether colours are welcome. */
  readonly color: boolean;
}

/** An event for people: whole lines. */
export function eventText(
  event: Event,
  { epochMs, color }: EventStyle,
): string {
  const stamped = (message: string) => `${timeOf(epochMs)} ${message}\n`;
  const detailed = (
    message: string,
    { problems, more }: Pick<Kept, "problems" | "more">,
  ) =>
    stamped(message) +
    (problems.length === 0
      ? ""
      : `\n${renderProblems(problems, more, { color })}\n`);
  switch (event.type) {
    case "started":
      return screen(event);
    case "loaded":
      return event.first && event.problems.length === 0
        ? ""
        : detailed(loadedText(event), event);
    case "kept":
      return detailed(
        "The file has problems. The answers from before stay in force",
        event,
      );
    case "gone":
      return stamped(goneText(event));
    case "refused":
      return renderProblems(event.problems, event.more, { color });
    case "outcome":
      return outcomeText(event.outcome) +
        event.failures.map((failure) => `mockllm: failed: ${failure}\n`).join(
          "",
        );
    case "missed":
      return stamped(
        `${event.requests} requests are not shown: the log is read too slowly`,
      );
    case "defect":
      return stamped(
        `A defect of mockllm itself, please report it: ${
          defectText(event.error)
        }`,
      );
    case "warning":
      return stamped(`Warning: ${event.message}`);
    case "note":
      return stamped(event.message);
    case "error":
      return `${event.message}\n`;
  }
}

/** An event for machines: one JSON object on one line. */
export function eventJson(event: Event, epochMs: number): string {
  return jsonLine({
    time: new Date(epochMs).toISOString(),
    event: event.type,
    ...facts(event),
  });
}

function facts(event: Event): object {
  switch (event.type) {
    case "started": {
      const { type: _type, ...rest } = event;
      return rest;
    }
    case "loaded":
      return {
        source: event.config.source,
        rules: event.config.rules.length,
        responses: event.config.exact.size,
        ...event.changed,
        ...problemsJson(event.problems, event.more),
      };
    case "kept":
    case "refused":
      return problemsJson(event.problems, event.more);
    case "gone":
      return { source: event.files.join(", ") };
    case "outcome":
      return outcomeFacts(event.outcome, event.failures, event.exitCode);
    case "missed":
      return { requests: event.requests };
    case "defect":
      return { message: defectText(event.error) };
    default:
      return { message: event.message };
  }
}

/** What a newcomer wants to know, and one line to paste. */
function screen(started: Started): string {
  const { url, source, followed, seed, seedDrawn, workers } = started;
  const origin = followed
    ? `${source}, read again when it changes`
    : `the ${source}: there is no ./responses.yml here`;
  const rows = [
    ["listens on", url],
    ["answers", `${countText(started)} from ${origin}`],
    ["seed", `${seed}${seedDrawn ? ", drawn; --seed repeats it" : ""}`],
    ...(workers > 1 ? [["workers", String(workers)]] : []),
    ...(started.journal ? [["journal", `${url}/_mock/requests`]] : []),
    ["docs", `${url}/docs`],
  ];
  return [
    `mockllm ${started.version} (${started.runtime})`,
    "",
    ...rows.map(([name = "", value = ""]) => `  ${name.padEnd(12)}${value}`),
    "",
    `  export ${clientExports(url)}`,
    "",
    "",
  ].join("\n");
}

function loadedText({ config, changed, first }: Loaded): string {
  if (first) return `${config.source} has warnings`;
  const { added, removed, altered, rulesChanged } = changed;
  const rulesAdded = rulesChanged?.added ?? 0;
  const rulesRemoved = rulesChanged?.removed ?? 0;
  const rulesAltered = rulesChanged?.altered ?? 0;
  const parts = [
    added > 0 ? `${added} added` : "",
    removed > 0 ? `${removed} removed` : "",
    altered > 0 ? `${altered} altered` : "",
    rulesAdded > 0 ? `${plural(rulesAdded, "rule")} added` : "",
    rulesRemoved > 0 ? `${plural(rulesRemoved, "rule")} removed` : "",
    rulesAltered > 0 ? `${plural(rulesAltered, "rule")} altered` : "",
  ].filter((part) => part !== "");
  return `${config.source} loaded again: ${
    parts.length === 0 ? "same responses" : parts.join(", ")
  }`;
}

function goneText({ files }: Gone): string {
  return files.length === 1
    ? `${files[0]} is missing. Its last answers stay in force until it is back`
    : `${
      files.join(", ")
    } are missing. The last answers stay in force until they are back`;
}

function defectText(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

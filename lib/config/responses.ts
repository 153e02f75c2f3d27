/**
 * Checks `responses` by hand: they are literal, there are thousands of them, and their names
 * are not ours.
 *
 * @module
 */

import { normalise } from "../match/normalise.ts";
import { pathOf, reportValue } from "./complain.ts";
import { type Findings, quote } from "./findings.ts";
import { nearName } from "./near.ts";
import {
  type Entry,
  isNull,
  type Span,
  type Table,
  textOf,
  type Value,
} from "./value.ts";

/** One scripted answer, and where its prompt is written. */
export interface Scripted extends Span {
  /** The answer, literally. */
  readonly text: string;
}

/** What to do about a file without any. */
export const WRITE_RESPONSES: string =
  'Write "responses:", and below it, indented, lines like "a question": "the answer"';
/** Checks `responses`, and gives those that are sound, in order of the file. */
export function checkResponses(
  root: Table,
  findings: Findings,
): Map<string, Scripted> {
  const responses = new Map<string, Scripted>();
  const entry = root.entries.get("responses");
  if (entry === undefined) return responses;
  if (isEmpty(entry.value)) findings.error({ ...EMPTY, at: entry.key });
  else if (entry.value.type !== "table") {
    reportValue(entry.value, ["responses"], findings);
  } else {
    for (const [prompt, each] of entry.value.entries) {
      checkResponse(prompt, each, responses, findings);
    }
  }
  warnOfTwins(responses, findings);
  warnOfPatterns(responses, findings);
  return responses;
}

function isEmpty(value: Value): boolean {
  return isNull(value) || (value.type === "table" && value.entries.size === 0);
}

/** Whether it says what to answer, or means to: a slip of the fingers is told of where it is. */
export function meansToAnswer(root: Table): boolean {
  return [...root.entries.keys()].some((name) =>
    nearName(name, ["rules", "responses"])
  );
}

const EMPTY = {
  code: "empty-responses",
  message: '"responses" holds no responses',
  path: "responses",
  remedy: 'Write below it, indented, lines like "a question": "the answer"',
};

function checkResponse(
  prompt: string,
  { key, value }: Entry,
  responses: Map<string, Scripted>,
  findings: Findings,
): void {
  const text = textOf(value);
  if (text !== undefined) {
    responses.set(prompt, { text, start: key.start, end: key.end });
  } else if (value.type === "scalar") {
    const word = value.text === ""
      ? "missing"
      : `${quote(value.text)}, which means nothing in YAML`;
    findings.error({
      code: "no-answer",
      message: `The answer to ${quote(prompt)} is ${word}`,
      at: value.text === "" ? key : value,
      path: pathOf(["responses", prompt]),
      remedy: value.text === ""
        ? 'Write it behind the colon; write "" for an empty one'
        : "Put it in quotes if it is text",
    });
  } else {
    findings.error({
      code: "not-text",
      message: `The answer to ${quote(prompt)} is a ${
        value.type === "list" ? "list" : "section"
      }, not text`,
      at: key,
      path: pathOf(["responses", prompt]),
      remedy:
        'Write it as one text, in quotes. Patterns and several answers belong in "rules"',
    });
  }
}

/** Warns of prompts that differ only in what matching ignores: the later ones answer their exact text alone. */
function warnOfTwins(
  responses: ReadonlyMap<string, Scripted>,
  findings: Findings,
): void {
  const seen = new Map<string, Scripted>();
  for (const [prompt, response] of responses) {
    const folded = normalise(prompt);
    const first = seen.get(folded);
    if (first === undefined) seen.set(folded, response);
    else {
      findings.warn({
        code: "same-prompt",
        message: `The prompt ${quote(prompt)} differs from the one in line ${
          findings.lineOf(first.start)
        } in case or white space only`,
        at: response,
        path: pathOf(["responses", prompt]),
        remedy:
          "Remove one of the two, unless the exact spelling is meant to decide",
      });
    }
  }
}

/** Warns, once, of prompts that look like patterns: here they are literal. */
function warnOfPatterns(
  responses: ReadonlyMap<string, Scripted>,
  findings: Findings,
): void {
  const [first, ...others] = [...responses].filter(([prompt]) =>
    prompt.length <= PATTERN_CHARS_MAX &&
    (LIKE_GLOB.test(prompt) || LIKE_REGEX.test(prompt))
  );
  if (first === undefined) return;
  const [prompt, at] = first;
  const more = others.length === 0
    ? ""
    : others.length === 1
    ? ", and so does another"
    : `, and so do ${others.length} others`;
  findings.warn({
    code: "literal-pattern",
    message: `The prompt ${quote(prompt)} looks like a pattern${more}`,
    at,
    path: pathOf(["responses", prompt]),
    remedy:
      `Here it is taken literally. A pattern belongs in a rule: - { when: { prompt: ${
        JSON.stringify(prompt.slice(0, 60))
      } }, reply: … }`,
  });
}

/** Whoever means a pattern writes a short one. */
const PATTERN_CHARS_MAX = 200;
const LIKE_GLOB = /^\*\S|\S\*$/;
const LIKE_REGEX = /^\/.*[\\^$.*+?()[\]{}|].*\/[imsuv]*$|^\/.+\/[imsuv]+$/;

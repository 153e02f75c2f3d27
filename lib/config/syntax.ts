/**
 * The YAML library's complaints in our own words: what happened, and how to mend it.
 *
 * A complaint without words of ours is passed on as the library words it.
 *
 * @module
 */

import {
  type Document,
  type ErrorCode,
  isCollection,
  isScalar,
  visit,
  type YAMLError,
} from "yaml";
import { PROBLEMS_MAX } from "../core/limits.ts";
import type { Finding, Findings } from "./findings.ts";
import type { Span } from "./value.ts";

/** What keeps the documents from being read. One a line: the first names the cause, others follow from it. */
export function* complaints(
  documents: readonly Document.Parsed[],
  findings: Findings,
): Generator<Finding> {
  const seen = new Set<number>();
  for (const document of documents) {
    const opened = new Opened(document);
    for (
      const error of document.errors.toSorted((a, b) => a.pos[0] - b.pos[0])
    ) {
      const at = seen.size < PROBLEMS_MAX
        ? locate(error, opened, findings.text)
        : spanOf(error);
      const finding = reword(error, at, findings.text);
      const line = findings.lineOf(finding?.at?.start ?? 0);
      if (finding === undefined || seen.has(line)) continue;
      seen.add(line);
      yield finding;
    }
  }
}

interface Wording {
  /** Part of the library's message; left out: any of this code. */
  readonly hint?: string;
  readonly message: string;
  readonly remedy: string;
}

const QUOTE = "Put the text in quotes";

const NO_BLANK: Wording = {
  message: "A blank is missing after the colon",
  remedy: 'Write "key": "value"',
};

/** By the library's code; the first whose hint fits is taken. */
const WORDINGS: Readonly<Partial<Record<ErrorCode, readonly Wording[]>>> = {
  BAD_ALIAS: [
    {
      message: "An alias or anchor has no name",
      remedy: `${QUOTE} if the character belongs to it`,
    },
  ],
  BAD_DQ_ESCAPE: [{
    message: "There is no such escape",
    remedy:
      "Write \\\\ for a backslash, or use single quotes, in which nothing is escaped",
  }],
  BAD_INDENT: [
    {
      hint: "must be",
      message: "A bracket is not closed",
      remedy: "Add the missing } or ], or put text in quotes",
    },
    {
      message: "The indentation fits nothing above",
      remedy: "Begin all keys of one section in the same column",
    },
  ],
  BAD_SCALAR_START: [
    {
      message: "Text without quotes cannot begin with this character",
      remedy: QUOTE,
    },
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    {
      hint: "sequence",
      message: "A list item stands among keys",
      remedy: "Remove the dash, or give the list a key",
    },
    {
      message: "A key stands inside a value",
      remedy:
        'Put text that holds ": " in quotes, or begin a new entry in the column of the one before',
    },
  ],
  BLOCK_IN_FLOW: [
    {
      message: "Entries in brackets are not told apart",
      remedy: "Look for a missing comma",
    },
  ],
  MISSING_CHAR: [
    {
      hint: "quote",
      message: "A quote is not closed",
      remedy: "Add the closing quote",
    },
    {
      message: "A key has no colon",
      remedy: 'Write "key: value", with a blank after the colon',
    },
  ],
  MULTILINE_IMPLICIT_KEY: [{
    message: "A key runs over several lines",
    remedy:
      "Close its quotes, and end it with a colon, on the line it begins in",
  }],
  TAB_AS_INDENT: [
    { message: "A tab cannot indent", remedy: "Use spaces" },
  ],
  UNEXPECTED_TOKEN: [
    {
      hint: "-end token",
      message: "A closing bracket has no opening one",
      remedy: `${QUOTE} if it belongs to it`,
    },
    {
      hint: "header",
      message: 'Nothing may follow "|" or ">"',
      remedy: "Begin the text on the next line, indented",
    },
    {
      hint: "seq-ind",
      message: "A list cannot begin beside its key",
      remedy: "Begin it on the next line, indented",
    },
    {
      hint: "Unexpected ,",
      message: "A comma separates nothing",
      remedy: `Remove it, or ${QUOTE.toLowerCase()}`,
    },
    {
      hint: "scalar",
      message: "Text goes on after its end",
      remedy:
        "Put one pair of quotes round all of it. A quote inside is written '' or \\\"",
    },
  ],
};

/** Judged by us, and in a kinder way. */
const IGNORED: ReadonlySet<ErrorCode> = new Set([
  "DUPLICATE_KEY",
  "KEY_OVER_1024_CHARS",
  "TAG_RESOLVE_FAILED",
]);

function reword(error: YAMLError, at: Span, text: string): Finding | undefined {
  if (IGNORED.has(error.code)) return undefined;
  const code = error.code === "TAB_AS_INDENT" ? "tab" : "syntax";
  const wording = error.code === "UNEXPECTED_TOKEN" &&
      /^:\S/.test(text.slice(at.start, at.start + 2))
    ? NO_BLANK
    : WORDINGS[error.code]?.find(({ hint }) =>
      hint === undefined || error.message.includes(hint)
    );
  if (wording !== undefined) {
    return { code, message: wording.message, at, remedy: wording.remedy };
  }
  return {
    code,
    message: `Not YAML: ${error.message.split("\n")[0]}`,
    at,
    remedy: "Look at this line and the one before",
  };
}

function spanOf({ pos: [start, end] }: YAMLError): Span {
  return { start, end };
}

/** Where the cause stands: of what is never closed, its beginning. */
function locate(error: YAMLError, opened: Opened, text: string): Span {
  const [start, end] = error.pos;
  if (/Missing closing|must be/.test(error.message)) {
    const beginning = opened.before(start);
    return { start: beginning, end: beginning + 1 };
  }
  if (error.code !== "BAD_INDENT") return { start, end };
  const words = /\S.*/y;
  words.lastIndex = start +
    (/^\s*/.exec(text.slice(start, start + 200))?.[0].length ?? 0);
  return {
    start: words.lastIndex,
    end: words.lastIndex + (words.exec(text)?.[0].length ?? 1),
  };
}

/** The quotes and brackets of a document. */
class Opened {
  readonly #document: Document.Parsed;
  #spans: Span[] | undefined;

  constructor(document: Document.Parsed) {
    this.#document = document;
  }

  /** Where the innermost one that reaches up to `offset` begins. */
  before(offset: number): number {
    this.#spans ??= quotesAndBrackets(this.#document);
    return this.#spans.findLast(({ start, end }) =>
      start < offset && end >= offset - 1
    )?.start ?? offset;
  }
}

function quotesAndBrackets(document: Document.Parsed): Span[] {
  const spans: Span[] = [];
  visit(document, {
    Node(_key, node) {
      const [start, end] = node.range ?? [0, 0];
      const quoted = isScalar(node) && node.type?.startsWith("QUOTE") === true;
      if (quoted || (isCollection(node) && node.flow === true)) {
        spans.push({ start, end });
      }
    },
  });
  return spans;
}

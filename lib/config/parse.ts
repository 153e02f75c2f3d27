/**
 * YAML text → the YAML library's nodes, or what keeps it from being read.
 *
 * Bounded while it reads: depth and aliases are counted as they pass, so a bomb is refused
 * before anything is built of it. Scalars are not interpreted (`failsafe`), keys not compared
 * (the library's own check is quadratic).
 *
 * @module
 */

import { Composer, type Document, Lexer, Parser } from "yaml";
import {
  CONFIG_ALIASES_MAX,
  CONFIG_BYTES_MAX,
  CONFIG_DEPTH_MAX,
} from "../core/limits.ts";
import type { Finding, Findings } from "./findings.ts";
import { complaints } from "./syntax.ts";
import type { Span } from "./value.ts";

/** The one document of the file; undefined, with the reasons noted, when it cannot be read. */
export function parseYaml(
  findings: Findings,
  text: string,
): Document.Parsed | undefined {
  if (text.length > CONFIG_BYTES_MAX) findings.error(tooLarge());
  else {
    const documents = compose(findings, text);
    for (const finding of complaints(documents, findings)) {
      findings.error(finding);
    }
    for (const second of documents.slice(1).filter(isWritten)) {
      findings.error(severalDocuments(second, findings.text));
    }
    if (findings.errors === 0) return documents[0];
  }
  return undefined;
}

/** What is said of a file beyond the largest size. */
export function tooLarge(): Finding {
  return {
    code: "too-large",
    message: `The file is larger than ${CONFIG_BYTES_MAX / 1024 / 1024} MiB`,
    remedy: "Shorten the answers, or spread them over several files",
  };
}

/** What is said of a file whose aliases stand for too much. */
export function tooManyAliases(at: Span): Finding {
  return {
    code: "too-many-aliases",
    message: `More than ${CONFIG_ALIASES_MAX} aliases are expanded`,
    at,
    remedy: "Write the repeated values out",
  };
}

function compose(findings: Findings, text: string): Document.Parsed[] {
  const parser = new Parser();
  const composer = new Composer({ schema: "failsafe", uniqueKeys: false });
  const documents: Document.Parsed[] = [];
  const guard = new Guard(parser);
  for (const lexeme of new Lexer().lex(text)) {
    const bomb = guard.judge(lexeme);
    if (bomb !== undefined) {
      findings.error(bomb);
      return [];
    }
    for (const token of parser.next(lexeme)) {
      documents.push(...composer.next(token));
    }
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(true, text.length));
  return documents;
}

const COLLECTION = /^(block-map|block-seq|flow-collection)$/;

/** Counts what a small file can make large. */
class Guard {
  readonly #parser: Parser;
  #aliases = 0;
  #scalarNext = false;

  constructor(parser: Parser) {
    this.#parser = parser;
  }

  /** What is wrong with going on to `lexeme`, if anything. */
  judge(lexeme: string): Finding | undefined {
    // The lexer announces a scalar by this mark; without it, an asterisk begins an alias.
    if (!this.#scalarNext && lexeme.startsWith("*")) this.#aliases++;
    this.#scalarNext = lexeme === "\u001f";
    const at = {
      start: this.#parser.offset,
      end: this.#parser.offset + lexeme.length,
    };
    if (this.#aliases > CONFIG_ALIASES_MAX) return tooManyAliases(at);
    return this.#isTooDeep() ? tooDeep(at) : undefined;
  }

  /** Besides the nested collections, the document and perhaps the scalar at hand are on the stack. */
  #isTooDeep(): boolean {
    const { stack } = this.#parser;
    const beyond = stack.length - CONFIG_DEPTH_MAX;
    return beyond > 2 ||
      (beyond === 2 && COLLECTION.test(stack.at(-1)?.type ?? ""));
  }
}

function tooDeep(at: Span): Finding {
  return {
    code: "too-deep",
    message: `The nesting is deeper than ${CONFIG_DEPTH_MAX} levels`,
    at,
    remedy:
      "Look for a bracket that is never closed, or an indentation that only grows",
  };
}

/** Whether anything is written in it: a `---` at the end of the file begins nothing. */
function isWritten({ contents }: Document.Parsed): boolean {
  return contents !== null && contents.range[1] > contents.range[0];
}

function severalDocuments(
  { contents, range }: Document.Parsed,
  text: string,
): Finding {
  const start = contents?.range[0] ?? range[0];
  const mark = text.lastIndexOf("---", start);
  return {
    code: "several-documents",
    message: "The file holds more than one document",
    at: mark > 0 ? { start: mark, end: mark + 3 } : { start, end: start + 1 },
    remedy: 'Remove the "---", or keep the second part in a file of its own',
  };
}

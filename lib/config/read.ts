/**
 * Text → values with places, or problems.
 *
 * Knows YAML, and no key of ours. Aliases and `<<` are resolved here, so nobody else meets them.
 *
 * @module
 */

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  type YAMLMap,
} from "yaml";
import {
  CONFIG_ALIASES_MAX,
  CONFIG_BYTES_MAX,
  CONFIG_MERGED_MAX,
} from "../core/limits.ts";
import { Findings, quote } from "./findings.ts";
import { parseYaml, tooManyAliases } from "./parse.ts";
import { readQuickly } from "./quick.ts";
import type { Entry, Span, Table, Value } from "./value.ts";

/** What a file holds. */
export interface Reading {
  /** The whole of it. */
  readonly root: Value;
  /** The values that an alias elsewhere refers to: whoever wrote them needs them. */
  readonly shared: ReadonlySet<Value>;
}

/** Reads the text of `findings`; undefined, with the reasons noted, when it is not YAML. */
export function readValues(findings: Findings): Reading | undefined {
  return readSimply(findings) ?? readWholly(findings, findings.text);
}

/** Reads what is simple the short way. Anything wrong is left to the long way, which words it. */
function readSimply({ file, text }: Findings): Reading | undefined {
  if (text.length > CONFIG_BYTES_MAX) return undefined;
  const { entries, end } = readQuickly(text);
  if (entries.size === 0) return undefined;
  const quick: Table = { type: "table", start: 0, end, entries };
  if (end >= text.length) return { root: quick, shared: new Set() };
  const left = text.slice(end);
  if (/^(?:---|\.\.\.)/m.test(left)) return undefined; // several documents
  const unused = new Findings(file, text);
  const rest = readWholly(unused, `#${".".repeat(end - 2)}\n${left}`);
  if (rest === undefined || unused.errors > 0) return undefined;
  const root = together(quick, rest.root);
  return root && { ...rest, root };
}

/** Both as one; undefined if that is not for sure what they are in one file. */
function together(quick: Table, rest: Value): Table | undefined {
  if (rest.type !== "table") return undefined;
  for (const name of rest.entries.keys()) {
    if (quick.entries.has(name)) return undefined;
  }
  const entries = new Map([...quick.entries, ...rest.entries]);
  return { ...quick, end: rest.end, entries };
}

/** Reads `text`, which is that of `findings` or as long as that, with the library alone. */
export function readWholly(
  findings: Findings,
  text: string,
): Reading | undefined {
  const document = parseYaml(findings, text);
  if (document === undefined) return undefined;
  const reader = new Reader(findings);
  const root = reader.read(document);
  return { root, shared: reader.shared };
}

type Node = ParsedNode | null | undefined;

/** An anchor's value, and how many aliases were expanded to make it. */
interface Anchored {
  readonly value: Value;
  readonly weight: number;
}

const TAGS_KNOWN = /^(!|tag:yaml\.org,2002:(str|int|float|bool|null|map|seq))$/;
const NOTHING: Span = { start: 0, end: 0 };

class Reader {
  readonly shared = new Set<Value>();
  readonly #findings: Findings;
  /** Undefined while the anchor's own value is being read. */
  readonly #anchors = new Map<string, Anchored | undefined>();
  #aliases = 0;
  #merged = 0;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  read(document: Document.Parsed): Value {
    return this.#value(document.contents, NOTHING);
  }

  /** The value of `node`; `near` is where an absent one would stand. */
  #value(node: Node, near: Span): Value {
    if (node === null || node === undefined) return nothing(near);
    if (isAlias(node)) return this.#alias(node.source, spanOf(node));
    this.#checkTag(node);
    const aliasesBefore = this.#aliases;
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, undefined);
    const value = this.#unaliased(node);
    if (node.anchor !== undefined) {
      this.#anchors.set(node.anchor, {
        value,
        weight: this.#aliases - aliasesBefore,
      });
    }
    return value;
  }

  #unaliased(node: ParsedNode): Value {
    const span = spanOf(node);
    if (isSeq(node)) {
      return {
        type: "list",
        ...span,
        items: node.items.map((item) => this.#value(item as Node, span)),
      };
    }
    if (isMap(node)) {
      return { type: "table", ...span, entries: this.#entries(node) };
    }
    const plain = isScalar(node) && node.type === "PLAIN" &&
      node.tag !== "tag:yaml.org,2002:str";
    return { type: "scalar", ...span, text: textIn(node), plain };
  }

  /** Entries in order; what `<<` brings in never replaces what is written out. */
  #entries(map: YAMLMap): Map<string, Entry> {
    const entries = new Map<string, Entry>();
    const merged: Value[] = [];
    for (const pair of map.items) {
      const keyNode = pair.key as Node;
      const at = spanOf(keyNode);
      const key = isMergeKey(keyNode) ? undefined : this.#value(keyNode, at);
      const value = this.#value(pair.value as Node, at);
      if (key === undefined) merged.push(value);
      else this.#enter(entries, key, { key: at, value });
    }
    for (const value of merged) this.#merge(entries, value);
    return entries;
  }

  #enter(entries: Map<string, Entry>, key: Value, entry: Entry): void {
    if (key.type !== "scalar" || (key.plain && key.text === "")) {
      return this.#badKey(entry);
    }
    const earlier = entries.get(key.text);
    if (earlier === undefined) entries.set(key.text, entry);
    else this.#duplicate(key.text, entry.key, earlier);
  }

  /** `<<: *one`, or `<<: [*one, *two]`, in which the earlier wins. */
  #merge(entries: Map<string, Entry>, value: Value): void {
    const tables = value.type === "list" ? value.items : [value];
    for (const table of tables) {
      if (table.type !== "table") this.#badMerge(table);
      else if (this.#mayMerge(table)) {
        for (const [name, entry] of table.entries) {
          if (!entries.has(name)) entries.set(name, entry);
        }
      }
    }
  }

  /** Whether that is not too much by now; if it is, says so once. */
  #mayMerge(table: Table): boolean {
    const mergedBefore = this.#merged;
    this.#merged += table.entries.size;
    if (this.#merged <= CONFIG_MERGED_MAX) return true;
    if (mergedBefore <= CONFIG_MERGED_MAX) {
      this.#findings.error(tooManyAliases(table));
    }
    return false;
  }

  #badMerge(at: Span): void {
    this.#findings.error({
      code: "bad-merge",
      message: '"<<" merges nothing but sections with keys',
      at,
      remedy:
        "Give it an alias of such a section, or a list of them. Put << in quotes if it is text",
    });
  }

  #alias(name: string, at: Span): Value {
    const anchored = this.#anchors.get(name);
    if (anchored === undefined) {
      const inside = this.#anchors.has(name);
      this.#findings.error({
        code: "unknown-alias",
        message: inside
          ? `The alias "*${name}" stands inside its own value`
          : `No anchor "&${name}" stands before its alias`,
        at,
        remedy: "Put the text in quotes if the asterisk belongs to it",
      });
      return { type: "scalar", ...at, text: `*${name}`, plain: false };
    }
    const aliasesBefore = this.#aliases;
    this.#aliases += 1 + anchored.weight;
    this.shared.add(anchored.value);
    if (this.#aliases <= CONFIG_ALIASES_MAX) return anchored.value;
    // Said once, at the alias that goes too far; from there on nothing is expanded.
    if (aliasesBefore <= CONFIG_ALIASES_MAX) {
      this.#findings.error(tooManyAliases(at));
    }
    return { type: "scalar", ...at, text: `*${name}`, plain: false };
  }

  #checkTag(node: ParsedNode): void {
    if (node.tag === undefined || TAGS_KNOWN.test(node.tag)) return;
    const { start: end } = spanOf(node);
    const [written = ""] =
      /!\S*\s*$/.exec(this.#findings.text.slice(Math.max(0, end - 200), end)) ??
        [];
    const start = end - written.length;
    this.#findings.error({
      code: "tag",
      message: `Cannot make a value of the tag ${quote(written.trim())}`,
      at: { start, end: start + written.trimEnd().length },
      remedy:
        "Remove it, or put the text in quotes if the exclamation mark belongs to it",
    });
  }

  #badKey({ key, value }: Entry): void {
    this.#findings.error({
      code: "bad-key",
      message: "A key must be text",
      at: key.end > 0 ? key : value,
      remedy: "Write it in quotes",
    });
  }

  #duplicate(name: string, at: Span, earlier: Entry): void {
    const line = this.#findings.lineOf(earlier.key.start);
    this.#findings.error({
      code: "duplicate-key",
      message: `The key ${
        quote(name)
      } is given twice: here, and in line ${line}`,
      at,
      remedy: "Remove one of the two",
    });
  }
}

/** A scalar's text. Half a surrogate pair, which only an escape can write, becomes U+FFFD. */
function textIn(node: ParsedNode): string {
  return isScalar(node) && typeof node.value === "string"
    ? node.value.toWellFormed()
    : "";
}

function isMergeKey(node: Node): boolean {
  return isScalar(node) && node.type === "PLAIN" && node.value === "<<";
}

function nothing(at: Span): Value {
  return {
    type: "scalar",
    start: at.start,
    end: at.end,
    text: "",
    plain: true,
  };
}

function spanOf(node: Node): Span {
  if (node === null || node === undefined) return NOTHING;
  const [start, end] = node.range;
  return { start, end };
}

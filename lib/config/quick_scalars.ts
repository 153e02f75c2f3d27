/**
 * Scalars that mean the same to any reader of YAML: quoted in one line, or plain without any
 * character that could mean something else.
 *
 * @module
 */

import type { Scalar } from "./value.ts";

const DOUBLE = String.raw`"(?:[^"\\\n\r]|\\["\\/nt])*"`;
const SINGLE = String.raw`'(?:[^'\n\r]|'')*'`;

/** A text in quotes, as part of an expression. */
export const QUOTED: string = `${DOUBLE}|${SINGLE}`;

/** A plain text on a line of its own: nothing in it can mean anything to YAML. */
export const PLAIN: string = String
  .raw`[A-Za-z0-9$/](?:[\w .,;!?()/+=$-]*[\w.,;!?()/+=$-])?`;

/** A plain text in brackets, where commas separate. */
export const PLAIN_IN_FLOW: string = String
  .raw`[A-Za-z0-9$/](?:[\w .;!?()/+=$-]*[\w.;!?()/+=$-])?`;

/** The scalar that is written as `source` at `start`. */
export function scalar(source: string, start: number): Scalar {
  const span = { type: "scalar", start, end: start + source.length } as const;
  const inner = source.slice(1, -1);
  if (source.startsWith("'")) {
    return { ...span, text: inner.replaceAll("''", "'"), plain: false };
  }
  if (!source.startsWith('"')) return { ...span, text: source, plain: true };
  const text = inner.replace(
    /\\(.)/g,
    (_all, escaped: string) => ESCAPES[escaped] ?? escaped,
  );
  return { ...span, text: text.toWellFormed(), plain: false };
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t" };

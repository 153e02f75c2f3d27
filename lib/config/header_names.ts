/**
 * Names and values of headers, as HTTP has them.
 *
 * @module
 */

import { type Path, pathOf, reportNothing, reportValue } from "./complain.ts";
import { type Findings, quote } from "./findings.ts";
import { type Entry, isNull, textOf } from "./value.ts";

/** Whether a header can have that name; if not, says so. */
export function checkHeaderName(
  name: string,
  { key }: Entry,
  path: Path,
  findings: Findings,
): boolean {
  if (/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return true;
  findings.error({
    code: "bad-header-name",
    message: `No header can be called ${quote(name)}`,
    at: key,
    path: pathOf(path),
    remedy: "A name holds letters, digits and dashes: x-team",
  });
  return false;
}

/** Headers that say how a body travels. */
const OURS: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Whether an answer may be given that header; if not, says so. */
export function checkNotOurs(
  name: string,
  { key }: Entry,
  path: Path,
  findings: Findings,
): boolean {
  if (!OURS.has(name.toLowerCase())) return true;
  findings.error({
    code: "bad-header-name",
    message: `The header ${quote(name)} is not an answer's to choose`,
    at: key,
    path: pathOf(path),
    remedy:
      "Remove it: it says how the body travels, and the server sees to that",
  });
  return false;
}

/** The text that a header is given; undefined, with the reason noted, if it cannot have it. */
export function headerValueAt(
  { key, value }: Entry,
  path: Path,
  findings: Findings,
): string | undefined {
  const text = textOf(value);
  if (text === undefined) {
    if (isNull(value)) reportNothing({ key, value }, path, findings);
    else reportValue(value, path, findings);
    return undefined;
  }
  if (/^[\x20-\x7e]*$/.test(text)) return text.trim();
  findings.error({
    code: "bad-header-value",
    message: `A header cannot hold ${quote(text)}`,
    at: value,
    path: pathOf(path),
    remedy: "Write printable ASCII characters only; percent-encode the others",
  });
  return undefined;
}

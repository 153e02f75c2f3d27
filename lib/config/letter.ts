/**
 * What a look found, on its way to the process that reads: a line of JSON, then bytes. The
 * process that serves does not even decode them.
 *
 * @module
 */

import type { SourceFile } from "./compile.ts";
import type { Seen, Sight } from "./file.ts";
import type { Finding } from "./findings.ts";

/** The first line; the files' bytes follow. */
interface Head {
  readonly source: string;
  readonly files: readonly (
    | { readonly file: string; readonly length: number }
    | { readonly file: string; readonly finding: Finding }
  )[];
}

/** What a look found, as the bytes that the process that reads is given. */
export function letterOf(sight: Sight, source: string): Uint8Array[] {
  const files = sight.map((seen) =>
    "bytes" in seen ? { file: seen.file, length: seen.bytes.length } : seen
  );
  const head = JSON.stringify({ source, files } satisfies Head);
  const bytes = sight.flatMap((seen) => "bytes" in seen ? [seen.bytes] : []);
  return [new TextEncoder().encode(`${head}\n`), ...bytes];
}

/** What {@linkcode letterOf} put in. */
export function openLetter(
  input: Uint8Array,
): { sight: Sight; source: string } {
  const end = input.indexOf(10);
  const head = new TextDecoder().decode(input.subarray(0, end));
  const { source, files } = JSON.parse(head) as Head;
  let at = end + 1;
  const sight = files.map((each): Seen => {
    if ("finding" in each) return each;
    const bytes = input.subarray(at, at += each.length);
    return { file: each.file, bytes };
  });
  return { sight, source };
}

/** The files as text, or what keeps each from being read. */
export function textsOf(sight: Sight): SourceFile[] {
  return sight.map(textOf);
}

function textOf(seen: Seen): SourceFile {
  if ("finding" in seen) return seen;
  const { file, bytes } = seen;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { file, text };
  } catch {
    return { file, finding: NOT_UTF8 };
  }
}

const NOT_UTF8: Finding = {
  code: "not-utf8",
  message: "The file is not UTF-8 text",
  remedy: "Save it as UTF-8",
};

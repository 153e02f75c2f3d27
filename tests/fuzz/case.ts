/**
 * What a fuzzer tries, as data: a request, bytes for a socket, or a configuration text. Cases
 * that once failed are files in `cases/`, which `deno task test` tries again.
 *
 * @module
 */

/** One thing to try. */
export type Case = BodyCase | RawCase | ConfigCase;

/** A POST with these headers and bytes. */
export interface BodyCase {
  readonly kind: "body";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** Bytes for a socket, as they are. */
export interface RawCase {
  readonly kind: "raw";
  readonly bytes: Uint8Array;
}

/** A configuration file. */
export interface ConfigCase {
  readonly kind: "config";
  readonly bytes: Uint8Array;
}

/** What went wrong: a word that tells kinds of failure apart, and the sentence about this one. */
export interface Complaint {
  readonly kind: string;
  readonly message: string;
}

/** A case, and what is wrong with what came of it. */
export interface Found {
  readonly case: Case;
  readonly complaint: Complaint;
}

const FOLDER = new URL("cases/", import.meta.url);
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text as bytes. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** All kept cases by name. */
export function keptCases(): [name: string, kept: Case][] {
  return [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
    .filter((name) => name.endsWith(".json")).sort()
    .map((
      name,
    ) => [name, parseCase(Deno.readTextFileSync(new URL(name, FOLDER)))]);
}

/** A case as a file: readable where its bytes are text. */
export function caseText(one: Case, about?: string): string {
  const { bytes, ...rest } = one;
  return JSON.stringify(
    { ...about && { about }, ...rest, ...written(bytes) },
    null,
    2,
  );
}

/** Undoes {@linkcode caseText}. */
export function parseCase(text: string): Case {
  const { kind, path, headers, text: plain, base64 } = JSON.parse(text);
  const bytes = typeof plain === "string"
    ? utf8(plain)
    : Uint8Array.fromBase64(base64);
  return kind === "body" ? { kind, path, headers, bytes } : { kind, bytes };
}

function written(bytes: Uint8Array): { text: string } | { base64: string } {
  try {
    return { text: strictUtf8.decode(bytes) };
  } catch {
    return { base64: bytes.toBase64() };
  }
}

/**
 * What request headers say: bytes that runtimes hand over as Latin-1.
 *
 * @module
 */

/** All of `headers` as one flat text: a tenth of what they take as objects. */
export function packHeaders(headers: Headers): string {
  const all: string[] = [];
  headers.forEach((value, name) => all.push(name, value));
  return all.join("\n"); // which no header may hold
}

/** What {@linkcode packHeaders} packed. */
export function unpackHeaders(packed: string): Headers {
  const headers = new Headers();
  if (packed === "") return headers;
  const all = packed.split("\n");
  for (let i = 0; i < all.length; i += 2) {
    headers.append(all[i] ?? "", all[i + 1] ?? "");
  }
  return headers;
}

const UNSAFE = /[^\x20-\x7e]/;

/** Headers by which providers take keys, bearer tokens too. */
export type KeyHeader = "authorization" | typeof KEY_HEADERS[number];

const KEY_HEADERS = ["x-api-key", "api-key", "x-goog-api-key"] as const;

/** The API key of a request, whichever header brings it; where several do, that of the `first` one. */
export function keyOf(
  headers: Headers,
  first: KeyHeader = "authorization",
): string | undefined {
  const key = keyIn(headers, first) ?? keyIn(headers, "authorization");
  if (key !== undefined) return key;
  for (const name of KEY_HEADERS) {
    const other = keyIn(headers, name);
    if (other !== undefined) return other;
  }
  return undefined;
}

/** All API keys of a request. */
export function keysOf(headers: Headers): readonly string[] {
  return (["authorization", ...KEY_HEADERS] as const).flatMap((name) =>
    keyIn(headers, name) ?? []
  );
}

function keyIn(headers: Headers, name: KeyHeader): string | undefined {
  const value = headers.get(name) ?? "";
  if (name !== "authorization") return value === "" ? undefined : value;
  const [, token] = BEARER.exec(value) ?? [];
  return token?.trim();
}

const BEARER = /^bearer\s+(.+)$/i;

/** Headers whose values are shown to nobody. */
export const SECRET_HEADERS: ReadonlySet<string> = new Set([
  ...KEY_HEADERS,
  "authorization",
  "cookie",
  "proxy-authorization",
  "x-amz-security-token",
  "x-mock-admin-token",
]);

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/** Undoes Latin-1: runtimes hand each byte of a header as one character, clients mean UTF-8. */
export function headerText(value: string): string {
  if (!UNSAFE.test(value)) return value;
  const bytes = Uint8Array.from(value, (char) => char.charCodeAt(0) & 0xff);
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return value;
  }
}

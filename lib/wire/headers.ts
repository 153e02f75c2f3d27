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
/** Headers by which providers take keys, in the order in which they are looked at; a bearer token comes before. */
export const KEY_HEADERS = ["x-api-key", "api-key", "x-goog-api-key"] as const;

/** Whatever header carries the key of a request, as sent; empty where none does. Tells keys apart, and judges none. */
export function keyHeader(headers: Headers): string {
  const bearer = headers.get("authorization");
  if (bearer !== null) return bearer;
  for (const name of KEY_HEADERS) {
    const value = headers.get(name);
    if (value !== null) return value;
  }
  return "";
}

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

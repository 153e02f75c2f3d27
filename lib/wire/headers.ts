/**
 * What request headers say: bytes that runtimes hand over as Latin-1.
 *
 * @module
 */

const UNSAFE = /[^\x20-\x7e]/;
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

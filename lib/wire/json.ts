/**
 * Reading parsed JSON from strangers: own properties only, so that no prototype, inherited or
 * smuggled in as a key, is ever taken for data. And writing their text as JSON.
 *
 * @module
 */

/** A JSON object as `JSON.parse` makes it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether `value` is a JSON object: neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The own property `key`; undefined when there is none. */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** What a JSON value is, with its article: `a string`, `an object`, `null`. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  switch (typeof value) {
    case "object":
      return "an object";
    case "number":
      return Number.isInteger(value) ? "an integer" : "a decimal";
    default:
      return `a ${typeof value}`;
  }
}

// Writing ─────────────────────────────────────────────────────────────────────

/** `JSON.stringify` for text that came from outside: half a surrogate becomes U+FFFD. */
export function jsonText(text: string): string {
  return JSON.stringify(text.isWellFormed() ? text : text.toWellFormed());
}

/**
 * The same for pieces of `whole` that were cut between code points: whether anything can be
 * wrong with them is asked once, not for each piece.
 */
export function jsonPiecesOf(whole: string): (piece: string) => string {
  return whole.isWellFormed() ? stringify : jsonText;
}

function stringify(text: string): string {
  return JSON.stringify(text);
}

/**
 * What needs no other schema to be judged: numbers, counts, types; and the words in which it is
 * told what is wrong.
 *
 * @module
 */

import { VALUE_SHOWN_CHARS_MAX } from "../core/limits.ts";
import { type JsonObject, own } from "../wire/json.ts";
import { boundsOf, numberAt, typeOfValue } from "./schema.ts";

/** Takes what is found: where, and what is wrong. */
export type Tell = (path: string, reason: string) => void;

/** Tells what is wrong with a number. */
export function checkNumber(
  value: number,
  schema: JsonObject,
  path: string,
  tell: Tell,
): void {
  for (const { at, open } of boundsOf(schema, "minimum")) {
    if (open ? value > at : value >= at) continue;
    tell(
      path,
      `must be ${open ? `more than ${at}` : `${at} or more`}, not ${value}`,
    );
  }
  for (const { at, open } of boundsOf(schema, "maximum")) {
    if (open ? value < at : value <= at) continue;
    tell(
      path,
      `must be ${open ? `less than ${at}` : `${at} or less`}, not ${value}`,
    );
  }
  const step = numberAt(schema, "multipleOf");
  if (step !== undefined && !isMultiple(value, step)) {
    tell(path, `must be a multiple of ${step}, not ${value}`);
  }
}

/** Whether `value` is a multiple of `step`, but for what binary fractions lose. */
function isMultiple(value: number, step: number): boolean {
  const quotient = value / step;
  if (step <= 0 || !Number.isFinite(quotient)) return true;
  const off = Math.abs(quotient - Math.round(quotient));
  return off <= Math.max(Math.abs(quotient), 1) * 1e-9;
}

/** Tells where there are too few or too many. */
export function checkCount(
  count: number,
  least: number | undefined,
  most: number | undefined,
  what: string,
  path: string,
  tell: Tell,
): void {
  if (least !== undefined && count < least) {
    tell(path, `must have ${least} ${what} or more, not ${count}`);
  }
  if (most !== undefined && count > most) {
    tell(path, `must have ${most} ${what} or fewer, not ${count}`);
  }
}

/** Whether `value` is of `type`; true for types that there are not. */
export function isOfType(value: unknown, type: string): boolean {
  const own = typeOfValue(value);
  if (own === type || own === "integer" && type === "number") return true;
  return !TYPES.has(type);
}

/** Whether `value` holds others. */
export function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

const TYPES = new Map([
  ["null", "null"],
  ["boolean", "a boolean"],
  ["object", "an object"],
  ["array", "an array"],
  ["number", "a number"],
  ["integer", "an integer"],
  ["string", "a string"],
]);

/** What a type is called in a sentence. */
export function called(type: string): string {
  return TYPES.get(type) ?? shown(type);
}

/** The values that are allowed, in a sentence. */
export function anyOf(values: readonly unknown[]): string {
  if (values.length === 0) return NOTHING;
  if (values.length === 1) return shown(values[0]);
  const some = values.slice(0, VALUES_SHOWN_MAX).map(shown).join(", ");
  return `one of ${some}${values.length > VALUES_SHOWN_MAX ? ", …" : ""}`;
}

const NOTHING = 'one of "enum", which is empty';

const VALUES_SHOWN_MAX = 10;

/** A value as it is shown: its JSON, shortened. */
export function shown(value: unknown): string {
  const text = begun(value, VALUE_SHOWN_CHARS_MAX + 1);
  return text.length <= VALUE_SHOWN_CHARS_MAX
    ? text
    : `${text.slice(0, VALUE_SHOWN_CHARS_MAX).toWellFormed()}…`;
}

/** The JSON of `value`, or so many characters of it and more: what is long is not written out. */
function begun(value: unknown, chars: number): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > chars ? value.slice(0, chars) : value);
  }
  if (!isContainer(value)) return JSON.stringify(value) ?? "nothing";
  let text = Array.isArray(value) ? "[" : "{";
  for (const part of partsOf(value as object)) {
    if (text.length >= chars) return text;
    const comma = text.length > 1 ? "," : "";
    text += comma + part(chars - text.length);
  }
  return text + (Array.isArray(value) ? "]" : "}");
}

/** The parts of a list or an object, each to be written up to a length. */
function* partsOf(value: object): Generator<(chars: number) => string> {
  if (Array.isArray(value)) {
    for (const each of value) yield (chars) => begun(each, chars);
    return;
  }
  for (const name in value) {
    const each = own(value as JsonObject, name);
    yield (chars) => `${begun(name, chars)}:${begun(each, chars)}`;
  }
}

/** The way to a property, as JSON paths write it. */
export function step(name: string): string {
  const isShort = name.length <= VALUE_SHOWN_CHARS_MAX;
  if (isShort && /^[A-Za-z_]\w*$/.test(name)) return `.${name}`;
  return `[${shown(name)}]`;
}

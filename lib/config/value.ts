/**
 * A configuration file as values that remember where they stand.
 *
 * Scalars stay as they were written: what `42`, `yes` or nothing at all means is decided by
 * the key that wants it, so that text can be literal.
 *
 * @module
 */

/** A stretch of the file, in UTF-16 code units. */
export interface Span {
  /** Where it begins. */
  readonly start: number;
  /** Where it ends; the first unit that is not part of it. */
  readonly end: number;
}

/** Anything that can be written in the file. */
export type Value = Scalar | List | Table;

/** A single word, number or text. */
export interface Scalar extends Span {
  /** Tells the kinds of value apart. */
  readonly type: "scalar";
  /** What it says, escapes undone. */
  readonly text: string;
  /** Whether it stands without quotes, so that it may be more than text. */
  readonly plain: boolean;
}

/** Values in order. */
export interface List extends Span {
  /** Tells the kinds of value apart. */
  readonly type: "list";
  /** The values. */
  readonly items: readonly Value[];
}

/** Values by name. A map, so that `__proto__` is a name like any other. */
export interface Table extends Span {
  /** Tells the kinds of value apart. */
  readonly type: "table";
  /** The values, in order of the file. */
  readonly entries: ReadonlyMap<string, Entry>;
}

/** One value of a {@linkcode Table}. */
export interface Entry {
  /** Where its name is written. */
  readonly key: Span;
  /** The value. */
  readonly value: Value;
}

/** Whether the value is a scalar that says nothing. */
export function isNull(value: Value): boolean {
  return value.type === "scalar" && value.plain &&
    /^(~|null|Null|NULL)?$/.test(value.text);
}

/** The text of a scalar, whatever it looks like; undefined for nothing, lists and tables. */
export function textOf(value: unknown): string | undefined {
  return isScalar(value) && !isNull(value) ? value.text : undefined;
}

/** The truth value of `true`, `no`, `On` and the like; undefined for anything else. */
export function flagOf(value: unknown): boolean | undefined {
  if (!isScalar(value)) return undefined;
  if (/^(true|yes|on)$/i.test(value.text)) return true;
  return /^(false|no|off)$/i.test(value.text) ? false : undefined;
}

/** The number a plain scalar stands for: `10`, `1e3`, `.5`, `0x1F`, `1_000`. */
export function numberOf(value: unknown): number | undefined {
  if (!isScalar(value) || !value.plain) return undefined;
  const digits = value.text.replace(/(?<=\d)_(?=\d)/g, "");
  if (/^0(x[0-9a-f]+|o[0-7]+)$/i.test(digits)) return Number(digits);
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(digits)) return undefined;
  return Number(digits);
}

/** Whether it is a {@linkcode Scalar}. */
export function isScalar(value: unknown): value is Scalar {
  return typeof value === "object" && value !== null && "type" in value &&
    value.type === "scalar";
}

/**
 * Values of a file as JSON: plain numbers, `true`, `false` and `null` are what JSON has of that
 * name, everything else that is a scalar is text.
 *
 * @module
 */

import { isNull, numberOf, type Scalar, type Value } from "./value.ts";

/** `value` as JSON without white space, its keys in order of the file. */
export function jsonOf(value: Value): string {
  switch (value.type) {
    case "scalar":
      return jsonOfScalar(value);
    case "list":
      return `[${value.items.map(jsonOf).join(",")}]`;
    case "table": {
      const members = [...value.entries].map(([name, each]) =>
        `${JSON.stringify(name)}:${jsonOf(each.value)}`
      );
      return `{${members.join(",")}}`;
    }
  }
}

function jsonOfScalar(scalar: Scalar): string {
  const { text, plain } = scalar;
  if (isNull(scalar)) return "null";
  if (plain && /^(true|false)$/i.test(text)) return text.toLowerCase();
  // As it is written, since large numbers and 1.0 would change on the way.
  if (plain && JSON_NUMBER.test(text)) return text;
  const number = numberOf(scalar);
  return JSON.stringify(number === undefined ? text : number);
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/;

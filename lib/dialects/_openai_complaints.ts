/**
 * What OpenAI says of a parameter that is wrong, in its own words.
 *
 * @module
 */

import { BadRequest } from "../core/reply.ts";
import { typeName } from "../wire/json.ts";
import { shown } from "./_shown.ts";

/** A request that is refused because of `field`, in words of its own; most of those have no code. */
export function complaint(
  message: string,
  field: string,
  code?: string,
): BadRequest {
  return new BadRequest({
    message,
    field,
    ...(code === undefined ? {} : { code }),
  });
}

/** A parameter that must be there is not. */
export function missing(path: string): BadRequest {
  return complaint(
    `Missing required parameter: '${path}'.`,
    path,
    "missing_required_parameter",
  );
}

/** A list that must hold something is empty. */
export function emptyArray(path: string): BadRequest {
  return complaint(
    `Invalid '${path}': empty array. Expected an array with minimum length 1, but got an empty array instead.`,
    path,
    "empty_array",
  );
}

/** A list is longer than `maximum`. */
export function arrayTooLong(
  path: string,
  maximum: number,
  length: number,
): BadRequest {
  return complaint(
    `Invalid '${path}': array too long. Expected an array with maximum length ${maximum}, but got an array with length ${length} instead.`,
    path,
    "array_above_max_length",
  );
}

/** A text is longer than `maximum`. */
export function stringTooLong(
  path: string,
  maximum: number,
  length: number,
): BadRequest {
  return complaint(
    `Invalid '${path}': string too long. Expected a string with maximum length ${maximum}, but got a string with length ${length} instead.`,
    path,
    "string_above_max_length",
  );
}

/** A text has characters that it must not have. */
export function noMatch(path: string, pattern: string): BadRequest {
  return complaint(
    `Invalid '${path}': string does not match pattern. Expected a string that matches the pattern '${pattern}'.`,
    path,
    "invalid_value",
  );
}

/** A parameter has another type than `wanted`. */
export function wrongType(
  path: string,
  wanted: string,
  value: unknown,
): BadRequest {
  return complaint(
    `Invalid type for '${path}': expected ${wanted}, but got ${
      typeName(value)
    } instead.`,
    path,
    "invalid_type",
  );
}

/** A parameter is none of those `known`. */
export function wrongValue(
  path: string,
  value: string,
  known: readonly unknown[],
): BadRequest {
  const names = known.map((name) => `'${name}'`);
  const comma = names.length > 2 ? "," : "";
  const list = `${names.slice(0, -1).join(", ")}${comma} and ${names.at(-1)}`;
  return complaint(
    `Invalid value: '${shown(value)}'. Supported values are: ${list}.`,
    path,
    "invalid_value",
  );
}

/** A number is smaller than `minimum`. */
export function belowMinimum(
  path: string,
  type: "integer" | "decimal",
  minimum: number,
  value: unknown,
): BadRequest {
  return complaint(
    `Invalid '${path}': ${type} below minimum value. Expected a value >= ${minimum}, but got ${value} instead.`,
    path,
    `${type}_below_min_value`,
  );
}

/** A number is greater than `maximum`. */
export function aboveMaximum(
  path: string,
  type: "integer" | "decimal",
  maximum: number,
  value: unknown,
): BadRequest {
  return complaint(
    `Invalid '${path}': ${type} above maximum value. Expected a value <= ${maximum}, but got ${value} instead.`,
    path,
    `${type}_above_max_value`,
  );
}

/** A parameter means something only beside another that is not there. */
export function onlyWith(parameter: string, other: string): BadRequest {
  return complaint(
    `Invalid value for '${parameter}': '${parameter}' is only allowed when '${other}' are specified.`,
    parameter,
  );
}

/** The same for those that another one switches on. */
export function onlyEnabled(parameter: string, other: string): BadRequest {
  return complaint(
    `The '${parameter}' parameter is only allowed when '${other}' is enabled.`,
    parameter,
  );
}

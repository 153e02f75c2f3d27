/**
 * What OpenAI says of a parameter that is wrong, in its own words.
 *
 * @module
 */

import { BadRequest } from "../core/reply.ts";
import { typeName } from "../wire/json.ts";

/** A parameter that must be there is not. */
export function missing(path: string): BadRequest {
  return new BadRequest({
    message: `Missing required parameter: '${path}'.`,
    field: path,
    code: "missing_required_parameter",
  });
}

/** There are no messages. */
export function emptyMessages(): BadRequest {
  return new BadRequest({
    message:
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
    field: "messages",
    code: "empty_array",
  });
}

/** A parameter has another type than `wanted`. */
export function wrongType(
  path: string,
  wanted: string,
  value: unknown,
): BadRequest {
  return new BadRequest({
    message: `Invalid type for '${path}': expected ${wanted}, but got ${
      typeName(value)
    } instead.`,
    field: path,
    code: "invalid_type",
  });
}

/** A parameter is none of those `known`. */
export function wrongValue(
  path: string,
  value: string,
  known: readonly unknown[],
): BadRequest {
  const names = known.map((name) => `'${name}'`);
  const list = `${names.slice(0, -1).join(", ")}, and ${names.at(-1)}`;
  return new BadRequest({
    message: `Invalid value: '${
      value.slice(0, 100)
    }'. Supported values are: ${list}.`,
    field: path,
    code: "invalid_value",
  });
}

/** A whole number is smaller than `minimum`. */
export function belowMinimum(
  path: string,
  minimum: number,
  value: unknown,
): BadRequest {
  return new BadRequest({
    message:
      `Invalid '${path}': integer below minimum value. Expected a value >= ${minimum}, but got ${value} instead.`,
    field: path,
    code: "integer_below_min_value",
  });
}

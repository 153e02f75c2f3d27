/**
 * Reading single fields of an Anthropic request, and the shape of every complaint about one.
 *
 * @module
 */

import { BadRequest } from "../core/reply.ts";
import { type JsonObject, own } from "../wire/json.ts";

/** The complaint about a field that is not there. */
export const REQUIRED = "Field required";

/** Refuses the request because of `field`, a dotted path; empty for the whole body. */
export function refuse(field: string, complaint: string): never {
  if (field === "") throw new BadRequest({ message: complaint });
  throw new BadRequest({ message: `${field}: ${complaint}`, field });
}

/** Whether a field has a value: SDKs of typed languages send null for what was not set. */
export function isGiven(object: JsonObject, key: string): boolean {
  return (own(object, key) ?? null) !== null;
}

/** The string at `key` of the object found at `path`. */
export function stringAt(
  object: JsonObject,
  key: string,
  path: string,
): string {
  const value = own(object, key);
  const field = path === "" ? key : `${path}.${key}`;
  if (value === undefined) refuse(field, REQUIRED);
  if (typeof value !== "string") {
    refuse(field, "Input should be a valid string");
  }
  return value;
}

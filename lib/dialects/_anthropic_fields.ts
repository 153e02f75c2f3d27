/**
 * Reading single fields of an Anthropic request, and the shape of every complaint about one.
 *
 * @module
 */

import { BadRequest } from "../core/reply.ts";
import { type JsonObject, own } from "../wire/json.ts";
import { shown } from "./_shown.ts";

/** The complaint about a field that is not there. */
export const REQUIRED = "Field required";

/** Refuses the request because of `field`, a dotted path; empty for the whole body. */
export function refuse(field: string, complaint: string): never {
  if (field === "") throw new BadRequest({ message: complaint });
  throw new BadRequest({ message: `${field}: ${complaint}`, field });
}

/** The same where the provider's words do not begin with the path. */
export function refuseBare(field: string, complaint: string): never {
  throw new BadRequest({ message: complaint, field });
}

/** Refuses what is at `field` for its `type`, which is none of those `known`. */
export function refuseTag(
  field: string,
  type: unknown,
  known: Iterable<string>,
): never {
  // An object may have a member `toString` that is data.
  if (typeof type !== "string") {
    refuse(field, "Unable to extract tag using discriminator 'type'");
  }
  const tags = [...known].map((tag) => `'${tag}'`).join(", ");
  refuse(
    field,
    `Input tag '${
      shown(type)
    }' found using 'type' does not match any of the expected tags: ${tags}`,
  );
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
  if (typeof value === "string") return value;
  const field = path === "" ? key : `${path}.${key}`;
  refuse(
    field,
    value === undefined ? REQUIRED : "Input should be a valid string",
  );
}

/**
 * What complaints repeat of a request.
 *
 * @module
 */

import { VALUE_SHOWN_CHARS_MAX } from "../core/limits.ts";

/** A value out of a request, cut to what a complaint can hold. */
export function shown(value: string): string {
  return value.slice(0, VALUE_SHOWN_CHARS_MAX);
}

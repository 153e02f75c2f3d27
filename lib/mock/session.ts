/**
 * Names of sessions, and requests that carry them.
 *
 * @module
 */

import { HEADER_CHARS_MAX } from "../core/limits.ts";
import type { Fetch } from "./fetch.ts";

/** The header that names a session. */
export const SESSION_HEADER = "x-mock-session";

/** `name` as a header can say it: what is not printable ASCII is percent-encoded. Throws `RangeError` for one that is too long. */
export function sessionName(name: string): string {
  const said = name.trim().toWellFormed().replace(
    /[^\x20-\x7e]/gu,
    encodeURIComponent,
  );
  if (said !== "" && said.length <= HEADER_CHARS_MAX) return said;
  throw new RangeError(
    `A session has a name of 1 to ${HEADER_CHARS_MAX} characters, and this one has ${said.length}`,
  );
}

/** `ask` whose requests are of the session `name`. */
export function fetchIn(name: string, ask: Fetch): Fetch {
  return (input, init) => {
    const headers = new Headers(
      init?.headers ?? (input instanceof Request ? input.headers : undefined),
    );
    headers.set(SESSION_HEADER, name);
    return ask(input, { ...init, headers });
  };
}

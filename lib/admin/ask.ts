/**
 * A request as the routes of `/_mock` read it.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import { ADMIN_BODY_BYTES_MAX, HEADER_CHARS_MAX } from "../core/limits.ts";
import { readSession } from "../match/request_headers.ts";
import { EMPTY, readJson, readText } from "../wire/body.ts";
import type { AdminAnswer, AdminAsk } from "./route.ts";

/** Reads `request`; `parameter` is what the last part of its path stands for. */
export function askOf(
  request: Request,
  parameter: string | undefined,
  clock: Clock,
): AdminAsk {
  const query = new URLSearchParams(/\?([^#]*)/.exec(request.url)?.[1] ?? "");
  const options = { bytesMax: ADMIN_BODY_BYTES_MAX, clock };
  return {
    query,
    parameter,
    session: query.get("session")?.slice(0, HEADER_CHARS_MAX) ??
      sessionOf(request.headers),
    text: () => readText(request, options),
    json: async () => {
      const body = await readJson(request, options);
      return body === EMPTY ? undefined : body;
    },
  };
}

function sessionOf(headers: Headers): string | undefined {
  const session = readSession(headers);
  return session === "" ? undefined : session;
}

/** What is said, as text: for people as much as for programs. */
export function bodyText(answer: AdminAnswer & { body: unknown }): string {
  return `${safeJson(answer.body, 2)}\n`;
}

/** JSON that does nothing to a terminal: what JSON itself escapes, and the other control characters. */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    CONTROLS,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const CONTROLS = /[\x7f-\x9f\u2028\u2029]/g;

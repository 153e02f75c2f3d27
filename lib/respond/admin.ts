/**
 * What `/_mock` says, as it goes over the wire.
 *
 * @module
 */

import { type AdminAnswer, bodyText } from "../admin/admin.ts";
import { single } from "../compose/compose.ts";
import type { Fed, Scored } from "./arrival.ts";

const FRESH = { "cache-control": "no-store" };

/** An answer of `/_mock` as a score, or as the stream it is. */
export function said(answer: AdminAnswer): Scored | Fed {
  const { status } = answer;
  if ("stream" in answer) {
    const headers = { ...FRESH, "content-type": answer.type };
    return { type: "feed", status, headers, stream: answer.stream };
  }
  const headers = {
    ...FRESH,
    "content-type": "application/json",
    ...answer.headers,
  };
  const cues = single(bodyText(answer));
  return { score: { status, headers, cues }, told: {} };
}

/**
 * Tries bodies on a running server.
 *
 * @module
 */

import { within } from "../support/process.ts";
import type { BodyCase, Complaint } from "./case.ts";
import type { TryBody } from "./in_process.ts";
import { complaintAbout } from "./property.ts";

/** What tries bodies on the server at `url`. */
export function overSocket(url: string): TryBody {
  return async (one) => {
    try {
      return await within(answer(one, url), "an answer", 5_000);
    } catch (error) {
      return { kind: "no answer", message: String(error) };
    }
  };
}

async function answer(
  one: BodyCase,
  url: string,
): Promise<Complaint | undefined> {
  const { path } = one;
  const headers = Object.entries(one.headers).filter(([name, value]) =>
    CARRIED.test(value) && !PACE.test(name)
  );
  const body = one.bytes.length % 2 === 0
    ? one.bytes.slice()
    : chunked(one.bytes);
  const response = await fetch(url + path, { method: "POST", headers, body });
  const { status } = response;
  const type = response.headers.get("content-type") ?? "";
  // A paced stream lasts as long as it was told to; its head says enough.
  if (response.headers.has("x-actual-tokens-per-second")) {
    await response.body?.cancel();
    return undefined;
  }
  return complaintAbout(path, { status, type, text: await response.text() });
}

/** What would make an answer take as long as it was told to; tried in process, where time is free. */
const PACE = /^x-token/;

/** Header values that `fetch` carries; raw bytes take the others. */
const CARRIED = /^[\x21-\x7e][\x20-\x7e]*$/;

/** A body of unknown length, in a few pieces. */
function chunked(bytes: Uint8Array): ReadableStream<Uint8Array> {
  const size = Math.ceil(bytes.length / 3);
  return ReadableStream.from(
    [0, 1, 2].map((part) => bytes.slice(part * size, (part + 1) * size)),
  );
}

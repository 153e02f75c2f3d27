/**
 * Tries bodies on an app in this process, on a clock of its own: fast, and a defect is seen
 * even where the client is only told of a 500.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { appWith, type TestOptions } from "../support/app.ts";
import { ManualClock } from "../support/manual_clock.ts";
import type { BodyCase, Complaint } from "./case.ts";
import { complaintAbout } from "./property.ts";

/** Tries a body; undefined when all is well. */
export type TryBody = (one: BodyCase) => Promise<Complaint | undefined>;

/** Longest any answer may take. */
const HANG_MS = 5_000;

const OPTIONS: TestOptions = {
  responses: {
    hello: "Hello!",
    "what is 2+2?": "It is 9.",
    sunny: "Take a hat \u{1f3a9}.",
    a: "b",
  },
};

/** Answers a request, as `fetch` does. */
export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** A fresh app, ready to be tried. */
export function inProcess(): TryBody {
  const app = appWith(new ManualClock(), OPTIONS);
  const attempt = tryOn(app.fetch, app.clock);
  return async (one) => {
    const before = app.defects.length;
    const complaint = await attempt(one);
    const defect = app.defects[before];
    if (defect === undefined) return complaint;
    const message = defect instanceof Error
      ? defect.stack ?? defect.message
      : String(defect);
    return { kind: "defect", message };
  };
}

/** Tries bodies on anything that answers; `clock` moves while an answer waits for it. */
export function tryOn(
  fetch: Fetch,
  clock: ManualClock,
  hangMs = HANG_MS,
): TryBody {
  return async (one) => {
    try {
      return await driven(answer(one, fetch), clock, hangMs);
    } catch (error) {
      return {
        kind: "thrown",
        message: error instanceof Error
          ? error.stack ?? error.message
          : String(error),
      };
    }
  };
}

async function answer(
  one: BodyCase,
  fetch: Fetch,
): Promise<Complaint | undefined> {
  const headers = new Headers(one.headers);
  // Half of all bodies are of known length, as a real server sees them.
  if (one.bytes.length % 2 === 0) {
    headers.set("content-length", String(one.bytes.length));
  }
  const body = one.bytes.slice();
  const response = await fetch(one.path, { method: "POST", headers, body });
  const type = response.headers.get("content-type") ?? "";
  return complaintAbout(one.path, {
    status: response.status,
    type,
    text: await response.text(),
  });
}

/** Turns of the event loop in which a body is surely read: only then time may move. */
const TURNS_BEFORE_TIME_MOVES = 8;

/** `answering`, with the clock moved from deadline to deadline as long as it takes. */
async function driven(
  answering: Promise<Complaint | undefined>,
  clock: ManualClock,
  hangMs: number,
): Promise<Complaint | undefined> {
  let done = false;
  answering.finally(() => done = true).catch(() => {});
  const deadlineMs = performance.now() + hangMs;
  for (let turns = 0; !done; turns++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!done && turns > TURNS_BEFORE_TIME_MOVES && clock.nextMs < Infinity) {
      await clock.advance(clock.nextMs);
    }
    if (!done && performance.now() > deadlineMs) {
      return { kind: "hang", message: `No answer within ${hangMs} ms` };
    }
  }
  return await answering;
}

/**
 * Makes a failing case small: headers dropped one by one, bytes dropped in ever smaller runs,
 * as long as it fails in the same way.
 *
 * @module
 */

import type { Case } from "./case.ts";
import { spliced } from "./mutate.ts";

/** Whether a case still fails as the first one did. */
export type StillFails = (one: Case) => Promise<boolean>;

/** The smallest case found within `tries` tries. */
export async function minimise<C extends Case>(
  one: C,
  stillFails: StillFails,
  tries = 400,
): Promise<C> {
  let left = tries;
  const fails = async (candidate: C) =>
    left-- > 0 && await stillFails(candidate);
  const bare = await withoutHeaders(one, fails);
  return await withoutBytes(bare, fails);
}

async function withoutHeaders<C extends Case>(
  one: C,
  fails: (candidate: C) => Promise<boolean>,
): Promise<C> {
  if (one.kind !== "body") return one;
  let best: C = one;
  let headers = one.headers;
  for (const name of Object.keys(one.headers)) {
    const { [name]: _dropped, ...rest } = headers;
    const candidate = { ...best, headers: rest };
    if (!await fails(candidate)) continue;
    best = candidate;
    headers = rest;
  }
  return best;
}

async function withoutBytes<C extends Case>(
  one: C,
  fails: (candidate: C) => Promise<boolean>,
): Promise<C> {
  let best = one;
  for (
    let run = Math.ceil(one.bytes.length / 2);
    run >= 1;
    run = run === 1 ? 0 : Math.ceil(run / 2)
  ) {
    for (let at = 0; at < best.bytes.length;) {
      const candidate = { ...best, bytes: spliced(best.bytes, at, run, []) };
      if (await fails(candidate)) best = candidate;
      else at += run;
    }
  }
  return best;
}

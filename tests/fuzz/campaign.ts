/**
 * Tries many cases, and makes what fails small.
 *
 * @module
 */

import { mixSeed, Random } from "../../lib/core/random.ts";
import type { Case, Complaint, Found } from "./case.ts";
import { minimise } from "./minimise.ts";

/** One kind of case and what tries it. */
export interface Campaign<C extends Case> {
  /** Its name in the report; part of the seed of each case. */
  readonly name: string;
  /** How many cases. */
  readonly count: number;
  /** How many are tried at once. */
  readonly atOnce: number;
  /** How many kinds of failure are enough; 5 unless given. */
  readonly foundMax?: number;
  /** Draws a case. */
  draw(random: Random): C;
  /** Tries one. */
  attempt(one: C): Promise<Complaint | undefined>;
}

/** What came of it. */
export interface Outcome {
  readonly name: string;
  readonly tried: number;
  readonly found: readonly Found[];
  readonly tookMs: number;
}

/** Failures of one campaign that are worth a report. */
const FOUND_MAX = 5;

/** Tries all cases of `campaign`; each kind of failure is reported once, small. */
export async function run<C extends Case>(
  campaign: Campaign<C>,
  seed: number,
): Promise<Outcome> {
  const beganMs = performance.now();
  const found = new Map<string, Found>();
  let next = 0;
  const work = async () => {
    while (
      next < campaign.count && found.size < (campaign.foundMax ?? FOUND_MAX)
    ) {
      const one = campaign.draw(
        new Random(mixSeed(seed, campaign.name, next++)),
      );
      const complaint = await campaign.attempt(one);
      if (complaint === undefined || found.has(complaint.kind)) continue;
      found.set(complaint.kind, { case: one, complaint });
    }
  };
  await Promise.all(Array.from({ length: campaign.atOnce }, work));
  const small = [];
  for (const each of found.values()) small.push(await smaller(each, campaign));
  return {
    name: campaign.name,
    tried: next,
    found: small,
    tookMs: performance.now() - beganMs,
  };
}

async function smaller<C extends Case>(
  found: Found,
  { attempt }: Campaign<C>,
): Promise<Found> {
  let { complaint } = found;
  const { kind } = complaint;
  // What hangs takes long to try.
  const tries = kind === "hang" ? 10 : undefined;
  const small = await minimise(found.case, async (candidate) => {
    const again = await attempt(candidate as C);
    if (again?.kind === kind) complaint = again;
    return again?.kind === kind;
  }, tries);
  return { case: small, complaint };
}

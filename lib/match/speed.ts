/**
 * How fast an answer comes, and so how its text is cut: the request's own wish, else the
 * rule's, else the settings'; and the headers that tell it.
 *
 * @module
 */

import { type Cut, type Pace, UNPACED } from "../core/plan.ts";
import { BadRequest } from "../core/reply.ts";
import { own } from "../wire/json.ts";
import type { TokensAsked } from "./request_headers.ts";
import type { Config } from "./rule.ts";

/** What a request asks of speed. */
export interface SpeedAsked {
  /** The token stream that headers ask for. */
  readonly tokensAsked: TokensAsked | undefined;
  /** The pace that `X-Mock-Pace` names. */
  readonly paceAsked: string | undefined;
}

/** How fast, and how text is cut. */
export interface Speed {
  /** How long things take. */
  readonly pace: Pace;
  /** How text is cut. */
  readonly cut: Cut;
  /** Tokens per second, where headers say so. */
  readonly rate?: number;
}

/** The speed of an answer whose rule asks for `rulePace`. Throws {@linkcode BadRequest} for an unknown name. */
export function speedOf(
  { tokensAsked, paceAsked }: SpeedAsked,
  rulePace: Pace | undefined,
  { settings, paces }: Config,
): Speed {
  const { rate } = tokensAsked ?? {};
  if (rate !== undefined) return { pace: steady(rate), cut: "token", rate };
  const pace = paceAsked === undefined ? rulePace : named(paceAsked, paces);
  return pace === undefined
    ? { pace: settings.pace, cut: settings.cut }
    : { pace, cut: settings.pacedCut };
}

function named(name: string, paces: Config["paces"]): Pace {
  const pace = own(paces, name) as Pace | undefined;
  if (pace !== undefined) return pace;
  const known = Object.keys(paces).slice(0, 20).join(", ");
  const shown = JSON.stringify(name.slice(0, 100).toWellFormed());
  throw new BadRequest({
    message: `X-Mock-Pace: there is no pace ${shown}` +
      (known === "" ? ": the configuration names none" : `, only ${known}`),
    field: "X-Mock-Pace",
  });
}

/** One chunk every 1/rate seconds, the first at once. */
export function steady(rate: number): Pace {
  return { ...UNPACED, unitMs: { type: "fixed", ms: 1_000 / rate } };
}

/** The response headers that tell the values in effect. */
export function actual(
  values: { count: number; rate: number; length?: number },
): Record<string, string> {
  return {
    "x-actual-token-count": String(values.count),
    "x-actual-tokens-per-second": decimal(values.rate),
    ...(values.length === undefined
      ? {}
      : { "x-actual-token-length": String(values.length) }),
  };
}

/** A number that is always written with a decimal point, as rates are. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/**
 * Every key of a pace. Part of the one source, see `shape.ts`.
 *
 * @module
 */

import * as z from "zod/mini";
import { PACE_MS_MAX } from "../core/limits.ts";
import {
  duration,
  DURATION_JSON,
  key,
  named,
  number,
  section,
  text,
} from "./kinds.ts";

/** A pace that fits its shape; times in milliseconds. */
export interface CheckedPace {
  /** `ttft`. */
  readonly ttft?: number | undefined;
  /** `tokens_per_second`. */
  readonly tokens_per_second?: number | undefined;
  /** `itl`. */
  readonly itl?: number | undefined;
  /** `jitter`. */
  readonly jitter?: number | undefined;
}

const TIME = () => duration(1, PACE_MS_MAX);
const DISTRIBUTION = ["mean", "deviation", "p50", "p90", "p99"];
const TAKES_TIME =
  "a number of milliseconds, or a duration such as 300ms or 1.5s, of a day at most";

/** Its keys. */
export const PACE_KEYS = {
  ttft: key(z.optional(TIME()), {
    takes: TAKES_TIME,
    doc: "Time to the first token.",
    default: "0",
    example: "ttft: 300ms",
    later: DISTRIBUTION,
    json: DURATION_JSON,
  }),
  tokens_per_second: key(z.optional(number(z.gt(0))), {
    takes: "a number above 0",
    doc: "How many tokens a second then follow.",
    example: "tokens_per_second: 40",
    later: DISTRIBUTION,
  }),
  itl: key(z.optional(TIME()), {
    takes: TAKES_TIME,
    doc: "Time from one token to the next, instead of `tokens_per_second`.",
    example: "itl: 25ms",
    later: DISTRIBUTION,
    json: DURATION_JSON,
  }),
  jitter: key(z.optional(number(z.gte(0), z.lte(1))), {
    takes: "a number from 0 to 1",
    doc:
      "How far each of these times varies, drawn from the seed: 0.2 is 20 % more or less.",
    default: "0",
    example: "jitter: 0.2",
  }),
};

/** One pace. */
export const PACE = section(PACE_KEYS);

/** A pace, or the name of one. */
export function paceKey(
  doc: string,
): z.ZodMiniOptional<z.ZodMiniType<string | CheckedPace>> {
  return key(z.optional(z.union([text(), PACE])), {
    takes: "the name of a pace, or {ttft, tokens_per_second, …}",
    doc,
    example: "pace: { ttft: 300ms, tokens_per_second: 40 }",
    json: {
      anyOf: [{ type: "string", minLength: 1 }, {
        $ref: "#/definitions/pace",
      }],
    },
  });
}

/** `paces`. */
export const PACES = key(z.optional(named(PACE)), {
  takes: "names, each with a pace",
  doc:
    "Named speeds, for a rule's `pace`, for `settings.pace` and for the header `X-Mock-Pace`.",
  item: "a section with keys",
  example: "paces:\n  chatty: { ttft: 300ms, tokens_per_second: 40 }",
  json: {
    type: "object",
    additionalProperties: { $ref: "#/definitions/pace" },
  },
});

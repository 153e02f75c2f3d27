/**
 * How `/_mock` refuses: one envelope, of no provider.
 *
 * @module
 */

import type { Problem } from "../core/problem.ts";
import { BadRequest, type FailureKind } from "../core/reply.ts";
import { type AdminAnswer, AdminError } from "./route.ts";

/** The answer to a request that cannot be answered because of `error`; undefined for what is nobody's fault but ours. */
export function refusalOf(error: unknown): AdminAnswer | undefined {
  if (error instanceof AdminError) {
    const { status, message, field, problems } = error;
    return envelope(status, message, { field, problems });
  }
  if (!(error instanceof BadRequest)) return undefined;
  const { kind, status, message, field, headers } = error.failure;
  const code = status ?? STATUSES[kind] ?? 400;
  return { ...envelope(code, message, { field }), headers };
}

/** The answer to a request that met a defect of mockllm itself. */
export function defectAnswer(): AdminAnswer {
  return envelope(500, "The server had an error", {});
}

const STATUSES: Readonly<Partial<Record<FailureKind, number>>> = {
  "forbidden": 403,
  "unknown-path": 404,
  "method-not-allowed": 405,
  "timeout": 408,
  "too-large": 413,
  "unsupported-media": 415,
  "internal": 500,
};

function envelope(
  status: number,
  message: string,
  { field, problems }: {
    readonly field?: string | undefined;
    readonly problems?: readonly unknown[] | undefined;
  },
): AdminAnswer {
  return { status, body: { error: { message, field, problems } } };
}

/** A problem as JSON. */
export function problemView(problem: Problem): unknown {
  const { severity, code, message, place, remedy } = problem;
  return { severity, code, message, ...place, remedy };
}

/**
 * How OpenAI words a refusal.
 *
 * @module
 */

import type { Failure, FailureKind } from "../core/reply.ts";
import { sse } from "../wire/framing.ts";
import type { Refusal } from "./dialect.ts";
import { EDGE_TIMEOUT, type Row, ROWS } from "./_openai_refusals.ts";

/** OpenAI's error envelope: all four keys, always. */
export function openaiRefuse(failure: Failure): Refusal {
  const status = statusOf(failure);
  if (isOfTheEdge(failure)) return { status, ...EDGE_TIMEOUT };
  const indent = status === 401 ? 4 : 2; // what judges keys lays out in its own way
  const body = JSON.stringify({ error: errorOf(failure) }, null, indent);
  return { status, body: `${body}\n` };
}

/** The same in the middle of a stream: one event, after which the stream ends. */
export function openaiStreamError(failure: Failure): string {
  return sse(JSON.stringify({ error: errorOf(failure) }));
}

function rowOf({ kind }: Failure): Row {
  return ROWS[kind satisfies FailureKind];
}

function statusOf(failure: Failure): number {
  return failure.status ?? rowOf(failure).status;
}

function errorOf(failure: Failure): Record<string, string | null> {
  const { type, code, field } = rowOf(failure);
  return {
    message: wordsOf(failure).toWellFormed(),
    type: failure.errorType ?? type ??
      (statusOf(failure) < 500 ? "invalid_request_error" : "server_error"),
    param: failure.field?.toWellFormed() ?? field ?? null,
    code: failure.code ?? code ?? null,
  };
}

/** The provider's own words where it has some, and nobody else's are given. */
function wordsOf(failure: Failure): string {
  const { words, always = false } = rowOf(failure);
  const { message, subject, tokens } = failure;
  const own = always || message === "" || subject !== undefined ||
    tokens !== undefined;
  if (!own || words === undefined) return message || OTHERWISE;
  return typeof words === "string" ? words : words(failure);
}

const OTHERWISE = "The request could not be answered";

/** Whether what stands in front of OpenAI answers, which knows no envelope. */
function isOfTheEdge({ kind, message, errorType, code }: Failure): boolean {
  return kind === "gateway-timeout" && message === "" &&
    errorType === undefined && code === undefined;
}

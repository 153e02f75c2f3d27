/**
 * One request as one line: aligned for people, JSON for machines.
 *
 * Everything a client chose is cut and escaped: a terminal obeys what it is shown.
 *
 * @module
 */

import { LOG_ERROR_CHARS_MAX } from "../core/limits.ts";
import type { Exchange } from "../core/exchange.ts";
import { redactor } from "../journal/redact.ts";
import { visible } from "./render.ts";

/** Refusals and reasons repeat what a client wrote, a key in the wrong place too. */
const redact = redactor(undefined);

const WIDTHS = { dialect: 18, model: 22, answeredBy: 20, duration: 8 };

/** `21:07:03.123 200 openai_chat  gpt-4o  stream responses.yml:3  12 ms  1.20 s  57 deltas`. */
export function exchangeLine(exchange: Exchange, color: boolean): string {
  const { dialect, stream, answeredBy = "", firstMs, totalMs } = exchange;
  const mode = dialect === undefined
    ? ""
    : stream === true
    ? "stream"
    : "whole";
  return [
    timeOf(exchange.arrivedEpochMs),
    statusOf(exchange.status, color),
    subjectOf(exchange),
    mode.padEnd(6),
    fit(answeredBy, WIDTHS.answeredBy),
    duration(firstMs),
    duration(totalMs),
    ...notesOf(exchange),
  ].join(" ").trimEnd() + "\n";
}

/** The same, and below it why the nearest rules did not match. */
export function exchangeReasons(exchange: Exchange, color: boolean): string {
  const reasons = exchange.misses?.() ?? [];
  return exchangeLine(exchange, color) +
    reasons.map((reason) => `             ${visible(redact(reason))}\n`).join(
      "",
    );
}

/** The same as a JSON object. */
export function exchangeJson(
  { arrivedEpochMs, misses: _misses, error, ...rest }: Exchange,
): string {
  const time = new Date(arrivedEpochMs).toISOString();
  return jsonLine({
    time,
    event: "request",
    ...rest,
    ...error !== undefined && { error: redact(error) },
    firstMs: rounded(rest.firstMs),
    totalMs: rounded(rest.totalMs),
  });
}

/** An object as one line that no terminal mistakes for a command. */
export function jsonLine(value: object): string {
  const text = JSON.stringify(value);
  // JSON leaves these as they are.
  return `${text.replace(/[\x7f-\x9f\u2028\u2029]/g, escapeUnit)}\n`;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

let secondKnown = -1;
let secondText = "";

/** `21:07:03.123`, local time; the part that is the same for a second is made once. */
export function timeOf(epochMs: number): string {
  const second = Math.floor(epochMs / 1000);
  if (second !== secondKnown) {
    const date = new Date(epochMs);
    secondText = [date.getHours(), date.getMinutes(), date.getSeconds()].map((
      part,
    ) => pad(part, 2)).join(":");
    secondKnown = second;
  }
  return `${secondText}.${pad(Math.floor(epochMs - second * 1000), 3)}`;
}

function statusOf(status: number, color: boolean): string {
  if (!color || status < 400) return String(status);
  return `\x1b[${status < 500 ? 33 : 31}m${status}\x1b[0m`;
}

/** Dialect and model; method and path for what belongs to no dialect. */
function subjectOf({ dialect, model = "", method, path }: Exchange): string {
  if (dialect === undefined) {
    return fit(`${method} ${path}`, WIDTHS.dialect + 1 + WIDTHS.model);
  }
  return `${fit(dialect, WIDTHS.dialect)} ${fit(model, WIDTHS.model)}`;
}

function notesOf({ ended, deltas, error, reanchoredMs }: Exchange): string[] {
  const notes: string[] = [];
  if (ended === "client left") {
    notes.push(`client left after ${deltasText(deltas)}`);
  } else if (deltas > 0) notes.push(deltasText(deltas));
  if (reanchoredMs > 0) {
    notes.push(
      `moved back ${duration(reanchoredMs).trim()} after a standstill`,
    );
  }
  if (error !== undefined) {
    notes.push(clean(redact(error), LOG_ERROR_CHARS_MAX));
  }
  return notes.length === 0 ? [] : [` ${notes.join(", ")}`];
}

function deltasText(deltas: number): string {
  return deltas === 1 ? "1 delta" : `${deltas} deltas`;
}

function duration(ms: number): string {
  const text = ms < 10
    ? `${ms.toFixed(1)} ms`
    : ms < 1000
    ? `${Math.round(ms)} ms`
    : `${(ms / 1000).toFixed(2)} s`;
  return text.padStart(WIDTHS.duration);
}

/** `text` in exactly `width` characters. */
function fit(text: string, width: number): string {
  return clean(text, width).padEnd(width);
}

function clean(text: string, charsMax: number): string {
  const cut = text.length > charsMax ? `${text.slice(0, charsMax - 1)}…` : text;
  return /^[\x20-\x7e…]*$/.test(cut) ? cut : visible(cut);
}

function pad(number: number, digits: number): string {
  return String(number).padStart(digits, "0");
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/**
 * Requests as the journal is told of them, without a server.
 *
 * @module
 */

import { APPROX } from "../../lib/core/tokens.ts";
import type { Plan, Source } from "../../lib/core/plan.ts";
import { UNPACED } from "../../lib/core/plan.ts";
import type { Block } from "../../lib/core/reply.ts";
import type { Cue, Score } from "../../lib/core/score.ts";
import type { Turn } from "../../lib/core/turn.ts";
import type { Performed } from "../../lib/journal/journal.ts";
import type { Record as JournalRecord } from "../../lib/journal/record.ts";
import { asks } from "./rules.ts";

/** What a test says of a request; the rest is made up. */
export interface Told {
  readonly prompt?: string;
  readonly turn?: Partial<Turn>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly session?: string;
  readonly dialect?: string;
  readonly url?: string;
  readonly source?: Partial<Source>;
  readonly reply?: string;
  /** What is answered instead of the reply. */
  readonly blocks?: readonly Block[];
  readonly misses?: readonly string[];
  /** Bytes of the answer with their times; one body of the reply's text unless given. */
  readonly cues?: readonly Cue[];
  readonly farewell?: string;
  readonly type?: string;
  readonly more?: Partial<JournalRecord>;
}

/** A chat request that was answered. */
export function record(told: Told = {}): JournalRecord {
  const { prompt = "hi", session = "", dialect = "openai_chat" } = told;
  const headers = new Headers(told.headers);
  const body = told.body ?? { messages: [{ role: "user", content: prompt }] };
  const context = asks(prompt, told.turn, { headers, body, dialect, session });
  return {
    arrivedEpochMs: Date.UTC(2026, 0, 1),
    method: "POST",
    url: told.url ?? "http://localhost:8000/v1/chat/completions",
    route: "POST /v1/chat/completions",
    headers,
    session,
    dialect,
    readMs: 0,
    score: scoreOf(told),
    asked: {
      context,
      plan: planOf(told),
      misses: () => told.misses ?? [],
      again: () => scoreOf(told),
    },
    ...told.more,
  };
}

/** A request that was refused before it could be read. */
export function refused(status: number, more: Told = {}): JournalRecord {
  const error = "The request body is not valid JSON";
  return {
    ...record(more),
    asked: undefined,
    error,
    score: { ...scoreOf({ reply: error }), status },
    ...more.more,
  };
}

/** An answer that went well. */
export function performed(more: Partial<Performed> = {}): Performed {
  return {
    firstMs: 0,
    totalMs: 0,
    deltas: 1,
    ended: "complete",
    reanchoredMs: 0,
    lateMs: 0,
    sentChars: Infinity,
    ...more,
  };
}

function planOf({ source, reply = "hello", blocks }: Told): Plan {
  return {
    source: {
      type: "response",
      name: "hi",
      place: "test.yml:2",
      ...source,
    },
    outcome: {
      type: "reply",
      model: "gpt-4o",
      choices: [{
        blocks: blocks ?? [{ type: "text", text: reply }],
        finish: { type: "stop" },
      }],
      usage: { input: 8, inputCached: 0, output: 1, outputReasoning: 0 },
    },
    pace: UNPACED,
    cut: { characters: 4 },
    tokenizer: APPROX,
    seed: 7,
    headers: {},
  };
}

function scoreOf(told: Told): Score {
  const { reply = "hello", farewell, type = "application/json" } = told;
  return {
    status: 200,
    headers: { "content-type": type },
    cues: told.cues ?? [{ atMs: 0, text: reply, deltas: 1 }],
    ...(farewell !== undefined && { farewell: () => farewell }),
  };
}

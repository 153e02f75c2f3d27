/**
 * A question as the functions of a program see it.
 *
 * @module
 */

import type { Message, Tool } from "../core/turn.ts";
import type { Context } from "../match/context.ts";

/** What a client asked, its dialect removed. */
export interface Question {
  /** Text of the last user message; empty when the user said nothing. */
  readonly prompt: string;
  /** All system text; undefined when there is none. */
  readonly system: string | undefined;
  /** The model's name as the client wrote it. */
  readonly model: string;
  /** Whether a stream is asked for. */
  readonly stream: boolean;
  /** How many user messages there are: 1 in a new conversation. */
  readonly turn: number;
  /** The conversation, oldest first; system text is a message like any other. */
  readonly messages: readonly Message[];
  /** The tools that are offered. */
  readonly tools: readonly Tool[];
  /** Texts of the tool results that end the conversation. */
  readonly toolResults: readonly string[];
  /** The API asked: `openai_chat`, `anthropic_messages`. */
  readonly dialect: string;
  /** The session; empty when there is none. */
  readonly session: string;
  /** The API key the request was made with. */
  readonly key: string | undefined;
  /** Request headers. */
  readonly headers: Headers;
  /** The body as it was parsed. */
  readonly body: unknown;
  /** What the named groups of the rule's patterns caught. */
  readonly captures: Readonly<Record<string, string>>;
}

/** The question of `context`. What it takes time to find is found when it is asked for. */
export function questionOf(
  context: Context,
  captures: Question["captures"] = {},
): Question {
  const { turn, dialect, session, headers, body } = context;
  const { model, stream, messages, tools } = turn;
  return {
    prompt: context.prompt.text,
    get system() {
      return context.system;
    },
    model,
    stream,
    get turn() {
      return context.turnNumber;
    },
    messages,
    tools,
    get toolResults() {
      return context.toolResults;
    },
    dialect,
    session,
    get key() {
      return context.key;
    },
    headers,
    body,
    captures,
  };
}

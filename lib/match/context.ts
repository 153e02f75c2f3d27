/**
 * What a rule may look at: the question, and how it was brought.
 *
 * Everything is found when it is first asked for, so a request that exact responses answer pays
 * for none of it.
 *
 * @module
 */

import {
  endsInToolResult,
  isUsers,
  type Message,
  promptOf,
  textOf,
  type Turn,
} from "../core/turn.ts";
import { type KeyHeader, keyOf } from "../wire/headers.ts";
import { Subject } from "./pattern.ts";

/** Where a question came in. */
export interface Circumstances {
  /** Request headers. */
  readonly headers: Headers;
  /** The parsed body; read it by own properties only. */
  readonly body: unknown;
  /** Name of the dialect asked. */
  readonly dialect: string;
  /** The header whose key wins where several bring one. */
  readonly keyHeader?: KeyHeader | undefined;
  /** What `X-Mock-Session` says; empty when it was not sent. */
  readonly session: string;
}

/** One question, as rules see it. */
export class Context {
  /** The question. */
  readonly turn: Turn;
  /** Request headers. */
  readonly headers: Headers;
  /** The parsed body. */
  readonly body: unknown;
  /** Name of the dialect asked. */
  readonly dialect: string;
  /** Name of the session; empty for the shared one. */
  readonly session: string;
  /** Whether the conversation ends in a tool's result. */
  readonly endsInToolResult: boolean;
  readonly #keyHeader: KeyHeader | undefined;
  #prompt: Subject | undefined;

  /** The context of `turn`. */
  constructor(turn: Turn, circumstances: Circumstances) {
    this.turn = turn;
    this.headers = circumstances.headers;
    this.body = circumstances.body;
    this.dialect = circumstances.dialect;
    this.session = circumstances.session;
    this.#keyHeader = circumstances.keyHeader;
    this.endsInToolResult = endsInToolResult(turn);
  }

  /** Text of the last user message; empty when the user said nothing. */
  get prompt(): Subject {
    return this.#prompt ??= new Subject(promptOf(this.turn));
  }

  /** All system text; undefined when there is none. */
  get system(): string | undefined {
    const texts = this.turn.messages.filter(({ role }) => role === "system")
      .map(textOf);
    return texts.length === 0 ? undefined : texts.join("\n");
  }

  /** Texts of the tool results that end the conversation. */
  get toolResults(): readonly string[] {
    return this.#ending().flatMap(({ parts }) =>
      parts.flatMap((part) => part.type === "tool-result" ? [part.text] : [])
    );
  }

  /** How many user messages there are: this is the nth turn. Bare tool results are nobody's. */
  get turnNumber(): number {
    return this.turn.messages.filter(isUsers).length;
  }

  /** How many images the conversation holds. */
  get images(): number {
    return this.turn.messages.reduce((count, { parts }) =>
      count +
      parts.filter((part) =>
        part.type === "media" && part.mediaType.startsWith("image/")
      ).length, 0);
  }

  /** The key the request was made with, whichever header carries it; where several do, the one that the provider looks at. */
  get key(): string | undefined {
    return keyOf(this.headers, this.#keyHeader);
  }

  /** The messages after the last one of the assistant or, where there is none, of the user. */
  #ending(): readonly Message[] {
    if (!this.endsInToolResult) return [];
    const { messages } = this.turn;
    const last = messages.findLastIndex(({ parts }) =>
      !parts.some(({ type }) => type === "tool-result")
    );
    return messages.slice(last + 1);
  }
}

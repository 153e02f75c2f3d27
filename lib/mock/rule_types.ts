/**
 * Rules as a program writes them: the grammar of the configuration file, and functions where a
 * program wants them.
 *
 * @module
 */

import type { Question } from "./question.ts";

/** One rule. */
export interface MockRule {
  /** What it is called in `X-Mock-Rule`, in messages and in the journal; else it is the line it was written in. */
  readonly name?: string;
  /** What must hold, all of it, or a function that says whether. Left out: always. */
  readonly when?: MockWhen;
  /** What is answered. */
  readonly reply?: MockReply;
  /** Several replies, one each time the rule answers, counted for each session. */
  readonly replies?: readonly MockReply[];
  /** What follows the last of several replies: that one again, the first again, or an error. */
  readonly on_end?: "repeat" | "loop" | "error";
  /** Ties the rule to the state of the session, which begins as `start`. */
  readonly state?: { readonly requires?: string; readonly sets?: string };
  /** How fast it answers, or the name of a pace. */
  readonly pace?: string | MockPace;
}

/** Conditions, or a function that judges. */
export type MockWhen = MockConditions | ((question: Question) => boolean);

/**
 * A pattern. Text is equal but for case and white space; with `*` it is the whole text, `*` for
 * anything; `/…/i` is a regular expression, as is a `RegExp`. A list: any of them.
 */
export type MockPattern =
  | string
  | RegExp
  | readonly MockPattern[]
  | { readonly not: MockPattern }
  | { readonly exact: string };

/** What must hold of a question, all of it. */
export interface MockConditions {
  /** Text of the last user message. */
  readonly prompt?: MockPattern;
  /** The system text. */
  readonly system?: MockPattern;
  /** Text of any message. */
  readonly any_message?: MockPattern;
  /** The model asked for. */
  readonly model?: MockPattern;
  /** The API asked: `openai_chat`, `anthropic_messages`. */
  readonly dialect?: MockPattern;
  /** Whether a stream is asked for. */
  readonly stream?: boolean;
  /** How many user messages there are. */
  readonly turn?: number | MockPattern;
  /** Name of a tool that is offered. */
  readonly tools?: MockPattern;
  /** Text of the tool result that ends the conversation. */
  readonly tool_result?: MockPattern;
  /** How tools must be used. */
  readonly tool_choice?: MockPattern;
  /** The form asked for. */
  readonly response_format?: MockPattern;
  /** How many images there are; true for any. */
  readonly images?: number | boolean | MockPattern;
  /** Request headers by name. */
  readonly header?: Readonly<Record<string, MockPattern>>;
  /** Values of the body by JSON path: `"$.metadata.user_id"`. */
  readonly body?: Readonly<
    Record<string, MockPattern | number | boolean | null>
  >;
  /** The API key. */
  readonly key?: MockPattern;
  /** The session. */
  readonly session?: MockPattern;
}

/** A reply, or a function that makes one. */
export type MockReply =
  | MockAnswer
  | ((question: Question) => MockAnswer | Promise<MockAnswer>);

/** Text, or what else is answered. */
export type MockAnswer = string | MockContent;

/**
 * A reply with keys: one of `text`, `template`, `echo`, `auto`, `tokens`, `error`, `tool_calls`,
 * `json`, `refusal`, `blocks`. `text` and `tool_calls` may stand together, and `reasoning` beside both.
 */
export interface MockContent {
  /** The answer, literally. */
  readonly text?: string;
  /** The tools that are called, after the text. */
  readonly tool_calls?: MockToolCall | readonly MockToolCall[];
  /** What is thought before. */
  readonly reasoning?: string;
  /** Answers with the JSON of the value. */
  readonly json?: unknown;
  /** Refuses in the model's own words. */
  readonly refusal?: string | MockRefusal;
  /** Several things in the order in which they are said. */
  readonly blocks?: readonly MockBlock[];
  /** The answer, made of the request by Liquid. */
  readonly template?: string;
  /** Answers with the prompt. */
  readonly echo?: true;
  /** Answers as a model might: with a call of an offered tool, with content of the form asked for, or with words. */
  readonly auto?: true;
  /** Answers with random tokens. */
  readonly tokens?: { readonly count?: number; readonly length?: number };
  /** Refuses: the name of an error such as `rate_limit`, or an error of your own. */
  readonly error?: string | MockFailure;
  /** Why the answer ends, as the client is told. */
  readonly finish?:
    | "stop"
    | "length"
    | "content_filter"
    | "pause_turn"
    | "model_context_window_exceeded";
  /** The token counts that the client is told. */
  readonly usage?: MockUsage;
}

/** Token counts that a client is told; the real ones where they are left out. */
export interface MockUsage {
  /** Tokens of the prompt. */
  readonly input?: number;
  /** How many of them came out of a cache. */
  readonly cached?: number;
  /** Tokens of the answer. */
  readonly output?: number;
  /** How many of them were thoughts. */
  readonly reasoning?: number;
}

/** A tool that is called. */
export interface MockToolCall {
  /** Its name. */
  readonly name: string;
  /** What it is called with: an object, or JSON as text, which is sent as it stands. Left out: nothing. */
  readonly arguments?: string | object;
  /** The id of the call; drawn unless given. */
  readonly id?: string;
}

/** One thing that is said. */
export type MockBlock =
  | {
    readonly text: string;
    /** What it is taken from. */
    readonly citations?: readonly MockCitation[];
  }
  | { readonly reasoning: string }
  | {
    /** What stands for thoughts that nobody may read; drawn if it is true. */
    readonly redacted_reasoning: string | true;
  }
  | { readonly tool_call: MockToolCall }
  | { readonly refusal: string | MockRefusal };

/** A refusal, and which policy it follows from. */
export interface MockRefusal {
  /** The model's words. */
  readonly text?: string;
  /** What Anthropic calls the policy: `cyber`, `bio` and others. */
  readonly category?: string;
}

/** Where a text was found, with the keys that Anthropic sends; what is left out is filled in. */
export interface MockCitation {
  /** The kind of place; follows from the other keys. */
  readonly type?:
    | "char_location"
    | "page_location"
    | "content_block_location"
    | "web_search_result_location"
    | "search_result_location";
  /** The words that are cited: the whole text unless given. */
  readonly cited_text?: string;
  /** Which document of the request, from 0. */
  readonly document_index?: number;
  /** Its title. */
  readonly document_title?: string | null;
  /** The file it came from. */
  readonly file_id?: string | null;
  /** Where it begins, in characters from 0. */
  readonly start_char_index?: number;
  /** The first character beyond. */
  readonly end_char_index?: number;
  /** Where it begins, in pages from 1. */
  readonly start_page_number?: number;
  /** The first page beyond. */
  readonly end_page_number?: number;
  /** Where it begins, in blocks from 0. */
  readonly start_block_index?: number;
  /** The first block beyond. */
  readonly end_block_index?: number;
  /** The page on the web. */
  readonly url?: string;
  /** The title of the page or search result. */
  readonly title?: string | null;
  /** What the provider knows the place on the page by; drawn unless given. */
  readonly encrypted_index?: string;
  /** Where the search result came from. */
  readonly source?: string;
  /** Which search result of the request, from 0. */
  readonly search_result_index?: number;
}

/** An error of your own; what it leaves out follows from the status. */
export interface MockFailure {
  /** HTTP status, from 400 to 599. */
  readonly status: number;
  /** The provider's error type. */
  readonly type?: string;
  /** The provider's error code. */
  readonly code?: string;
  /** What the client is told. */
  readonly message?: string;
  /** When it may try again: seconds, or `500ms`. */
  readonly retry_after?: number | string;
  /** Response headers besides those of the provider. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A speed. Times are milliseconds, or texts such as `1.5s`. */
export interface MockPace {
  /** Time to the first token. */
  readonly ttft?: number | string;
  /** How many tokens a second then follow. */
  readonly tokens_per_second?: number;
  /** Time from one token to the next, instead. */
  readonly itl?: number | string;
  /** How far each time varies: 0.2 is 20 % more or less. */
  readonly jitter?: number;
}

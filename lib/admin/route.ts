/**
 * What a route of `/_mock` is made of, asked and answers.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import type { Problem } from "../core/problem.ts";
import type { Journal } from "../journal/journal.ts";
import type { Coverage } from "../match/coverage.ts";
import type { Config } from "../match/rule.ts";
import type { Sessions } from "../match/sessions.ts";

/** What the routes tell of, and change. */
export interface AdminParts {
  /** What was asked. */
  readonly journal: Journal;
  /** What answered how often. */
  readonly coverage: Coverage;
  /** Counters, states and rules given at run time. */
  readonly sessions: Sessions;
  /** The configuration in force. */
  config(): Config;
  /** What is wrong with the file on disk while an older configuration is in force. */
  configError?(): string | undefined;
  /** Reads the file again; there is none if it is missing. */
  reload?(): Promise<Reloaded>;
  /** Time. */
  readonly clock: Clock;
  /** Version of mockllm. */
  readonly version: string;
  /** Why what several processes would have to share is refused; it is not, if undefined. */
  readonly shared?: string | undefined;
  /** Where live streams are entered while they are open, for whoever stops the server. */
  readonly streams?: StreamList;
}

/** What came of reading the file again. */
export interface Reloaded {
  /** Whether it is in force. */
  readonly ok: boolean;
  /** Errors and warnings, in order of place. */
  readonly problems: readonly Problem[];
}

/** Streams that are open. */
export interface StreamList {
  /** Enters one. */
  add(stream: Stoppable): void;
  /** Strikes one out. */
  delete(stream: Stoppable): void;
}

/** A stream that can be ended. */
export interface Stoppable {
  /** Ends it. */
  stop(): void;
}

/** A request to `/_mock`, its guard passed. */
export interface AdminAsk {
  /** Query parameters. */
  readonly query: URLSearchParams;
  /** What the last part of the path stands for, where the route ends in a parameter. */
  readonly parameter?: string | undefined;
  /** The session that is meant: `?session=`, else `X-Mock-Session`. */
  readonly session?: string | undefined;
  /** The body as text; empty when there is none. Throws BadRequest. */
  text(): Promise<string>;
  /** The body as JSON; undefined when there is none. Throws BadRequest. */
  json(): Promise<unknown>;
}

/** What a route says. */
export type AdminAnswer =
  | {
    /** HTTP status. */
    readonly status: number;
    /** What is said, to be written as JSON. */
    readonly body: unknown;
    /** Response headers besides the usual ones. */
    readonly headers?: Readonly<Record<string, string>> | undefined;
  }
  | {
    /** HTTP status. */
    readonly status: number;
    /** Content type of the stream. */
    readonly type: string;
    /** What is said as time goes on. */
    readonly stream: ReadableStream<Uint8Array>;
  };

/** One route of `/_mock`. */
export interface AdminRoute {
  /** Method and path: `GET /_mock/requests`. */
  readonly route: string;
  /** What it does, in a few words. */
  readonly does: string;
  /** Whether every process would have to know what one of them knows. */
  readonly shared: boolean;
  /** Answers; what is wrong is thrown. */
  answer(ask: AdminAsk): Promise<AdminAnswer> | AdminAnswer;
}

/** Why a request to `/_mock` cannot be answered. */
export class AdminError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** Which field or parameter is at fault. */
  readonly field: string | undefined;
  /** What is wrong with what was given, as JSON. */
  readonly problems: readonly unknown[] | undefined;

  /** Refuses with `status`. */
  constructor(
    status: number,
    message: string,
    about: {
      readonly field?: string;
      readonly problems?: readonly unknown[];
    } = {},
  ) {
    super(message);
    this.name = "AdminError";
    this.status = status;
    this.field = about.field;
    this.problems = about.problems;
  }
}

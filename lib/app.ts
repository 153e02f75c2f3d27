/**
 * The pipeline: request to response, on one screen.
 *
 * @module
 */

import type { Clock } from "./core/clock.ts";
import type { Exchange } from "./core/exchange.ts";
import type { Handler } from "./core/handler.ts";
import type { Config } from "./match/rule.ts";

/** What an app is made of. */
export interface AppParts {
  /** Time. */
  readonly clock: Clock;
  /** Seed of everything drawn at random. */
  readonly seed: number;
  /** Version told by `/health` and the pages. */
  readonly version: string;
  /** The configuration in force; asked once for each request. */
  config(): Config;
  /** What is wrong with the configuration file on disk, when an older one is in force; `/health` tells it. */
  configError?(): string | undefined;
  /** Told of every finished request. */
  onExchange?(exchange: Exchange): void;
  /** Told of a defect of mockllm itself, which the client only sees as a provider's 500. */
  onDefect?(error: unknown): void;
}

/** Makes the whole server. */
export function createApp(_parts: AppParts): Handler {
  return () => new Response("under construction", { status: 503 });
}

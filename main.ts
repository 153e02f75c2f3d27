/**
 * mockllm: a stand-in for LLM APIs. Run, it is the command line; imported, it is the server as
 * a function from requests to responses.
 *
 * @module
 */

export {
  type Access,
  type AppParts,
  createApp,
  OpenStreams,
} from "./lib/app.ts";
export type { Clock } from "./lib/core/clock.ts";
export type { Timer } from "./lib/core/deadlines.ts";
export type { Exchange } from "./lib/core/exchange.ts";
export type { Connection, Handler } from "./lib/core/handler.ts";
export type { Cut, Pace, Spread } from "./lib/core/plan.ts";
export type { Failure, FailureKind, Usage } from "./lib/core/reply.ts";
export type { Stoppable } from "./lib/play/play.ts";
export type { Answer, Config, Settings } from "./lib/match/rule.ts";
export { version } from "./lib/cli/version.ts";

if (import.meta.main) {
  const { main } = await import("./lib/cli/run.ts");
  await main();
}

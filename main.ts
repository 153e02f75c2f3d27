/**
 * mockllm: a stand-in for LLM APIs. Run, it is the command line; imported, it is the server
 * inside a test: {@linkcode createMock}.
 *
 * @module
 */

export { createMock } from "./lib/mock.ts";
export { ExpectationError, MockError } from "./lib/mock/errors.ts";
export { version } from "./lib/cli/version.ts";
export type { ClientEnvironment } from "./lib/clients.ts";
export type { Clock } from "./lib/core/clock.ts";
export type { Timer } from "./lib/core/deadlines.ts";
export type { Source } from "./lib/core/plan.ts";
export type { Place, Problem } from "./lib/core/problem.ts";
export type { Usage } from "./lib/core/reply.ts";
export type { Message, Part, Tool } from "./lib/core/turn.ts";
export type { Ended } from "./lib/journal/view.ts";
export type { CalledTool, RequestEntry } from "./lib/mock/entry.ts";
export type { Expected } from "./lib/mock/expect.ts";
export type { Fetch } from "./lib/mock/fetch.ts";
export type { ListenOptions, MockListener } from "./lib/mock/listen.ts";
export type { Mock } from "./lib/mock/mock.ts";
export type {
  MockModel,
  MockOptions,
  MockSettings,
} from "./lib/mock/options.ts";
export type { Question } from "./lib/mock/question.ts";
export type {
  MockAnswer,
  MockBlock,
  MockCitation,
  MockConditions,
  MockContent,
  MockFailure,
  MockPace,
  MockPattern,
  MockRefusal,
  MockReply,
  MockRule,
  MockToolCall,
  MockUsage,
  MockWhen,
} from "./lib/mock/rule_types.ts";
export type { MockSession, MockView } from "./lib/mock/view.ts";

if (import.meta.main) {
  const { main } = await import("./lib/cli/run.ts");
  await main();
}

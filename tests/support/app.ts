/**
 * An app in process, for tests: no port, no file, and time that the test moves.
 *
 * @module
 */

import { IN_PROCESS } from "../../lib/core/handler.ts";
import { createApp } from "../../lib/app.ts";
import type { Clock } from "../../lib/core/clock.ts";
import type { Exchange } from "../../lib/core/exchange.ts";
import { BODY_BYTES_MAX } from "../../lib/core/limits.ts";
import type { Model } from "../../lib/core/model.ts";
import { type Pace, UNPACED } from "../../lib/core/plan.ts";
import {
  type Answer,
  type Config,
  normalise,
  type RuleSpec,
  type Settings,
} from "../../lib/match/rule.ts";
import type { Pattern } from "../../lib/match/pattern.ts";
import { ManualClock, settle } from "./manual_clock.ts";

/** What a test's app answers from. */
export interface TestOptions {
  /** Scripted answers by prompt. */
  readonly responses?: Readonly<Record<string, string>>;
  /** What answers when none of them does. */
  readonly unknown?: string;
  /** Rules, tried before the responses. */
  readonly rules?: readonly RuleSpec[];
  /** Named speeds. */
  readonly paces?: Readonly<Record<string, Pace>>;
  /** The whole configuration, instead of everything above. */
  readonly config?: Config;
  /** Models that catalogs list. */
  readonly models?: readonly (string | Model)[];
  /** Keys that are accepted. */
  readonly keys?: readonly Pattern[];
  /** Settings that differ from the defaults. */
  readonly settings?: Partial<Settings>;
  /** Seed of the process. */
  readonly seed?: number;
  /** Time; a manual clock unless given. */
  readonly clock?: Clock;
}

/** One write of a response's body, and when it came. */
export interface Write {
  readonly atMs: number;
  readonly text: string;
}

/** An app under test. */
export interface TestApp<C extends Clock = Clock> {
  readonly clock: C;
  /** Every finished request, in order of their ends. */
  readonly exchanges: readonly Exchange[];
  /** Every defect of mockllm itself. */
  readonly defects: readonly unknown[];
  /** Answers as the server would: hand it to an SDK as its `fetch`. */
  readonly fetch: (
    input: string | URL | Request,
    init?: RequestInit,
  ) => Promise<Response>;
}

/** Makes an app whose time stands still until the test moves it. */
export function testApp(
  options: TestOptions & { clock?: never } = {},
): TestApp<ManualClock> {
  return appWith(new ManualClock(), options);
}

/** Makes an app on the given clock. */
export function appWith<C extends Clock>(
  clock: C,
  options: TestOptions = {},
): TestApp<C> {
  const exchanges: Exchange[] = [];
  const defects: unknown[] = [];
  const config = options.config ?? testConfig(options);
  const handle = createApp({
    clock,
    seed: options.seed ?? 1,
    version: "0.0.0-test",
    config: () => config,
    onExchange: (exchange) => exchanges.push(exchange),
    onDefect: (defect) => defects.push(defect),
  });
  return {
    clock,
    exchanges,
    defects,
    fetch: async (input, init) => {
      const url = typeof input === "string" && input.startsWith("/")
        ? `http://mock${input}`
        : input;
      return await handle(new Request(url, init), IN_PROCESS);
    },
  };
}

/** A compiled configuration. */
export function testConfig(options: TestOptions): Config {
  const answers = Object.entries(options.responses ?? {})
    .map((
      [prompt, text],
      i,
    ): [string, Answer] => [
      prompt,
      { prompt, text, place: `test.yml:${i + 2}` },
    ]);
  return {
    source: "test.yml",
    rules: options.rules ?? [],
    exact: new Map(answers),
    normalised: new Map(
      answers.toReversed().map((
        [prompt, answer],
      ) => [normalise(prompt), answer]),
    ),
    fallback: {
      prompt: "",
      text: options.unknown ?? "I don't know.",
      place: "test.yml:1",
    },
    paces: options.paces ?? {},
    models: (options.models ?? []).map((model) =>
      typeof model === "string" ? { id: model } : model
    ),
    ...(options.keys && { keys: options.keys }),
    settings: {
      pace: UNPACED,
      cut: "character",
      pacedCut: "token",
      reasoningContent: false,
      tokenizer: "approx",
      strict: false,
      knownModelsOnly: false,
      fullHeaders: false,
      bodyBytesMax: BODY_BYTES_MAX,
      ...options.settings,
    },
  };
}

/** A POST with a JSON body, in parts for `fetch`. */
export function json(
  body: unknown,
  headers: Record<string, string> = {},
): RequestInit {
  return {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
  };
}

/** Performs a whole exchange on a manual clock: the response, and each write of its body. */
export async function perform(
  app: TestApp<ManualClock>,
  path: string,
  init: RequestInit,
  untilMs = 3_600_000,
): Promise<{ response: Response; writes: Write[]; text: string }> {
  const startMs = app.clock.now();
  const writes: Write[] = [];
  const reading = app.fetch(path, init).then(async (response) => {
    await collect(
      response,
      (text) => writes.push({ atMs: app.clock.now() - startMs, text }),
    );
    return response;
  });
  let done = false;
  reading.finally(() => done = true).catch(() => {});
  for (let i = 0; i < 1_000 && !done; i++) {
    await settle();
    await new Promise((resolve) => queueMicrotask(() => resolve(undefined)));
    if (app.clock.nextMs < startMs + untilMs) {
      await app.clock.advance(app.clock.nextMs);
    } else await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const response = await reading;
  return { response, writes, text: writes.map(({ text }) => text).join("") };
}

async function collect(
  response: Response,
  write: (text: string) => void,
): Promise<void> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    write(decoder.decode(chunk, { stream: true }));
  }
}

/**
 * What all SDK tests talk to: mockllm itself on a real port, started once a file from source and
 * once as the executable. Every test has a session of its own there, so that none sees what
 * another asked, scripted or counted.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createMock, type MockRule } from "../../main.ts";
import {
  eventually,
  launch,
  type Program,
  PROGRAMS,
  temporaryFolder,
} from "../support/process.ts";

/** A prompt with a scripted answer. */
export const PROMPT = "what colour is the sky?";

/** Its answer: several scripts, an astral character, a newline, two spaces. */
export const ANSWER = "The sky is purple 🟣 on  Tuesdays,\n他の日は青い。";

/** What everything else is answered. */
export const UNKNOWN = "I don't know.";

/** A model that the catalog lists. */
export const LISTED = "claude-opus-5-5";

/** Headers that ask for five tokens of six characters, as fast as can be. */
export const FIVE_TOKENS = {
  "X-Token-Count": "5",
  "X-Tokens-Per-Second": "1000",
  "X-Token-Length": "6",
};

/** The variable that has all tests of this folder performed once more, through `createMock`. */
export const AS_MOCK = "MOCKLLM_SDK_AS_MOCK";

/** A session at the server under test. */
export interface SdkServer {
  /** Where it is, without `/v1`. */
  readonly url: string;
  /** What clients ask it by. */
  readonly fetch: (
    input: string | URL | Request,
    init?: RequestInit,
  ) => Promise<Response>;
  /** Answers this session by `rules` from now on, before all else. */
  use(...rules: readonly MockRule[]): Promise<void>;
  /** What this session has asked so far, oldest first, as the journal tells it. */
  asked(): Promise<readonly Asked[]>;
  /** Waits until the server knows that the client left the last reply before its end. */
  left(): Promise<void>;
}

/** A request as `/_mock/requests/{id}` tells it: what tests look at. */
export interface Asked {
  /** Its id. */
  readonly id: string;
  /** Without the query. */
  readonly path: string;
  /** Of the answer. */
  readonly status: number;
  /** How it ended: `complete`, `client_left`. */
  readonly ended: string;
  /** Why the reply ended. */
  readonly finish?: string;
  /** What of the reply is not as it was asked for. */
  readonly violations?: readonly string[];
  /** The request. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Its headers, secrets left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** Tokens, as mockllm counts them. */
  readonly usage?: { readonly input: number; readonly output: number };
}

/** Registers a claim: a test for each way to run mockllm. */
export type SdkTest = (
  claim: string,
  body: (server: SdkServer) => Promise<void>,
) => void;

/** What the configuration of a file's servers has besides the usual. */
export interface Besides {
  /** Lines of its `settings`. */
  readonly settings?: readonly string[];
  /** Lines at its top. */
  readonly top?: readonly string[];
}

/** The tests of a file. */
export function sdkTests(besides: Besides = {}): SdkTest {
  let running: readonly PromiseSettledResult<Running>[] = [];
  let sessions = 0;
  Deno.test.beforeAll(async () => {
    const file = fileOf(besides);
    running = await Promise.allSettled(WAYS.map(({ start }) => start(file)));
  });
  Deno.test.afterAll(async () => {
    for (const way of running) {
      if (way.status === "fulfilled") await way.value.stop();
    }
  });
  return (claim, body) => {
    for (const [index, { name }] of WAYS.entries()) {
      Deno.test(`${name}: ${claim}`, async () => {
        const way = running[index];
        if (way?.status !== "fulfilled") throw way?.reason;
        await body(sessionAt(way.value, `sdk-${++sessions}`));
      });
    }
  };
}

/** A mockllm that answers. */
interface Running {
  readonly url: string;
  readonly fetch: SdkServer["fetch"];
  /** Ends it. Rejects if mockllm itself went wrong on the way. */
  stop(): Promise<void>;
}

interface Way {
  readonly name: string;
  readonly start: (file: string) => Promise<Running>;
}

const WAYS: readonly Way[] = Deno.env.has(AS_MOCK)
  ? [{ name: "createMock", start: inProcess }]
  : PROGRAMS.map((program) => ({
    name: program.name,
    start: (file) => onPort(program, file),
  }));

/** What it says goes to a file: a line read in the middle of a test would be a leak of that test. */
async function onPort(program: Program, file: string): Promise<Running> {
  await using started = new AsyncDisposableStack();
  const { path } = started.use(await temporaryFolder());
  await Deno.writeTextFile(`${path}/responses.yml`, file);
  const said = `${path}/stderr`;
  const argv = ["sh", "-c", 'exec "$@" 2>"$0"', said, ...program.argv];
  const args = ["start", "--port", "0", "--quiet"];
  const child = started.use(launch({ ...program, argv }, [
    ...args,
    "--responses",
    `${path}/responses.yml`,
  ]));
  await child.out.until(/^http:\S+\n/);
  const running = started.move();
  return {
    url: child.url,
    fetch: (input, init) => fetch(input, init),
    stop: async () => {
      const words = await Deno.readTextFile(said);
      await running.disposeAsync();
      assert.doesNotMatch(words, /defect/);
    },
  };
}

/** Whoever listens or calls in this process fails: it has no leave to. */
async function inProcess(config: string): Promise<Running> {
  const { state } = await Deno.permissions.query({ name: "net" });
  assert.equal(state, "denied");
  const mock = await createMock({ config });
  return { url: mock.url, fetch: mock.fetch, stop: () => mock.close() };
}

function sessionAt({ url, fetch }: Running, session: string): SdkServer {
  const asked = async (): Promise<readonly Asked[]> => {
    const { requests } = await admin(`/requests?session=${session}`);
    const ids = (requests as Asked[]).map(({ id }) => id);
    return Promise.all(ids.map((id) => admin(`/requests/${id}`)));
  };
  const admin = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${url}/_mock${path}`, init);
    assert.ok(response.ok, `${response.status} ${path}`);
    return await response.json();
  };
  return {
    url,
    fetch: (input, init) => fetch(input, withSession(input, init, session)),
    async use(...rules) {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify(rules);
      const post = { method: "POST", headers, body };
      await admin(`/rules?session=${session}`, post);
    },
    asked,
    async left() {
      const leaving = async () =>
        (await asked()).at(-1)?.ended === "client_left" || undefined;
      await eventually(leaving, "the server to know that the client left");
    },
  };
}

function withSession(
  input: string | URL | Request,
  init: RequestInit | undefined,
  session: string,
): RequestInit {
  const given = input instanceof Request ? input.headers : undefined;
  const headers = new Headers(init?.headers ?? given);
  headers.set("x-mock-session", session);
  return { ...init, headers };
}

function fileOf({ settings = [], top = [] }: Besides): string {
  return [
    ...top,
    "responses:",
    `  ${JSON.stringify(PROMPT)}: ${JSON.stringify(ANSWER)}`,
    "defaults:",
    `  unknown_response: ${JSON.stringify(UNKNOWN)}`,
    `models: [${LISTED}, gpt-4o]`,
    "settings:",
    "  stream_by: word",
    ...settings.map((setting) => `  ${setting}`),
  ].join("\n");
}

/** Collects an async iterable. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

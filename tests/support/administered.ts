/**
 * A whole server in process, `/_mock` included, asked over a connection from this machine.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type Access, createApp, OpenStreams } from "../../lib/app.ts";
import { Journal } from "../../lib/journal/journal.ts";
import { Coverage } from "../../lib/match/coverage.ts";
import type { Config } from "../../lib/match/rule.ts";
import { testConfig, type TestOptions } from "./app.ts";
import { ManualClock } from "./manual_clock.ts";

/** A server with its `/_mock`. */
export interface Administered {
  readonly clock: ManualClock;
  readonly journal: Journal;
  readonly streams: OpenStreams;
  /** Streams of `/_mock`. */
  readonly feeds: OpenStreams;
  /** What is in force; a reload is an assignment. */
  config: Config;
  /** Asks a path; `peer` is who asks. */
  ask(path: string, init?: RequestInit, peer?: string): Promise<Response>;
  /** Asks for JSON, which must be a 200 or 201. */
  // deno-lint-ignore no-explicit-any
  json(path: string, init?: RequestInit): Promise<any>;
}

/** Makes one. */
export function administered(
  options: TestOptions & { readonly access?: Access } = {},
): Administered {
  const clock = new ManualClock();
  const server = {
    clock,
    journal: new Journal(),
    streams: new OpenStreams(),
    feeds: new OpenStreams(),
    config: options.config ?? testConfig(options),
  };
  const handle = createApp({
    ...server,
    seed: options.seed ?? 1,
    version: "0.0.0-test",
    config: () => server.config,
    coverage: new Coverage(),
    admin: { streams: server.feeds },
    ...(options.access && { access: options.access }),
    onDefect: (error) => assert.fail(String(error)),
  });
  const ask: Administered["ask"] = async (path, init, peer = "127.0.0.1") => {
    const url = path.startsWith("/") ? `http://localhost:8000${path}` : path;
    const connection = { peer, keepOpen() {}, release() {} };
    return await handle(new Request(url, init), connection);
  };
  return Object.assign(server, {
    ask,
    json: async (path: string, init?: RequestInit) => {
      const response = await ask(path, init);
      const text = await response.text();
      assert.ok(response.ok, `${path}: ${text}`);
      return JSON.parse(text);
    },
  });
}

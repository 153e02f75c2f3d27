/**
 * The routes of `/_mock` without a server: their parts, and asking them as a client does.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type AdminParts, adminRoutes, askOf } from "../../lib/admin/admin.ts";
import { Journal } from "../../lib/journal/journal.ts";
import { Coverage } from "../../lib/match/coverage.ts";
import { Sessions } from "../../lib/match/sessions.ts";
import { routes } from "../../lib/wire/route.ts";
import { testConfig } from "./app.ts";
import { ManualClock } from "./manual_clock.ts";

/** What was said to a request. */
export interface Said {
  readonly status: number;
  /** The JSON that was said; undefined for a stream. */
  // deno-lint-ignore no-explicit-any
  readonly body: any;
  readonly stream?: ReadableStream<Uint8Array>;
}

/** `/_mock` under test. */
export interface TestAdmin extends AdminParts {
  readonly clock: ManualClock;
  /** Asks a route: `ask("POST /_mock/reset", { body: {} })`. */
  ask(route: string, more?: Asking): Promise<Said>;
}

/** What comes with a request. */
export interface Asking {
  /** The body: text as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `/_mock` of a server that nothing was asked yet. */
export function testAdmin(more: Partial<AdminParts> = {}): TestAdmin {
  const clock = new ManualClock();
  const config = testConfig({});
  const parts: AdminParts = {
    journal: new Journal(),
    coverage: new Coverage(),
    sessions: new Sessions(),
    config: () => config,
    version: "1.2.3",
    ...more,
    clock,
  };
  const table = routes(adminRoutes(parts));
  return {
    ...parts,
    clock,
    ask: async (route, { body, headers = {} } = {}) => {
      const [method = "", target = ""] = route.split(" ");
      const url = `http://localhost:8000${target}`;
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const request = new Request(url, {
        method,
        headers,
        ...(text !== undefined && { body: text }),
      });
      const found = table.find(method, new URL(url).pathname);
      assert.ok(found.type === "found", route);
      const [entry] = found.entries;
      assert.ok(entry);
      const answer = await entry.answer(
        askOf(request, found.parameter, clock),
      );
      return "stream" in answer
        ? { status: answer.status, body: undefined, stream: answer.stream }
        : {
          status: answer.status,
          body: JSON.parse(JSON.stringify(answer.body)),
        };
    },
  };
}

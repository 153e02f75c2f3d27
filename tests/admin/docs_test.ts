/** `docs/admin.md`: its examples go together, and say what is answered. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createApp } from "../../lib/app.ts";
import { readConfig } from "../../lib/config/compile.ts";
import { IN_PROCESS } from "../../lib/core/handler.ts";
import { Journal } from "../../lib/journal/journal.ts";
import { Coverage } from "../../lib/match/coverage.ts";
import { adminRoutes } from "../../lib/admin/admin.ts";
import { testAdmin } from "../support/admin.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { readCurl } from "../support/curl.ts";

const url = new URL("../../docs/admin.md", import.meta.url);
const doc = readFileSync(url, "utf8");

/** An example: a command line, and what is shown of its answer. */
interface Example {
  readonly command: string;
  readonly shown?: { readonly type: string; readonly text: string };
}

/** The fenced blocks; one that follows a command line is its answer. */
function examples(): Example[] {
  const blocks = [...doc.matchAll(/```(\w+)\n([\s\S]*?)```/g)];
  return blocks.flatMap(([, type, text = ""], at) => {
    if (type !== "sh") return [];
    const [, next = "", answer = ""] = blocks[at + 1] ?? [];
    const shown = next === "json" || next === "text"
      ? { type: next, text: answer }
      : undefined;
    return [{ command: text.trim(), ...(shown && { shown }) }];
  });
}

async function server(): Promise<(request: Request) => Promise<Response>> {
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(doc) ?? [];
  const { config, problems } = await readConfig(yaml, "responses.yml");
  assert.ok(config, JSON.stringify(problems));
  const reload = () => Promise.resolve({ ok: true, problems: [] });
  const handle = createApp({
    clock: new ManualClock(),
    seed: 1,
    version: "0.1.0",
    config: () => config,
    journal: new Journal(),
    coverage: new Coverage(),
    admin: { reload },
  });
  return async (request) => await handle(request, IN_PROCESS);
}

/** Whether all that is shown is there; lists are shown whole. */
function contains(actual: unknown, shown: unknown): boolean {
  if (typeof shown !== "object" || shown === null) return actual === shown;
  if (typeof actual !== "object" || actual === null) return false;
  if (Array.isArray(shown) && shown.length !== Object.keys(actual).length) {
    return false;
  }
  return Object.entries(shown).every(([key, value]) =>
    contains((actual as Record<string, unknown>)[key], value)
  );
}

/** What a stream says of one request that is made meanwhile. */
async function streamed(
  response: Response,
  ask: (request: Request) => Promise<Response>,
): Promise<string> {
  assert.ok(response.body);
  const reader = response.body.getReader();
  const next = async () =>
    new TextDecoder().decode((await reader.read()).value);
  const greeting = await next();
  const { request } = readCurl(examples()[0]?.command ?? "");
  await (await ask(request)).text();
  const text = greeting + await next();
  await reader.cancel();
  return text;
}

Deno.test("docs/admin.md: every command line is answered as it says", async () => {
  const ask = await server();
  for (const { command, shown } of examples()) {
    const { request, streams } = readCurl(command);
    const response = await ask(request);
    if (streams) {
      const lines = (shown?.text ?? "").split("\n").filter(Boolean);
      const text = await streamed(response, ask);
      for (const line of lines) {
        assert.ok(text.includes(line.replace(/ ?…$/, "")), `${line}\n${text}`);
      }
      continue;
    }
    const text = await response.text();
    assert.ok(shown, `no answer is shown of ${command}\n${text}`);
    const wanted: unknown = JSON.parse(shown.text);
    assert.ok(contains(JSON.parse(text), wanted), `${command}\n${text}`);
  }
});

Deno.test("docs/admin.md: tells of every route, by an example", () => {
  const told = examples().map(({ command }) => {
    const { request } = readCurl(command);
    return `${request.method} ${new URL(request.url).pathname}`;
  });
  for (const { route } of adminRoutes(testAdmin())) {
    const pattern = new RegExp(`^${route.replace(/:\w+/, "[^/]+")}$`);
    const known = route === "GET /_mock" ||
      told.some((each) => pattern.test(each));
    assert.ok(known, route);
  }
});

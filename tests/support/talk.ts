/**
 * Conversations as documents show them, performed in process. A line each:
 *
 * | line | meaning |
 * | --- | --- |
 * | `POST /v1/messages` | where the next request goes, instead of OpenAI's chat completions |
 * | `X-Team: red` | a header of the next request |
 * | `> hello` | the request: a prompt, or a JSON object that is merged into the body |
 * | `< Hi.` | a line of the answer's text |
 * | `! 429 Slow down.` | its status and message, when it is an error |
 * | `= retry-after: 2` | one of its headers |
 * | `= {"usage": {…}}` | a part of its body |
 * | `~ 300 ms, 1275 ms` | when the first and the last write of its stream are made |
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Config } from "../../lib/match/rule.ts";
import { json, perform, type TestApp, testApp, type Write } from "./app.ts";
import { readers } from "./fold.ts";
import type { ManualClock } from "./manual_clock.ts";

/** Performs the conversation that `lines` tell against `config`, and fails where it goes otherwise. */
export async function talk(config: Config, lines: string): Promise<void> {
  const app = testApp({ config });
  let ask = new Ask();
  let answer: Answer | undefined;
  for (const line of lines.split("\n").filter((each) => each.trim() !== "")) {
    if (/^(>|POST |[\w-]+: )/.test(line)) {
      answer?.finish();
      answer = undefined;
      ask.add(line);
      if (!line.startsWith(">")) continue;
      answer = await ask.perform(app);
      ask = new Ask();
    } else {
      assert.ok(answer, `nothing is asked before "${line}"`);
      answer.expect(line);
    }
  }
  answer?.finish();
  assert.deepEqual(app.defects, []);
}

/** A request in the making. */
class Ask {
  #path = "/v1/chat/completions";
  readonly #headers: Record<string, string> = {};
  #body: Record<string, unknown> = {};

  add(line: string): void {
    const [, path] = /^POST (\S+)$/.exec(line) ?? [];
    const [, name, value = ""] = /^([\w-]+): (.*)$/.exec(line) ?? [];
    if (path !== undefined) this.#path = path;
    else if (name !== undefined) this.#headers[name] = value;
    else this.#body = bodyOf(line.slice(1).trim());
  }

  async perform(app: TestApp<ManualClock>): Promise<Answer> {
    const body = json(this.#body, this.#headers);
    const { response, text, writes } = await perform(app, this.#path, body);
    const dialect = this.#path === "/v1/messages"
      ? "anthropic_messages"
      : "openai_chat";
    return new Answer(response, text, writes, dialect);
  }
}

function bodyOf(said: string): Record<string, unknown> {
  const messages = [{ role: "user", content: said }];
  const plain = { model: "gpt-4o", messages };
  return said.startsWith("{") ? { ...plain, ...JSON.parse(said) } : plain;
}

/** An answer, and which lines of its text were told. */
class Answer {
  readonly #response: Response;
  readonly #body: string;
  readonly #writes: readonly Write[];
  readonly #dialect: string;
  readonly #told: string[] = [];
  #judged = false;

  constructor(
    response: Response,
    body: string,
    writes: readonly Write[],
    dialect: string,
  ) {
    this.#response = response;
    this.#body = body;
    this.#writes = writes;
    this.#dialect = dialect;
  }

  expect(line: string): void {
    const said = line.slice(2);
    this.#judged = true;
    switch (line.slice(0, 2).trim()) {
      case "<":
        this.#told.push(said);
        return;
      case "!":
        return this.#expectError(said);
      case "=":
        return this.#expectPart(said);
      case "~":
        return this.#expectTimes(said);
      default:
        assert.fail(`not a line of a conversation: "${line}"`);
    }
  }

  /** All lines of its text are there. */
  finish(): void {
    assert.ok(this.#judged, `nothing is said of the answer: ${this.#body}`);
    if (this.#told.length === 0) return;
    assert.equal(this.#response.status, 200, this.#body);
    assert.equal(this.#text(), this.#told.join("\n"));
  }

  #text(): string {
    const reader = readers[this.#dialect];
    assert.ok(reader);
    const isStream = /event-stream/.test(
      this.#response.headers.get("content-type") ?? "",
    );
    return (isStream ? reader.stream(this.#body) : reader.whole(this.#body))
      .text;
  }

  #expectError(said: string): void {
    const { message } = JSON.parse(this.#body).error ?? {};
    assert.equal(`${this.#response.status} ${message}`, said);
  }

  #expectPart(said: string): void {
    const [, name, value] = /^([\w-]+): (.*)$/.exec(said) ?? [];
    if (name !== undefined) {
      assert.equal(this.#response.headers.get(name), value, name);
    } else {
      assert.ok(
        holds(JSON.parse(this.#body), JSON.parse(said)),
        `${said} is not in ${this.#body}`,
      );
    }
  }

  #expectTimes(said: string): void {
    const times = said.split(", ").map((each) => Number(each.slice(0, -3)));
    const [first] = this.#writes;
    const real = [first?.atMs, this.#writes.at(-1)?.atMs];
    assert.deepEqual(
      real.map((ms) => Math.round(ms ?? NaN)),
      times.length === 1 ? [times[0], times[0]] : times,
    );
  }
}

/** Whether all of `part` is in `whole`. */
function holds(whole: unknown, part: unknown): boolean {
  if (typeof part !== "object" || part === null) return whole === part;
  if (typeof whole !== "object" || whole === null) return false;
  return Object.entries(part).every(([name, each]) =>
    holds((whole as Record<string, unknown>)[name], each)
  );
}

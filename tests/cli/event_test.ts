import assert from "node:assert/strict";
import { eventJson, eventText, type Started } from "../../lib/cli/event.ts";
import type { Loaded } from "../../lib/config/live.ts";
import { testConfig } from "../support/app.ts";
import { rule } from "../support/rules.ts";

const URL = "http://127.0.0.1:8000";

const STARTED: Started = {
  type: "started",
  version: "1.2.3",
  runtime: "deno 2.9.6",
  url: URL,
  source: "responses.yml",
  followed: true,
  rules: 3,
  responses: 12,
  journal: true,
  seed: 42,
  seedDrawn: false,
  workers: 1,
};

function screen(change: Partial<Started> = {}): string {
  return eventText({ ...STARTED, ...change }, { epochMs: 0, color: false });
}

Deno.test("the first screen says what a newcomer wants to know, and what to paste", () => {
  assert.equal(
    screen(),
    `mockllm 1.2.3 (deno 2.9.6)

  listens on  ${URL}
  answers     3 rules, 12 responses from responses.yml, read again when it changes
  seed        42
  journal     ${URL}/_mock/requests
  docs        ${URL}/docs

  export OPENAI_BASE_URL=${URL}/v1 ANTHROPIC_BASE_URL=${URL}

`,
  );
});

Deno.test("the first screen names no journal where there is none", () => {
  assert.doesNotMatch(screen({ journal: false, workers: 4 }), /_mock/);
  assert.match(screen({ journal: false, workers: 4 }), /\n {2}workers {5}4\n/);
});

Deno.test("the first screen counts what there is", () => {
  const counts: readonly (readonly [number, number, string])[] = [
    [0, 1, "1 response from"],
    [1, 0, "1 rule from"],
    [0, 0, "0 responses from"],
    [2, 1, "2 rules, 1 response from"],
  ];
  for (const [rules, responses, words] of counts) {
    assert.ok(screen({ rules, responses }).includes(`answers     ${words}`));
  }
});

Deno.test("a reload tells what became of responses and rules", () => {
  const told = (changed: Loaded["changed"]) => {
    const config = testConfig({ rules: [rule("a")] });
    const event = {
      type: "loaded",
      config,
      problems: [],
      more: 0,
      changed,
      first: false,
    } as const;
    const text = eventText(event, { epochMs: 0, color: false });
    return [text.replace(/^\S+ /, "").trim(), JSON.parse(eventJson(event, 0))];
  };
  const none = { added: 0, removed: 0, altered: 0 };
  assert.equal(told(none)[0], "test.yml loaded again: same responses");
  assert.equal(
    told({ ...none, rulesChanged: { added: 0, removed: 0, altered: 0 } })[0],
    "test.yml loaded again: same responses",
  );
  const [text, json] = told({
    added: 1,
    removed: 0,
    altered: 2,
    rulesChanged: { added: 1, removed: 2, altered: 3 },
  });
  assert.equal(
    text,
    "test.yml loaded again: 1 added, 2 altered, 1 rule added, 2 rules removed, 3 rules altered",
  );
  assert.deepEqual([json.rules, json.responses, json.rulesChanged], [
    1,
    0,
    { added: 1, removed: 2, altered: 3 },
  ]);
});
